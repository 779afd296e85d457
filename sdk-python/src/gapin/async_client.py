"""The client for asyncio: records events and waits for the acknowledgement, reads them back, watches them live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast, overload

import httpx

from . import _answer, _calls, _sign
from ._async_resources import AsyncEvents, AsyncKeys, AsyncTopics
from ._calls import Call
from ._per_process import PerProcess
from .async_stream import AsyncStream
from .client import CONNECTIONS_MAX
from .recorder import Options, Recorder
from .settings import REQUEST_TIMEOUT_MS_DEFAULT, Settings
from .stream import LiveEvent, LiveMessage, MessageFilters, StreamFilters
from .types import Accepted, Json, NewEvent, NewMessage, PublishResults

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncClient:
    """A gateway, and who speaks to it. For one event loop of each process.

    Arguments win over the environment: `GAPIN_URL`, `GAPIN_API_KEY`, `GAPIN_SIGNING_SECRET`, `GAPIN_SIGNING_KEY_ID`,
    `GAPIN_AI_ID`.
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
    ) -> None:
        self._settings = Settings.of(
            url, api_key, signing_secret=signing_secret, signing_key_id=signing_key_id,
            ai_id=ai_id, ai_version=ai_version, request_timeout_ms=request_timeout_ms,
        )  # fmt: skip
        self._http = PerProcess(self._new_http)
        self.events = AsyncEvents(self._send)
        self.topics = AsyncTopics(self._send)
        self.keys = AsyncKeys(self._send)

    def __repr__(self) -> str:
        return f"AsyncClient({self._settings.url!r})"

    async def record(self, event: NewEvent | Mapping[str, Any]) -> Accepted:
        """Records one event, and returns once it is on the gateway's disk.

        Absent `timestamp`, `event_id`, `ai_id`, `ai_version`, `key_id`, `sequence` and `metadata` are filled in. An
        event that has its `signature` is sent as it is.

        Raises:
            InvalidEventError: it can't be signed, breaks the schema, or brings an `event_id` of another time than its
                own; nothing was sent.
            ApiError: the gateway refused it.
            TransportError: no answer came; the same event may be sent again.
            UnreadableError: what answered is no gateway.
        """
        return cast(Accepted, await self._send(_calls.record(_sign.signed_bytes(event, self._settings))))

    async def publish(
        self,
        topic: str,
        message: Json,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Json]:
        """Publishes one message to a topic."""
        one = {"topic": topic, "message": message, **_calls.given(key=key, headers=headers)}
        return cast("dict[str, Json]", await self._send(_calls.publish(one, idempotency_key)))

    async def publish_all(
        self, topic: str, messages: Sequence[NewMessage], *, idempotency_key: str | None = None
    ) -> PublishResults:
        """Publishes several; each has its own result."""
        all_ = [{"topic": topic, **message} for message in messages]
        return cast(PublishResults, await self._send(_calls.publish(all_, idempotency_key)))

    @overload
    def stream(self, **filters: Unpack[StreamFilters]) -> AsyncStream[LiveEvent]: ...

    @overload
    def stream(self, *, topic: str | Sequence[str], **filters: Unpack[MessageFilters]) -> AsyncStream[LiveMessage]: ...

    def stream(self, **filters: Any) -> AsyncStream[Any]:
        """The live stream: `async for`. See `gapin.stream.StreamFilters` for the filters.

        Of events; with `topic=` (one name or several) of the messages of topics of one's own.
        """
        return AsyncStream(self._settings, filters)

    def recorder(self, **options: Unpack[Options]) -> Recorder:
        """A background recorder of the same settings."""
        return Recorder.of(self._settings, **options)

    async def close(self) -> None:
        """Closes its connections."""
        await self._http.get().aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _new_http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._settings.url,
            headers=_calls.headers_of(self._settings),
            timeout=self._settings.request_timeout_ms / 1000,
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        )

    async def _send(self, call: Call) -> Any:
        try:
            response = await self._http.get().request(
                call.method, call.path, params=dict(call.params), content=call.body(), headers=call.all_headers()
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _answer.transport_error(error) from None
        return _answer.value_of(response, call.is_meant)
