"""What waits to be sent, in memory. Not safe for threads by itself: the recorder's lock guards it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final, Protocol

ENTRY_OVERHEAD_BYTES: Final = 256
"""What an event takes in memory beside its text."""


class Entry:
    """One event: its canonical bytes without signature, or its bytes with the one it came with; and how it fared."""

    __slots__ = ("at", "event_id", "first_tried", "is_retimed", "is_signed", "payload", "ticket")

    def __init__(self, ticket: int, event_id: str, payload: bytes, at: float, is_signed: bool = False) -> None:
        self.ticket = ticket
        """Its place in the order of recording."""
        self.event_id = event_id
        self.payload = payload
        self.at = at
        """When it came, on the monotonic clock."""
        self.is_signed = is_signed
        """Whether it came signed: then it is sent as it is."""
        self.first_tried: float | None = None
        self.is_retimed = False

    @property
    def size(self) -> int:
        """The bytes that it is counted with."""
        return len(self.payload) + ENTRY_OVERHEAD_BYTES


class Queue(Protocol):
    """A queue: what is taken is held until it is done, or put back."""

    held_events: int
    held_bytes: int
    waiting_events: int
    waiting_bytes: int

    def put(self, entry: Entry) -> None:
        """Adds the newest."""
        ...

    def take(self, events_max: int, bytes_max: int) -> list[Entry]:
        """The oldest that wait; at least one if any do."""
        ...

    def peek(self, events_max: int, bytes_max: int) -> list[Entry]:
        """What `take` would give now, and leaves it waiting; nothing where to look costs more than a look."""
        ...

    def put_back(self, entries: Sequence[Entry]) -> None:
        """What was taken waits again, before all others."""
        ...

    def done(self, entries: Sequence[Entry]) -> None:
        """What was taken is held no longer."""
        ...

    def refill(self) -> None:
        """Takes over more of what others left, where it has become empty enough."""
        ...

    def drop_oldest(self) -> Entry | None:
        """Lets the oldest that waits go."""
        ...

    def oldest(self) -> tuple[int, float] | None:
        """Ticket and time of the oldest that waits."""
        ...

    def next_ticket(self) -> int:
        """The first ticket that nothing here has."""
        ...

    def lost(self) -> int:
        """How many it could not read and passed over, since this was asked last."""
        ...

    def leave_to_parent(self) -> None:
        """For the child of a fork: what it holds outside of memory is the parent's."""
        ...

    def close(self) -> None:
        """Lets go of what it holds outside of memory."""
        ...


class MemoryQueue:
    """A deque and its counts."""

    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque()
        self.held_events = 0
        self.held_bytes = 0
        self.waiting_events = 0
        self.waiting_bytes = 0

    def put(self, entry: Entry) -> None:
        """Adds the newest."""
        size = entry.size
        self._waiting.append(entry)
        self.held_events += 1
        self.held_bytes += size
        self.waiting_events += 1
        self.waiting_bytes += size

    def take(self, events_max: int, bytes_max: int) -> list[Entry]:
        """The oldest that wait; at least one if any do."""
        taken = self.peek(events_max, bytes_max)
        for entry in taken:
            self._waiting.popleft()
            self.waiting_bytes -= entry.size
        self.waiting_events -= len(taken)
        return taken

    def peek(self, events_max: int, bytes_max: int) -> list[Entry]:
        """What `take` would give now."""
        seen: list[Entry] = []
        text_bytes = 0
        for entry in islice(self._waiting, events_max):
            text_bytes += len(entry.payload) + SIGNATURE_BYTES
            if seen and text_bytes > bytes_max:
                break
            seen.append(entry)
        return seen

    def put_back(self, entries: Sequence[Entry]) -> None:
        """What was taken waits again, before all others."""
        self._waiting.extendleft(reversed(entries))
        self.waiting_events += len(entries)
        self.waiting_bytes += sum(entry.size for entry in entries)

    def done(self, entries: Sequence[Entry]) -> None:
        """What was taken is held no longer."""
        self.held_events -= len(entries)
        self.held_bytes -= sum(entry.size for entry in entries)

    def refill(self) -> None:
        """Nobody leaves anything in memory."""

    def drop_oldest(self) -> Entry | None:
        """Lets the oldest that waits go."""
        taken = self.take(1, 1)
        self.done(taken)
        return taken[0] if taken else None

    def oldest(self) -> tuple[int, float] | None:
        """Ticket and time of the oldest that waits."""
        return (self._waiting[0].ticket, self._waiting[0].at) if self._waiting else None

    def next_ticket(self) -> int:
        """The first ticket that nothing here has."""
        return 0

    def lost(self) -> int:
        """All can be read."""
        return 0

    def leave_to_parent(self) -> None:
        """All of it is in memory."""

    def close(self) -> None:
        """Nothing to let go of."""


SIGNATURE_BYTES: Final = len(',"signature":""') + 64 + len("\n")
"""What signing adds to an event's line."""
