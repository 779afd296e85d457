"""While the gateway has a batch, the next one is signed and compressed: as long as it stays what it is."""

from __future__ import annotations

import threading
from typing import Any

from conftest import MakeRecorder, Stored
from faulty import Answer, Exchange, FaultyGateway, held_until, refuse
from gateway import eventually

import gapin

BATCH_EVENTS = 10


def record(recorder: gapin.Recorder, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        recorder.query(f"question {number}")


def prompts(events: list[Any]) -> list[str]:
    return [event["query"]["prompt"] for event in events]


def recorded_behind_one(through: MakeRecorder, faulty: FaultyGateway, count: int, **changes: Any) -> Any:
    """A recorder with so many events that wait behind a request of one, and what lets that one go on."""
    release = threading.Event()
    faulty.script.faults.insert(0, held_until(release))
    recorder = through(batch_events_max=BATCH_EVENTS, **changes)
    record(recorder, 1)
    eventually("the first is under way", lambda: recorder._engine._in_flight)
    record(recorder, count, first=1)
    return recorder, release


def test_the_next_batch_is_made_ready_meanwhile(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    def until_the_next_is_ready(exchange: Exchange) -> Answer:
        ready = eventually("the next batch is ready", lambda: recorder._engine.sender._ready)
        assert [entry.ticket for entry in ready.batch] == list(range(11, 21))
        return exchange.forward()

    faulty.script.faults = [until_the_next_is_ready]
    recorder, release = recorded_behind_one(through, faulty, 30)
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(31)) == [f"question {number}" for number in range(31)]
    assert recorder.stats().requests == 4


def test_what_was_made_ready_waits_behind_what_is_sent_again(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    def ready_and_then_refused(exchange: Exchange) -> Any:
        eventually("the next batch is ready", lambda: recorder._engine.sender._ready)
        return refuse(503, "overloaded")(exchange)

    faulty.script.faults = [ready_and_then_refused]
    recorder, release = recorded_behind_one(through, faulty, 25)
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(26)) == [f"question {number}" for number in range(26)]
    assert recorder.stats().retries == 1


def test_nothing_is_signed_for_nothing(through: MakeRecorder, faulty: FaultyGateway) -> None:
    # A batch that is not whole yet will be another one; and of a queue that is half full the oldest may have to go.
    for count, changes, expected in (
        (9, {}, 0),
        (10, {}, 10),
        (25, {"queue_events_max": 50}, 0),
        (25, {"queue_events_max": 50, "when_full": "block"}, 10),
    ):
        recorder, release = recorded_behind_one(through, faulty, count, **changes)
        assert len(recorder._engine._upcoming()) == expected, (count, changes)
        release.set()
        assert recorder.flush(60_000)
