"""The canonical form of RFC 8785 (JCS): the bytes that a signature covers.

Members in the order of their UTF-16 code units, numbers as ECMAScript writes them, strings with the fewest escapes, no
white space. Python's own encoder writes all of that but two things: some numbers, and the order of names outside of the
Basic Multilingual Plane. So values are looked through once, in Python; where nothing of these two is found, and that is
nearly always, the encoder in C does the rest (or `orjson`, where it is installed), else the slower one below.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from .errors import InvalidEventError

DEPTH_MAX: Final = 64
"""How deep objects and arrays may stand in one another; the outermost one counts."""

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer that every JSON library reads alike; its negative is the smallest."""

EVENT_BYTES_MAX: Final = 256 * 1024
"""The largest event, in bytes of its JSON."""

_PLAIN_FLOAT_MIN: Final = 1e-4
_PLAIN_FLOAT_MAX: Final = 2.0**50
"""From here to 2^51 some doubles lie halfway between two shortest decimals, and libraries differ in which they take."""

_encode: Final[Callable[[Any], str]] = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def _find_native() -> Callable[[Any], bytes] | None:
    """`orjson` where it is installed: of what is plain it writes the canonical form, too, ten times as fast."""
    try:
        import orjson
    except ImportError:
        return None
    return partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)


native: Callable[[Any], bytes] | None = _find_native()


def canonicalize(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value: `None`, booleans, numbers, strings, lists, and dictionaries with string keys.

    Raises:
        InvalidEventError: it holds what JSON lacks, or what two libraries would read differently.
    """
    return encode_checked(value, _check(value, 0))


def to_wire(value: Any) -> bytes:
    """A JSON text of what `canonicalize` takes, as every strict reader reads it back.

    That is not the canonical form itself, which writes the double 1e20 as an integer that is too large for one.
    """
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()


def encode_checked(value: Any, is_plain: bool) -> bytes:
    """The canonical form of what was looked through already."""
    if is_plain and native is not None:
        try:
            return native(value)
        except TypeError:
            pass  # half of a surrogate pair, which is told below
    text = _encode(value) if is_plain else _text_of(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidEventError("invalid_json", "a string holds half of a surrogate pair") from None


def encode_string(text: str) -> bytes:
    """The canonical form of a string."""
    return _encode(text).encode("utf-8", "replace")


def is_plain_float(number: float) -> bool:
    """Whether Python writes this number as ECMAScript does."""
    size = -number if number < 0 else number
    return _PLAIN_FLOAT_MIN <= size < _PLAIN_FLOAT_MAX and not number.is_integer()


def are_plain_names(object_: dict[str, Any]) -> bool:
    """Whether these names are in one order by code point and by UTF-16 unit."""
    return "".join(object_).isascii() or not any(_is_beyond_plain(name) for name in object_)


def _is_beyond_plain(name: str) -> bool:
    return any(character >= "\ud800" for character in name)


def _check(value: Any, depth: int) -> bool:
    """Refuses what can't be signed; answers whether the encoder in C writes it right."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        if -INTEGER_MAX <= value <= INTEGER_MAX:
            return True
        raise InvalidEventError("invalid_json", "an integer lies beyond 2^53 - 1")
    if kind is float:
        if not math.isfinite(value):
            raise InvalidEventError("invalid_json", "NaN and infinities are no JSON")
        return is_plain_float(value)
    if depth == DEPTH_MAX and isinstance(value, dict | list | tuple):
        raise InvalidEventError("invalid_json", f"it is nested deeper than {DEPTH_MAX} levels")
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise InvalidEventError("invalid_json", "a member's name is no string")
        is_plain = are_plain_names(value)
        for inner in value.values():
            is_plain = _check(inner, depth + 1) and is_plain
        return is_plain
    if isinstance(value, list | tuple):
        is_plain = True
        for inner in value:
            is_plain = _check(inner, depth + 1) and is_plain
        return is_plain
    if isinstance(value, str | int | float):  # a subclass, such as an enumeration's member
        return _check_subclass(value)
    raise InvalidEventError("invalid_json", f"a value of type {kind.__name__} is no JSON")


def _check_subclass(value: str | int | float) -> bool:
    base = next(base for base in (str, int, float) if isinstance(value, base))
    _check(base(value), 0)
    return False


def _text_of(value: Any) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _encode(str(value))
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return double_text(float(value))
    if isinstance(value, dict):
        names = sorted(value, key=_utf16)
        return "{" + ",".join(f"{_encode(str(name))}:{_text_of(value[name])}" for name in names) + "}"
    return "[" + ",".join(_text_of(inner) for inner in value) + "]"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def double_text(number: float) -> str:
    """The text of a finite double as ECMAScript's `Number::toString` gives it."""
    if number == 0:
        return "0"  # of -0.0 too
    sign = "-" if number < 0 else ""
    # Python's digits are the fewest that read back, of several the nearest, of two equally near the even one.
    mantissa, _, exponent_text = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(exponent_text or 0) + len(whole) - 1
    if whole == "0":
        exponent -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    return sign + _placed(digits, exponent)


def _placed(digits: str, exponent: int) -> str:
    """Digits, of which the first stands for that power of ten."""
    if 0 <= exponent <= 20:
        before_point = exponent + 1
        if len(digits) <= before_point:
            return digits + "0" * (before_point - len(digits))
        return f"{digits[:before_point]}.{digits[before_point:]}"
    if -6 <= exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{exponent:+d}"
