"""The film's AI system: a travel agent. What it says is written here, no model is called; what it records is real.

usage: agent.py RUNS FOLDER. Each event is sent until it is acknowledged. FOLDER/sent.ndjson is the agent's own copy
of what it signed, FOLDER/acknowledged.txt the ids that the gateway has acknowledged.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

import gapin

TRIPS = [
    ("Lisbon", "a quiet hotel for three nights", ["Casa do Largo", "Hotel Alfama", "Rossio Rooms"]),
    ("Vienna", "two nights near the opera", ["Am Ring", "Zur Linde", "Hotel Schubert"]),
    ("Oslo", "a room with a desk for a week", ["Fjordgata", "Hotel Nansen", "Akers Rooms"]),
]
PAUSE_SECONDS = float(os.environ.get("AGENT_PAUSE_SECONDS", "0.12"))


def part_of(number: int) -> list[tuple[str, dict[str, Any]]]:
    """What happens in one run, in order."""
    city, wish, hotels = TRIPS[number % len(TRIPS)]
    return [
        (
            "ai.query",
            {"query": {"prompt": f"Find {wish} in {city}, and tell ann.meyer@example.com.", "model": "gpt-4o"}},
        ),
        (
            "ai.action",
            {
                "action": {
                    "function": "search_offers",
                    "input": {"city": city, "card": "4111 1111 1111 1111"},
                    "output": {"found": len(hotels), "best": hotels[0]},
                    "latency_ms": 640 + 17 * (number % 20),
                    "model": "gpt-4o",
                }
            },
        ),
        (
            "ai.decision",
            {
                "decision": {
                    "type": "book",
                    "logic": "The nearest of the quiet ones within the limit, free to cancel until the evening before.",
                    "options": hotels,
                    "chosen": hotels[0],
                    "confidence": 0.8 + (number % 9) / 50,
                }
            },
        ),
        (
            "ai.response",
            {
                "response": {
                    "output": f"{hotels[0]} in {city} is booked, free to cancel until the evening before.",
                    "model": "gpt-4o",
                    "usage": {"input_tokens": 1180 + number, "output_tokens": 96},
                    "latency_ms": 1240 + 11 * (number % 30),
                }
            },
        ),
    ]


def until_acknowledged(client: gapin.Client, event: dict[str, Any]) -> str:
    """Sends the same bytes again and again: the gateway stores one event once."""
    is_told = False
    while True:
        try:
            return client.record(event)["event_id"]
        except (gapin.TransportError, gapin.ServerError):
            if not is_told:
                print("   no answer, so not kept: sending it again until there is one", flush=True)
                is_told = True
            time.sleep(0.25)


def run(client: gapin.Client, number: int, sequence: int, sent: TextIO, acknowledged: TextIO) -> None:
    """One customer, from the question to the answer."""
    session = f"trip-{101 + number}"
    for offset, (event_type, part) in enumerate(part_of(number)):
        event = {
            "event_id": str(uuid.UUID(int=uuid7())),
            "event_type": event_type,
            "ai_id": os.environ["GAPIN_AI_ID"],
            "ai_version": "2026.11",
            "key_id": os.environ["GAPIN_SIGNING_KEY_ID"],
            "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "sequence": sequence + offset,
            "metadata": {"session_id": session, "user_id": f"customer-{number % 40 + 1}"},
            **part,
        }
        signed = gapin.sign(event, os.environ["GAPIN_SIGNING_SECRET"])
        sent.write(json.dumps(signed) + "\n")
        sent.flush()
        acknowledged.write(until_acknowledged(client, signed) + "\n")
        acknowledged.flush()
        time.sleep(PAUSE_SECONDS)
    print(f"{session}  {TRIPS[number % len(TRIPS)][0]:<7} 4 events acknowledged", flush=True)


def uuid7() -> int:
    """A UUIDv7 of now."""
    random = int.from_bytes(os.urandom(10), "big")
    return (
        (time.time_ns() // 1_000_000) << 80
        | 0x7 << 76
        | (random >> 68 & 0xFFF) << 64
        | 0b10 << 62
        | random & ((1 << 62) - 1)
    )


def main() -> None:
    """As many runs as are asked for, one after another."""
    runs, folder = int(sys.argv[1]), Path(sys.argv[2])
    begun = len((folder / "sent.ndjson").read_text().splitlines()) if (folder / "sent.ndjson").exists() else 0
    with (
        gapin.Client() as client,
        (folder / "sent.ndjson").open("a") as sent,
        (folder / "acknowledged.txt").open("a") as acknowledged,
    ):
        for number in range(begun // 4, begun // 4 + runs):
            run(client, number, number * 4, sent, acknowledged)


if __name__ == "__main__":
    main()
