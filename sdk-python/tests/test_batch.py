"""How events travel."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import MakeRecorder, Stored, settings_of, stored_of
from faulty import FaultyGateway, answer_lost, cut, refuse, results_changed
from gateway import Gateway, eventually
from random_values import anything, hard, text

import gapin


@pytest.mark.feature("batch.count")
def test_no_request_holds_more_events_than_its_bound(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    recorder = through(batch_events_max=7, batch_age_ms=60_000)
    for number in range(30):
        recorder.query(str(number))
    eventually("whole batches do not wait", lambda: recorder.stats().accepted == 28)
    assert recorder.flush(60_000)
    assert [len(arrived.events) for arrived in faulty.script.arrived] == [7, 7, 7, 7, 2]
    stored(30)


@pytest.mark.feature("batch.bytes")
def test_no_request_holds_more_bytes_than_its_bound(through: MakeRecorder, faulty: FaultyGateway) -> None:
    recorder = through(batch_bytes_max=50_000, batch_age_ms=60_000)
    for _ in range(20):
        recorder.query("x" * 9_000)
    recorder.query("y" * 60_000)  # alone it may be more
    assert recorder.flush(60_000)
    arrived = faulty.script.arrived
    assert all(each.body_bytes <= 50_000 or len(each.events) == 1 for each in arrived)
    assert len(arrived) == 5
    assert recorder.stats().accepted == 21


@pytest.mark.feature("batch.count")
def test_a_batch_that_the_gateway_finds_too_large_is_halved(tmp_path: Path, ai_id: str) -> None:
    gateway = Gateway(tmp_path, GAPIN_BATCH_EVENTS_MAX="3").start()
    try:
        settings = settings_of(gateway, ai_id=ai_id)
        with gapin.Recorder(**settings, batch_age_ms=60_000) as recorder, gapin.Client(**settings) as client:
            for number in range(20):
                recorder.query(str(number))
            assert recorder.flush(60_000)
            assert recorder.stats().accepted == 20
            assert recorder.stats().requests > 7
            assert [event["sequence"] for event in stored_of(client, ai_id, 20)] == list(range(20))
    finally:
        gateway.stop()


@pytest.mark.feature("batch.age")
def test_an_event_alone_does_not_wait_for_others(recorder: gapin.Recorder, stored: Stored) -> None:
    recorder.query("alone")
    assert len(stored(1)) == 1


@pytest.mark.feature("batch.compressed")
def test_batches_are_compressed_from_their_bound_on(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    recorder = through(compress_bytes_min=2_000)
    recorder.query("small")
    assert recorder.flush(60_000)
    recorder.query("large " * 1_000)
    assert recorder.flush(60_000)
    assert [arrived.encoding for arrived in faulty.script.arrived] == [None, "gzip"]
    stored(2)


@pytest.mark.feature("batch.order")
def test_events_of_one_ai_system_stay_in_order_through_faults(
    through: MakeRecorder, faulty: FaultyGateway, client: gapin.Client, ai_id: str
) -> None:
    chance = Random(11)

    def some_wait(index: int, result: dict[str, Any]) -> dict[str, Any]:
        return {"index": index, "status": "rejected", "code": "overloaded"}

    kinds = [refuse(503, "overloaded"), cut, answer_lost, refuse(429, "rate_limited"), results_changed(some_wait)]
    faulty.script.faults = [chance.choice(kinds) for _ in range(40)]
    recorder = through(batch_events_max=20, batch_age_ms=1)
    for number in range(600):
        recorder.query(str(number))
    assert recorder.flush(100_000)
    first_seen: dict[str, list[int]] = defaultdict(list)
    for event in faulty.events():
        if event["sequence"] not in first_seen[event["ai_id"]]:
            first_seen[event["ai_id"]].append(event["sequence"])
    assert first_seen[ai_id] == list(range(600))
    with client.stream(ai_id=ai_id, cursor="earliest") as stream:
        assert [next(stream).event["sequence"] for _ in range(600)] == list(range(600))


@pytest.mark.feature("verify.gateway")
def test_what_is_signed_here_the_gateway_verifies(gateway: Gateway, ai_id: str, client: gapin.Client) -> None:
    chance = Random(7)
    count = 3_000
    with gapin.Recorder(**settings_of(gateway, ai_id=ai_id), when_full="block") as recorder:
        for _ in range(count):
            recorder.action(text(chance), anything(chance), model=text(chance))
        assert recorder.flush(100_000)
        assert (recorder.stats().accepted, recorder.stats().refused, recorder.stats().faults) == (count, 0, 0)
    for _ in range(50):
        client.record({"event_type": "ai.query", "query": {"prompt": text(chance), "parameters": hard(chance)}})
    stored_of(client, ai_id, count + 50)


@pytest.mark.feature("verify.gateway")
def test_the_cross_programs_agree_and_find_what_was_changed() -> None:
    program = [sys.executable, str(Path(__file__).parent / "programs" / "cross.py")]
    signed = subprocess.run([*program, "sign", "500", "7", "s"], capture_output=True, check=True).stdout
    lines = signed.splitlines()
    lines[3] = lines[3].replace(b'"cross-1"', b'"cross-2"')
    lines[7] = lines[7].replace(b'"latency_ms":1', b'"latency_ms":1.0')  # the same number
    said = subprocess.run([*program, "verify", "s"], input=b"\n".join(lines), capture_output=True, check=True).stdout
    assert json.loads(said) == {"events": 500, "bad": [3]}


@pytest.mark.feature("retry.no_loss")
def test_a_hundred_thousand_events_arrive_without_a_loss(gateway: Gateway, ai_id: str) -> None:
    count = 100_000
    settings = settings_of(gateway, ai_id=ai_id)
    with gapin.Recorder(**settings, when_full="block") as recorder:
        for number in range(count):
            recorder.query(str(number))
        assert recorder.flush(100_000)
        stats = recorder.stats()
    assert (stats.recorded, stats.accepted, stats.dropped, stats.refused) == (count, count, 0, 0)
    with gapin.Client(**settings) as client, client.stream(ai_id=ai_id, cursor="earliest") as stream:
        for sequence in range(count):
            event = next(stream).event
            assert event["sequence"] == sequence
            assert event["query"].get("prompt") == str(sequence)
