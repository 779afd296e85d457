"""A day of two AI systems, with what an auditor is there to find in it. What was signed is written to a file, too.

    story.py COPIES.ndjson

The credit desk asks before it decides, but for once. One of its events is signed, kept in the copies and never sent.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from datetime import datetime, timezone
from typing import Any

import gapin
import httpx

Event = dict[str, Any]


class Sender:
    """Signs, writes the copy, and then sends: what was sent can be shown, whatever is hidden in the store."""

    def __init__(self, client: gapin.Client, copies: Any, name: str, owner: str, ai_version: str) -> None:
        self.ai_id = register(name, owner)
        self._client, self._copies, self._ai_version = client, copies, ai_version
        self._sequence = 0

    def send(self, event_type: str, user: str, session: str, *, is_lost: bool = False, **what: Any) -> None:
        event: Event = {
            "event_type": event_type,
            "ai_id": self.ai_id,
            "ai_version": self._ai_version,
            "timestamp": datetime.now(timezone.utc).isoformat(),
            "sequence": self._sequence,
            "key_id": os.environ["GAPIN_SIGNING_KEY_ID"],
            "metadata": {"user_id": user, "session_id": session},
            **what,
        }
        self._sequence += 1
        signed = gapin.sign(event, os.environ["GAPIN_SIGNING_SECRET"])
        self._copies.write(json.dumps(signed) + "\n")
        if not is_lost:
            self._client.record(signed)


def register(name: str, owner: str) -> str:
    """Tells GAPIN of the AI system, its name and who answers for it; once: it has the same id in each run."""
    ai_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/{name}"))
    answer = httpx.post(
        f"{os.environ.get('GAPIN_URL', 'http://127.0.0.1:8080')}/api/v1/ai-systems",
        headers={"Authorization": f"Bearer {os.environ['GAPIN_API_KEY']}"},
        json={"ai_id": ai_id, "name": name, "owner": owner},
    )
    if answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()
    return ai_id


def decision(chosen: str, confidence: float) -> Event:
    return {
        "type": "credit",
        "logic": "income covers four rates",
        "options": ["grant", "refuse"],
        "chosen": chosen,
        "confidence": confidence,
    }


def credit_desk(desk: Sender) -> None:
    for number, (chosen, confidence) in enumerate([("grant", 0.91), ("refuse", 0.84), ("grant", 0.55)]):
        customer, session = f"customer-{number}", f"credit-{uuid.uuid4()}"
        mail = f"customer{number}@example.com"
        desk.send("ai.query", customer, session, query={"prompt": f"A credit of 900 euros, please. Write to {mail}."})
        action = {"function": "income", "input": {"customer": customer}, "latency_ms": 3.5, "model": "rules-7"}
        desk.send("ai.action", customer, session, action={**action, "output": 2100 + number})
        desk.send("ai.decision", customer, session, decision=decision(chosen, confidence), is_lost=number == 1)
        desk.send("ai.response", customer, session, response={"output": f"Your request: {chosen}."})
    # Nobody asked for this one.
    desk.send("ai.decision", "customer-9", f"credit-{uuid.uuid4()}", decision=decision("grant", 0.5))


def translator(desk: Sender) -> None:
    session = f"letters-{uuid.uuid4()}"
    for number in range(4):
        desk.send("ai.query", "clerk-2", session, query={"prompt": f"Translate letter {number}."})
        if number == 3:
            error = {"code": "timeout", "message": "no answer", "recoverable": True}
            desk.send("ai.error", "clerk-2", session, error=error)
        else:
            desk.send("ai.response", "clerk-2", session, response={"output": f"Letter {number}."})


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: story.py COPIES.ndjson", file=sys.stderr)
        return 2
    needed = ("GAPIN_API_KEY", "GAPIN_SIGNING_SECRET", "GAPIN_SIGNING_KEY_ID")
    missing = [name for name in needed if name not in os.environ]
    if missing:
        print(f"{missing[0]} is missing: set -a; source .gapin/dev.env; set +a", file=sys.stderr)
        return 2
    with gapin.Client() as client, open(sys.argv[1], "w", encoding="utf-8") as copies:
        credit_desk(Sender(client, copies, "credit desk", "lending", "credit-desk-7"))
        translator(Sender(client, copies, "translator", "the office", "translator-2"))
    print(f"recorded; what was signed is in {sys.argv[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
