"""A JSON form for whatever a program holds: lossy where it must be, and never a fault.

| what | becomes |
|---|---|
| NaN, infinities, whole numbers beyond 2^53 - 1 (of doubles those below 1e21) | their text |
| `Decimal`, `Fraction`, UUIDs, paths, addresses | their text |
| `datetime`, `date`, `time` | ISO 8601; a `timedelta` its seconds |
| `bytes` | `base64:` and their Base64 |
| tuples, sets, deques | a list |
| enumerations | their value |
| dataclasses, pydantic models, mappings, named tuples | an object |
| numpy arrays and scalars, and what else has `tolist` | the list or number |
| exceptions | `Type: message` |
| half of a surrogate pair | U+FFFD |
| an object inside itself | `[circular]` |
| what is nested too deep | `[nested deeper than 64 levels]` |
| anything else | its `repr`, at most 1,000 characters |
| an event over 256 KiB | its longest strings and lists are cut, and say so |
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import math
from collections import deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from .canonical import (
    DEPTH_MAX,
    EVENT_BYTES_MAX,
    INTEGER_MAX,
    are_plain_names,
    double_text,
    encode_checked,
    is_plain_float,
)
from .errors import InvalidEventError

REPR_CHARACTERS_MAX: Final = 1_000
NODES_MAX: Final = 100_000
"""Values of one event that are looked at; what lies beyond is left out, with a mark."""

TAIL_BYTES_MAX: Final = 512
"""What is added to an event after it was measured: `sequence`, `timestamp`, `signature` and their names."""

_ROOM: Final = EVENT_BYTES_MAX - TAIL_BYTES_MAX
_STRING_CHARACTERS: Final = (65_536, 16_384, 4_096, 1_024, 256, 64)
_PLAIN_FLOAT_MIN: Final = 1e-4
_PLAIN_FLOAT_MAX: Final = 2.0**50

_EXPONENT_MIN: Final = 1e21
"""From here on the canonical form writes a double with an exponent."""

_INTEGER_BITS_SHOWN_MAX: Final = 4_096


def encode(event: dict[str, Any]) -> bytes:
    """The canonical bytes of an event, in its safe form, within its bound."""
    if _is_plain(event, 0, [NODES_MAX]):  # nearly always: nothing to change, so nothing to copy
        safe: Any = event
        encoded = _encode(event, True)
    else:
        look = _Look()
        safe = look.at(event, 0)
        encoded = _encode(safe, look.is_plain)
    for characters_max in _STRING_CHARACTERS:
        if len(encoded) <= _ROOM:
            return encoded
        encoded = _encode(_cut(safe, characters_max), False)
    if len(encoded) <= _ROOM:
        return encoded
    raise InvalidEventError("event_too_large", "it is too large, however it is cut")


def snapshot(value: Any) -> Any:
    """A copy in its safe form, which later changes of the value do not change."""
    return _Look().at(value, 3)  # as deep inside an event as an action's input is


def text(value: Any) -> str:
    """A value as text."""
    safe = _Look().at(value, 0)
    return safe if isinstance(safe, str) else encode_checked(safe, False).decode()


def number(value: Any) -> float:
    """A value as a number that is at least 0; 0 where it is none."""
    try:
        size = float(value)
    except Exception:  # noqa: BLE001  whatever a stranger's object does
        return 0
    if not math.isfinite(size) or size <= 0:
        return 0
    return int(size) if size.is_integer() else size


def _is_plain(value: Any, depth: int, nodes_left: list[int]) -> bool:
    """Whether an object or array holds nothing but what the encoder in C writes in the canonical form.

    This is what recording costs its caller: leaves are looked at in place, without a call for each.
    """
    nodes_left[0] -= len(value)
    if depth >= DEPTH_MAX or nodes_left[0] < 0:
        return False
    is_object = type(value) is dict
    for inner in value.values() if is_object else value:
        kind = type(inner)
        if kind is str or kind is bool or inner is None:
            continue
        if kind is int:
            if not -INTEGER_MAX <= inner <= INTEGER_MAX:
                return False
        elif kind is float:
            if not (_PLAIN_FLOAT_MIN <= inner < _PLAIN_FLOAT_MAX and inner % 1):
                return False
        elif not ((kind is dict or kind is list) and _is_plain(inner, depth + 1, nodes_left)):
            return False
    if is_object:
        try:
            return "".join(value).isascii()
        except TypeError:  # a name that is no string
            return False
    return True


def _encode(safe: Any, is_plain: bool) -> bytes:
    try:
        return encode_checked(safe, is_plain)
    except InvalidEventError:  # half of a surrogate pair is all that is left
        return encode_checked(_scrub(safe), False)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_scrub(name): _scrub(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_scrub(inner) for inner in value]
    return value


def _cut(value: Any, characters_max: int) -> Any:
    """Strings of at most so many characters, and lists and objects of at most as many members."""
    if isinstance(value, str):
        if len(value) <= characters_max:
            return value
        return f"{value[:characters_max]}…[cut: {len(value)} characters]"
    if isinstance(value, dict):
        kept = {
            name[:characters_max]: _cut(inner, characters_max) for name, inner in list(value.items())[:characters_max]
        }
        if len(value) > characters_max:
            kept["…"] = f"[cut: {len(value)} members]"
        return kept
    if isinstance(value, list):
        kept_list = [_cut(inner, characters_max) for inner in value[:characters_max]]
        return [*kept_list, f"[cut: {len(value)} items]"] if len(value) > characters_max else kept_list
    return value


class _Look:
    """One look through an event."""

    def __init__(self) -> None:
        self.is_plain = True
        """Whether the encoder in C writes it right."""
        self._nodes = 0
        self._around: set[int] = set()

    def at(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str or value is None or kind is bool:
            return value
        if kind is int:
            return value if -INTEGER_MAX <= value <= INTEGER_MAX else _integer_text(value)
        if kind is float:
            return self._float(value)
        if depth >= DEPTH_MAX:
            return "[nested deeper than 64 levels]"
        self._nodes += 1
        if self._nodes > NODES_MAX:
            return "[left out: too many values]"
        if kind is dict or kind is list or kind is tuple:
            return self._container(value, value, depth)
        try:
            return self._other(value, depth)
        except Exception:  # noqa: BLE001  whatever a stranger's object does, recording goes on
            return f"[{kind.__name__} that can't be shown]"

    def _float(self, value: float) -> Any:
        if is_plain_float(value):
            return value
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        if value.is_integer() and abs(value) <= INTEGER_MAX:
            return int(value)
        if value.is_integer() and abs(value) < _EXPONENT_MIN:
            return double_text(value)  # the canonical form would write an integer that no reader takes
        self.is_plain = False
        return value

    def _container(self, identity: Any, value: Any, depth: int) -> Any:
        mark = id(identity)
        if mark in self._around:
            return "[circular]"
        self._around.add(mark)
        try:
            kind = type(value)
            if kind is list or kind is tuple:
                return self._array(value, depth + 1)
            if kind is dict or isinstance(value, Mapping):
                return self._object(value, depth + 1)
            return self._array(value, depth + 1)
        finally:
            self._around.discard(mark)

    def _array(self, value: Iterable[Any], depth: int) -> list[Any]:
        return [self.at(inner, depth) for inner in value]

    def _object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, inner in value.items():
            made[name if type(name) is str else self._name(name)] = self.at(inner, depth)
            if self._nodes > NODES_MAX:
                break
        if self.is_plain and not are_plain_names(made):
            self.is_plain = False
        return made

    def _name(self, name: Any) -> str:
        shown = self.at(name, DEPTH_MAX - 1)
        return shown if isinstance(shown, str) else encode_checked(shown, False).decode()

    def _other(self, value: Any, depth: int) -> Any:
        if isinstance(value, enum.Enum):
            return self.at(value.value, depth)
        for base in (str, bool, int, float):
            if isinstance(value, base):
                return self.at(base(value), depth)
        if isinstance(value, datetime | date | time):
            return value.isoformat()
        if isinstance(value, timedelta):
            return self.at(value.total_seconds(), depth)
        if isinstance(value, bytes | bytearray | memoryview):
            return _bytes_text(bytes(value[: _ROOM + 1]))
        if isinstance(value, BaseException):
            return f"{type(value).__name__}: {value}"
        if isinstance(value, Mapping):
            return self._container(value, value, depth)
        if hasattr(value, "_asdict") and isinstance(value, tuple):
            return self._container(value, cast(Any, value)._asdict(), depth)
        if isinstance(value, list | tuple | deque | AbstractSet):
            return self._container(value, value, depth)
        return self._structure(value, depth)

    def _structure(self, value: Any, depth: int) -> Any:
        if not isinstance(value, type):
            if hasattr(value, "model_dump") and hasattr(type(value), "model_fields"):
                return self._container(value, value.model_dump(), depth)
            if dataclasses.is_dataclass(value):
                members = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
                return self._container(value, members, depth)
            if hasattr(value, "tolist") and getattr(value, "size", 0) <= NODES_MAX:
                return self.at(value.tolist(), depth)
        module = type(value).__module__.partition(".")[0]
        shown = str(value) if module in {"uuid", "decimal", "fractions", "pathlib", "ipaddress"} else repr(value)
        return shown if len(shown) <= REPR_CHARACTERS_MAX else shown[:REPR_CHARACTERS_MAX] + "…"


def _integer_text(value: int) -> str:
    if value.bit_length() > _INTEGER_BITS_SHOWN_MAX:
        return f"[integer of {value.bit_length()} bits]"
    return str(value)


def _bytes_text(value: bytes) -> str:
    return "base64:" + base64.b64encode(value).decode()
