"""The contract's vectors, all of them."""

from __future__ import annotations

import base64
import json
import math
import struct
from pathlib import Path
from random import Random
from typing import Any

import pytest
from random_values import anything

import gapin
from gapin import canonical, strict, timestamps
from gapin import event as events
from gapin.canonical import double_text
from gapin.event import check, check_time, event_id_of

CONTRACT = Path(__file__).parents[2] / "contract"


def vectors(name: str) -> list[Any]:
    lines = (CONTRACT / "vectors" / f"{name}.jsonl").read_bytes().splitlines()
    assert len(lines) > 5
    return [pytest.param(vector, id=vector["name"]) for vector in map(json.loads, lines)]


def bytes_of(vector: dict[str, Any]) -> bytes:
    if "base64" in vector:
        return base64.b64decode(vector["base64"])
    if "padded" in vector:
        padded = vector["padded"]
        return str(padded["before"] + padded["pad"] * padded["times"] + padded["after"]).encode()
    return str(vector["json"]).encode()


def take(vector: dict[str, Any]) -> dict[str, Any]:
    """What a gateway does with it."""
    event = check(bytes_of(vector))
    now_ns = timestamps.parse_ns(vector["now"])
    assert now_ns is not None
    check_time(event, now_ns // 1_000_000)
    if not gapin.verify(event, vector["secret"]):
        raise gapin.InvalidEventError("invalid_signature", "it does not verify")
    return event


@pytest.fixture(params=["orjson", "json"])
def encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the library that is faster, and without."""
    assert canonical.native is not None
    if request.param == "json":
        monkeypatch.setattr(canonical, "native", None)
    return str(request.param)


@pytest.mark.usefixtures("encoder")
@pytest.mark.feature("verify.canonical")
@pytest.mark.parametrize("vector", vectors("canonical"))
def test_canonical(vector: dict[str, Any]) -> None:
    assert gapin.canonicalize(strict.parse(vector["json"])) == vector["canonical"].encode()


@pytest.mark.usefixtures("encoder")
@pytest.mark.feature("verify.signatures")
@pytest.mark.parametrize("vector", vectors("signatures"))
def test_signatures(vector: dict[str, Any]) -> None:
    event = strict.parse(vector["json"])
    assert events.signature_of(event, vector["secret"]) == vector["signature"]
    event["signature"] = vector["signature"]
    assert gapin.verify(event, vector["secret"])
    assert not gapin.verify(event, vector["secret"] + "x")
    event.pop("signature")
    assert gapin.canonicalize(event) == vector["canonical"].encode()


@pytest.mark.feature("verify.valid")
@pytest.mark.parametrize("vector", vectors("events-valid"))
def test_valid_events_are_taken(vector: dict[str, Any]) -> None:
    assert event_id_of(take(vector)) == vector["event_id"]


@pytest.mark.feature("verify.invalid")
@pytest.mark.parametrize("vector", vectors("events-invalid"))
def test_invalid_events_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(gapin.InvalidEventError) as refused:
        take(vector)
    assert refused.value.code == vector["code"]
    told = sorted((fault.pointer, fault.code) for fault in refused.value.errors)
    assert told == sorted((fault["pointer"], fault["code"]) for fault in vector["faults"])


@pytest.mark.feature("verify.identity")
@pytest.mark.parametrize("vector", vectors("identity"))
def test_identity(vector: dict[str, Any]) -> None:
    assert event_id_of({"timestamp": vector["timestamp"], "signature": vector["signature"]}) == vector["event_id"]


def test_the_schema_is_the_contracts() -> None:
    copy = Path(gapin.__file__).parent / "aibbar-event.schema.json"
    assert copy.read_bytes() == (CONTRACT / "aibbar-event.schema.json").read_bytes()


def test_a_doubles_text_reads_back_as_the_same_double() -> None:
    chance = Random(7)
    for _ in range(50_000):
        (number,) = struct.unpack("<d", chance.randbytes(8))
        if math.isfinite(number):
            assert float(double_text(number)) == number
            assert gapin.canonicalize({"n": number}).decode() == f'{{"n":{double_text(number)}}}'


def test_both_encoders_write_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(11)
    values = [anything(chance) for _ in range(3_000)]
    values += [[chance.uniform(-1, 1) * 10.0 ** chance.randrange(-6, 18) for _ in range(100)] for _ in range(1_000)]
    values += [[chance.randrange(2**54) / 2 ** chance.randrange(60) for _ in range(100)] for _ in range(1_000)]
    values += [chr(code) for code in range(0x3000) if code]
    fast = [gapin.canonicalize(value) for value in values]
    monkeypatch.setattr(canonical, "native", None)
    assert [gapin.canonicalize(value) for value in values] == fast
    assert [canonical._text_of(value).encode() for value in values] == fast
    for both in (canonical._find_native(), None):
        monkeypatch.setattr(canonical, "native", both)
        with pytest.raises(gapin.InvalidEventError, match="surrogate"):
            gapin.canonicalize(["\ud800"])
