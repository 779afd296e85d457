"""An event signed, checked and verified. Pure: no clock but the one that is given, nothing sent."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from . import ids, schema, strict, timestamps
from .canonical import EVENT_BYTES_MAX, canonicalize, to_wire
from .errors import InvalidEventError

_SIGNATURE: Final = re.compile(r"[0-9a-fA-F]{64}")
_SIGNED: Final = re.compile(rb',"signature":"[0-9a-fA-F]{64}"\}\Z')

ALGORITHM: Final = "HMAC-SHA256"
"""The one algorithm there is."""

AHEAD_MS_MAX: Final = 5 * 60 * 1000
"""How far ahead of the gateway's clock a `timestamp` may lie, unless the gateway is set otherwise."""

AGE_MS_MAX: Final = 400 * 24 * 60 * 60 * 1000
"""How old a `timestamp` may be, unless the organisation's retention is another."""

EVENT_ID_DISTANCE_MS_MAX: Final = 24 * 60 * 60 * 1000
"""How far the time inside an `event_id` may lie from `timestamp`."""


def signature_of(event: Mapping[str, Any], secret: str) -> str:
    """The signature of all members but `signature`, whether that is there or not."""
    unsigned = {name: value for name, value in event.items() if name != "signature"}
    return hmac_hex(canonicalize(unsigned), secret.encode())


def hmac_hex(canonical: bytes, secret: bytes) -> str:
    """HMAC-SHA256 in lowercase hex."""
    return hmac.digest(secret, canonical, "sha256").hex()


def sign(event: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """A copy of the event with `signature_algorithm` and `signature`, checked against the schema.

    Raises:
        InvalidEventError: with every fault.
    """
    signed = {**event, "signature_algorithm": ALGORITHM}
    signed["signature"] = signature_of(signed, secret)
    check(to_wire(signed))
    return signed


def check(event: bytes | str) -> dict[str, Any]:
    """Reads one event strictly and by the schema, as the gateway does.

    Raises:
        InvalidEventError: with every fault.
    """
    size = len(event) if isinstance(event, bytes) else len(event.encode("utf-8", "surrogatepass"))
    if size > EVENT_BYTES_MAX:
        raise InvalidEventError("event_too_large", f"an event may have {EVENT_BYTES_MAX} bytes; this one has {size}")
    value = strict.parse(event)
    faults = schema.faults(value)
    if faults:
        told = "; ".join(f"{fault.pointer or 'the event'} {fault.detail}" for fault in faults)
        raise InvalidEventError("schema_violation", told, faults)
    assert isinstance(value, dict)  # noqa: S101  the schema takes nothing else
    return value


def check_time(event: Mapping[str, Any], now_ms: int) -> None:
    """Whether the gateway would take the event's time, with its usual settings and this clock.

    Raises:
        InvalidEventError: `timestamp_in_future`, `timestamp_too_old` or `event_id_time_mismatch`.
    """
    at_ns = timestamps.parse_ns(event["timestamp"])
    if at_ns is None:
        raise InvalidEventError("schema_violation", "/timestamp must be a real date and time")
    at_ms = at_ns // 1_000_000
    if at_ms > now_ms + AHEAD_MS_MAX:
        raise InvalidEventError("timestamp_in_future", "the timestamp lies too far ahead")
    if at_ms < max(now_ms - AGE_MS_MAX, 0):
        raise InvalidEventError("timestamp_too_old", "the timestamp is older than what is kept")
    event_id = event.get("event_id")
    if event_id is not None and abs(ids.unix_ms_of(event_id) - at_ms) > EVENT_ID_DISTANCE_MS_MAX:
        raise InvalidEventError("event_id_time_mismatch", "the time inside the event_id is not the event's")


def check_own_time(event: Mapping[str, Any]) -> None:
    """What the gateway finds of an event's time and id whatever its own clock says.

    Raises:
        InvalidEventError: `timestamp_too_old` or `event_id_time_mismatch`.
    """
    check_time(event, (timestamps.parse_ns(event["timestamp"]) or 0) // 1_000_000)


def with_signature(event: bytes, signature: str) -> bytes:
    """The text of an event without one, with its signature as the last member."""
    return event[:-1] + b',"signature":"' + signature.encode() + b'"}'


def has_signature(event: bytes) -> bool:
    """Whether a text is one of those. No event's canonical form is: there `timestamp` is the last member."""
    return _SIGNED.search(event) is not None


def is_signature(value: Any) -> bool:
    """Whether it is the form of one."""
    return isinstance(value, str) and _SIGNATURE.fullmatch(value) is not None


def verify(event: Mapping[str, Any] | bytes | str, secret: str) -> bool:
    """Whether the event's signature is that of the secret, compared in constant time.

    Bytes and texts are read strictly. What can't be read, or has no signature, does not verify.
    """
    try:
        value = strict.parse(event) if isinstance(event, bytes | str) else event
        given = value.get("signature") if isinstance(value, Mapping) else None
        if not isinstance(given, str) or not given.isascii():
            return False
        return hmac.compare_digest(signature_of(value, secret), given)
    except InvalidEventError:
        return False


def event_id_of(event: Mapping[str, Any]) -> str:
    """The id that the gateway keeps a signed event under: its own, or the one that follows from its signature."""
    given = event.get("event_id")
    if given is not None:
        return str(given).lower()
    at_ns = timestamps.parse_ns(event["timestamp"])
    if at_ns is None:
        raise InvalidEventError("schema_violation", "/timestamp must be a real date and time")
    return ids.derived(at_ns // 1_000_000, bytes.fromhex(event["signature"]))
