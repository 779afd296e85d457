"""For the cross test of the SDKs: `cross.py sign COUNT SEED SECRET` writes signed events, one on each line;
`cross.py verify SECRET` reads such lines and writes, as JSON, how many there were and which do not verify."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from random_values import anything, hard, nested, text  # noqa: E402

import gapin  # noqa: E402
from gapin import ids, timestamps  # noqa: E402
from gapin.canonical import to_wire  # noqa: E402

AI_ID = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"
LEVELS_MAX = 62
"""With the event itself and its action that is as deep as an event may be."""


def sign(count: int, seed: int, secret: str) -> None:
    chance = Random(seed)
    at_ns = time.time_ns()
    for number in range(count):
        deep = number % 10 == 0
        event: dict[str, Any] = {
            "event_type": "ai.action", "ai_id": AI_ID, "ai_version": "cross-1", "timestamp": timestamps.text_of(at_ns),
            "event_id": ids.new(at_ns), "sequence": number, "metadata": {},
            "action": {"function": text(chance), "input": nested(chance, LEVELS_MAX) if deep else anything(chance),
                       "output": hard(chance), "latency_ms": 1, "model": "m"},
        }  # fmt: skip
        sys.stdout.buffer.write(to_wire(gapin.sign(event, secret)) + b"\n")


def verify(secret: str) -> None:
    lines = sys.stdin.buffer.read().splitlines()
    bad = [number for number, line in enumerate(lines) if not gapin.verify(line, secret)]
    print(json.dumps({"events": len(lines), "bad": bad}))


if __name__ == "__main__":
    if sys.argv[1] == "sign":
        sign(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        verify(sys.argv[2])
