"""Records an event, follows the live stream to it, reads it back and verifies its signature."""

from __future__ import annotations

import os
import uuid

import gapin

with gapin.Client(ai_id=str(uuid.uuid4()), ai_version="example-1") as client:
    accepted = client.record({"event_type": "ai.query", "query": {"prompt": "Who said so?"}})
    with client.stream(cursor="earliest") as stream:
        live = next(each for each in stream if each.record["event_id"] == accepted["event_id"])
    print("seen live:", live.event.get("query"))
    assert gapin.verify(live.event, os.environ["GAPIN_SIGNING_SECRET"])
    changed = {**live.event, "query": {"prompt": "Nobody said so."}}
    assert not gapin.verify(changed, os.environ["GAPIN_SIGNING_SECRET"])
    print("its signature is good, and that of a changed one is not")
