"""Recorders and their process: its end, its signals, its forks.

At the end of the interpreter (`atexit`), of a `multiprocessing` child and at SIGTERM every recorder is closed within
its `flush_timeout_ms`. SIGTERM is only taken where nobody else has: whoever handles it is trusted to end the process
in a way that runs `atexit`. Python lets the main thread alone take it: where recorders are made in others, it is taken
when the main thread makes one or records.

A forked child gets recorders that are empty; what was queued is its parent's. Over a fork
every recorder's lock is held, so that no other thread is inside of SQLite, whose own locks a child would have as they
were. A recorder's lock is taken before the one of this module, here as everywhere.
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

from .engine import Engine

FORK_WAIT_S: Final = 5.0
"""A recorder that is at work on a disk that hangs holds up a fork for no longer."""

_engines: Final[weakref.WeakSet[Engine]] = weakref.WeakSet()
_lock: Final = threading.RLock()
_held: list[Engine] = []


class _Installed:
    """What was done already: once for all, and once in this process."""

    at_all = False
    here = False
    sigterm = False


def is_whole() -> bool:
    """Whether nothing is left to install: asked for every event."""
    return _Installed.sigterm


def watch(engine: Engine) -> None:
    """From now on this one is closed when the process ends."""
    with _lock:
        _engines.add(engine)
    install()


def install() -> None:
    """Once for each process: in a child, when its first event is recorded. SIGTERM once the main thread is here."""
    if not _Installed.sigterm and threading.current_thread() is threading.main_thread():
        _Installed.sigterm = True
        _take_sigterm()
    if _Installed.here:
        return
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
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _on_sigterm)
    except (ValueError, OSError):
        return  # signals are not this interpreter's to handle


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    close_all()
    # Ends as it would have ended: whoever waits for this process sees the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _hold() -> None:
    with _lock:
        engines = list(_engines)
    until = time.monotonic() + FORK_WAIT_S
    held = [engine for engine in engines if engine.lock.acquire(timeout=max(until - time.monotonic(), 0))]
    _lock.acquire()
    _held[:] = held


def _let_go() -> None:
    held = list(_held)
    _held.clear()
    _lock.release()
    for engine in held:
        engine.lock.release()


def _forget() -> None:
    held = list(_held)
    _held.clear()
    _Installed.here = _Installed.sigterm = False
    try:
        for engine in list(_engines):
            engine.forget(may_use_disk=engine in held)
    finally:
        _lock.release()
