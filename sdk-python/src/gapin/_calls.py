"""Every call of the API as data: what is sent, before anybody sends it. Shared by the sync and the async client."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from . import timestamps
from ._version import __version__
from .errors import ConfigurationError
from .event import event_id_of
from .settings import Settings

USER_AGENT = f"gapin-python/{__version__}"


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None
    is_meant: Callable[[dict[str, Any]], bool] = lambda _: True
    """Whether an answer of success is one to this request."""

    def body(self) -> bytes | None:
        """Its bytes."""
        if self.content is not None or self.json is None:
            return self.content
        return json.dumps(self.json, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()

    def all_headers(self) -> dict[str, str]:
        """Its own headers, and the type of its body."""
        has_body = self.content is not None or self.json is not None
        return {**({"Content-Type": "application/json"} if has_body else {}), **self.headers}


def headers_of(settings: Settings) -> dict[str, str]:
    """What every request says."""
    return {"Authorization": f"Bearer {settings.api_key}", "User-Agent": USER_AGENT, "Accept": "application/json"}


def params_of(**given: object) -> dict[str, str]:
    """Query parameters, of what was given. A trailing underscore (`from_`) is Python's, not the API's."""
    return {name.removesuffix("_"): _param(name, value) for name, value in given.items() if value is not None}


def _param(name: str, value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ConfigurationError(f"`{name}` is a time without an offset, so no moment: give it a tzinfo")
        return timestamps.text_of(round(value.astimezone(timezone.utc).timestamp() * 1_000_000) * 1000)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return str(value)


def part(name: str) -> str:
    """One part of a path."""
    return quote(name, safe="")


def given(**members: object) -> dict[str, object]:
    """The members that were given; `None` is left out."""
    return {name: value for name, value in members.items() if value is not None}


def record(signed: bytes) -> Call:
    """One signed event."""
    return Call(
        "POST", "/aibbar/events", content=signed,
        is_meant=lambda answer: is_acknowledgement(answer, event_id_of(json.loads(signed))),
    )  # fmt: skip


def list_events(params: Mapping[str, str]) -> Call:
    """A page of records."""
    return Call("GET", "/aibbar/events", params, is_meant=_is_page)


def get_event(event_id: str) -> Call:
    """One record."""
    return Call("GET", f"/aibbar/events/{part(event_id)}")


def publish(messages: Any, idempotency_key: str | None) -> Call:
    """One message or several."""
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    return Call("POST", "/events/publish", json=messages, headers=headers)


def listed(path: str, limit: int | None) -> Call:
    """The first page of a list."""
    return Call("GET", path, params_of(limit=limit), is_meant=_is_page)


def next_page(call: Call, cursor: str) -> Call:
    """The page behind a cursor."""
    return replace(call, params={**call.params, "cursor": cursor})


def is_acknowledgement(answer: dict[str, Any], event_id: str) -> bool:
    """Whether it says that this event is kept: what names another, or none, is no gateway's."""
    named = answer.get("event_id")
    return answer.get("status") == "accepted" and isinstance(named, str) and named.lower() == event_id.lower()


def _is_page(answer: dict[str, Any]) -> bool:
    return isinstance(answer.get("items"), list)
