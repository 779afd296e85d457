"""What a client offers beside recording: events, topics, keys. Sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from . import _calls
from ._calls import Call, given, params_of, part
from .types import ApiKey, EventType, Json, Record, Topic

Send = Callable[[Call], Any]
T = TypeVar("T")
Strings = list[str]  # inside the classes below, `list` is a method


class Pages(Generic[T]):
    """A list that fetches its pages as they are needed. Iterate over it, or over its `pages()`."""

    def __init__(self, send: Send, first: Call) -> None:
        self._send = send
        self._first = first

    def pages(self) -> Iterator[list[T]]:
        """Page by page; a page may be empty before the last."""
        call: Call | None = self._first
        while call is not None:
            page = self._send(call)
            yield cast("list[T]", page["items"])
            cursor = page.get("next_cursor")
            call = _calls.next_page(self._first, cursor) if cursor else None

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page


class Events:
    """The events that are kept."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def list(
        self,
        *,
        ai_id: str | None = None,
        event_type: EventType | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        session_id: str | None = None,
        request_id: str | None = None,
        q: str | None = None,
        limit: int | None = None,
    ) -> Pages[Record]:
        """Events that match all of this, newest first. `limit` is that of a page (at most 500)."""
        params = params_of(
            ai_id=ai_id, event_type=event_type, from_=from_, to=to,
            session_id=session_id, request_id=request_id, q=q, limit=limit,
        )  # fmt: skip
        return Pages(self._send, _calls.list_events(params))

    def get(self, event_id: str) -> Record:
        """One event.

        Raises:
            NotFoundError: there is none of this id (yet: what is acknowledged can be read a moment later).
        """
        return cast(Record, self._send(_calls.get_event(event_id)))


class Topics:
    """Streams of messages, each an organisation's own."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def list(self, *, limit: int | None = None) -> Pages[Topic]:
        """All of them."""
        return Pages(self._send, _calls.listed("/api/v1/topics", limit))

    def create(
        self,
        name: str,
        *,
        partitions: int | None = None,
        retention_days: int | None = None,
        compacted: bool | None = None,
        schema: Mapping[str, Json] | None = None,
    ) -> Topic:
        """Makes one; the gateway's defaults where nothing is said."""
        body = given(
            name=name, partitions=partitions, retention_days=retention_days, compacted=compacted, schema=schema
        )
        return cast(Topic, self._send(Call("POST", "/api/v1/topics", json=body)))

    def get(self, name: str) -> Topic:
        """One, with what is in it."""
        return cast(Topic, self._send(Call("GET", f"/api/v1/topics/{part(name)}")))

    def update(self, name: str, **changes: Json) -> Topic:
        """Changes `partitions`, `retention_days`, `compacted` or `schema`."""
        return cast(Topic, self._send(Call("PATCH", f"/api/v1/topics/{part(name)}", json=changes)))

    def delete(self, name: str) -> None:
        """Deletes it with its messages, for good."""
        self._send(Call("DELETE", f"/api/v1/topics/{part(name)}", params_of(confirm=name)))


class Keys:
    """The organisation's API keys."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def list(self, *, limit: int | None = None) -> Pages[ApiKey]:
        """All of them."""
        return Pages(self._send, _calls.listed("/api/v1/keys", limit))

    def create(
        self,
        name: str,
        scopes: Strings,
        *,
        requests_per_minute: int | None = None,
        events_per_day: int | None = None,
        expires_at: str | None = None,
        allowed_ips: Strings | None = None,
    ) -> ApiKey:
        """Makes one. Its `key` is shown this once."""
        body = given(
            name=name, scopes=scopes, requests_per_minute=requests_per_minute,
            events_per_day=events_per_day, expires_at=expires_at, allowed_ips=allowed_ips,
        )  # fmt: skip
        return cast(ApiKey, self._send(Call("POST", "/api/v1/keys", json=body)))

    def get(self, key_id: str) -> ApiKey:
        """One."""
        return cast(ApiKey, self._send(Call("GET", f"/api/v1/keys/{part(key_id)}")))

    def update(self, key_id: str, **changes: Json) -> ApiKey:
        """Changes `name`, `scopes`, limits, `expires_at` or `allowed_ips`; `None` takes a limit away."""
        return cast(ApiKey, self._send(Call("PATCH", f"/api/v1/keys/{part(key_id)}", json=changes)))

    def rotate(self, key_id: str, *, overlap_seconds: int | None = None) -> ApiKey:
        """Gives it another secret. Its `key` is shown this once; the old one is good for as long as is said."""
        body = given(overlap_seconds=overlap_seconds)
        return cast(ApiKey, self._send(Call("POST", f"/api/v1/keys/{part(key_id)}/rotate", json=body)))

    def revoke(self, key_id: str) -> None:
        """Ends it."""
        self._send(Call("DELETE", f"/api/v1/keys/{part(key_id)}"))
