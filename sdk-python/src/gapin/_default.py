"""The recorder of those who name none: made of the environment when it is first needed."""

from __future__ import annotations

import os
import threading
from typing import Final

from .recorder import Recorder

_made: Final[list[Recorder]] = []


class _Guard:
    """A child of a fork gets a lock of its own: another thread may have held its parent's."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.lock = threading.Lock()


_guard: Final = _Guard()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_guard.renew)


def default_recorder() -> Recorder:
    """The process's own recorder.

    Raises:
        ConfigurationError: the environment lacks a setting.
    """
    with _guard.lock:
        if not _made:
            _made.append(Recorder())
        return _made[0]
