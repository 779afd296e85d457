"""What is carried into events."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from conftest import Stored
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

import gapin
from gapin._context import _carried, current


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


def carried() -> str | None:
    return current().get("session_id")


@pytest.mark.feature("context.isolated")
def test_a_generator_may_be_left_in_another_context() -> None:
    def work() -> Iterator[None]:
        with gapin.context(session_id="inner"):
            yield

    with gapin.context(session_id="outer"):
        begun = work()
        next(begun)
        assert carried() == "inner"
        elsewhere = contextvars.copy_context()
        elsewhere.run(begun.close)
        assert (elsewhere.run(carried), carried()) == ("outer", "outer")
        again = work()
        elsewhere.run(next, again)
        again.close()
        assert (elsewhere.run(carried), carried()) == ("outer", "outer")
    assert carried() is None


@pytest.mark.feature("context.isolated")
def test_generators_may_be_left_in_another_order() -> None:
    def work(name: str) -> Iterator[None]:
        with gapin.context(session_id=name):
            yield

    with gapin.context(session_id="outer"):
        first, second = work("first"), work("second")
        next(first)
        next(second)
        first.close()
        assert carried() == "second"
        second.close()
        assert carried() == "outer"


@pytest.mark.feature("context.isolated")
def test_generators_that_overlap_for_ever_keep_nothing_of_those_that_ended() -> None:
    def work(number: int) -> Iterator[None]:
        with gapin.context(session_id=str(number)):
            yield

    running = work(0)
    next(running)
    for number in range(1, 100):
        following = work(number)
        next(following)
        next(running, None)
        running = following
    kept, block = 0, _carried.get()
    while block is not None:
        kept, block = kept + 1, block.outer
    assert kept <= 3
    next(running, None)
    assert not current()


@pytest.mark.feature("context.isolated")
def test_an_async_generator_that_is_left_takes_its_context_with_it() -> None:
    async def work() -> AsyncIterator[int]:
        with gapin.context(session_id="inner"):
            yield 1
            yield 2

    faults: list[object] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told))
        async for _ in work():
            break
        gc.collect()
        while carried() is not None:  # noqa: ASYNC110  the loop closes it in a task of its own
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(run(), 60))
    assert faults == []


@pytest.mark.feature("context.carried")
def test_a_task_keeps_what_it_was_begun_with() -> None:
    async def run() -> str | None:
        left = asyncio.Event()

        async def task() -> str | None:
            await left.wait()
            return carried()

        with gapin.context(session_id="inner"):
            begun = asyncio.create_task(task())
        left.set()
        return await begun

    assert asyncio.run(run()) == "inner"


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
