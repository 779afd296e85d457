"""The recorder: one line where something happens, and the rest is its own work."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypedDict, TypeVar, overload

from .. import _compose, _safe, _wrap
from ..canonical import EVENT_BYTES_MAX, canonicalize, encode_string, to_wire
from ..errors import InvalidEventError
from ..event import event_id_of, is_signature, with_signature
from ..settings import REQUEST_TIMEOUT_MS_DEFAULT, Settings
from ..types import Metadata, NewEvent, Usage
from . import lifecycle
from .engine import Engine
from .mend import mend, metadata
from .options import Chosen, Options
from .stats import Stats

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

P = ParamSpec("P")
R = TypeVar("R")

_TAIL: Final = b',"signature_algorithm":"HMAC-SHA256","timestamp":'
_LAST_OF_HEAD: Final = "response"
"""The last name of an event, in their order, before those that are added in the queue."""


class More(TypedDict, total=False):
    """What any event may have besides: whose it is, when, and the other parts of it."""

    ai_id: str
    ai_version: str
    timestamp: str | datetime
    event_id: str
    metadata: Metadata | Mapping[str, Any]
    action: Mapping[str, Any]
    decision: Mapping[str, Any]
    error: Mapping[str, Any]
    query: Mapping[str, Any]
    response: Mapping[str, Any]


class Recorder:
    """Records events in the background. Its methods never raise, and never wait for the gateway.

    They wait for the disk with `disk_queue`, and for room with `when_full="block"`.

    Each takes a copy of what it is given, queues it, and answers the event's id (`None` when it was let go). A thread
    signs, batches, compresses, sends, and sends again. Safe to use from threads, tasks and forked processes.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        signing_secret: str | None = None,
        signing_key_id: str | None = None,
        ai_id: str | None = None,
        ai_version: str | None = None,
        request_timeout_ms: int = REQUEST_TIMEOUT_MS_DEFAULT,
        **options: Unpack[Options],
    ) -> None:
        settings = Settings.of(
            url, api_key, signing_secret=signing_secret, signing_key_id=signing_key_id,
            ai_id=ai_id, ai_version=ai_version, request_timeout_ms=request_timeout_ms,
        )  # fmt: skip
        self._begin(settings, options)

    @classmethod
    def of(cls, settings: Settings, **options: Unpack[Options]) -> Self:
        """A recorder of settings that are there."""
        recorder = cls.__new__(cls)
        recorder._begin(settings, options)
        return recorder

    def _begin(self, settings: Settings, options: Options) -> None:
        self._settings = settings
        self._engine = Engine(settings, Chosen.of(options), lifecycle.install)
        lifecycle.watch(self._engine)
        weakref.finalize(self, self._engine.retire).atexit = False

    def __repr__(self) -> str:
        return f"Recorder({self._settings.url!r})"

    def action(
        self,
        function: str,
        input: Any = None,
        output: Any = None,
        *,
        latency_ms: float = 0,
        model: str | None = None,
        tokens_used: int | None = None,
        **more: Unpack[More],
    ) -> str | None:
        """A function that the AI system called, and what came of it."""
        action: dict[str, Any] = {
            "function": function, "input": input, "output": output, "latency_ms": latency_ms,
            "model": model or more.get("ai_version") or self._settings.ai_version,
        }  # fmt: skip
        if tokens_used is not None:
            action["tokens_used"] = tokens_used
        return self._add({"event_type": "ai.action", **more, "action": action})

    def decision(
        self,
        type: str,
        logic: str = "",
        options: Sequence[Any] = (),
        chosen: Any = None,
        confidence: float = 1.0,
        **more: Unpack[More],
    ) -> str | None:
        """A choice between options."""
        decision = {"type": type, "logic": logic, "options": options, "chosen": chosen, "confidence": confidence}
        return self._add({"event_type": "ai.decision", **more, "decision": decision})

    def error(
        self,
        code: str | BaseException,
        message: str | None = None,
        *,
        recoverable: bool = False,
        stack: str | None = None,
        **more: Unpack[More],
    ) -> str | None:
        """What went wrong: a code and a message, or an exception."""
        error: dict[str, Any] = {"code": code, "message": message, "recoverable": recoverable}
        if stack is not None:
            error["stack"] = stack
        return self._add({"event_type": "ai.error", **more, "error": error})

    def query(
        self,
        prompt: str | None = None,
        *,
        messages: Sequence[Any] | None = None,
        model: str | None = None,
        parameters: Any = None,
        **more: Unpack[More],
    ) -> str | None:
        """What was asked."""
        query: dict[str, Any] = {}
        for name, value in (("messages", messages), ("prompt", prompt), ("model", model), ("parameters", parameters)):
            if value is not None:
                query[name] = value
        return self._add({"event_type": "ai.query", **more, "query": query})

    def response(
        self,
        output: Any,
        *,
        model: str | None = None,
        finish_reason: str | None = None,
        usage: Usage | None = None,
        latency_ms: float | None = None,
        **more: Unpack[More],
    ) -> str | None:
        """What came back."""
        response: dict[str, Any] = {"output": output}
        for name, value in (
            ("model", model), ("finish_reason", finish_reason), ("usage", usage), ("latency_ms", latency_ms),
        ):  # fmt: skip
            if value is not None:
                response[name] = value
        return self._add({"event_type": "ai.response", **more, "response": response})

    def record(self, event: NewEvent | Mapping[str, Any]) -> str | None:
        """An event as a whole; what is absent is filled in. One that is signed already is recorded as it is."""
        try:
            return self._add(dict(event))
        except Exception as error:  # noqa: BLE001  never into the caller
            self._engine.told.fault("recording", error)
            return None

    @overload
    def wrap(self, function: Callable[P, R]) -> Callable[P, R]: ...

    @overload
    def wrap(
        self, function: None = None, *, name: str | None = None, model: str | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...

    def wrap(self, function: Any = None, *, name: str | None = None, model: str | None = None) -> Any:
        """Records a function's calls: `@recorder.wrap`, or `@recorder.wrap(name="search")`.

        Sync, async, and generators of both kinds. A call that returns is an `ai.action`, one that raises an `ai.error`
        with the action in it; result and exception reach the caller as they are.
        """
        if function is None:
            return lambda given: _wrap.wrap(self, given, name, model)
        return _wrap.wrap(self, function, name, model)

    def flush(self, timeout_ms: int | None = None) -> bool:
        """Waits until everything that was recorded before is acknowledged, refused or let go. False: not in time."""
        return self._engine.flush(self._engine.chosen.flush_timeout_ms if timeout_ms is None else timeout_ms)

    def close(self, timeout_ms: int | None = None) -> bool:
        """Flushes and ends. False when something was left, which is then let go (or stays on disk)."""
        return self._engine.close(self._engine.chosen.flush_timeout_ms if timeout_ms is None else timeout_ms)

    async def aflush(self, timeout_ms: int | None = None) -> bool:
        """`flush`, without holding up the event loop."""
        return await asyncio.to_thread(self.flush, timeout_ms)

    async def aclose(self, timeout_ms: int | None = None) -> bool:
        """`close`, without holding up the event loop."""
        return await asyncio.to_thread(self.close, timeout_ms)

    def stats(self) -> Stats:
        """The counters now."""
        return self._engine.snapshot()

    def swallowed(self, where: str, error: BaseException) -> None:
        """For instruments: counts a fault that their caller must not see."""
        self._engine.told.fault(where, error)

    @property
    def ai_version(self) -> str:
        """What events say where nothing else is said."""
        return self._settings.ai_version

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _add(self, event: dict[str, Any]) -> str | None:
        try:
            if not lifecycle.is_whole():
                lifecycle.install()
            if is_signature(event.get("signature")):
                return self._add_signed(event)
            mend(event)
            _compose.fill(event, self._settings)
            event["metadata"] = metadata(event["metadata"])
            event_id, ai_id = str(event["event_id"]), str(event.get("ai_id"))
            for name in ("signature", "signature_algorithm"):
                event.pop(name, None)
            sequence, timestamp = event.pop("sequence", None), str(event.pop("timestamp"))
            if max(event) > _LAST_OF_HEAD:
                event = {name: value for name, value in event.items() if str(name) <= _LAST_OF_HEAD}
                self._engine.told.fault("recording", KeyError("a member that no event has was left out"))
            head = _safe.encode(event)
            if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 0:
                sequence = None
            encoded_timestamp = encode_string(timestamp)

            def write() -> bytes:  # its number is its place in the queue
                number = _compose.SEQUENCES.next(ai_id) if sequence is None else sequence
                return b'%s,"sequence":%d%s%s}' % (head[:-1], number, _TAIL, encoded_timestamp)

            return event_id if self._engine.add(event_id, write) else None
        except Exception as error:  # noqa: BLE001  never into the caller
            self._engine.told.fault("recording", error)
            return None

    def _add_signed(self, event: dict[str, Any]) -> str | None:
        """What its signature covers stays as it was signed."""
        signature = event.pop("signature")
        canonicalize(event)  # refuses what no text can say
        text = with_signature(to_wire(event), signature)
        if len(text) > EVENT_BYTES_MAX:
            raise InvalidEventError("event_too_large", f"a signed event may have {EVENT_BYTES_MAX} bytes")
        event_id = event_id_of({**event, "signature": signature})
        return event_id if self._engine.add(event_id, lambda: text, is_signed=True) else None
