"""For the cross test of the SDKs: `cross.py sign COUNT SEED SECRET` writes signed events, one on each line;
`cross.py verify SECRET` reads such lines and writes, as JSON, how many there were and which do not verify."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from random_values import anything, hard, text  # noqa: E402

import gapin  # noqa: E402
from gapin import ids  # noqa: E402
from gapin.canonical import to_wire  # noqa: E402

AI_ID = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"
AT_NS = 1_772_357_400 * 10**9


def sign(count: int, seed: int, secret: str) -> None:
    chance = Random(seed)
    for number in range(count):
        event: dict[str, Any] = {
            "event_type": "ai.action", "ai_id": AI_ID, "ai_version": "cross-1", "timestamp": "2026-03-01T09:30:00Z",
            "event_id": ids.new(AT_NS), "sequence": number, "metadata": {},
            "action": {"function": text(chance), "input": anything(chance), "output": hard(chance), "latency_ms": 1,
                       "model": "m"},
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
