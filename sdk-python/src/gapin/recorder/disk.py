"""What waits to be sent, on disk: it survives the process.

A folder holds one SQLite file for each process that records; a file is locked for as long as its process lives. Whoever
starts takes over the files that nobody holds, so what a killed process has left is sent by the next one. A commit is in
the system's hands when `put` returns: it survives the process' death, and all but the last moments a power cut.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sqlite3
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .queue import ENTRY_OVERHEAD_BYTES, SIGNATURE_BYTES, Entry

_SUFFIX: Final = ".gapin-queue"
_TABLE: Final = (
    "create table if not exists events (ticket integer primary key, event_id text not null, payload blob not null)"
)
_ADOPTED_AT_ONCE_MAX: Final = 1_000


class DiskQueue:
    """One file, locked; what is under way is remembered in memory."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = path / f"{os.getpid()}-{uuid.uuid4().hex[:12]}{_SUFFIX}"
        # Guarded by the recorder's lock: its thread uses it, too.
        self._db = _open(self._path)
        self._db.execute(_TABLE)
        self._returned: deque[Entry] = deque()
        self._read_up_to = -1
        self._waiting_since = time.monotonic()
        self._adopt_others(path)
        count, size = self._db.execute("select count(*), coalesce(sum(length(payload)), 0) from events").fetchone()
        self.held_events = self.waiting_events = int(count)
        self.held_bytes = self.waiting_bytes = int(size) + self.held_events * ENTRY_OVERHEAD_BYTES

    def put(self, entry: Entry) -> None:
        """Adds the newest: on disk when this returns."""
        self._db.execute("insert into events values (?, ?, ?)", (entry.ticket, entry.event_id, entry.payload))
        if not self.waiting_events:
            self._waiting_since = entry.at
        self.held_events += 1
        self.held_bytes += entry.size
        self.waiting_events += 1
        self.waiting_bytes += entry.size

    def take(self, events_max: int, bytes_max: int) -> list[Entry]:
        """The oldest that wait; at least one if any do."""
        taken: list[Entry] = []
        text_bytes = 0
        for entry in self._waiting(events_max):
            text_bytes += len(entry.payload) + SIGNATURE_BYTES
            if taken and text_bytes > bytes_max:
                break
            taken.append(entry)
        for entry in taken:
            if self._returned and self._returned[0] is entry:
                self._returned.popleft()
            else:
                self._read_up_to = entry.ticket
            self.waiting_events -= 1
            self.waiting_bytes -= entry.size
        return taken

    def put_back(self, entries: Sequence[Entry]) -> None:
        """What was taken waits again, before all others."""
        self._returned.extendleft(reversed(entries))
        self.waiting_events += len(entries)
        self.waiting_bytes += sum(entry.size for entry in entries)

    def done(self, entries: Sequence[Entry]) -> None:
        """What was taken is held no longer."""
        if not entries:
            return
        self._db.execute("begin")
        self._db.executemany("delete from events where ticket = ?", [(entry.ticket,) for entry in entries])
        self._db.execute("commit")
        self.held_events -= len(entries)
        self.held_bytes -= sum(entry.size for entry in entries)

    def drop_oldest(self) -> Entry | None:
        """Lets the oldest that waits go."""
        taken = self.take(1, 1)
        self.done(taken)
        return taken[0] if taken else None

    def oldest(self) -> tuple[int, float] | None:
        """Ticket and time of the oldest that waits."""
        if self._returned:
            return self._returned[0].ticket, self._returned[0].at
        if not self.waiting_events:
            return None
        (ticket,) = self._db.execute("select min(ticket) from events where ticket > ?", (self._read_up_to,)).fetchone()
        return int(ticket), self._waiting_since

    def next_ticket(self) -> int:
        """The first ticket that nothing here has."""
        (ticket,) = self._db.execute("select coalesce(max(ticket), -1) from events").fetchone()
        return int(ticket) + 1

    def leave_to_parent(self) -> None:
        """For the child of a fork: the file is the parent's. Closing the connection here, even when the child ends,
        would write to it and take its log away; so it is never closed."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._db))

    def close(self) -> None:
        """Lets the file go; an empty one is removed."""
        try:
            (count,) = self._db.execute("select count(*) from events").fetchone()
            self._db.close()
        except sqlite3.ProgrammingError:
            return  # closed already
        if not count:
            _remove(self._path)

    def _waiting(self, events_max: int) -> Iterator[Entry]:
        yield from list(self._returned)[:events_max]
        rest = events_max - len(self._returned)
        if rest <= 0:
            return
        rows = self._db.execute(
            "select ticket, event_id, payload from events where ticket > ? order by ticket limit ?",
            (self._read_up_to, rest),
        ).fetchall()
        for ticket, event_id, payload in rows:
            yield Entry(ticket, event_id, payload, self._waiting_since)

    def _adopt_others(self, folder: Path) -> None:
        """Takes over what processes have left that are no more, before anything of this one."""
        for other in sorted(folder.glob(f"*{_SUFFIX}"))[:_ADOPTED_AT_ONCE_MAX]:
            if other == self._path:
                continue
            try:
                left = _open(other)
            except sqlite3.Error:
                continue  # its process lives, or it is no queue
            with contextlib.closing(left):
                left.execute(_TABLE)
                rows = left.execute("select event_id, payload from events order by ticket").fetchall()
                self._db.execute("begin")
                self._db.executemany("insert into events (event_id, payload) values (?, ?)", rows)
                self._db.execute("commit")
                left.execute("delete from events")
            _remove(other)


def _open(path: Path) -> sqlite3.Connection:
    """Opens and locks a file; fails at once where another process holds it."""
    db = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma locking_mode = exclusive")
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.execute("begin immediate")  # takes the lock, which is then kept
        db.execute("commit")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        file.unlink(missing_ok=True)
