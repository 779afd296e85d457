"""What the instruments of providers' clients share.

A resource of such a client sends everything through one method, `_post`: whatever helper the program calls ends there.
That method is watched. What goes in is recorded as an `ai.query`, what comes out as an `ai.response`, tool calls as
`ai.action`s, exceptions as `ai.error`s. Results are never replaced: of a stream only the inner iterator is watched, so
that the stream itself stays the object it was. Nothing here raises into the caller.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from ._secrets import without_secrets
from .recorder import Recorder
from .settings import AI_VERSION_DEFAULT
from .types import Usage

RECOVERABLE_STATUSES: Final = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
RECOVERABLE_NAMES: Final = ("ConnectionError", "TimeoutError")
NOT_SENT: Final = frozenset({"Omit", "NotGiven"})
"""What stands, in these packages, for a parameter that was not given."""

TOOL_CALLS_MAX: Final = 100
"""Tool calls of one answer that are recorded as actions; all are in the answer itself."""


@dataclass
class ToolCall:
    """A tool that the model wants called."""

    name: str
    given: Any
    call_id: str | None = None


@dataclass
class Answer:
    """What came back, in the event's words."""

    output: Any
    model: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    tools: list[ToolCall] = field(default_factory=list[ToolCall])


class Assembly(Protocol):
    """Puts the parts of a streamed answer together."""

    def feed(self, part: dict[str, Any]) -> None:
        """One part."""
        ...

    def answer(self) -> Answer | None:
        """The answer, as far as it came."""
        ...


class Dialect(Protocol):
    """How one provider's API words things."""

    name: str

    def query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The event's query."""
        ...

    def answer(self, result: dict[str, Any]) -> Answer:
        """A whole answer."""
        ...

    def assembly(self) -> Assembly:
        """For a streamed one."""
        ...


class Conversation:
    """One question and its answer."""

    def __init__(self, recorder: Recorder, dialect: Dialect, body: Any) -> None:
        self._recorder = recorder
        self._dialect = dialect
        self._began = time.perf_counter()
        self._labels = {"instrument": dialect.name, "call": uuid.uuid4().hex}
        self._model: str | None = None
        self._query: dict[str, Any] = {}
        if isinstance(body, Mapping):
            body = {name: value for name, value in body.items() if type(value).__name__ not in NOT_SENT}
            self._query = dialect.query(body)
            if "parameters" in self._query:
                self._query["parameters"] = without_secrets(self._query["parameters"])
            model = body.get("model")
            self._model = model if isinstance(model, str) else None
        self._record("ai.query", {"query": self._query})

    def done(self, result: Any) -> None:
        """The whole answer is there."""
        parsed = plain(result)
        if isinstance(parsed, dict):
            self._answered(self._dialect.answer(parsed))

    def assembled(self, assembly: Assembly, is_whole: bool) -> None:
        """A streamed answer has ended, or was left."""
        answer = assembly.answer()
        if answer is None:
            return
        if not is_whole and answer.finish_reason is None:
            answer.finish_reason = "cut"
        self._answered(answer)

    def failed(self, error: BaseException) -> None:
        """The provider, or the way to it, has failed."""
        status = getattr(error, "status_code", None)
        recoverable = status in RECOVERABLE_STATUSES or any(
            name in kind.__name__ for kind in type(error).__mro__ for name in RECOVERABLE_NAMES
        )
        wrong = {"code": error, "recoverable": recoverable}
        self._record("ai.error", {"error": wrong, "query": self._query})

    def _answered(self, answer: Answer) -> None:
        latency_ms = round((time.perf_counter() - self._began) * 1000, 3)
        response: dict[str, Any] = {"output": answer.output, "latency_ms": latency_ms}
        model = answer.model or self._model
        for name, value in (("model", model), ("finish_reason", answer.finish_reason), ("usage", answer.usage)):
            if value is not None:
                response[name] = value
        self._record("ai.response", {"response": response})
        for tool in answer.tools[:TOOL_CALLS_MAX]:
            action = {"function": tool.name, "input": tool.given, "output": None, "latency_ms": 0, "model": model or ""}
            self._record("ai.action", {"action": action}, {"tool_call": tool.call_id} if tool.call_id else {})

    def _record(self, event_type: str, parts: dict[str, Any], labels: Mapping[str, str] | None = None) -> None:
        event: dict[str, Any] = {"event_type": event_type, **parts}
        event["metadata"] = {"labels": {**self._labels, **(labels or {})}}
        if self._recorder.ai_version == AI_VERSION_DEFAULT and self._model:
            event["ai_version"] = self._model[:128]
        self._recorder.record(event)


