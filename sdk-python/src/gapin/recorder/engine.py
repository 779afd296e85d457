"""The queue and the thread that empties it.

One lock guards the queue and the counters. The caller's part is short: it takes a number, appends, and wakes the
thread only when there is something for it to begin with. The thread takes a batch, sends it without the lock, and
settles what became of it; what is to be sent again goes back to the head of the queue, so events stay in their order.
Everything that may last has a bound, and no fault reaches a caller.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from .._backoff import Backoff
from ..errors import ConfigurationError
from ..settings import Settings
from .disk import DiskQueue
from .options import Chosen
from .queue import Entry, MemoryQueue, Queue
from .sender import Outcome, Sender
from .skew import Skew
from .stats import Stats
from .told import Told, is_in_callback

THREAD_END_WAIT_S: Final = 0.2
"""How long `close()` waits for the thread itself, which may be in the middle of a request."""
QUEUE_FAILED_WAIT_S: Final = 1.0
"""A disk that can't be read is asked again after so long."""
THREAD_START_WAIT_S: Final = 1.0
"""A thread that can't be started is tried again after so long by whoever waits for room."""
_WAIT_AT_ONCE_S_MAX: Final = 3600.0
"""A condition takes no time that is too long for the system's clock."""


class Engine:
    """Of one recorder."""

    def __init__(self, settings: Settings, chosen: Chosen, on_start: Callable[[], None]) -> None:
        self.chosen = chosen
        self._on_start = on_start
        self.skew = Skew()
        self.stats = Stats()
        self.told = Told(chosen, self._count_fault)
        self.sender = Sender(settings, chosen.compress_bytes_min, self.skew, self._upcoming)
        self._set_up(self._new_queue())

    def _set_up(self, queue: Queue) -> None:
        # Reentrant: a signal's handler may flush while its thread is inside `add`.
        self.lock = threading.RLock()
        self._work = threading.Condition(self.lock)
        self._settled = threading.Condition(self.lock)
        self._queue = queue
        self._is_durable = isinstance(queue, DiskQueue)
        self._next_ticket = self._queue.next_ticket()
        self._in_flight: list[Entry] = []
        self._is_settling = False
        self._flush_up_to = -1
        self._backoff = Backoff(self.chosen.retry_wait_min_ms / 1000, self.chosen.retry_wait_max_ms / 1000)
        self._is_closed = False
        self._closer: threading.Thread | None = None
        self._is_flushed = True
        self._is_abandoned = False
        self._is_retired = False
        self._thread: threading.Thread | None = None
        if self._queue.waiting_events:
            self._start()

    def _new_queue(self) -> Queue:
        chosen = self.chosen
        if chosen.disk_queue is None:
            return MemoryQueue()
        try:
            return DiskQueue(chosen.disk_queue, chosen.queue_events_max, chosen.queue_bytes_max)
        except (OSError, sqlite3.Error) as error:
            kind = type(error).__name__
            raise ConfigurationError(f"disk_queue is a folder that this process may write to ({kind})") from None

    def forget(self, may_use_disk: bool) -> None:
        """For the child of a fork: what is queued is the parent's, and the thread is not here.

        A child that can't have a disk queue of its own records in memory.
        """
        was_closed = self._is_closed
        self._queue.leave_to_parent()
        self.stats = Stats()
        self.skew = Skew()
        self.sender.forget()
        self._set_up(MemoryQueue())
        if self.chosen.disk_queue is not None and not was_closed:
            try:
                if not may_use_disk:
                    raise ConfigurationError("another thread was at work on it")
                self._set_up(self._new_queue())
            except ConfigurationError as error:
                self.told.fault("the disk queue of a forked process, which now records in memory,", error)
        self._is_closed = was_closed

    # What callers do.

    def add(self, event_id: str, write: Callable[[], bytes], is_signed: bool = False) -> bool:
        """Takes an event into the queue, as `write` gives it under the lock. False when it was let go."""
        dropped: list[Entry] = []
        why = "queue_full"
        with self.lock:
            entry = Entry(self._next_ticket, event_id, write(), time.monotonic(), is_signed)
            self._next_ticket += 1
            is_taken = self._make_room(entry, dropped)
            if is_taken:
                try:
                    self._queue.put(entry)
                except (sqlite3.Error, ValueError):  # the disk, or an id that is no text
                    is_taken, why = False, "queue_failed"
            if is_taken:
                self.stats.recorded += 1
                self._wake_for(entry)
            else:
                dropped.append(entry)
            if self._is_closed:
                why = "closed"
            self._count_dropped(why, len(dropped))
        if is_taken and self._thread is None:
            self.told.reporter.warn("thread", "the recorder's thread can't be started now; what is recorded waits")
        self.told.dropped(dropped, why)
        return is_taken

    def flush(self, timeout_ms: int) -> bool:
        """Waits until everything that was recorded before is settled; false when it took too long."""
        if self._is_mine():
            return False  # a callback
        until = time.monotonic() + timeout_ms / 1000
        with self.lock:
            up_to = self._next_ticket - 1
            self._flush_up_to = max(self._flush_up_to, up_to)
            if self._oldest_ticket() is not None and not self._start():
                return False  # nobody would settle it
            self._work.notify_all()
            while (oldest := self._oldest_ticket()) is not None and oldest <= up_to:
                remaining = until - time.monotonic()
                if remaining <= 0:
                    return False
                self._settled.wait(min(remaining, _WAIT_AT_ONCE_S_MAX))
            return True

    def close(self, timeout_ms: int) -> bool:
        """Flushes, ends the thread, and lets go of what is left. Whoever comes second waits for the first."""
        me = threading.current_thread()
        until = time.monotonic() + timeout_ms / 1000
        with self.lock:
            self._is_closed = True
            self._settled.notify_all()  # whoever waits for room
            while self._closer is not None and self._closer is not me:
                remaining = until - time.monotonic()
                if remaining <= 0 or me is self._thread:
                    return False
                self._settled.wait(min(remaining, _WAIT_AT_ONCE_S_MAX))
            if self._is_abandoned:
                return self._is_flushed
            self._closer = me  # also of a close of this thread that a signal's handler has come into
        try:
            is_flushed = self.flush(max(round((until - time.monotonic()) * 1000), 0))
            self._abandon(is_flushed)
        finally:
            with self.lock:
                self._closer = None
                self._settled.notify_all()
        thread = self._thread
        if thread is not None and thread is not me:
            thread.join(THREAD_END_WAIT_S)
            self._leave()
        return is_flushed

    def _leave(self) -> None:
        """Lets go of what is under way still when the time is up: the process may end before it is answered."""
        with self.lock:
            if self._is_durable or self._is_settling:
                return
            left, self._in_flight = self._in_flight, []
            self._count_dropped("closed", len(left))
            self._queue.done(left)
            self._settled.notify_all()
        self.told.dropped(left, "closed")

    def _abandon(self, is_flushed: bool) -> None:
        left: list[Entry] = []
        with self.lock:
            if self._is_abandoned:
                return
            self._is_abandoned, self._is_flushed = True, is_flushed
            self._work.notify_all()
            while not self._is_durable and (entry := self._queue.drop_oldest()) is not None:
                left.append(entry)
            self._count_dropped("closed", len(left))
            if not self._in_flight:
                self._queue.close()
        self.told.dropped(left, "closed")

    def retire(self) -> None:
        """Nobody can record here any more: the thread ends once everything is sent."""
        with self.lock:
            self._is_retired = True
            self._work.notify_all()

    def snapshot(self) -> Stats:
        """The counters now."""
        with self.lock:
            skew_s = self.skew.seconds
            return replace(
                self.stats,
                dropped_by_reason=dict(self.stats.dropped_by_reason),
                queued=self._queue.held_events,
                queued_bytes=self._queue.held_bytes,
                clock_skew_ms=None if skew_s is None else skew_s * 1000,
            )

    def _count_fault(self, error: BaseException) -> None:
        with self.lock:
            self.stats.faults += 1
            self.stats.last_fault = type(error).__name__

    def _make_room(self, entry: Entry, dropped: list[Entry]) -> bool:
        if entry.size > self.chosen.queue_bytes_max:
            return False
        until: float | None = None
        while not self._is_closed:
            if self._has_room(entry):
                return True
            # What a callback records of what it is told makes no room, and waits for none.
            when_full = "drop_newest" if is_in_callback() or self._is_mine() else self.chosen.when_full
            is_in_the_way = when_full == "drop_oldest" and not self._is_full_under_way(entry)
            if is_in_the_way and (oldest := self._queue.drop_oldest()) is not None:
                dropped.append(oldest)
            elif when_full == "block":
                until = until or time.monotonic() + self.chosen.retry_for_ms / 1000
                remaining = until - time.monotonic()
                if remaining <= 0:
                    return False
                wait_s = _WAIT_AT_ONCE_S_MAX if self._start() else THREAD_START_WAIT_S
                self._work.notify_all()
                self._settled.wait(min(remaining, wait_s))
            else:
                return False
        return False

    def _is_mine(self) -> bool:
        """Whether this is the recorder's own thread, which what waits would wait for."""
        return threading.current_thread() is self._thread

    def _has_room(self, entry: Entry) -> bool:
        queue = self._queue
        return (
            queue.held_events < self.chosen.queue_events_max
            and queue.held_bytes + entry.size <= self.chosen.queue_bytes_max
        )

    def _is_full_under_way(self, entry: Entry) -> bool:
        """Whether there is no room even when nothing waits: those that do would go for nothing."""
        queue, chosen = self._queue, self.chosen
        return (
            queue.held_events - queue.waiting_events >= chosen.queue_events_max
            or queue.held_bytes - queue.waiting_bytes + entry.size > chosen.queue_bytes_max
        )

    def _wake_for(self, entry: Entry) -> None:
        if self._thread is None:
            self._start()
        waiting, bytes_ = self._queue.waiting_events, self._queue.waiting_bytes
        fills_bytes = bytes_ >= self.chosen.batch_bytes_max > bytes_ - entry.size
        if waiting in (1, self.chosen.batch_events_max) or fills_bytes:
            self._work.notify()

    def _start(self) -> bool:
        """Starts the thread where there is none; false when that is not possible now."""
        if self._thread is not None:
            return True
        self._on_start()
        thread = threading.Thread(target=self._run, name="gapin-recorder", daemon=True)
        self._thread = thread
        try:
            thread.start()
        except RuntimeError as error:  # the interpreter ends, or there are too many threads
            self._thread = None
            self._count_fault(error)
            return False
        return True

    def _oldest_ticket(self) -> int | None:
        if self._in_flight:
            return self._in_flight[0].ticket
        oldest = self._queue.oldest()
        return None if oldest is None else oldest[0]

    # What the thread does.

    def _run(self) -> None:
        try:
            self._work_on()
            self.sender.close()
        finally:
            with self.lock:
                self._thread = None  # an event begins another

    def _work_on(self) -> None:
        while (batch := self._next_batch()) is not None:
            try:
                outcome = self.sender.send(batch)
            except Exception as error:  # noqa: BLE001  the thread goes on
                self.told.fault("sending", error)
                outcome = Outcome(again=list(batch), why="fault")
            try:
                self._settle(batch, outcome)
            except Exception as error:  # noqa: BLE001
                self.told.fault("settling a batch", error)
            if outcome.again:
                self._pause(outcome)
            else:
                self._backoff.reset()

    def _next_batch(self) -> list[Entry] | None:
        while True:
            with self.lock:
                lost, failed = self._wait_for_batch()
                if not lost and failed is None:
                    return self._in_flight or None
            # Without the lock: whoever reads the log may record.
            if lost:
                self.told.reporter.warn(
                    "lost", "events on disk can't be read, and were let go: a file of the disk queue is damaged"
                )
            if failed is not None:
                self.told.fault("reading the disk queue", failed)
                with self.lock:
                    if not self._is_abandoned:
                        self._work.wait(QUEUE_FAILED_WAIT_S)  # what is in it waits

    def _wait_for_batch(self) -> tuple[int, sqlite3.Error | None]:
        """Until a batch is under way, or there will be none; or until there is something to tell of the disk queue: how
        many events were lost there, and why it can't be read."""
        self._queue.put_back(self._in_flight)  # what a fault has left there
        self._in_flight, self._is_settling = [], False
        while not self._is_abandoned:
            if lost := self._queue.lost():  # nobody has their text
                self._count_dropped("queue_failed", lost)
                self._settled.notify_all()
                return lost, None
            oldest = self._queue.oldest()
            if oldest is None:
                if self._is_retired:
                    break
                self._work.wait()
                continue
            ticket, since = oldest
            remaining = since + self.chosen.batch_age_ms / 1000 - time.monotonic()
            if remaining > 0 and not self._is_full() and ticket > self._flush_up_to:
                self._work.wait(min(remaining, _WAIT_AT_ONCE_S_MAX))
                continue
            try:
                self._in_flight = self._queue.take(self.chosen.batch_events_max, self.chosen.batch_bytes_max)
            except sqlite3.Error as error:
                return 0, error
            if self._in_flight:
                break
        return 0, None

    def _is_full(self) -> bool:
        return (
            self._queue.waiting_events >= self.chosen.batch_events_max
            or self._queue.waiting_bytes >= self.chosen.batch_bytes_max
        )

    def _upcoming(self) -> list[Entry]:
        """The next batch, when it is whole already and likely to stay what it is."""
        queue, chosen = self._queue, self.chosen
        with self.lock:
            # Of a queue that may soon let its oldest go, those would be signed for nothing.
            may_shrink = chosen.when_full == "drop_oldest" and (
                queue.held_events * 2 > chosen.queue_events_max or queue.held_bytes * 2 > chosen.queue_bytes_max
            )
            if self._is_abandoned or may_shrink or not self._is_full():
                return []
            return queue.peek(chosen.batch_events_max, chosen.batch_bytes_max)

    def _settle(self, batch: Sequence[Entry], outcome: Outcome) -> None:
        now = time.monotonic()
        for entry in batch:
            entry.first_tried = entry.first_tried or now
        given_up = [entry for entry in outcome.again if self._is_too_late(entry, now)]
        again = [entry for entry in outcome.again if not self._is_too_late(entry, now)]
        with self.lock:
            if self._in_flight is not batch:
                return  # it was let go meanwhile
            self._is_settling = True
            self._count(outcome, len(again))
            self._count_dropped("retry_time_spent", len(given_up))
        self.told.dropped(given_up, "retry_time_spent")
        for entry, fault in outcome.refused:
            self.told.refused(entry, fault)
        # Only now: whoever waited in `flush()` finds everything told. A callback may have closed the recorder, so what
        # that means is decided here.
        left: list[Entry] = []
        with self.lock:
            if self._is_abandoned and not self._is_durable:
                again, left = [], again
            self._count_dropped("closed", len(left))
            self._queue.put_back(again)
            self._in_flight, self._is_settling = [], False
            refused = [entry for entry, _ in outcome.refused]
            failed = self._delete([*outcome.accepted, *refused, *given_up, *left])
            if failed is not None:
                self._count_fault(failed)
            self._settled.notify_all()
        if failed is not None:
            self.told.warn_of("deleting from the disk queue", failed)
        self.told.dropped(left, "closed")

    def _delete(self, settled: Sequence[Entry]) -> Exception | None:
        """What is settled is held no longer; what else was left on disk follows. What fails there stops nothing."""
        failed: Exception | None = None
        try:
            self._queue.done(settled)
            if not self._is_abandoned:
                self._queue.refill()
        except (OSError, sqlite3.Error) as error:
            failed = error
        if self._is_abandoned:
            self._queue.close()
        return failed

    def _count(self, outcome: Outcome, again: int) -> None:
        stats = self.stats
        stats.requests += outcome.requests
        stats.accepted += len(outcome.accepted)
        stats.refused += len(outcome.refused)
        stats.retries += 1 if again else 0
        stats.retimed += outcome.retimed
        if outcome.refused:
            stats.last_fault = outcome.refused[-1][1].code
        elif outcome.again:
            stats.last_fault = outcome.why

    def _is_too_late(self, entry: Entry, now: float) -> bool:
        if self._is_durable or entry.first_tried is None:
            return False  # on disk it can wait for as long as there is room
        return (now - entry.first_tried) * 1000 >= self.chosen.retry_for_ms

    def _pause(self, outcome: Outcome) -> None:
        """Waits before the next try. `close()` cuts short what this recorder chose itself, not what it was told."""
        chosen = self.chosen
        if outcome.accepted or outcome.retimed:
            self._backoff.reset()
        self.told.reporter.warn(
            f"again:{outcome.why}",
            f"the gateway can't be given events now ({outcome.why}); they are kept and sent again"
            + (": look at GAPIN_URL and GAPIN_API_KEY" if outcome.is_setting else ""),
        )
        if outcome.retimed == len(outcome.again):
            return
        own_s = self._backoff.next_s()
        wait_s = chosen.retry_wait_max_ms / 1000 if outcome.is_setting else own_s
        told_s = min(outcome.retry_after_s or 0.0, chosen.retry_for_ms / 1000)
        begun = time.monotonic()
        with self.lock:
            was_closed = self._is_closed
            while True:
                waited = time.monotonic() - begun
                is_cut = self._is_closed and not was_closed and waited >= told_s
                if waited >= max(wait_s, told_s) or is_cut or self._is_abandoned:
                    return
                self._work.wait(max(wait_s, told_s) - waited)

    def _count_dropped(self, why: str, events: int) -> None:
        if events:
            self.stats.dropped += events
            self.stats.dropped_by_reason[why] = self.stats.dropped_by_reason.get(why, 0) + events
