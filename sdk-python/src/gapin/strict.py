"""Strict JSON: refuses whatever two libraries would read differently.

A signature covers the canonical form of what was *read*. If two readers of the same bytes can disagree, one of them can
be shown something that the signer never said: so those bytes are no event at all.
"""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from .canonical import DEPTH_MAX, INTEGER_MAX
from .errors import InvalidEventError

_INTEGER_DIGITS_MAX: Final = 17  # of 2^53 - 1 with its sign


def parse(text: bytes | str) -> Any:
    """Reads one JSON value.

    Raises:
        InvalidEventError: `invalid_json`.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8", "strict")
        except UnicodeDecodeError:
            _refuse("it is not UTF-8")
    if text.startswith("\ufeff"):
        _refuse("it begins with a byte order mark")
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_double,
            parse_constant=lambda _: _refuse("NaN and infinities are no JSON"),
        )
    except json.JSONDecodeError as error:
        _refuse(f"it does not parse at character {error.pos}")
    _check_strings(value)
    return value


def _refuse(why: str) -> NoReturn:
    raise InvalidEventError("invalid_json", why)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        _refuse("an object has two members of one name")
    return made


def _integer(digits: str) -> int:
    if len(digits) <= _INTEGER_DIGITS_MAX:
        integer = int(digits)
        if -INTEGER_MAX <= integer <= INTEGER_MAX:
            return integer
    _refuse("an integer lies beyond 2^53 - 1")


def _double(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        _refuse("a number is too large for a double")
    return number


def _check_depth(text: str) -> None:
    """Counts brackets outside of strings, before anything recurses."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH_MAX:
                _refuse(f"it is nested deeper than {DEPTH_MAX} levels")
        elif character in "]}":
            depth -= 1


def _check_strings(value: Any) -> None:
    """Escapes may have made half of a surrogate pair."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            _refuse("a string holds half of a surrogate pair")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_strings(name)
            _check_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_strings(inner)
