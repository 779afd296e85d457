"""UUIDv7 (RFC 9562): made of the time and chance, or derived from a signature."""

from __future__ import annotations

import os

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def new(unix_ns: int) -> str:
    """A new id of that moment. Ids of one process are in the order of their moments, to a quarter of a microsecond."""
    unix_ms, rest_ns = divmod(unix_ns, 1_000_000)
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return _text((unix_ms << 80) | _VERSION | ((rest_ns * 4096 // 1_000_000) << 64) | _VARIANT | chance)


def derived(unix_ms: int, signature: bytes) -> str:
    """The id of an event that brings none: the time, then the first 74 bits of the signature."""
    first_bits = int.from_bytes(signature[:16], "big")
    rand_a = first_bits >> (128 - 12)
    rand_b = (first_bits << 12 & (1 << 128) - 1) >> (128 - 62)
    return _text((max(unix_ms, 0) << 80) | _VERSION | (rand_a << 64) | _VARIANT | rand_b)


def unix_ms_of(event_id: str) -> int:
    """The time inside a UUIDv7, in milliseconds since 1970."""
    return int(event_id.replace("-", "")[:12], 16)


def _text(number: int) -> str:
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
