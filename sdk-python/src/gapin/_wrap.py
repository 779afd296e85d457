"""Records a function's calls: input, output, latency, fault. The caller sees the function, and nothing else."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

from . import _safe, timestamps

if TYPE_CHECKING:
    from .recorder import Recorder

P = ParamSpec("P")
R = TypeVar("R")

ITEMS_MAX: Final = 1_000
"""Of a generator so many items are kept; the others are counted."""


def wrap(recorder: Recorder, function: Callable[P, R], name: str | None, model: str | None) -> Callable[P, R]:
    """The function, recorded: sync, async, or a generator of either kind."""
    plan = _Plan(recorder, function, name or str(getattr(function, "__qualname__", type(function).__name__)), model)
    wrapper: Callable[..., Any]
    if inspect.isasyncgenfunction(function):
        wrapper = _of_async_generator(plan, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _of_generator(plan, function)
    elif inspect.iscoroutinefunction(function):
        wrapper = _of_coroutine(plan, function)
    else:
        wrapper = _of_function(plan, function)
    return cast("Callable[P, R]", functools.wraps(function)(wrapper))


class _Plan:
    """What is recorded of each call."""

    def __init__(self, recorder: Recorder, function: Callable[..., Any], name: str, model: str | None) -> None:
        self.recorder = recorder
        self.name = name
        self.model = model
        try:
            self._signature: inspect.Signature | None = inspect.signature(function)
        except (TypeError, ValueError):
            self._signature = None

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Running:
        """A call begins. Its input is copied now: the function may change it."""
        given: Any = None
        try:
            given = _safe.snapshot(self._named(args, kwargs))
        except Exception as error:  # noqa: BLE001  never into the caller
            self.recorder.swallowed("looking at a call's input", error)
        return _Running(self, given)

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        if self._signature is None:
            return {"args": args, **kwargs}
        try:
            named = dict(self._signature.bind(*args, **kwargs).arguments)
        except TypeError:  # the call itself will say what is wrong
            return {"args": args, **kwargs}
        first = next(iter(self._signature.parameters), None)
        if first in {"self", "cls"}:
            named.pop(first, None)
        return named


class _Running:
    """One call."""

    def __init__(self, plan: _Plan, given: Any) -> None:
        self._plan = plan
        self._given = given
        self._at_ns = time.time_ns()
        self._began = time.perf_counter()
        self._items: list[Any] = []
        self._count = 0

    def item(self, value: Any) -> None:
        """A generator has yielded."""
        self._count += 1
        if self._count > ITEMS_MAX:
            return
        try:
            self._items.append(_safe.snapshot(value))
        except Exception as error:  # noqa: BLE001
            self._plan.recorder.swallowed("looking at a generator's item", error)

    def items_done(self) -> None:
        """A generator has ended, or was closed."""
        more = self._count - len(self._items)
        self.done([*self._items, f"[cut: {self._count} items]"] if more > 0 else self._items)

    def done(self, output: Any) -> None:
        """It has returned."""
        self._plan.recorder.action(
            self._plan.name, self._given, output,
            latency_ms=self._latency_ms(), model=self._plan.model, timestamp=timestamps.text_of(self._at_ns),
        )  # fmt: skip

    def failed(self, error: BaseException) -> None:
        """It has raised."""
        action = {
            "function": self._plan.name, "input": self._given, "output": self._items or None,
            "latency_ms": self._latency_ms(), "model": self._plan.model or self._plan.recorder.ai_version,
        }  # fmt: skip
        self._plan.recorder.error(error, timestamp=timestamps.text_of(self._at_ns), action=action)

    def _latency_ms(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 3)


def _of_function(plan: _Plan, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        running = plan.begin(args, kwargs)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            running.failed(error)
            raise
        running.done(result)
        return result

    return wrapper


def _of_coroutine(plan: _Plan, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        running = plan.begin(args, kwargs)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            running.failed(error)
            raise
        running.done(result)
        return result

    return wrapper


def _of_generator(plan: _Plan, function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        running = plan.begin(args, kwargs)
        return (yield from _Watched(running, function(*args, **kwargs)))

    return wrapper


class _Watched(Generator[Any, Any, Any]):
    """A generator that is watched; what is sent, thrown and returned goes through."""

    def __init__(self, running: _Running, inner: Generator[Any, Any, Any]) -> None:
        self._running = running
        self._inner = inner

    def send(self, value: Any) -> Any:
        return self._step(lambda: self._inner.send(value))

    def throw(self, *error: Any) -> Any:
        return self._step(lambda: self._inner.throw(*error))

    def close(self) -> None:
        self._inner.close()
        self._running.items_done()

    def _step(self, step: Callable[[], Any]) -> Any:
        try:
            value = step()
        except StopIteration:
            self._running.items_done()
            raise
        except BaseException as error:
            self._running.failed(error)
            raise
        self._running.item(value)
        return value


def _of_async_generator(plan: _Plan, function: Callable[..., Any]) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        running = plan.begin(args, kwargs)
        inner: AsyncGenerator[Any, Any] = function(*args, **kwargs)
        try:
            value = await inner.__anext__()
            while True:
                running.item(value)
                try:
                    sent = yield value
                except GeneratorExit:
                    await inner.aclose()
                    running.items_done()
                    raise
                except BaseException as thrown:  # noqa: BLE001  it is the inner one's to handle
                    value = await inner.athrow(thrown)
                else:
                    value = await inner.asend(sent)
        except StopAsyncIteration:
            running.items_done()
        except GeneratorExit:
            raise
        except BaseException as error:
            running.failed(error)
            raise

    return wrapper
