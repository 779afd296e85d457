"""What processes have left on disk that are no more.

It is taken over while there is room for it: up to half of the queue's bound, so that what is recorded now has its part.
The rest stays in its files, and follows as the queue is emptied.
"""

from __future__ import annotations

import contextlib
import ctypes
import sqlite3
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from . import disk_files
from .queue import ENTRY_OVERHEAD_BYTES

_FILES_MAX: Final = 1_000


@dataclass
class _Source:
    """A file of which a part is taken over."""

    path: Path
    db: sqlite3.Connection
    read_up_to: int = -1
    damaged: int = 0


class Left:
    """Files that are not taken over yet."""

    def __init__(self, folder: Path, own: Path, events_max: int, bytes_max: int) -> None:
        files = sorted(path for path in folder.glob(f"*{disk_files.SUFFIX}") if path != own)
        self._paths = deque(files[:_FILES_MAX])
        self._source: _Source | None = None
        self._next_ticket = 0
        self._events_max = (events_max + 1) // 2
        self._bytes_max = (bytes_max + 1) // 2
        self.lost = 0
        """What could not be read."""

    def __bool__(self) -> bool:
        return bool(self._paths) or self._source is not None

    def adopt(self, into: sqlite3.Connection, held: tuple[int, int], events_max: int) -> list[tuple[int, int]]:
        """Moves as much as there is room for, and no more than so many events: their tickets and text sizes."""
        held_events, held_bytes = held
        most = min(self._events_max, held_events + events_max)
        adopted: list[tuple[int, int]] = []
        while held_events < most and held_bytes < self._bytes_max:
            source = self._source = self._source or self._next()
            if source is None:
                break
            rows, end = self._fitting(source, held_events, held_bytes, most)
            moved = [(self._next_ticket + index, len(payload)) for index, (_, _, payload) in enumerate(rows)]
            try:
                disk_files.insert(into, [(ticket, *row[1:]) for (ticket, _), row in zip(moved, rows, strict=True)])
            except sqlite3.Error:  # this process' own file can't be written: it is left as it is
                self._let_go(source)
                break
            # They are in this process' file now: what stays in the other is sent twice, and the gateway keeps it once.
            with contextlib.suppress(sqlite3.Error):
                disk_files.delete(source.db, [ticket for ticket, _, _ in rows])
            self._next_ticket += len(moved)
            held_events += len(moved)
            held_bytes += sum(size + ENTRY_OVERHEAD_BYTES for _, size in moved)
            adopted += moved
            if end == "whole":
                self._end(source)
            elif end == "failed":
                self._let_go(source)
            else:
                break
        return adopted

    def leave_to_parent(self) -> None:
        """For the child of a fork."""
        if self._source is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._source.db))

    def close(self) -> None:
        """Lets go of what is open."""
        self._paths.clear()
        if self._source is not None:
            self._let_go(self._source)

    def _next(self) -> _Source | None:
        while self._paths:
            path = self._paths.popleft()
            try:
                return _Source(path, disk_files.open_file(path))
            except sqlite3.Error:
                continue  # its process lives, or another has taken it over, or it is no queue
        return None

    def _fitting(
        self, source: _Source, held_events: int, held_bytes: int, events_max: int
    ) -> tuple[list[tuple[int, str, bytes]], Literal["full", "whole", "failed"]]:
        """The next of a file that fit, at least one where the queue is empty; and how it ended with the file."""
        fitting: list[tuple[int, str, bytes]] = []
        rows = source.db.cursor()
        try:
            rows.execute(
                "select ticket, event_id, payload from events where ticket > ? order by ticket", (source.read_up_to,)
            )
            for ticket, event_id, payload in rows:
                if disk_files.is_event(event_id, payload):
                    held_bytes += len(payload) + ENTRY_OVERHEAD_BYTES
                    if held_events and (held_events >= events_max or held_bytes > self._bytes_max):
                        return fitting, "full"
                    fitting.append((ticket, event_id, payload))
                    held_events += 1
                else:
                    source.damaged += 1
                source.read_up_to = ticket
        except sqlite3.Error as error:
            if not disk_files.is_damage(error):
                return fitting, "failed"
            source.damaged += 1
        finally:
            rows.close()
        return fitting, "whole"

    def _end(self, source: _Source) -> None:
        """All of it that can be read is taken over."""
        self._let_go(source)
        self.lost += source.damaged
        with contextlib.suppress(OSError):
            if source.damaged:
                disk_files.set_aside(source.path)
            else:
                disk_files.remove(source.path)

    def _let_go(self, source: _Source) -> None:
        self._source = None
        source.db.close()
