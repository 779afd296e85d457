"""Fills an event in: ids, times, metadata. What both the client and the recorder do before anything is signed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from . import _context, ids, timestamps
from .canonical import INTEGER_MAX
from .settings import Settings

METADATA_TEXTS: Final = (
    "user_id", "session_id", "request_id", "source_ip", "country", "region", "trace_id", "span_id",
)  # fmt: skip
LABELS_MAX: Final = 32


class Sequences:
    """Counts the events of each `ai_id` from 0, from when the process began. A forked child counts anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, int] = {}

    def next(self, ai_id: str) -> int:
        """The number of the next event."""
        with self._lock:
            number = self._next.get(ai_id, 0)
            self._next[ai_id] = number + 1 if number < INTEGER_MAX else 0
            return number

    def forget(self) -> None:
        """For the child of a fork."""
        self._lock = threading.Lock()
        self._next = {}


SEQUENCES: Final = Sequences()
"""One count for all clients and recorders of the process: they may speak for one AI system."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SEQUENCES.forget)


def fill(event: dict[str, Any], settings: Settings) -> None:
    """Adds what is absent, but for `sequence`."""
    if "timestamp" not in event:
        now_ns = time.time_ns()
        event["timestamp"] = timestamps.text_of(now_ns)
        if "event_id" not in event:
            event["event_id"] = ids.new(now_ns)
    elif "event_id" not in event:
        at_ns = timestamps.parse_ns(event["timestamp"]) if isinstance(event["timestamp"], str) else None
        event["event_id"] = ids.new(time.time_ns() if at_ns is None else max(at_ns, 0))
    if settings.ai_id is not None:
        event.setdefault("ai_id", settings.ai_id)
    event.setdefault("ai_version", settings.ai_version)
    if settings.signing_key_id is not None:
        event.setdefault("key_id", settings.signing_key_id)
    event["metadata"] = metadata_of(event.get("metadata"))


def metadata_of(given: Any) -> dict[str, Any]:
    """The context's metadata, under the event's own; labels of both, within their bound."""
    carried = _context.current()
    own = given if isinstance(given, Mapping) else {}
    if not carried:
        return dict(own)
    merged = {**carried, **own}
    if isinstance(carried.get("labels"), Mapping) and isinstance(own.get("labels"), Mapping):
        labels = {**carried["labels"], **own["labels"]}
        merged["labels"] = dict(list(labels.items())[-LABELS_MAX:])
    return merged
