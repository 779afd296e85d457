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
from contextvars import ContextVar, Token
from typing import Any, Final

_NOTHING: Final[Mapping[str, Any]] = {}
_OPENTELEMETRY: Final = "opentelemetry.trace"


class _Carried:
    """What a `context` adds, with what is around it."""

    __slots__ = ("is_left", "metadata", "outer")

    def __init__(self, metadata: Mapping[str, Any], outer: _Carried | None) -> None:
        self.metadata = metadata
        self.outer = outer
        self.is_left = False
        """Whether its block was left where it could not be taken away: then whoever still has it passes it over."""


_carried: Final[ContextVar[_Carried | None]] = ContextVar("gapin_metadata", default=None)


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
    around = _innermost()
    if around is not None:
        around.outer = _still(around.outer)  # what was left meanwhile is let go
    outer = around.metadata if around else _NOTHING
    named = {
        "user_id": user_id, "session_id": session_id, "request_id": request_id, "source_ip": source_ip,
        "country": country, "region": region, "trace_id": trace_id, "span_id": span_id,
    }  # fmt: skip
    inner: dict[str, Any] = {**outer, **{name: value for name, value in named.items() if value is not None}}
    if labels is not None:
        inner["labels"] = {**outer.get("labels", {}), **labels}
    carried = _Carried(inner, around)
    token = _carried.set(carried)
    try:
        yield
    finally:
        _leave(carried, token)


def _leave(carried: _Carried, token: Token[_Carried | None]) -> None:
    """Generators may be left in another context than they were begun in, and in another order."""
    try:
        if _carried.get() is carried:
            _carried.reset(token)
            return
    except ValueError:
        pass  # this context is a copy of the one it was begun in
    carried.is_left = True


def _innermost() -> _Carried | None:
    return _still(_carried.get())


def _still(carried: _Carried | None) -> _Carried | None:
    """The innermost whose block is not left."""
    while carried is not None and carried.is_left:
        carried = carried.outer
    return carried


def current() -> Mapping[str, Any]:
    """The metadata that is carried here and now."""
    innermost = _innermost()
    carried = innermost.metadata if innermost else _NOTHING
    trace = sys.modules.get(_OPENTELEMETRY)
    if trace is None or "trace_id" in carried:
        return carried
    span = trace.get_current_span().get_span_context()
    if not span.is_valid:
        return carried
    return {**carried, "trace_id": f"{span.trace_id:032x}", "span_id": f"{span.span_id:016x}"}
