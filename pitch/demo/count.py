"""Holds what the gateway acknowledged against what the store has. Ends with 1 when one is missing or twice there.

usage: count.py FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import gapin

WAIT_MAX_SECONDS = 30


def main() -> None:
    """Waits for the consumer to be where the log ends, then counts."""
    acknowledged = Path(sys.argv[1], "acknowledged.txt").read_text().split()
    until = time.monotonic() + WAIT_MAX_SECONDS
    while True:
        with gapin.Client() as client:
            stored = [
                each["record"]["event_id"] for each in client.events.list(ai_id=os.environ["GAPIN_AI_ID"], limit=500)
            ]
        missing = set(acknowledged) - set(stored)
        if not missing or time.monotonic() > until:
            break
        time.sleep(0.5)
    print(f"acknowledged          {len(acknowledged):>6}")
    print(f"of these in the store {len(set(acknowledged) & set(stored)):>6}")
    print(f"stored twice          {len(stored) - len(set(stored)):>6}")
    print(f"lost                  {len(missing):>6}")
    sys.exit(1 if missing or len(stored) != len(set(stored)) else 0)


if __name__ == "__main__":
    main()
