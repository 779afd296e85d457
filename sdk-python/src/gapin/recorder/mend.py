"""Brings what was given into the types that the schema wants, where that loses nothing that matters."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

from .. import _compose, _safe, timestamps
from ..canonical import INTEGER_MAX

STACK_CHARACTERS_MAX: Final = 16_384
LABEL_CHARACTERS_MAX: Final = 1_024


def mend(event: dict[str, Any]) -> None:
    """Brings the parts of an event into the types that the schema wants, where that loses nothing that matters."""
    at = event.get("timestamp")
    if isinstance(at, datetime):
        event["timestamp"] = timestamps.text_of(round(at.astimezone(timezone.utc).timestamp() * 1_000_000) * 1000)
    for part in ("action", "decision", "error", "query", "response"):
        given = event.get(part)
        if given is not None and (type(given) is dict or isinstance(given, Mapping)):
            event[part] = _MENDERS[part](dict(given))


def _mend_action(action: dict[str, Any]) -> dict[str, Any]:
    _make_text(action, "function", "model")
    _make_number(action, "latency_ms")
    _make_count(action, "tokens_used")
    return action


def _mend_decision(decision: dict[str, Any]) -> dict[str, Any]:
    _make_text(decision, "type", "logic")
    _make_number(decision, "confidence", most=1)
    if isinstance(decision.get("options"), str | bytes | Mapping):
        decision["options"] = [decision["options"]]
    elif "options" in decision:
        decision["options"] = list(decision["options"])
    return decision


def _mend_error(error: dict[str, Any]) -> dict[str, Any]:
    raised = error.get("code")
    if isinstance(raised, BaseException):
        error["code"] = type(raised).__name__
        if error.get("message") is None:
            error["message"] = str(raised)
        if error.get("stack") is None and raised.__traceback__ is not None:
            stack = "".join(traceback.format_exception(type(raised), raised, raised.__traceback__))
            error["stack"] = stack[-STACK_CHARACTERS_MAX:]
    if error.get("message") is None:
        error["message"] = ""
    _make_text(error, "code", "message", "stack")
    error["recoverable"] = bool(error.get("recoverable", False))
    return error


def _mend_query(query: dict[str, Any]) -> dict[str, Any]:
    _make_text(query, "prompt", "model")
    messages = query.get("messages")
    if messages is not None and not isinstance(messages, list | tuple):
        query["messages"] = [messages] if isinstance(messages, str | bytes | Mapping) else list(messages)
    if "messages" not in query and "prompt" not in query:
        query["prompt"] = ""
    return query


def _mend_response(response: dict[str, Any]) -> dict[str, Any]:
    _make_text(response, "model", "finish_reason")
    _make_number(response, "latency_ms")
    if isinstance(response.get("usage"), Mapping):
        usage = response["usage"]
        response["usage"] = {name: usage.get(name, 0) for name in ("input_tokens", "output_tokens")}
        _make_count(response["usage"], "input_tokens", "output_tokens")
    return response


_MENDERS: Final = {
    "action": _mend_action,
    "decision": _mend_decision,
    "error": _mend_error,
    "query": _mend_query,
    "response": _mend_response,
}


def _make_text(of: dict[str, Any], *names: str) -> None:
    for name in names:
        if name in of and type(of[name]) is not str:
            of[name] = _safe.text(of[name])


def _make_number(of: dict[str, Any], name: str, most: float = INTEGER_MAX) -> None:
    if name in of:
        of[name] = min(_safe.number(of[name]), most)


def _make_count(of: dict[str, Any], *names: str) -> None:
    for name in names:
        if name in of:
            of[name] = min(int(_safe.number(of[name])), INTEGER_MAX)


def metadata(given: Mapping[str, Any]) -> dict[str, Any]:
    """Texts under the names that the schema has; whatever else was given becomes a label."""
    made: dict[str, Any] = {}
    labels: dict[str, str] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name in _compose.METADATA_TEXTS:
            made[name] = value if type(value) is str else _safe.text(value)
        elif name == "labels" and isinstance(value, Mapping):
            labels.update({_label(inner): _label(text) for inner, text in value.items()})
        else:
            labels[_label(name)] = _label(value)
    if labels:
        made["labels"] = dict(list(labels.items())[: _compose.LABELS_MAX])
    return made


def _label(value: Any) -> str:
    shown = value if type(value) is str else _safe.text(value)
    return shown[:LABEL_CHARACTERS_MAX]
