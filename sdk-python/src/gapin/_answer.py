"""From an HTTP answer to a value or a typed error, for sync and async clients alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from .errors import ApiError, Fault, TimeoutError_, TransportError, UnreadableError, class_for

NO_CONTENT: Final = 204

RETRYABLE_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same request may do better."""

RETRYABLE_CODES: Final = frozenset(
    {
        "overloaded",
        "log_unavailable",
        "outcome_unknown",
        "store_unavailable",
        "rate_limited",
        "daily_quota_exceeded",
        "body_timeout",
        "incomplete_body",
        "internal",
    }
)
"""Codes of single events after which the same event may do better."""

RETRY_AFTER_S_MAX: Final = 24 * 60 * 60.0
_SECONDS: Final = re.compile(r"[0-9]+")


def value_of(response: httpx.Response, is_meant: Callable[[dict[str, Any]], bool]) -> Any:
    """What a successful answer says; `None` where it is to have no body.

    Raises:
        ApiError: it is none of success.
        UnreadableError: it is nothing that a gateway says, such as a proxy's page.
    """
    if not response.is_success:
        raise error_of(response)
    if response.status_code == NO_CONTENT:
        return None
    body = body_of(response)
    if body and is_meant(body):
        return body
    request_id = response.headers.get("x-request-id")
    raise UnreadableError("the answer is none of a gateway's", response.status_code, request_id)


def error_of(response: httpx.Response) -> ApiError:
    """The problem that the answer tells, or what can be said without one."""
    problem = body_of(response)
    status = response.status_code
    code = str(problem.get("code") or f"http_{status}")
    request_id = problem.get("request_id") or response.headers.get("x-request-id")
    return class_for(status)(
        code,
        status,
        str(problem.get("detail") or problem.get("title") or ""),
        str(request_id) if request_id else None,
        status in RETRYABLE_STATUSES,
        faults_of(problem),
        retry_after_s(response),
    )


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none, such as a proxy's page."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def faults_of(problem: dict[str, Any]) -> list[Fault]:
    """The faults of a problem or of one result."""
    listed = problem.get("errors")
    if not isinstance(listed, list):
        return []
    return [
        Fault(str(fault.get("pointer", "")), str(fault.get("code", "")), str(fault.get("detail", "")))
        for fault in listed
        if isinstance(fault, dict)
    ]


def retry_after_s(response: httpx.Response) -> float | None:
    """`Retry-After` in seconds, written as a number or as a date."""
    text = response.headers.get("retry-after")
    if text is None:
        return None
    if _SECONDS.fullmatch(text.strip()):
        return min(float(text), RETRY_AFTER_S_MAX)
    at = date_s(text)
    now = date_s(response.headers.get("date", ""))
    return None if at is None or now is None else min(max(at - now, 0.0), RETRY_AFTER_S_MAX)


def date_s(text: str) -> float | None:
    """An HTTP date in Unix seconds."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def transport_error(error: httpx.HTTPError | httpx.InvalidURL) -> TransportError:
    """Why no answer came; says nothing of what was sent."""
    if isinstance(error, httpx.TimeoutException):
        return TimeoutError_("no answer came in time")
    return TransportError(f"no answer came ({type(error).__name__})")