class Watch:
    """Watches the resources of one client."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def resource(self, resource: Any, dialect: Dialect, is_async: bool) -> None:
        """Watches one resource's `_post`, once."""
        post = getattr(resource, "_post", None)
        if post is None or hasattr(post, "_gapin_watched"):
            return
        watched = self._async_post(post, dialect) if is_async else self._post(post, dialect)
        watched.__dict__["_gapin_watched"] = True
        resource._post = watched

    def copies(self, client: Any, instrument: Callable[[Any], Any]) -> None:
        """A client that is made of this one is watched, too."""
        for name in ("copy", "with_options"):
            make = getattr(client, name, None)
            if make is not None:
                setattr(client, name, _instrumented(make, instrument))

    def _post(self, post: Callable[..., Any], dialect: Dialect) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            talk = self._begin(dialect, kwargs)
            try:
                result = post(*args, **kwargs)
            except BaseException as error:
                self._safely(talk, Conversation.failed, error)
                raise
            self._safely(talk, self._came, dialect, result, kwargs, False)
            return result

        return watched

    def _async_post(self, post: Callable[..., Any], dialect: Dialect) -> Callable[..., Any]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            talk = self._begin(dialect, kwargs)
            try:
                result = await post(*args, **kwargs)
            except BaseException as error:
                self._safely(talk, Conversation.failed, error)
                raise
            self._safely(talk, self._came, dialect, result, kwargs, True)
            return result

        return watched

    def _begin(self, dialect: Dialect, kwargs: dict[str, Any]) -> Conversation | None:
        try:
            return Conversation(self.recorder, dialect, kwargs.get("body"))
        except Exception as error:  # noqa: BLE001  never into the caller
            swallow(self.recorder, f"watching {dialect.name}", error)
            return None

    def _safely(self, talk: Conversation | None, do: Callable[..., None], *args: Any) -> None:
        if talk is None:
            return
        try:
            do(talk, *args)
        except Exception as error:  # noqa: BLE001
            swallow(self.recorder, "watching an answer", error)

    def _came(self, talk: Conversation, dialect: Dialect, result: Any, kwargs: dict[str, Any], is_async: bool) -> None:
        if type(result).__name__ in {"APIResponse", "AsyncAPIResponse"}:
            return  # its body is the caller's to read, as it comes
        if type(result).__name__ == "LegacyAPIResponse":
            result = result.parse()  # read already, and the caller is given this same object
        if not kwargs.get("stream"):
            talk.done(result)
            return
        inner = getattr(result, "_iterator", None)
        if inner is None:
            return
        assembly = dialect.assembly()
        follow = self._follow_async if is_async else self._follow
        result._iterator = follow(talk, assembly, inner)

    def _follow(self, talk: Conversation, assembly: Assembly, inner: Iterator[Any]) -> Iterator[Any]:
        is_whole = False
        try:
            for part in inner:
                self._feed(assembly, part)
                yield part
            is_whole = True
        except Exception as error:
            self._safely(talk, Conversation.failed, error)
            raise
        finally:
            self._safely(talk, Conversation.assembled, assembly, is_whole)

    async def _follow_async(
        self, talk: Conversation, assembly: Assembly, inner: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        is_whole = False
        try:
            async for part in inner:
                self._feed(assembly, part)
                yield part
            is_whole = True
        except Exception as error:
            self._safely(talk, Conversation.failed, error)
            raise
        finally:
            self._safely(talk, Conversation.assembled, assembly, is_whole)

    def _feed(self, assembly: Assembly, part: Any) -> None:
        try:
            parsed = plain(part)
            if isinstance(parsed, dict):
                assembly.feed(parsed)
        except Exception as error:  # noqa: BLE001
            swallow(self.recorder, "putting a streamed answer together", error)


def _instrumented(make: Callable[..., Any], instrument: Callable[[Any], Any]) -> Callable[..., Any]:
    def made(*args: Any, **kwargs: Any) -> Any:
        return instrument(make(*args, **kwargs))

    return made


def swallow(recorder: Recorder, where: str, error: BaseException) -> None:
    """Counts a fault that the caller must not see. A recorder that can't even do that is let be."""
    with contextlib.suppress(Exception):
        recorder.swallowed(where, error)


def plain(result: Any) -> Any:
    """A provider's model as a dictionary, of what it was sent with."""
    dump = getattr(result, "model_dump", None)
    return dump(mode="json", exclude_unset=True, warnings=False) if dump is not None else result


def usage_of(given: Any, input_name: str, output_name: str) -> Usage | None:
    """Tokens, under the event's names."""
    if not isinstance(given, Mapping):
        return None
    return {"input_tokens": int(given.get(input_name) or 0), "output_tokens": int(given.get(output_name) or 0)}
