"""The recorder of those who name none: made of the environment when it is first needed."""

from __future__ import annotations

import threading
from typing import Final

from .recorder import Recorder

_lock: Final = threading.Lock()
_made: list[Recorder] = []


def default_recorder() -> Recorder:
    """The process's own recorder.

    Raises:
        ConfigurationError: the environment lacks a setting.
    """
    with _lock:
        if not _made:
            _made.append(Recorder())
        return _made[0]
