"""The live stream: events as they are acknowledged. It goes on where it was when it is cut, and tells of gaps."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, TypedDict, TypeVar, cast

import httpx

from . import _answer, _calls
from ._backoff import Backoff
from .errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    GapinError,
    NotFoundError,
    TransportError,
    UnreadableError,
)
from .settings import Settings
from .types import Event, EventType, RecordNotes

if TYPE_CHECKING:
    from typing_extensions import Self

SILENCE_S_MAX: Final = 45.0
"""The gateway says every 20 seconds that it is there; a connection that is silent for longer is taken for dead."""

FRAME_BYTES_MAX: Final = 8 * 1024 * 1024
"""The gateway's are at most some hundred thousand bytes long."""

REMEMBERED_IDS_MAX: Final = 10_000
"""A record may come twice, most of all when a stream goes on: so many are remembered and passed over."""

RETRY_WAIT_MIN_S: Final = 0.1
RETRY_WAIT_MAX_S: Final = 10.0
RETRY_FOR_S_DEFAULT: Final = 300.0


@dataclass(frozen=True)
class LiveEvent:
    """One event of the stream. `cursor` goes on behind it."""

    event: Event
    record: RecordNotes
    cursor: str


@dataclass(frozen=True)
class LiveMessage:
    """One message of a topic of one's own. `cursor` goes on behind it."""

    message: Any
    topic: str
    partition: int
    offset: int
    appended_at: str
    cursor: str
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    timestamp: str | None = None
    """The publisher's own."""
    message_id: str | None = None


T = TypeVar("T", bound=LiveEvent | LiveMessage)


@dataclass(frozen=True)
class Gap:
    """Something was not shown: this reader was too slow, or what its cursor asked for is not kept any more."""

    missed: int | None
    """How many events; `None`: they are not kept any more."""
    resume: str | None
    """The cursor where they begin; the stream goes on there by itself, unless `resume_gaps=False`."""


class MessageFilters(TypedDict, total=False):
    """What comes of the topics that are named, and from where on."""

    q: str
    where: str
    """Conditions on members: `/total=7` of a message, `/event/error/recoverable=false` of an event."""
    cursor: str
    """Go on behind it; `earliest`: from the oldest that is kept. Absent: from now on."""
    on_gap: Callable[[Gap], object]
    resume_gaps: bool
    """Go back to where a gap begins, so that nothing is missed. On unless said otherwise."""
    retry_for_s: float
    """How long to try to connect again before the fault is raised."""


class StreamFilters(MessageFilters, total=False):
    """Which events come, and from where on; all conditions hold."""

    ai_id: str
    event_type: EventType
    session_id: str
    request_id: str
    from_: datetime | str
    to: datetime | str


_KNOWN: Final = frozenset({"topic", *StreamFilters.__annotations__, *MessageFilters.__annotations__})
_OWN: Final = frozenset({"cursor", "on_gap", "resume_gaps", "retry_for_s"})


