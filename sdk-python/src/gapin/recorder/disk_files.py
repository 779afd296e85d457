"""The files of a folder of disk queues: made, locked, opened, removed."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

SUFFIX: Final = ".gapin-queue"
_ASIDE: Final = ".damaged"
"""What is added to the name of a file that can't be read as a whole."""
_TABLE: Final = (
    "create table if not exists events (ticket integer primary key, event_id text not null, payload blob not null)"
)
_LOCK_ASKED_EVERY_S: Final = 0.005


@contextmanager
def folder_lock(folder: Path, wait_s: float) -> Iterator[bool]:
    """The folder, for the one who makes a file or takes one over: a file that is being made looks as one that was left.
    False when another has it for so long."""
    if sys.platform == "win32":
        yield True  # a file that is open can't be removed there
        return
    import fcntl

    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:
        yield True  # who may not read a folder finds nothing to take over
        return
    try:
        until = time.monotonic() + wait_s
        is_mine = False
        while not is_mine:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    break
                time.sleep(_LOCK_ASKED_EVERY_S)
                continue
            except OSError:
                pass  # this file system has no locks
            is_mine = True
        try:
            yield is_mine
        finally:
            if is_mine:
                fcntl.flock(file, fcntl.LOCK_UN)  # a child that was forked meanwhile has the file, too
    finally:
        os.close(file)


def make(folder: Path) -> tuple[Path, sqlite3.Connection]:
    """A new file, locked. SQLite gives those that belong to it the same mode."""
    path = folder / f"{os.getpid()}-{uuid.uuid4().hex[:12]}{SUFFIX}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path, open_file(path)


def open_file(path: Path) -> sqlite3.Connection:
    """Opens and locks a file that is there; fails at once where another process holds it."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma locking_mode = exclusive")
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("begin immediate")  # takes the lock, which is then kept
        db.execute("commit")
        db.execute(_TABLE)
    except sqlite3.Error:
        db.close()
        raise
    return db


def is_event(event_id: Any, payload: Any) -> bool:
    """Whether a row is as it was written."""
    is_object = isinstance(payload, bytes) and payload[:1] == b"{" and payload[-1:] == b"}"
    return is_object and isinstance(event_id, str)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether it is what was read that is damaged, and not the reading that fails."""
    return type(error) is sqlite3.DatabaseError


def insert(db: sqlite3.Connection, rows: list[tuple[int, str, bytes]]) -> None:
    """All of them, or none."""
    _change(db, "insert into events values (?, ?, ?)", rows)


def delete(db: sqlite3.Connection, tickets: list[int]) -> None:
    """All of them, or none."""
    _change(db, "delete from events where ticket = ?", [(ticket,) for ticket in tickets])


def _change(db: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    db.execute("begin")
    try:
        db.executemany(statement, rows)
        db.execute("commit")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("rollback")
        raise


def remove(path: Path) -> None:
    """With what SQLite has beside it."""
    for suffix in ("", "-wal", "-shm"):
        _with(path, suffix).unlink(missing_ok=True)


def set_aside(path: Path) -> None:
    """Nobody takes it over again; what is in it is left for people to look at."""
    for suffix in ("", "-wal", "-shm"):
        file = _with(path, suffix)
        if file.exists():
            file.rename(_with(path, _ASIDE + suffix))


def _with(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
