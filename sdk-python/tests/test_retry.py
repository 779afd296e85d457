"""What may be sent again is, and nothing else."""

from __future__ import annotations

import itertools
import time
from email.utils import formatdate
from typing import Any

import pytest
from conftest import MakeRecorder, Stored, settings_of
from faulty import Exchange, FaultyGateway, answer_lost, cut, held_until, refuse, results_changed
from gateway import Gateway, eventually

import gapin
from gapin import timestamps


def record(recorder: gapin.Recorder, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        recorder.query(f"question {number}")


def prompts(events: list[Any]) -> list[str]:
    return [event["query"]["prompt"] for event in events]


def questions(count: int) -> list[str]:
    return [f"question {number}" for number in range(count)]


@pytest.mark.feature("retry.unavailable")
@pytest.mark.parametrize("code", ["overloaded", "log_unavailable", "outcome_unknown"])
def test_a_burst_of_503_loses_nothing(through: MakeRecorder, faulty: FaultyGateway, stored: Stored, code: str) -> None:
    faulty.script.faults = [refuse(503, code)] * 4 + [refuse(502, "x"), refuse(504, "x"), refuse(408, "body_timeout")]
    recorder = through()
    record(recorder, 10)
    assert recorder.flush(60_000)
    assert prompts(stored(10)) == questions(10)
    assert recorder.stats().retries == 7
    assert recorder.stats().dropped == recorder.stats().refused == 0


@pytest.mark.feature("retry.rate_limited")
def test_retry_after_is_waited_for(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    asked: list[float] = []

    def limited(exchange: Exchange) -> Any:
        asked.append(time.monotonic())
        return refuse(429, "rate_limited", Retry_After="1")(exchange)

    def passed(exchange: Exchange) -> Any:
        asked.append(time.monotonic())
        return exchange.forward()

    faulty.script.faults = [limited, limited, passed]
    recorder = through()
    record(recorder, 5)
    assert recorder.flush(60_000)
    assert prompts(stored(5)) == questions(5)
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(asked))
    assert len(asked) == 3


@pytest.mark.feature("retry.connection")
def test_the_gateway_killed_and_started_again_loses_nothing(own_gateway: Gateway, ai_id: str) -> None:
    settings = settings_of(own_gateway, ai_id=ai_id)
    with gapin.Recorder(**settings, retry_wait_min_ms=5, retry_wait_max_ms=100, batch_age_ms=5) as recorder:
        record(recorder, 50)
        eventually("something is acknowledged", lambda: recorder.stats().accepted > 0)
        own_gateway.kill()
        record(recorder, 50, 50)
        eventually("it is tried again", lambda: recorder.stats().retries > 1)
        own_gateway.start()
        assert recorder.flush(60_000)
    with gapin.Client(**settings) as client:
        eventually("all are stored", lambda: len(list(client.events.list(ai_id=ai_id, limit=500))) == 100)
        records = [record["event"] for record in client.events.list(ai_id=ai_id, limit=500)]
    assert sorted(event["sequence"] for event in records) == list(range(100))


@pytest.mark.feature("retry.connection")
def test_cut_connections_lose_nothing(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    faulty.script.faults = [cut, cut, cut]
    recorder = through()
    record(recorder, 5)
    assert recorder.flush(60_000)
    assert prompts(stored(5)) == questions(5)


@pytest.mark.feature("retry.timeout")
def test_a_slow_gateway_loses_nothing(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    import threading

    release = threading.Event()
    faulty.script.faults = [held_until(release), held_until(release)]
    recorder = through(request_timeout_ms=300)
    record(recorder, 5)
    eventually("two were not waited for", lambda: len(faulty.script.arrived) >= 3)
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(5)) == questions(5)
    assert recorder.stats().last_fault == "timeout"


@pytest.mark.feature("retry.partial")
def test_of_a_batch_only_what_is_worth_it_is_sent_again(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    def odd_ones_wait(index: int, result: dict[str, Any]) -> dict[str, Any]:
        return {"index": index, "status": "rejected", "code": "overloaded"} if index % 2 else result

    faulty.script.faults = [results_changed(odd_ones_wait)]
    recorder = through(batch_age_ms=10_000)
    record(recorder, 10)
    assert recorder.flush(60_000)
    first, second = faulty.script.arrived
    assert len(first.events) == 10
    assert prompts(second.events) == [f"question {number}" for number in range(1, 10, 2)]
    assert prompts(stored(10)) == questions(10)


@pytest.mark.feature("retry.refused")
def test_a_refused_event_is_told_once_and_harms_no_other(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    told: list[tuple[dict[str, Any], gapin.Fault]] = []
    recorder = through(batch_age_ms=10_000, on_refused=lambda event, fault: told.append((event, fault)))
    record(recorder, 2)
    recorder.record({"event_type": "ai.nothing", "query": {"prompt": "bad"}})
    record(recorder, 2, 2)
    assert recorder.flush(60_000)
    ((event, fault),) = told
    assert event["query"] == {"prompt": "bad"}
    assert (fault.code, fault.pointer) == ("schema_violation", "/event_type")
    assert prompts(stored(4)) == questions(4)
    assert recorder.stats().refused == 1
    assert prompts(faulty.events()).count("bad") == 1


@pytest.mark.feature("retry.refused")
def test_one_refused_event_alone_is_told(through: MakeRecorder, faulty: FaultyGateway) -> None:
    told: list[str] = []
    recorder = through(
        on_refused=lambda _, fault: told.append(fault.code), signing_secret="another", signing_key_id="x"
    )
    recorder.query("alone")
    assert recorder.flush(60_000)
    assert told == ["invalid_signature"]
    assert len(faulty.script.arrived) == 1


@pytest.mark.feature("retry.credentials")
def test_a_refused_key_is_said_once_and_events_are_kept(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    faulty.script.faults = [refuse(401, "invalid_api_key")] * 3 + [refuse(403, "address_not_allowed")]
    recorder = through()
    record(recorder, 3)
    assert recorder.flush(60_000)
    assert prompts(stored(3)) == questions(3)
    said = [line.getMessage() for line in caplog.records if "invalid_api_key" in line.getMessage()]
    assert len(said) == 1
    assert "GAPIN_API_KEY" in said[0]


@pytest.mark.feature("retry.gives_up")
def test_after_its_time_an_event_is_let_go_and_told(through: MakeRecorder, faulty: FaultyGateway) -> None:
    told: list[tuple[str, str]] = []
    faulty.script.always = refuse(503, "overloaded")

    def on_dropped(event: dict[str, Any], why: str) -> None:
        assert recorder.stats().dropped > len(told), "counted first"
        told.append((event["query"]["prompt"], why))

    recorder = through(retry_for_ms=200, on_dropped=on_dropped)
    record(recorder, 3)
    assert recorder.flush(60_000)
    assert told == [(prompt, "retry_time_spent") for prompt in questions(3)]
    assert recorder.stats().dropped_by_reason == {"retry_time_spent": 3}
    assert len(faulty.script.arrived) > 1


@pytest.mark.feature("retry.idempotent")
def test_an_event_whose_answer_was_lost_is_kept_once(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    faulty.script.faults = [answer_lost, answer_lost]
    recorder = through(batch_age_ms=10_000)
    record(recorder, 5)
    assert recorder.flush(60_000)
    assert len(faulty.events()) == 15
    assert len({event["event_id"] for event in faulty.events()}) == 5
    recorder.query("and one more")
    assert recorder.flush(60_000)
    assert len(stored(6)) == 6


@pytest.mark.feature("retry.clock_skew")
def test_a_clock_that_is_ahead_is_corrected(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ahead_s = time.time, 3600
    monkeypatch.setattr(time, "time", lambda: real() + ahead_s)
    monkeypatch.setattr(time, "time_ns", lambda: round((real() + ahead_s) * 1e9))
    faulty.script.date = lambda: formatdate(real(), usegmt=True)
    recorder = through(batch_age_ms=10_000)
    record(recorder, 3)
    assert recorder.flush(60_000)
    events = stored(3)
    assert prompts(events) == questions(3)
    assert recorder.stats().retimed == 3
    assert recorder.stats().refused == 0
    skew_ms = recorder.stats().clock_skew_ms
    assert skew_ms is not None
    assert abs(skew_ms + ahead_s * 1000) < 5_000
    assert all(gapin.verify(event, "x") is False for event in events)


@pytest.mark.feature("retry.clock_skew")
def test_a_clock_that_is_behind_moves_nothing_further_into_the_future(
    through: MakeRecorder, faulty: FaultyGateway
) -> None:
    refused: list[tuple[str, str]] = []
    faulty.script.date = lambda: formatdate(time.time() + 3600, usegmt=True)
    recorder = through(on_refused=lambda event, fault: refused.append((event["timestamp"], fault.code)))
    ahead = timestamps.text_of(time.time_ns() + 7_200_000_000_000)
    recorder.query("one that the gateway tells the time by")
    assert recorder.flush(60_000)
    recorder.record({"event_type": "ai.query", "query": {"prompt": "?"}, "timestamp": ahead})
    assert recorder.flush(60_000)
    assert refused == [(ahead, "timestamp_in_future")]
    assert recorder.stats().retimed == 0


@pytest.mark.feature("retry.clock_skew")
def test_a_clock_that_is_two_days_ahead_gives_another_id_too(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ahead_s = time.time, 2 * 86_400
    monkeypatch.setattr(time, "time", lambda: real() + ahead_s)
    monkeypatch.setattr(time, "time_ns", lambda: round((real() + ahead_s) * 1e9))
    faulty.script.date = lambda: formatdate(real(), usegmt=True)
    recorder = through(batch_age_ms=10_000)
    first = recorder.query("question 0")
    assert recorder.flush(60_000)
    (event,) = stored(1)
    assert event["event_id"] != first
