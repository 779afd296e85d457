"""What waits to be sent, on disk: it survives the process.

A folder holds one SQLite file for each process that records; a file is locked for as long as its process lives. Whoever
starts takes over the files that nobody holds, so what a killed process has left is sent by the next one. A commit is in
the system's hands when `put` returns: it survives the process' death. Of a power cut survives what the system had
brought to the disk by then.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sqlite3
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from ..event import has_signature
from . import disk_files
from .left import Left
from .queue import ENTRY_OVERHEAD_BYTES, SIGNATURE_BYTES, Entry

OWN_TICKETS_FROM: Final = 1 << 40
"""What is taken over has tickets below: it is older than what this process records, whenever it is taken over."""
_ADOPTED_AT_ONCE_MAX: Final = 500
"""So many are taken over at once while the recorder is at work."""
LOCK_WAIT_S: Final = 5.0
"""A neighbour that hangs holds nobody up for longer."""


class DiskQueue:
    """One file, locked; which events wait is remembered in memory."""

    def __init__(
        self, folder: str | os.PathLike[str], events_max: int, bytes_max: int, lock_wait_s: float = LOCK_WAIT_S
    ) -> None:
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._returned: deque[Entry] = deque()
        self._tickets: deque[tuple[int, int]] = deque()  # with text sizes: what waits on disk, in its order
        self._waiting_since = time.monotonic()
        self.held_events = self.waiting_events = 0
        self.held_bytes = self.waiting_bytes = 0
        self._lost = 0
        with disk_files.folder_lock(self._folder, lock_wait_s) as is_mine:
            # Guarded by the recorder's lock: its thread uses it, too.
            self._path, self._db = disk_files.make(self._folder)
            self._left = Left(self._folder, self._path, events_max, bytes_max)
            if is_mine:  # else it is taken over later
                self._adopt(events_max)

    def put(self, entry: Entry) -> None:
        """Adds the newest: on disk when this returns."""
        self._db.execute("insert into events values (?, ?, ?)", (entry.ticket, entry.event_id, entry.payload))
        if not self.waiting_events:
            self._waiting_since = entry.at
        self._tickets.append((entry.ticket, len(entry.payload)))
        self.held_events += 1
        self.held_bytes += entry.size
        self.waiting_events += 1
        self.waiting_bytes += entry.size

    def take(self, events_max: int, bytes_max: int) -> list[Entry]:
        """The oldest that wait; at least one if any do."""
        while True:
            again, fresh = self._first(events_max, bytes_max)
            try:
                read = self._read(fresh)
            except sqlite3.Error:
                if not again:
                    raise
                fresh, read = [], []
            for _ in fresh:
                self._tickets.popleft()
            self._pass_over(fresh, read)
            taken = [self._returned.popleft() for _ in range(again)] + read
            self.waiting_events -= len(taken)
            self.waiting_bytes -= sum(entry.size for entry in taken)
            if taken or not fresh:
                return taken

    def peek(self, events_max: int, bytes_max: int) -> list[Entry]:
        """To look is to read the disk."""
        return []

    def put_back(self, entries: Sequence[Entry]) -> None:
        """What was taken waits again, before all others."""
        self._returned.extendleft(reversed(entries))
        self.waiting_events += len(entries)
        self.waiting_bytes += sum(entry.size for entry in entries)

    def done(self, entries: Sequence[Entry]) -> None:
        """What was taken is held no longer, also where it can't be deleted: then the next process sends it again."""
        if not entries:
            return
        self.held_events -= len(entries)
        self.held_bytes -= sum(entry.size for entry in entries)
        disk_files.delete(self._db, [entry.ticket for entry in entries])

    def refill(self) -> None:
        """Takes over more of what others left, where it has become empty enough."""
        if self._left:
            with disk_files.folder_lock(self._folder, 0) as is_mine:
                if is_mine:  # else a neighbour is at it: the next time
                    self._adopt(_ADOPTED_AT_ONCE_MAX)

    def drop_oldest(self) -> Entry | None:
        """Lets the oldest that waits go; `None` where none does, or none can be read."""
        try:
            taken = self.take(1, 1)
        except sqlite3.Error:
            return None
        with contextlib.suppress(sqlite3.Error):  # what a broken disk still has is dropped from here all the same
            self.done(taken)
        return taken[0] if taken else None

    def oldest(self) -> tuple[int, float] | None:
        """Ticket and time of the oldest that waits."""
        if self._returned:
            return self._returned[0].ticket, self._returned[0].at
        return (self._tickets[0][0], self._waiting_since) if self._tickets else None

    def next_ticket(self) -> int:
        """The first ticket that nothing here has."""
        return OWN_TICKETS_FROM

    def lost(self) -> int:
        """How many it could not read and passed over, since this was asked last."""
        lost = self._lost + self._left.lost
        self._lost = self._left.lost = 0
        return lost

    def leave_to_parent(self) -> None:
        """For the child of a fork: the file is the parent's. Closing the connection here, even when the child ends,
        would write to it and take its log away; so it is never closed."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._db))
        self._left.leave_to_parent()

    def close(self) -> None:
        """Lets the file go; an empty one is removed."""
        self._left.close()
        is_empty = False
        with contextlib.suppress(sqlite3.Error):  # what can't be read is left, and so is what is closed already
            (is_empty,) = self._db.execute("select not exists (select 1 from events)").fetchone()
        with contextlib.suppress(sqlite3.Error, OSError):
            self._db.close()
            if is_empty:
                disk_files.remove(self._path)

    def _first(self, events_max: int, bytes_max: int) -> tuple[int, list[tuple[int, int]]]:
        """How many of what was put back, and which on disk, make a batch."""
        again, text_bytes = 0, 0
        for entry in islice(self._returned, events_max):
            text_bytes += len(entry.payload) + SIGNATURE_BYTES
            if again and text_bytes > bytes_max:
                return again, []
            again += 1
        fresh: list[tuple[int, int]] = []
        for ticket, size in islice(self._tickets, events_max - again):
            text_bytes += size + SIGNATURE_BYTES
            if (again or fresh) and text_bytes > bytes_max:
                break
            fresh.append((ticket, size))
        return again, fresh

    def _read(self, tickets: Sequence[tuple[int, int]]) -> list[Entry]:
        """Those of these that can be read. Where the others are damaged, or the disk has a bad place, there is no more
        to be had of them; it fails where nothing can be read."""
        read: list[Entry] = []
        failed: sqlite3.Error | None = None
        for ticket, _ in tickets:
            try:
                row = self._db.execute("select event_id, payload from events where ticket = ?", (ticket,)).fetchone()
            except sqlite3.Error as error:
                failed = failed if disk_files.is_damage(error) else error
                continue
            if row is not None and disk_files.is_event(*row):
                read.append(Entry(ticket, row[0], row[1], self._waiting_since, has_signature(row[1])))
        if failed is not None and not read:
            raise failed
        return read

    def _pass_over(self, tickets: Sequence[tuple[int, int]], read: Sequence[Entry]) -> None:
        """What can't be read waits no longer. It stays in the file: the next process tries once more, and sets it
        aside."""
        found = {entry.ticket for entry in read}
        lost = [size + ENTRY_OVERHEAD_BYTES for ticket, size in tickets if ticket not in found]
        self._lost += len(lost)
        self._add(-len(lost), -sum(lost))

    def _adopt(self, events_max: int) -> None:
        """Takes over what others left, while there is room. The folder is locked."""
        adopted = self._left.adopt(self._db, (self.held_events, self.held_bytes), events_max)
        own = [waiting for waiting in self._tickets if waiting[0] >= OWN_TICKETS_FROM] if adopted else []
        for _ in own:
            self._tickets.pop()
        self._tickets += [*adopted, *own]
        self._add(len(adopted), sum(size + ENTRY_OVERHEAD_BYTES for _, size in adopted))

    def _add(self, events: int, bytes_: int) -> None:
        self.held_events += events
        self.held_bytes += bytes_
        self.waiting_events += events
        self.waiting_bytes += bytes_
