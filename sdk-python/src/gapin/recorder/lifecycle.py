"""Recorders and their process: its end, its signals, its forks.

At the end of the interpreter (`atexit`), of a `multiprocessing` child and at SIGTERM every recorder is closed within
its `flush_timeout_ms`. SIGTERM is only taken where nobody else has: whoever handles it is trusted to end the process
in a way that runs `atexit`. A forked child gets recorders that are empty; what was queued is its parent's.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
import time
import weakref
from types import FrameType
from typing import Final

from .. import _compose
from .engine import Engine

_engines: Final[weakref.WeakSet[Engine]] = weakref.WeakSet()
_lock: Final = threading.RLock()
_before_fork: list[Engine] = []


class _Installed:
    """What was done already: once for all, and once in this process."""

    at_all = False
    here = False


def watch(engine: Engine) -> None:
    """From now on this one is closed when the process ends."""
    with _lock:
        _engines.add(engine)
    install()


def install() -> None:
    """Once for each process: in a child, when its first event is recorded."""
    with _lock:
        if _Installed.here:
            return
        if not _Installed.at_all:
            atexit.register(close_all)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_forget)
        _Installed.at_all = _Installed.here = True
    if multiprocessing.parent_process() is not None:
        # Its children end without `atexit`.
        from multiprocessing.util import Finalize

        Finalize(None, close_all, exitpriority=100)
    _take_sigterm()


def close_all() -> None:
    """Closes all recorders, within the longest of their bounds together."""
    with _lock:
        engines = list(_engines)
    begun = time.monotonic()
    for engine in engines:
        spent_ms = round((time.monotonic() - begun) * 1000)
        engine.close(max(engine.chosen.flush_timeout_ms - spent_ms, 0))


def _take_sigterm() -> None:
    try:
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _on_sigterm)
    except (ValueError, OSError):
        return  # signals are not this interpreter's to handle


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    close_all()
    # Ends as it would have ended: whoever waits for this process sees the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _hold() -> None:
    _lock.acquire()
    _before_fork[:] = list(_engines)
    for engine in _before_fork:
        engine.lock.acquire()


def _let_go() -> None:
    for engine in reversed(_before_fork):
        engine.lock.release()
    _before_fork.clear()
    _lock.release()


def _forget() -> None:
    _Installed.here = False
    _compose.SEQUENCES.forget()
    for engine in _before_fork:
        engine.forget()
    _before_fork.clear()
    _lock.release()