class Course:
    """Where a stream is: everything but the reading itself, which is sync or async."""

    def __init__(self, filters: Mapping[str, Any]) -> None:
        unknown = sorted(set(filters) - _KNOWN)
        if unknown:
            raise ConfigurationError(f"a stream has no filter {', '.join(unknown)}")
        self._params = _calls.params_of(**{name: value for name, value in filters.items() if name not in _OWN})
        self.cursor: str | None = filters.get("cursor")
        self.gaps = 0
        """How many gaps were told."""
        self._on_gap: Callable[[Gap], object] | None = filters.get("on_gap")
        self._resumes_gaps: bool = filters.get("resume_gaps", True)
        self._retry_for_s: float = filters.get("retry_for_s", RETRY_FOR_S_DEFAULT)
        self._seen: OrderedDict[tuple[Any, ...], None] = OrderedDict()
        self._backoff = Backoff(RETRY_WAIT_MIN_S, RETRY_WAIT_MAX_S)
        self._failing_since: float | None = None
        self._connected_at: float | None = None
        self._has_brought = False
        """Whether this connection has brought an event or a message."""
        self.must_reconnect = False

    def connecting(self) -> dict[str, str]:
        """The query of the next connection."""
        self.must_reconnect = self._has_brought = False
        return {**self._params, **({"cursor": self.cursor} if self.cursor else {})}

    def frame(self, name: str, data: str) -> LiveEvent | LiveMessage | None:
        """Takes one frame; an event or a message is answered, if it is new.

        Raises:
            UnreadableError: it is none of the gateway's.
            GapinError: the gateway has ended the stream.
        """
        body = _body_of(data)
        if name == "gap":
            self._gap(body)
            return None
        if name == "bye":
            self._bye(body)
            return None
        if name in {"event", "message"}:
            return self._item(name, body)
        self._failing_since = None
        if name == "hello":
            self._connected_at = time.monotonic()
        elif name == "expired":
            self._tell(Gap(None, None))
        self._go_to(body.get("cursor"))
        return None

    def resuming(self) -> float:
        """What to wait before going back to where a gap begins, in seconds."""
        # Behind a greeting alone it would be asked for again and again, without a pause.
        return 0.0 if self._has_brought else self._backoff.next_s()

    def failed(self, error: GapinError) -> float:
        """What to wait before connecting again, in seconds.

        Raises:
            GapinError: when that is of no use, or went on for too long.
        """
        if not error.retryable:
            raise error
        now = time.monotonic()
        if self._connected_at is not None and now - self._connected_at > RETRY_WAIT_MAX_S:
            self._backoff.reset()  # it stood for a while
        self._connected_at = None
        self._failing_since = now if self._failing_since is None else self._failing_since
        left_s = self._failing_since + self._retry_for_s - now
        if left_s <= 0:
            raise error
        told = error.retry_after if isinstance(error, ApiError) else None
        # Told to wait for longer than it may, it asks once more at the end.
        return min(max(self._backoff.next_s(), told or 0.0), left_s)

    def _item(self, name: str, body: Mapping[str, Any]) -> LiveEvent | LiveMessage | None:
        item: LiveEvent | LiveMessage
        try:
            if name == "event":
                item = LiveEvent(body["event"], body["record"], body["cursor"])
                key: tuple[Any, ...] = item.record["event_id"], item.event.get("signature", "")
            else:
                members = {member: body[member] for member in LiveMessage.__annotations__ if member in body}
                item = LiveMessage(**members)
                key = item.topic, item.partition, item.offset
            is_new = self._is_new(*key)
        except (KeyError, TypeError, AttributeError):
            raise UnreadableError(UNLIKE_A_FRAME) from None
        self._backoff.reset()
        self._failing_since = None
        self._has_brought = True
        self._go_to(item.cursor)
        return item if is_new else None

    def _go_to(self, cursor: object) -> None:
        """What names no place leaves the stream where it is."""
        if isinstance(cursor, str):
            self.cursor = cursor

    def _is_new(self, *key: Any) -> bool:
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > REMEMBERED_IDS_MAX:
            self._seen.popitem(last=False)
        return True

    def _gap(self, body: Mapping[str, Any]) -> None:
        resume = body.get("resume")
        self._tell(Gap(body.get("missed"), resume))
        if self._resumes_gaps and isinstance(resume, str):
            self.cursor = resume
            self.must_reconnect = True

    def _tell(self, gap: Gap) -> None:
        self.gaps += 1
        if self._on_gap is not None:
            self._on_gap(gap)

    def _bye(self, body: Mapping[str, Any]) -> None:
        self._go_to(body.get("cursor"))
        reason = body.get("reason")
        if reason == "key_invalid":
            raise AuthenticationError("key_invalid", 401, "the key was revoked, has expired or lost its scope")
        if reason == "topic_deleted":
            raise NotFoundError("topic_deleted", 404, "the topic is gone")
        raise TransportError(ENDED)  # it comes back after a wait, as from whatever else cuts a stream


