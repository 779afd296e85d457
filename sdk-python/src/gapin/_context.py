"""Whom and what events belong to, carried across calls, threads' own work and asynchronous code.

    with gapin.context(session_id="order-7", user_id="u1"):
        recorder.decision(...)          # has both in its metadata

Contexts nest; each task and thread has its own. Where OpenTelemetry is imported, the current span's `trace_id` and
`span_id` are taken, unless the context says others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_carried: Final[ContextVar[Mapping[str, Any]]] = ContextVar("gapin_metadata")
_NOTHING: Final[Mapping[str, Any]] = {}
_OPENTELEMETRY: Final = "opentelemetry.trace"


@contextmanager
def context(
    *,
    user_id: str | None = None,
    session_id: str | None = None,
    request_id: str | None = None,
    source_ip: str | None = None,
    country: str | None = None,
    region: str | None = None,
    trace_id: str | None = None,
    span_id: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Adds this to the metadata of every event that is recorded inside."""
    outer = _carried.get(_NOTHING)
    named = {
        "user_id": user_id, "session_id": session_id, "request_id": request_id, "source_ip": source_ip,
        "country": country, "region": region, "trace_id": trace_id, "span_id": span_id,
    }  # fmt: skip
    inner: dict[str, Any] = {**outer, **{name: value for name, value in named.items() if value is not None}}
    if labels is not None:
        inner["labels"] = {**outer.get("labels", {}), **labels}
    token = _carried.set(inner)
    try:
        yield
    finally:
        _carried.reset(token)


def current() -> Mapping[str, Any]:
    """The metadata that is carried here and now."""
    carried = _carried.get(_NOTHING)
    trace = sys.modules.get(_OPENTELEMETRY)
    if trace is None or "trace_id" in carried:
        return carried
    span = trace.get_current_span().get_span_context()
    if not span.is_valid:
        return carried
    return {**carried, "trace_id": f"{span.trace_id:032x}", "span_id": f"{span.span_id:016x}"}
