"""The shapes of what goes in and out. Dictionaries all, as JSON has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:  # no package at run time: annotations are not evaluated
    from typing_extensions import NotRequired, Required

EventType = Literal["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response"]
Json = Any
"""Any JSON value."""


class Action(TypedDict):
    """A function that the AI system called, and what came of it."""

    function: str
    input: Json
    output: Json
    latency_ms: float
    model: str
    tokens_used: NotRequired[int]


class Decision(TypedDict):
    """A choice between options."""

    type: str
    logic: str
    options: list[Json]
    chosen: Json
    confidence: float


class Error(TypedDict):
    """What went wrong."""

    code: str
    message: str
    recoverable: bool
    stack: NotRequired[str]


class Query(TypedDict, total=False):
    """What was asked: `messages`, or `prompt`, or both."""

    messages: list[Json]
    prompt: str
    model: str
    parameters: Json


class Usage(TypedDict):
    """Tokens."""

    input_tokens: int
    output_tokens: int


class Response(TypedDict):
    """What came back."""

    output: Json
    model: NotRequired[str]
    finish_reason: NotRequired[str]
    usage: NotRequired[Usage]
    latency_ms: NotRequired[float]


class Metadata(TypedDict, total=False):
    """Whom and what it belongs to."""

    user_id: str
    session_id: str
    request_id: str
    source_ip: str
    country: str
    region: str
    trace_id: str
    span_id: str
    labels: dict[str, str]


class NewEvent(TypedDict, total=False):
    """An event to be recorded: what is absent is filled in."""

    event_type: Required[EventType]
    ai_id: str
    ai_version: str
    timestamp: str
    action: Action
    decision: Decision
    error: Error
    query: Query
    response: Response
    metadata: Metadata
    event_id: str
    sequence: int
    key_id: str
    signature: str
    signature_algorithm: str


class Event(NewEvent, total=False):
    """An event as it is kept."""


class RecordNotes(TypedDict, total=False):
    """What the gateway knows of an event."""

    event_id: Required[str]
    org_id: Required[str]
    received_at: str
    api_key_id: str
    key_id: str
    signature_verified_at: str
    gateway: str
    redactions: list[dict[str, str]]
    redaction_rules: str
    schema: str


class Record(TypedDict):
    """What is kept of an event."""

    event: Event
    record: RecordNotes


class Accepted(TypedDict):
    """An acknowledged event."""

    event_id: str
    status: str


class Topic(TypedDict, total=False):
    """A topic."""

    name: Required[str]
    partitions: Required[int]
    compacted: Required[bool]
    reserved: Required[bool]
    retention_days: int | None
    schema: dict[str, Json] | None
    created_at: str | None
    created_by: str | None
    updated_at: str | None
    statistics: dict[str, Json]


class NewMessage(TypedDict, total=False):
    """A message to be published."""

    message: Required[Json]
    topic: str
    key: str
    headers: dict[str, str]
    timestamp: str


class PublishResults(TypedDict):
    """What became of each message."""

    accepted: int
    rejected: int
    results: list[dict[str, Json]]


class ApiKey(TypedDict, total=False):
    """An API key; `key` itself only right after it was made or rotated."""

    id: Required[str]
    name: Required[str]
    prefix: str
    scopes: list[str]
    key: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    previous_valid_until: str | None
    requests_per_minute: int | None
    events_per_day: int | None
    allowed_ips: list[str]
