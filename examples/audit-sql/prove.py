"""Verifies signatures again, outside of GAPIN: records come in from SQL, the signing secret from the environment.

    sqlite3 -readonly .gapin/store.sqlite < sqlite/records.sql | prove.py [COPIES.ndjson]

What is stored as it was sent verifies by itself. Where something was hidden, the sender's copy does: it carries the
same signature, is good under the secret, and differs only where the record says something was hidden.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import gapin


def main() -> int:
    key_id, secret = os.environ.get("GAPIN_SIGNING_KEY_ID"), os.environ.get("GAPIN_SIGNING_SECRET")
    if not key_id or not secret or len(sys.argv) > 2:
        print("usage: prove.py [COPIES.ndjson] < RECORDS", file=sys.stderr)
        print("with the signing key's settings: set -a; source .gapin/dev.env; set +a", file=sys.stderr)
        return 2
    copies = read_copies(sys.argv[1]) if len(sys.argv) == 2 else {}
    verdicts: Counter[str] = Counter()
    for line in sys.stdin:
        stored = json.loads(line)
        if stored["record"]["key_id"] != key_id:
            verdict = "signed with another key"
        else:
            verdict = judge(stored, copies.pop(stored["event"]["signature"], None), secret)
        verdicts[verdict] += 1
        if verdict in WRONG:
            print(stored["record"]["event_id"], verdict)
    for copy in copies.values():
        verdicts[NOT_STORED] += 1
        print(copy["ai_id"], "sequence", copy.get("sequence"), NOT_STORED)
    for verdict, count in sorted(verdicts.items()):
        print(f"{count:6} {verdict}")
    return 1 if any(verdicts[each] for each in WRONG) else 0


def read_copies(path: str) -> dict[str, Any]:
    """By signature, which is of the event alone, whatever its id is."""
    with open(path, encoding="utf-8") as lines:
        return {event["signature"]: event for event in map(json.loads, lines)}


CHANGED = "CHANGED: the signature is not of what is stored"
OTHER = "CHANGED: the sender's copy says something else"
NOT_STORED = "MISSING: the sender has a copy, the store has nothing"
WRONG = (CHANGED, OTHER, NOT_STORED)


def judge(stored: dict[str, Any], copy: dict[str, Any] | None, secret: str) -> str:
    event, hidden = stored["event"], [each["pointer"] for each in stored["record"]["redactions"]]
    if not hidden:
        return "proven: as it was signed" if gapin.verify(event, secret) else CHANGED
    if copy is None:
        return "something is hidden: only its sender's copy can prove it"
    if not gapin.verify(copy, secret):
        return OTHER
    for place, is_explained in differences(copy, event):
        is_told = any(place == each or place.startswith(each + "/") for each in hidden)
        if not is_told or not is_explained:
            return OTHER
    return "proven by the sender's copy: only what is said to be hidden differs"


def differences(sent: Any, stored: Any, place: str = "") -> Iterator[tuple[str, bool]]:
    """Where the two differ, as JSON Pointers, and whether by a stand-in. A hidden name is only in `stored`."""
    if isinstance(sent, dict) and isinstance(stored, dict) and len(sent) == len(stored):
        for name in stored:
            at = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in sent:
                yield from differences(sent[name], stored[name], at)
            else:
                yield at, True
    elif isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored):
        for index, (one, other) in enumerate(zip(sent, stored, strict=True)):
            yield from differences(one, other, f"{place}/{index}")
    elif sent != stored:
        yield place, isinstance(stored, str) and stands_for(stored, sent)


STAND_IN = re.compile(r"\[REDACTED:[a-z0-9_:]+\]|\[[A-Z_]+:[a-z0-9_:]+\]")


def stands_for(stored: str, sent: Any) -> bool:
    """Whether the one is the other with stand-ins: what is left between them was sent, in this order."""
    text = sent if isinstance(sent, str) else json.dumps(sent)
    left = [re.escape(part) for part in STAND_IN.split(stored)]
    return len(left) > 1 and re.fullmatch(".+".join(left), text, re.DOTALL) is not None


if __name__ == "__main__":
    sys.exit(main())
