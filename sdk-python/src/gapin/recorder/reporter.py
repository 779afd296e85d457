"""Tells the log what goes wrong: one line a minute of each kind, whatever happens."""

from __future__ import annotations

import logging
import time
from typing import Final

LINE_EVERY_S: Final = 60.0
KINDS_MAX: Final = 64

log: Final = logging.getLogger("gapin")


class Reporter:
    """Of one recorder. What it says holds no event and no secret."""

    def __init__(self) -> None:
        self._said_at: dict[str, float] = {}
        self._held_back: dict[str, int] = {}

    def warn(self, kind: str, message: str) -> None:
        """Says it, unless something of this kind was said within the minute."""
        now = time.monotonic()
        said_at = self._said_at.get(kind)
        if said_at is not None and now - said_at < LINE_EVERY_S:
            self._held_back[kind] = self._held_back.get(kind, 0) + 1
            return
        if said_at is None and len(self._said_at) >= KINDS_MAX:
            return
        self._said_at[kind] = now
        held_back = self._held_back.pop(kind, 0)
        log.warning("gapin: %s%s", message, f" ({held_back} more of these before)" if held_back else "")
