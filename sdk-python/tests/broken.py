"""A recorder that is broken altogether."""

from __future__ import annotations

from typing import Any, cast

import gapin


class _Broken:
    """Whatever is asked of it fails, also to count that it did."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        raise RuntimeError("a recorder that is broken")


def broken_recorder() -> tuple[gapin.Recorder, list[str]]:
    """One, and what was asked of it."""
    broken = _Broken()
    return cast(gapin.Recorder, broken), broken.asked
