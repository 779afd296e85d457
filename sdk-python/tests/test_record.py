"""What is recorded comes to the gateway."""

from __future__ import annotations

import dataclasses
import decimal
import enum
import json
import math
import pathlib
import sys
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import pydantic
import pytest
from conftest import MakeRecorder, Stored, settings_of, stored_of
from faulty import FaultyGateway, cut
from gateway import Gateway

import gapin
from gapin import ids, timestamps
from gapin.event import event_id_of

DECISION = {"type": "refund", "logic": "within 30 days", "options": ["refund"], "chosen": "refund", "confidence": 0.97}


def id_of_hours_ago(hours: int) -> str:
    return ids.new(time.time_ns() - hours * 3_600_000_000_000)


@pytest.mark.feature("record.acknowledged")
def test_record_waits_for_the_acknowledgement(client: gapin.Client, stored: Stored) -> None:
    accepted = client.record({"event_type": "ai.decision", "decision": DECISION})
    assert accepted["status"] == "accepted"
    (event,) = stored(1)
    assert event["event_id"] == accepted["event_id"]
    assert event["decision"] == DECISION


@pytest.mark.feature("record.kinds")
def test_each_kind_is_stored_as_it_was_meant(recorder: gapin.Recorder, stored: Stored) -> None:
    recorder.action("search", {"q": "x"}, ["y"], latency_ms=12.5, model="m", tokens_used=7)
    recorder.decision("refund", "within 30 days", ["refund", "refuse"], chosen="refund", confidence=0.5)
    recorder.error("timeout", "it took too long", recoverable=True)
    recorder.query("why?", model="m", parameters={"temperature": 0.1})
    recorder.response("because", finish_reason="stop", usage={"input_tokens": 1, "output_tokens": 2})
    assert recorder.flush(60_000)
    action, decision, error, query, response = stored(5)
    assert action["action"] == {
        "function": "search", "input": {"q": "x"}, "output": ["y"], "latency_ms": 12.5, "model": "m", "tokens_used": 7,
    }  # fmt: skip
    assert decision["decision"]["options"] == ["refund", "refuse"]
    assert error["error"] == {"code": "timeout", "message": "it took too long", "recoverable": True}
    assert query["query"] == {"prompt": "why?", "model": "m", "parameters": {"temperature": 0.1}}
    assert response["response"]["usage"] == {"input_tokens": 1, "output_tokens": 2}
    assert recorder.stats().accepted == 5


@pytest.mark.feature("record.kinds")
@pytest.mark.parametrize(
    ("given", "wanted"),
    [(0.123456789, 0.123456789), (1e-9, 1e-9), (0.9996, 0.9996), (1.5, 1), (-1, 0), ("0.25", 0.25), (None, 0)],
)
def test_a_confidence_is_what_was_given_within_its_bounds(
    recorder: gapin.Recorder, stored: Stored, given: Any, wanted: float
) -> None:
    recorder.decision("route", confidence=given)
    recorder.action("search", latency_ms=given)
    assert recorder.flush(60_000)
    assert recorder.stats().refused == 0
    decision, action = stored(2)
    assert decision["decision"]["confidence"] == wanted
    assert action["action"]["latency_ms"] == (1.5 if given == 1.5 else wanted)


@pytest.mark.feature("record.identity")
@pytest.mark.parametrize("on_disk", [False, True])
def test_an_event_that_is_signed_stays_as_it_was_signed(
    through: MakeRecorder, gateway: Gateway, stored: Stored, ai_id: str, tmp_path: Path, on_disk: bool
) -> None:
    at = timestamps.text_of(time.time_ns())
    key, secret = gateway.env["GAPIN_SIGNING_KEY_ID"], gateway.env["GAPIN_SIGNING_SECRET"]
    event: Any = {
        "event_type": "ai.action", "ai_id": ai_id, "ai_version": "theirs", "key_id": key, "timestamp": at,
        "metadata": {}, "action": {"function": "é\U0001f600", "input": [1.0, 1e20], "output": {"signature": "0" * 64},
                   "latency_ms": 0.12345, "model": "m"},
    }  # fmt: skip
    signed = gapin.sign(event, secret)
    options: dict[str, Any] = {"disk_queue": tmp_path} if on_disk else {}
    recorder = through(signing_secret="another", signing_key_id="another", batch_age_ms=60_000, **options)
    with gapin.context(session_id="mine"):
        event_id = recorder.record(signed)
    if on_disk:  # as of a process that was killed
        queue = recorder._engine._queue
        with recorder._engine.lock:
            entries = queue.take(7, 1 << 20)
            queue.put_back(entries)
        assert [entry.is_signed for entry in entries] == [True]
    assert recorder.flush(60_000)
    assert recorder.stats().refused == 0
    (kept,) = stored(1)
    assert kept == signed
    assert event_id == event_id_of(signed)


