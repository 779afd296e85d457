"""Makes the bytes of one event that was recorded by `client.record`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from . import _compose
from .canonical import canonicalize, to_wire
from .errors import InvalidEventError
from .event import check, check_own_time, sign
from .settings import Settings


def signed_bytes(event: Mapping[str, Any], settings: Settings) -> bytes:
    """The event filled in, signed and checked. One that is signed already stays as it is.

    Raises:
        InvalidEventError: it can't be signed, or is not what its schema says.
        ConfigurationError: there is no signing secret.
    """
    if not isinstance(cast(object, event), Mapping):
        raise InvalidEventError("schema_violation", "an event is a mapping")
    if "signature" in event:
        canonicalize(dict(event))  # refuses what no text can say
        signed = to_wire(dict(event))
        check_own_time(check(signed))
        return signed
    filled = dict(event)
    _compose.fill(filled, settings)
    named = filled.get("key_id")
    if settings.signing_key_id is not None and named != settings.signing_key_id:
        raise InvalidEventError(
            "invalid_signature", "it names another signing key than the one whose secret is at hand"
        )
    secret = settings.secret()
    signed_event = sign(filled, secret)
    check_own_time(signed_event)
    if "sequence" not in filled:  # an event that is refused takes no number
        filled["sequence"] = _compose.SEQUENCES.next(str(filled["ai_id"]))
        signed_event = sign(filled, secret)
    return to_wire(signed_event)
