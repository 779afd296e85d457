"""The client: records events and waits for the acknowledgement, reads them back, watches them live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast, overload

import httpx

from . import _answer, _calls, _sign
from ._calls import Call
from ._per_process import PerProcess
from ._resources import Events, Keys, Topics
from .recorder import Options, Recorder
from .settings import REQUEST_TIMEOUT_MS_DEFAULT, Settings
from .stream import LiveEvent, LiveMessage, MessageFilters, Stream, StreamFilters
from .types import Accepted, Json, NewEvent, NewMessage, PublishResults

if TYPE_CHECKING:
    from typing_extensions import Unpack

CONNECTIONS_MAX = 64


class Client:
    """A gateway, and who speaks to it. Safe to share between threads, and with forked processes.

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
        self.events = Events(self._send)
        self.topics = Topics(self._send)
        self.keys = Keys(self._send)

    def __repr__(self) -> str:
        return f"Client({self._settings.url!r})"

    def record(self, event: NewEvent | Mapping[str, Any]) -> Accepted:
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
        return cast(Accepted, self._send(_calls.record(_sign.signed_bytes(event, self._settings))))

    def publish(
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
        return cast("dict[str, Json]", self._send(_calls.publish(one, idempotency_key)))

    def publish_all(
        self, topic: str, messages: Sequence[NewMessage], *, idempotency_key: str | None = None
    ) -> PublishResults:
        """Publishes several; each has its own result."""
        all_ = [{"topic": topic, **message} for message in messages]
        return cast(PublishResults, self._send(_calls.publish(all_, idempotency_key)))

    @overload
    def stream(self, **filters: Unpack[StreamFilters]) -> Stream[LiveEvent]: ...

    @overload
    def stream(self, *, topic: str | Sequence[str], **filters: Unpack[MessageFilters]) -> Stream[LiveMessage]: ...

    def stream(self, **filters: Any) -> Stream[Any]:
        """The live stream: iterate over it. See `gapin.stream.StreamFilters` for the filters.

        Of events; with `topic=` (one name or several) of the messages of topics of one's own.
        """
        return Stream(self._settings, filters)

    def recorder(self, **options: Unpack[Options]) -> Recorder:
        """A background recorder of the same settings."""
        return Recorder.of(self._settings, **options)

    def close(self) -> None:
        """Closes its connections."""
        self._http.get().close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _new_http(self) -> httpx.Client:
        return httpx.Client(
            base_url=self._settings.url,
            headers=_calls.headers_of(self._settings),
            timeout=self._settings.request_timeout_ms / 1000,
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
        )

    def _send(self, call: Call) -> Any:
        try:
            response = self._http.get().request(
                call.method, call.path, params=dict(call.params), content=call.body(), headers=call.all_headers()
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _answer.transport_error(error) from None
        return _answer.value_of(response, call.is_meant)
