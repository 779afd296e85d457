"""Functions that are recorded without a thought."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import pytest
from conftest import Stored

import gapin

pytestmark = pytest.mark.feature("record.wrap")


def told(recorder: gapin.Recorder, stored: Stored, count: int) -> list[Any]:
    assert recorder.flush(60_000)
    assert recorder.stats().faults == recorder.stats().refused == 0
    return stored(count)


def test_a_function(recorder: gapin.Recorder, stored: Stored) -> None:
    @recorder.wrap
    def search(query: str, limit: int = 3, *others: int, **named: int) -> list[str]:
        """Looks for it."""
        return [query] * limit

    assert search("x", 2, 7, extra=8) == ["x", "x"]
    assert (search.__name__, search.__doc__) == ("search", "Looks for it.")
    (event,) = told(recorder, stored, 1)
    action = event["action"]
    assert action["function"].endswith("search")
    assert action["input"] == {"query": "x", "limit": 2, "others": [7], "named": {"extra": 8}}
    assert action["output"] == ["x", "x"]
    assert action["latency_ms"] >= 0


def test_an_exception_reaches_the_caller(recorder: gapin.Recorder, stored: Stored) -> None:
    fault = ValueError("no such thing")

    @recorder.wrap(name="find", model="m")
    def find(given: list[int]) -> None:
        given.append(2)
        raise fault

    with pytest.raises(ValueError, match="no such thing") as raised:
        find([1])
    assert raised.value is fault
    (event,) = told(recorder, stored, 1)
    assert event["event_type"] == "ai.error"
    assert event["error"]["code"] == "ValueError"
    assert event["error"]["message"] == "no such thing"
    assert "given.append(2)" not in event["error"]["stack"]
    assert "raise fault" in event["error"]["stack"]
    assert event["action"]["input"] == {"given": [1]}  # as it was given
    assert (event["action"]["function"], event["action"]["model"]) == ("find", "m")
    with pytest.raises(TypeError):
        find()  # type: ignore[call-arg]


def test_a_method_without_its_object(recorder: gapin.Recorder, stored: Stored) -> None:
    class Agent:
        secret = "s"

        @recorder.wrap
        def act(self, what: str) -> str:
            return what + self.secret

    assert Agent().act("x") == "xs"
    (event,) = told(recorder, stored, 1)
    assert event["action"]["input"] == {"what": "x"}


def test_a_coroutine(recorder: gapin.Recorder, stored: Stored) -> None:
    @recorder.wrap(name="answer")
    async def answer(question: str) -> str:
        await asyncio.sleep(0)
        if question == "bad":
            raise KeyError(question)
        return question.upper()

    assert inspect.iscoroutinefunction(answer)
    assert asyncio.run(answer("x")) == "X"
    with pytest.raises(KeyError):
        asyncio.run(answer("bad"))
    action, error = told(recorder, stored, 2)
    assert action["action"]["output"] == "X"
    assert error["error"]["code"] == "KeyError"


def test_a_generator(recorder: gapin.Recorder, stored: Stored) -> None:
    @recorder.wrap(name="count")
    def count(upto: int) -> Generator[int, int, str]:
        total = 0
        for number in range(upto):
            try:
                total += (yield number) or 0
            except LookupError:
                total += 100
        return f"total {total}"

    def whole() -> Iterator[Any]:
        result = yield from count(2)
        yield result

    assert inspect.isgeneratorfunction(count)
    assert list(whole()) == [0, 1, "total 0"]
    running = count(3)
    assert next(running) == 0
    assert running.send(5) == 1
    assert running.throw(LookupError()) == 2
    with pytest.raises(StopIteration) as end:
        next(running)
    assert end.value.value == "total 105"
    left = count(9)
    assert next(left) == 0
    left.close()
    outputs = [event["action"]["output"] for event in told(recorder, stored, 3)]
    assert outputs == [[0, 1], [0, 1, 2], [0]]


def test_an_async_generator(recorder: gapin.Recorder, stored: Stored) -> None:
    @recorder.wrap(name="words")
    async def words(text: str) -> AsyncIterator[str]:
        for word in text.split():
            if word == "bad":
                raise ValueError(word)
            yield word

    async def run() -> None:
        assert [word async for word in words("a b")] == ["a", "b"]
        with pytest.raises(ValueError, match="bad"):
            assert [word async for word in words("a bad")] == []
        left: Any = words("a b")
        assert await left.__anext__() == "a"
        await left.aclose()

    asyncio.run(run())
    whole, error, left = told(recorder, stored, 3)
    assert whole["action"]["output"] == ["a", "b"]
    assert error["error"]["code"] == "ValueError"
    assert error["action"]["output"] == ["a"]
    assert left["action"]["output"] == ["a"]


def test_long_output_is_bounded(recorder: gapin.Recorder, stored: Stored) -> None:
    @recorder.wrap(name="numbers")
    def numbers() -> Iterator[int]:
        yield from range(1_500)

    assert sum(1 for _ in numbers()) == 1_500
    (event,) = told(recorder, stored, 1)
    assert event["action"]["output"][999:] == [999, "[cut: 1500 items]"]