@pytest.mark.feature("record.identity")
def test_what_is_no_signature_signs_nothing(recorder: gapin.Recorder, gateway: Gateway, stored: Stored) -> None:
    for signature in (None, "mine", "0" * 63, 7):
        recorder.record(cast(Any, {"event_type": "ai.query", "query": {"prompt": "?"}, "signature": signature}))
    assert recorder.flush(60_000)
    assert all(gapin.verify(event, gateway.env["GAPIN_SIGNING_SECRET"]) for event in stored(4))


@pytest.mark.feature("record.refuses")
@pytest.mark.parametrize(
    ("event", "code", "pointer"),
    [
        ({"event_type": "ai.decision"}, "schema_violation", "/decision"),
        ({"event_type": "ai.query", "query": {"prompt": 1}}, "schema_violation", "/query/prompt"),
        ({"event_type": "ai.query", "query": {"prompt": "x", "parameters": {1, 2}}}, "invalid_json", None),
        ({"event_type": "ai.query", "query": {"prompt": "x", "parameters": float("nan")}}, "invalid_json", None),
        ({"event_type": "ai.query", "query": {"prompt": "x", "parameters": 2**53}}, "invalid_json", None),
        ({"event_type": "ai.query", "query": {"prompt": "\ud800"}}, "invalid_json", None),
        ({"event_type": "ai.query", "query": {"prompt": "x" * 300_000}}, "event_too_large", None),
        ({"event_type": "ai.query", "query": {"prompt": "x"}, "key_id": "another"}, "invalid_signature", None),
        ({"event_type": "ai.query", "query": {"prompt": "x"}, "event_id": "mine"}, "schema_violation", "/event_id"),
        (
            {"event_type": "ai.query", "query": {"prompt": "x"}, "event_id": str(uuid.uuid4())},
            "schema_violation", "/event_id",
        ),
        (
            {"event_type": "ai.query", "query": {"prompt": "x"}, "event_id": id_of_hours_ago(25)},
            "event_id_time_mismatch", None,
        ),
        (
            {"event_type": "ai.query", "query": {"prompt": "x"}, "event_id": id_of_hours_ago(-25)},
            "event_id_time_mismatch", None,
        ),
        (
            {"event_type": "ai.query", "query": {"prompt": "x"}, "timestamp": "1969-12-31T23:59:59Z"},
            "timestamp_too_old", None,
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_an_event_is_refused_before_it_is_sent(
    gateway: Gateway, ai_id: str, event: Any, code: str, pointer: str | None
) -> None:
    unreachable = gapin.Client(**settings_of(gateway, url="http://127.0.0.1:1", ai_id=ai_id))
    with pytest.raises(gapin.InvalidEventError) as refused:
        unreachable.record(event)
    assert refused.value.code == code
    assert pointer is None or pointer in [fault.pointer for fault in refused.value.errors]
    assert not refused.value.retryable


@pytest.mark.feature("record.refuses")
def test_an_id_of_another_time_is_refused_of_a_signed_event_too(gateway: Gateway, ai_id: str) -> None:
    event: Any = {
        "event_type": "ai.query", "ai_id": ai_id, "ai_version": "v", "query": {"prompt": "x"}, "metadata": {},
        "timestamp": timestamps.text_of(time.time_ns()), "event_id": id_of_hours_ago(25),
    }  # fmt: skip
    unreachable = gapin.Client(**settings_of(gateway, url="http://127.0.0.1:1", ai_id=ai_id))
    with pytest.raises(gapin.InvalidEventError) as refused:
        unreachable.record(gapin.sign(event, gateway.env["GAPIN_SIGNING_SECRET"]))
    assert refused.value.code == "event_id_time_mismatch"


@pytest.mark.feature("record.identity")
def test_an_id_of_ones_own_is_kept_whatever_its_case(client: gapin.Client, stored: Stored) -> None:
    given = [id_of_hours_ago(23).upper(), id_of_hours_ago(-23)]
    for event_id in given:
        accepted = client.record({"event_type": "ai.query", "query": {"prompt": "x"}, "event_id": event_id})
        assert accepted["event_id"] == event_id.lower()
    assert sorted(event["event_id"] for event in stored(2)) == sorted(given)


@pytest.mark.feature("record.refuses")
def test_nesting_too_deep_is_refused(client: gapin.Client) -> None:
    nested: Any = 1
    for _ in range(70):
        nested = [nested]
    with pytest.raises(gapin.InvalidEventError, match="nested"):
        client.record({"event_type": "ai.query", "query": {"prompt": "x", "parameters": nested}})


@pytest.mark.feature("record.identity")
def test_ids_and_times_are_filled_in(recorder: gapin.Recorder, stored: Stored, gateway: Gateway, ai_id: str) -> None:
    before_ms = time.time_ns() // 1_000_000
    event_id = recorder.query("?")
    assert recorder.flush(60_000)
    (event,) = stored(1)
    at_ns = timestamps.parse_ns(event["timestamp"])
    assert at_ns is not None
    assert before_ms <= at_ns // 1_000_000 <= time.time_ns() // 1_000_000
    assert event["event_id"] == event_id
    assert uuid.UUID(event["event_id"]).version == 7
    assert ids.unix_ms_of(event["event_id"]) == at_ns // 1_000_000
    assert (event["ai_id"], event["ai_version"], event["metadata"]) == (ai_id, "model-1", {})
    assert event["key_id"] == gateway.env["GAPIN_SIGNING_KEY_ID"]
    assert gapin.verify(event, gateway.env["GAPIN_SIGNING_SECRET"])


@pytest.mark.feature("record.identity")
def test_what_is_given_stays(recorder: gapin.Recorder, stored: Stored) -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    recorder.query("?", timestamp=at, ai_version="model-2")
    assert recorder.flush(60_000)
    (event,) = stored(1)
    assert (event["timestamp"], event["ai_version"]) == ("2026-03-01T08:30:00.000000Z", "model-2")


@pytest.mark.feature("record.sequence")
def test_events_are_numbered_per_ai_system(
    recorder: gapin.Recorder, client: gapin.Client, stored: Stored, ai_id: str
) -> None:
    other = str(uuid.uuid4())
    for number in range(20):
        recorder.query(str(number), ai_id=other if number % 2 else ai_id)
    client.record({"event_type": "ai.query", "query": {"prompt": "awaited"}})
    assert recorder.flush(60_000)
    assert [event["sequence"] for event in stored(11)] == list(range(11))
    assert [event["sequence"] for event in stored_of(client, other, 10)] == list(range(10))


@pytest.mark.feature("record.sequence")
def test_numbers_of_many_threads_are_in_the_order_of_the_queue(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    recorder = through()
    threads = [threading.Thread(target=lambda: [recorder.query("x") for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.flush(60_000)
    assert [event["sequence"] for event in faulty.events()] == list(range(800))


@pytest.mark.feature("record.frozen")
def test_later_changes_change_nothing(recorder: gapin.Recorder, stored: Stored) -> None:
    given = {"cities": ["Rome"]}
    recorder.action("search", given, given)
    given["cities"].append("Paris")
    assert recorder.flush(60_000)
    (event,) = stored(1)
    assert event["action"]["input"] == event["action"]["output"] == {"cities": ["Rome"]}


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    y: Any


class Model(pydantic.BaseModel):
    name: str
    at: datetime


class Awkward:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Hostile:
    def __float__(self) -> float:
        raise RuntimeError("no")


class Wordy:
    def __repr__(self) -> str:
        return "w" * 5_000


def circular() -> list[Any]:
    made: list[Any] = [1]
    made.append({"again": made})
    return made


def deep() -> Any:
    made: Any = "bottom"
    for _ in range(100):
        made = [made]
    return made


AT = datetime(2026, 3, 1, tzinfo=timezone.utc)
LOSSY: dict[str, tuple[Any, Any]] = {
    "nan": (math.nan, "NaN"),
    "infinities": ([math.inf, -math.inf], ["Infinity", "-Infinity"]),
    "large integer": ([2**53, -(2**80)], ["9007199254740992", str(-(2**80))]),
    "huge integer": (10**5000, "[integer of 16610 bits]"),
    "numbers": ([1.0, 1e21, 1.5e-7, -0.0, 0.1, 1e16], [1, 1e21, 1.5e-7, 0, 0.1, "10000000000000000"]),
    "decimal": (decimal.Decimal("1.10"), "1.10"),
    "datetime": (AT, "2026-03-01T00:00:00+00:00"),
    "date": (AT.date(), "2026-03-01"),
    "timedelta": (timedelta(minutes=1.5), 90),
    "bytes": (b"\x00\xff", "base64:AP8="),
    "uuid": (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    "path": (pathlib.PurePosixPath("/a/b"), "/a/b"),
    "set": ({7}, [7]),
    "tuple": ((1, (2,)), [1, [2]]),
    "enum": ({"c": Colour.RED}, {"c": "red"}),
    "dataclass": (Point(1, Point(2, None)), {"x": 1, "y": {"x": 2, "y": None}}),
    "pydantic": (Model(name="n", at=AT), {"name": "n", "at": "2026-03-01T00:00:00+00:00"}),
    "names": ({1: "a", None: "b", 2.5: "d", (1, 2): "e"}, {"1": "a", "null": "b", "2.5": "d", "[1,2]": "e"}),
    "truth": ({True: "a"}, {"true": "a"}),
    "circular": (circular(), [1, {"again": "[circular]"}]),
    "surrogate": (["\ud800x", {"\udfff": 1}], ["\ufffdx", {"\ufffd": 1}]),
    "astral names": ({"\U0001f600": 1, "\ufb33": 2, "a": 3}, {"\U0001f600": 1, "\ufb33": 2, "a": 3}),
    "exception": (ValueError("bad"), "ValueError: bad"),
    "awkward": (Awkward(), "[Awkward that can't be shown]"),
    "long repr": (Wordy(), "w" * 1_000 + "…"),
}  # fmt: skip


@pytest.mark.feature("record.lossy_values")
def test_values_that_json_lacks_have_a_safe_form(recorder: gapin.Recorder, stored: Stored) -> None:
    for name, (given, _) in LOSSY.items():
        assert recorder.action(name, given) is not None
    recorder.action("deep", deep())
    recorder.decision("x", options={"a": 1}, chosen=math.nan, confidence=math.nan)
    recorder.error(ValueError("bad"))
    recorder.query(messages=iter(["a"]), metadata={"user_id": 7, "team": "blue", "labels": {"n": 1}})
    recorder.response(b"x", usage={"input_tokens": "7", "output_tokens": None}, latency_ms=-1)
    assert recorder.flush(60_000)
    assert recorder.stats().refused == 0
    assert recorder.stats().faults == 0
    events = stored(len(LOSSY) + 5)
    for (name, (_, wanted)), event in zip(LOSSY.items(), events, strict=False):
        assert event["action"]["function"] == name
        assert event["action"]["input"] == wanted, name
    query = events[-2]
    assert query["query"] == {"messages": ["a"]}
    assert query["metadata"] == {"user_id": "7", "labels": {"n": "1", "team": "blue"}}


@pytest.mark.feature("record.oversize")
@pytest.mark.parametrize(
    "given",
    [
        "x" * 1_000_000,
        "\x00" * 300_000,
        ["é" * 1_000] * 500,
        {str(number): "x" * 50 for number in range(20_000)},
        [[str(inner) for inner in range(100)] for _ in range(1_000)],
        list(range(300_000)),
    ],
    ids=["string", "escapes", "strings", "members", "lists", "numbers"],
)
def test_a_large_event_is_shortened_with_a_mark(recorder: gapin.Recorder, stored: Stored, given: Any) -> None:
    recorder.action("large", given, "kept")
    assert recorder.flush(60_000)
    (event,) = stored(1)
    shown = json.dumps(event["action"]["input"], ensure_ascii=False)
    assert "[cut: " in shown
    assert event["action"]["output"] == "kept"
    assert len(gapin.canonicalize(event)) <= 256 * 1024


@pytest.mark.feature("record.never_raises")
def test_nothing_reaches_the_caller(through: MakeRecorder, faulty: FaultyGateway) -> None:
    faulty.script.always = cut

    def broken(*_: object) -> None:
        raise RuntimeError("a callback that fails")

    recorder = through(on_dropped=broken, on_refused=broken, queue_events_max=3, retry_for_ms=50)
    anything: Any = object()
    for given in (None, 7, anything, [1, 2], {"event_type": 7}, {}, {"metadata": anything}, {1: 2}):
        recorder.record(cast(Any, given))
    recorder.action(anything, anything, latency_ms=anything, tokens_used=anything, metadata=anything)
    recorder.decision(anything, anything, anything, anything, anything)
    recorder.decision("x", confidence=cast(Any, Hostile()))
    recorder.error(anything, anything, stack=anything)
    recorder.query(anything, messages=anything)
    recorder.response(anything, usage=anything, latency_ms=anything, timestamp=anything, event_id=anything)
    assert recorder.flush(60_000)
    stats = recorder.stats()
    assert stats.dropped > 0
    assert stats.faults > 0
    recorder.close()
    assert recorder.query("closed") is None


@pytest.mark.feature("record.never_raises")
def test_a_callback_that_ends_the_program_does_not_end_the_recorder(through: MakeRecorder, stored: Stored) -> None:
    recorder = through(on_refused=sys.exit)
    recorder.record({"event_type": "ai.nothing"})
    assert recorder.flush(60_000)
    recorder.query("?")
    assert recorder.flush(60_000)
    assert (recorder.stats().refused, recorder.stats().faults) == (1, 1)
    stored(1)


@pytest.mark.feature("record.never_raises")
def test_without_a_thread_nothing_reaches_the_caller(through: MakeRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    recorder = through()
    monkeypatch.setattr(threading.Thread, "start", start)
    assert recorder.query("?") is not None
    assert recorder.stats().faults == 1
    monkeypatch.undo()
    assert recorder.flush(60_000)
    assert recorder.stats().accepted == 1