class Frames:
    """Cuts bytes into server-sent events. (By line feeds alone: JSON may hold other line separators.)"""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []
        self._data_bytes = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[str, str]]:
        """The events that are whole now: their names and data.

        Raises:
            UnreadableError: one is longer than any of the gateway's. It would come again.
        """
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for raw in lines:
            line = raw.removesuffix(b"\r").decode("utf-8", "replace")
            if line.startswith("event:"):
                self._name = line[6:].strip()
            elif line.startswith("data:"):
                self._data_bytes += len(raw)
                self._hold_bound(0)
                self._data.append(line[5:].removeprefix(" "))
            elif not line and self._data:
                whole = self._name, "\n".join(self._data)
                self._name, self._data, self._data_bytes = "", [], 0
                yield whole
        self._hold_bound(len(self._rest))

    def _hold_bound(self, more: int) -> None:
        if self._data_bytes + more > FRAME_BYTES_MAX:
            raise UnreadableError("a frame of the stream is longer than any of a gateway's")


UNLIKE_A_FRAME: Final = "a frame of the stream is none of a gateway's"


def _body_of(data: str) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise UnreadableError(UNLIKE_A_FRAME)
    return cast(dict[str, Any], body)


def timeout_of(settings: Settings) -> httpx.Timeout:
    """Connecting within the request's time, then a sign of life now and then."""
    return httpx.Timeout(settings.request_timeout_ms / 1000, read=SILENCE_S_MAX)


def headers_of(settings: Settings) -> dict[str, str]:
    """What a stream's request says."""
    return {**_calls.headers_of(settings), "Accept": "text/event-stream"}


def hold_to_stream(response: httpx.Response) -> None:
    """Whether it answers with a stream. What is none of success was read.

    Raises:
        ApiError: it is none of success.
        UnreadableError: it is nothing that a gateway says, such as a proxy's page.
    """
    if not response.is_success:
        raise _answer.error_of(response)
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "text/event-stream":
        request_id = response.headers.get("x-request-id")
        raise UnreadableError("the answer is no stream of a gateway's", response.status_code, request_id)


ENDED: Final = "the stream was cut"


class Stream(Generic[T]):
    """A stream to iterate over, in one thread. `cursor` says where it is, to go on there another day."""

    def __init__(self, settings: Settings, filters: Mapping[str, Any]) -> None:
        self._settings = settings
        self._course = Course(filters)
        self._events: Generator[T, None, None] = self._follow()

    @property
    def cursor(self) -> str | None:
        """Where the stream is: pass it as `cursor` to go on behind what came last."""
        return self._course.cursor

    @property
    def gaps(self) -> int:
        """How many gaps were told."""
        return self._course.gaps

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return next(self._events)

    def close(self) -> None:
        """Closes the connection; also done by the end of a `with`."""
        self._events.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _follow(self) -> Generator[T, None, None]:
        course = self._course
        with httpx.Client(
            base_url=self._settings.url, headers=headers_of(self._settings), timeout=timeout_of(self._settings)
        ) as http:
            while True:
                try:
                    with http.stream("GET", "/sse/events", params=course.connecting()) as response:
                        if not response.is_success:
                            response.read()
                        hold_to_stream(response)
                        yield from self._frames(response)
                    error: GapinError = TransportError(ENDED)
                except (httpx.HTTPError, httpx.InvalidURL) as broken:
                    error = _answer.transport_error(broken)
                except GapinError as refused:
                    error = refused
                time.sleep(course.resuming() if course.must_reconnect else course.failed(error))

    def _frames(self, response: httpx.Response) -> Iterator[T]:
        frames = Frames()
        for chunk in response.iter_bytes():
            for name, data in frames.feed(chunk):
                live = self._course.frame(name, data)
                if live is not None:
                    yield cast(T, live)
                if self._course.must_reconnect:
                    return
