"""The queue and the thread that empties it.

One lock guards the queue and the counters. The caller's part is short: it takes a number, appends, and wakes the
thread only when there is something for it to begin with. The thread takes a batch, sends it without the lock, and
settles what became of it; what is to be sent again goes back to the head of the queue, so events stay in their order.
Everything that may last has a bound, and no fault reaches a caller.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from .. import _compose
from ..errors import Fault
from ..settings import Settings
from .disk import DiskQueue
from .options import Chosen
from .queue import Entry, MemoryQueue, Queue
from .reporter import Reporter
from .sender import Outcome, Sender
from .skew import Skew
from .stats import Stats

_TAIL: Final = b',"signature_algorithm":"HMAC-SHA256","timestamp":'
_BACKOFF_DOUBLINGS_MAX: Final = 20
THREAD_END_WAIT_S: Final = 0.2
"""How long `close()` waits for the thread itself, which may be in the middle of a request."""
QUEUE_FAILED_WAIT_S: Final = 1.0
"""A disk that can't be read is asked again after so long."""


class Engine:
    """Of one recorder."""

    def __init__(self, settings: Settings, chosen: Chosen, on_start: Callable[[], None]) -> None:
        self.chosen = chosen
        self._on_start = on_start
        self.skew = Skew()
        self.stats = Stats()
        self.reporter = Reporter()
        self.sender = Sender(settings, chosen.compress_bytes_min, self.skew)
        self._is_durable = chosen.disk_queue is not None
        self._set_up()

    def _set_up(self) -> None:
        # Reentrant: a signal's handler may flush while its thread is inside `add`.
        self.lock = threading.RLock()
        self._work = threading.Condition(self.lock)
        self._settled = threading.Condition(self.lock)
        self._queue = self._new_queue()
        self._next_ticket = self._queue.next_ticket()
        self._in_flight: list[Entry] = []
        self._flush_up_to = -1
        self._failures = 0
        self._is_closed = False
        self._is_abandoned = False
        self._is_retired = False
        self._thread: threading.Thread | None = None
        if self._queue.waiting_events:
            self._start()

    def _new_queue(self) -> Queue:
        chosen = self.chosen
        if chosen.disk_queue is None:
            return MemoryQueue()
        return DiskQueue(chosen.disk_queue, chosen.queue_events_max, chosen.queue_bytes_max)

    def forget(self) -> None:
        """For the child of a fork: what is queued is the parent's, and the thread is not here."""
        was_closed = self._is_closed
        self._queue.leave_to_parent()
        self.stats = Stats()
        self.skew = Skew()
        self.sender.forget()
        self._set_up()
        self._is_closed = was_closed

    # What callers do.

    def add(self, head: bytes, event_id: str, ai_id: str, sequence: int | None, timestamp: bytes) -> bool:
        """Takes an event into the queue: its canonical bytes but for the last members. False when it was let go."""
        dropped: list[Entry] = []
        why = "queue_full"
        with self.lock:
            if self._is_closed:
                why = "closed"
            number = _compose.SEQUENCES.next(ai_id) if sequence is None else sequence
            payload = b'%s,"sequence":%d%s%s}' % (head[:-1], number, _TAIL, timestamp)
            entry = Entry(self._next_ticket, event_id, payload, time.monotonic())
            self._next_ticket += 1
            is_taken = self._make_room(entry, dropped)
            if is_taken:
                self.stats.recorded += 1
                self._queue.put(entry)
                self._wake_for(entry)
            else:
                dropped.append(entry)
            if self._is_closed:
                why = "closed"
            for _ in dropped:
                self._count_dropped(why)
        self._tell_dropped(dropped, why)
        return is_taken

    def flush(self, timeout_ms: int) -> bool:
        """Waits until everything that was recorded before is settled; false when it took too long."""
        if threading.current_thread() is self._thread:
            return False  # a callback: what it waits for would wait for it
        until = time.monotonic() + timeout_ms / 1000
        with self.lock:
            up_to = self._next_ticket - 1
            self._flush_up_to = max(self._flush_up_to, up_to)
            if self._oldest_ticket() is not None:
                self._start()
            self._work.notify_all()
            while (oldest := self._oldest_ticket()) is not None and oldest <= up_to:
                remaining = until - time.monotonic()
                if remaining <= 0:
                    return False
                self._settled.wait(remaining)
            return True

    def close(self, timeout_ms: int) -> bool:
        """Flushes, ends the thread, and lets go of what is left. May be called again."""
        with self.lock:
            if self._is_closed:
                return True
            self._is_closed = True
            self._settled.notify_all()  # whoever waits for room
        is_flushed = self.flush(timeout_ms)
        left: list[Entry] = []
        with self.lock:
            self._is_abandoned = True
            self._work.notify_all()
            while not self._is_durable and (entry := self._queue.drop_oldest()) is not None:
                left.append(entry)
                self._count_dropped("closed")
            if not self._in_flight:
                self._queue.close()
        self._tell_dropped(left, "closed")
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(THREAD_END_WAIT_S)
        return is_flushed

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

    def fault(self, where: str, error: BaseException) -> None:
        """A fault that no caller sees."""
        with self.lock:
            self.stats.faults += 1
            self.stats.last_fault = type(error).__name__
        self.reporter.warn(f"fault:{where}", f"{where} failed ({type(error).__name__}); your program goes on")

    def _make_room(self, entry: Entry, dropped: list[Entry]) -> bool:
        if entry.size > self.chosen.queue_bytes_max:
            return False
        while True:
            if self._is_closed:
                return False
            if self._has_room(entry):
                return True
            if self.chosen.when_full == "drop_oldest" and (oldest := self._queue.drop_oldest()) is not None:
                dropped.append(oldest)
            elif self.chosen.when_full == "block" and threading.current_thread() is not self._thread:
                self._start()
                self._work.notify_all()
                self._settled.wait()
            else:
                return False

    def _has_room(self, entry: Entry) -> bool:
        queue = self._queue
        return (
            queue.held_events < self.chosen.queue_events_max
            and queue.held_bytes + entry.size <= self.chosen.queue_bytes_max
        )

    def _wake_for(self, entry: Entry) -> None:
        if self._thread is None:
            self._start()
        waiting, bytes_ = self._queue.waiting_events, self._queue.waiting_bytes
        fills_bytes = bytes_ >= self.chosen.batch_bytes_max > bytes_ - entry.size
        if waiting in (1, self.chosen.batch_events_max) or fills_bytes:
            self._work.notify()

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._on_start()
        thread = threading.Thread(target=self._run, name="gapin-recorder", daemon=True)
        self._thread = thread
        try:
            thread.start()
        except RuntimeError as error:  # the interpreter ends, or there are too many threads
            self._thread = None
            self.fault("starting the recorder's thread", error)

    def _oldest_ticket(self) -> int | None:
        if self._in_flight:
            return self._in_flight[0].ticket
        oldest = self._queue.oldest()
        return None if oldest is None else oldest[0]

    # What the thread does.

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            try:
                outcome = self.sender.send(batch)
            except Exception as error:  # noqa: BLE001  the thread goes on
                self.fault("sending", error)
                outcome = Outcome(again=list(batch), why="fault")
            try:
                self._settle(batch, outcome)
            except Exception as error:  # noqa: BLE001
                self.fault("settling a batch", error)
            if outcome.again:
                self._pause(outcome)
            else:
                self._failures = 0
        self.sender.close()

    def _next_batch(self) -> list[Entry] | None:
        with self.lock:
            while not self._is_abandoned:
                self._tell_lost()
                oldest = self._queue.oldest()
                if oldest is None:
                    if self._is_retired:
                        return None
                    self._work.wait()
                    continue
                ticket, since = oldest
                remaining = since + self.chosen.batch_age_ms / 1000 - time.monotonic()
                if remaining <= 0 or self._is_full() or ticket <= self._flush_up_to:
                    try:
                        batch = self._queue.take(self.chosen.batch_events_max, self.chosen.batch_bytes_max)
                    except Exception as error:  # noqa: BLE001  what is in it waits
                        self.fault("reading the disk queue", error)
                        self._work.wait(QUEUE_FAILED_WAIT_S)
                        continue
                    if not batch:
                        continue
                    self._in_flight = batch
                    return batch
                self._work.wait(remaining)
            return None

    def _tell_lost(self) -> None:
        """Events that can't be read from the disk are counted as let go; nobody has their text."""
        lost = self._queue.lost()
        if not lost:
            return
        for _ in range(lost):
            self._count_dropped("queue_failed")
        self._settled.notify_all()
        self.reporter.warn("lost", "events on disk can't be read, and were let go: a file of the disk queue is damaged")

    def _is_full(self) -> bool:
        return (
            self._queue.waiting_events >= self.chosen.batch_events_max
            or self._queue.waiting_bytes >= self.chosen.batch_bytes_max
        )

    def _settle(self, batch: Sequence[Entry], outcome: Outcome) -> None:
        now = time.monotonic()
        for entry in batch:
            entry.first_tried = entry.first_tried or now
        given_up: list[Entry] = []
        again: list[Entry] = []
        with self.lock:
            why = "closed" if self._is_abandoned else "retry_time_spent"
            for entry in outcome.again:
                (given_up if self._is_too_late(entry, now) else again).append(entry)
        self._tell_dropped(given_up, why)
        for entry, fault in outcome.refused:
            self._tell_refused(entry, fault)
        # Only now: whoever waited in `flush()` finds everything told.
        with self.lock:
            refused = [entry for entry, _ in outcome.refused]
            self._queue.put_back(again)
            self._queue.done([*outcome.accepted, *refused, *given_up])
            self._queue.refill()
            self._in_flight = []
            self._count(outcome, len(again), len(given_up), why)
            if self._is_abandoned:
                self._queue.close()
            self._settled.notify_all()

    def _count(self, outcome: Outcome, again: int, given_up: int, why: str) -> None:
        stats = self.stats
        stats.requests += outcome.requests
        stats.accepted += len(outcome.accepted)
        stats.refused += len(outcome.refused)
        stats.retries += 1 if again else 0
        stats.retimed += outcome.retimed
        for _ in range(given_up):
            self._count_dropped(why)
        if outcome.refused:
            stats.last_fault = outcome.refused[-1][1].code
        elif outcome.again:
            stats.last_fault = outcome.why

    def _is_too_late(self, entry: Entry, now: float) -> bool:
        if self._is_durable or entry.first_tried is None:
            return False  # on disk it can wait for as long as there is room
        return self._is_abandoned or (now - entry.first_tried) * 1000 >= self.chosen.retry_for_ms

    def _pause(self, outcome: Outcome) -> None:
        """Waits before the next try. `close()` cuts short what this recorder chose itself, not what it was told."""
        chosen = self.chosen
        if outcome.accepted or outcome.retimed:
            self._failures = 0
        self.reporter.warn(
            f"again:{outcome.why}",
            f"the gateway can't be given events now ({outcome.why}); they are kept and sent again"
            + (": look at GAPIN_URL and GAPIN_API_KEY" if outcome.is_setting else ""),
        )
        if outcome.retimed == len(outcome.again):
            return
        longest_ms = min(
            chosen.retry_wait_max_ms, chosen.retry_wait_min_ms * 2 ** min(self._failures, _BACKOFF_DOUBLINGS_MAX)
        )
        self._failures += 1
        wait_s = random.uniform(0, longest_ms) / 1000  # noqa: S311  full jitter, no secret
        if outcome.is_setting:
            wait_s = chosen.retry_wait_max_ms / 1000
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

    # What users are told.

    def _count_dropped(self, why: str) -> None:
        self.stats.dropped += 1
        self.stats.dropped_by_reason[why] = self.stats.dropped_by_reason.get(why, 0) + 1

    def _tell_dropped(self, dropped: Sequence[Entry], why: str) -> None:
        if not dropped:
            return
        self.reporter.warn(f"dropped:{why}", f"events were let go ({why}): see the recorder's stats() and on_dropped")
        if self.chosen.on_dropped is None:
            return
        for entry in dropped:
            try:
                self.chosen.on_dropped(event_of(entry), why)
            except Exception as error:  # noqa: BLE001
                self.fault("on_dropped", error)

    def _tell_refused(self, entry: Entry, fault: Fault) -> None:
        self.reporter.warn(
            f"refused:{fault.code}", f"the gateway refused an event for good ({fault.code}): see on_refused"
        )
        if self.chosen.on_refused is None:
            return
        try:
            self.chosen.on_refused(event_of(entry), fault)
        except Exception as error:  # noqa: BLE001
            self.fault("on_refused", error)


def event_of(entry: Entry) -> dict[str, Any]:
    """The event, as it was recorded."""
    event: dict[str, Any] = json.loads(entry.payload)
    return event
