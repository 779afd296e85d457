"""Every fault that an event has against its JSON Schema, told as the gateway tells it.

The schema's file is the contract's, copied (a test holds the two together). This reads the few words of JSON Schema
that it uses. No value is shown; a member's name only when it looks like an identifier, since it could be personal
data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from . import timestamps
from .errors import Fault

FAULTS_MAX: Final = 100
"""No more faults than this are told of one event."""

_SHOWN_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")

_Schema = dict[str, Any]


@cache
def schema() -> _Schema:
    """The event's JSON Schema."""
    text = files("gapin").joinpath("aibbar-event.schema.json").read_text("utf-8")
    loaded: _Schema = json.loads(text)
    return loaded


def faults(event: Any) -> list[Fault]:
    """Every fault, in the order of their places; none when the event is good."""
    found: dict[tuple[str, str], Fault] = {}
    for place, code, detail in _faults(schema(), event, ()):
        fault = Fault(_pointer(place), code, detail)
        found.setdefault((fault.pointer, code), fault)
        if len(found) == FAULTS_MAX:
            break
    timestamp = event.get("timestamp") if isinstance(event, dict) else None
    if isinstance(timestamp, str) and timestamps.parse_ns(timestamp) is None:
        found.setdefault(("/timestamp", "format"), Fault("/timestamp", "format", "must be a real date and time"))
    return [found[key] for key in sorted(found)]


_Found = tuple[tuple[str, ...], str, str]


def _faults(of: _Schema, value: Any, place: tuple[str, ...]) -> Iterator[_Found]:
    if "$ref" in of:
        yield from _faults(schema()["$defs"][of["$ref"].rsplit("/", 1)[1]], value, place)
    if "type" in of and not _is_of_type(of["type"], value):
        yield place, "type", f"must be of type {of['type']}"
    if "enum" in of and value not in of["enum"]:
        yield place, "enum", f"must be one of {json.dumps(of['enum'])}"
    if isinstance(value, str):
        yield from _string_faults(of, value, place)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if "minimum" in of and value < of["minimum"]:
            yield place, "minimum", f"must be at least {of['minimum']}"
        if "maximum" in of and value > of["maximum"]:
            yield place, "maximum", f"must be at most {of['maximum']}"
    elif isinstance(value, dict):
        yield from _object_faults(of, value, place)


def _string_faults(of: _Schema, value: str, place: tuple[str, ...]) -> Iterator[_Found]:
    if len(value) < of.get("minLength", 0):
        yield place, "min_length", f"must have at least {of['minLength']} characters"
    if len(value) > of.get("maxLength", len(value)):
        yield place, "max_length", f"must have at most {of['maxLength']} characters"
    if "pattern" in of and re.match(of["pattern"].removesuffix("$") + r"\Z", value, re.ASCII) is None:
        if "format" in of:
            yield place, "format", f"must be a valid {of['format']}"
        else:
            yield place, "pattern", "does not have the form that the schema names"


def _object_faults(of: _Schema, value: dict[str, Any], place: tuple[str, ...]) -> Iterator[_Found]:
    for name in of.get("required", ()):
        if name not in value:
            yield (*place, name), "required", "is missing"
    if len(value) > of.get("maxProperties", len(value)):
        yield place, "max_properties", f"must have at most {of['maxProperties']} members"
    properties = of.get("properties", {})
    others = of.get("additionalProperties", True)
    for name, inner in value.items():
        if name in properties:
            yield from _faults(properties[name], inner, (*place, name))
        elif others is False:
            shown = (*place, name) if _SHOWN_NAME.match(name) else place
            yield shown, "unknown_field", "is no field of an event"
        elif isinstance(others, dict):
            yield from _faults(others, inner, (*place, name))
    if "anyOf" in of and not any(_holds(choice, value) for choice in of["anyOf"]):
        yield place, "required", "must have `messages` or `prompt`"
    for rule in of.get("allOf", ()):
        if _holds(rule["if"], value):
            yield from _faults(rule["then"], value, place)


def _holds(of: _Schema, value: dict[str, Any]) -> bool:
    """Whether a condition holds: what it requires is there, and is what it says."""
    return all(name in value for name in of.get("required", ())) and all(
        value.get(name) == inner["const"] for name, inner in of.get("properties", {}).items()
    )


def _is_of_type(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    types: dict[str, type | tuple[type, ...]] = {
        "object": dict,
        "array": (list, tuple),
        "string": str,
        "number": (int, float),
        "boolean": bool,
    }
    return isinstance(value, types[name])


def _pointer(place: tuple[str, ...]) -> str:
    """The pointer up to the first name that is not shown."""
    pointer = ""
    for name in place:
        if _SHOWN_NAME.match(name) is None:
            break
        pointer += f"/{name}"
    return pointer
