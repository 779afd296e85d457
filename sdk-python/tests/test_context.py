"""What is carried into events."""

from __future__ import annotations

import asyncio
import threading

import pytest
from conftest import Stored
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

import gapin


@pytest.mark.feature("context.carried")
def test_context_is_carried_and_nests(recorder: gapin.Recorder, client: gapin.Client, stored: Stored) -> None:
    def inner() -> None:
        with gapin.context(request_id="r-1", labels={"b": "2"}):
            recorder.query("inner", metadata={"user_id": "own", "labels": {"c": "3"}})

    with gapin.context(session_id="s-1", user_id="u-1", labels={"a": "1"}):
        inner()
        recorder.query("outer")

        async def later() -> None:
            await asyncio.sleep(0)
            recorder.query("async")

        asyncio.run(later())
        client.record({"event_type": "ai.query", "query": {"prompt": "awaited"}})
    recorder.query("outside")
    assert recorder.flush(60_000)
    metadata = {event["query"]["prompt"]: event["metadata"] for event in stored(5)}
    outer = {"session_id": "s-1", "user_id": "u-1", "labels": {"a": "1"}}
    inner_labels = {"a": "1", "b": "2", "c": "3"}
    assert metadata == {
        "inner": {**outer, "user_id": "own", "request_id": "r-1", "labels": inner_labels},
        "outer": outer,
        "async": outer,
        "awaited": outer,
        "outside": {},
    }


@pytest.mark.feature("context.isolated")
def test_tasks_and_threads_have_their_own(recorder: gapin.Recorder, stored: Stored) -> None:
    async def task(name: str) -> None:
        with gapin.context(session_id=name):
            await asyncio.sleep(0)
            recorder.query(name)
            await asyncio.sleep(0)
            recorder.query(name)

    async def run() -> None:
        await asyncio.gather(*(task(f"task {number}") for number in range(20)))

    def thread(name: str, barrier: threading.Barrier) -> None:
        with gapin.context(session_id=name):
            barrier.wait(30)
            recorder.query(name)

    with gapin.context(user_id="u"):
        asyncio.run(run())
        barrier = threading.Barrier(8)
        threads = [threading.Thread(target=thread, args=(f"thread {number}", barrier)) for number in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert recorder.flush(60_000)
    events = stored(48)
    assert all(event["metadata"]["session_id"] == event["query"]["prompt"] for event in events)
    assert {event["metadata"].get("user_id") for event in events} == {"u", None}


@pytest.mark.feature("context.opentelemetry")
def test_the_current_span_is_taken(recorder: gapin.Recorder, stored: Stored) -> None:
    tracer = TracerProvider().get_tracer("tests")
    with tracer.start_as_current_span("work") as span:
        recorder.query("inside")
        with gapin.context(trace_id="own"):
            recorder.query("own")
    recorder.query("outside")
    assert trace.get_current_span().get_span_context().is_valid is False
    assert recorder.flush(60_000)
    inside, own, outside = stored(3)
    where = span.get_span_context()
    assert inside["metadata"] == {"trace_id": f"{where.trace_id:032x}", "span_id": f"{where.span_id:016x}"}
    assert own["metadata"] == {"trace_id": "own"}
    assert outside["metadata"] == {}
