"""What is recorded comes to the gateway."""

from __future__ import annotations

import pytest
from conftest import Stored

import gapin

DECISION = {"type": "refund", "logic": "within 30 days", "options": ["refund"], "chosen": "refund", "confidence": 0.97}


@pytest.mark.feature("record.acknowledged")
def test_record_waits_for_the_acknowledgement(client: gapin.Client, stored: Stored) -> None:
    accepted = client.record({"event_type": "ai.decision", "decision": DECISION})
    assert accepted["status"] == "accepted"
    (event,) = stored(1)
    assert event["event_id"] == accepted["event_id"]
    assert event["decision"] == DECISION


@pytest.mark.feature("record.kinds")
def test_each_kind_is_stored_as_it_was_meant(recorder: gapin.Recorder, stored: Stored) -> None:
    recorder.action("search", {"q": "x"}, ["y"], latency_ms=12.5, model="m", tokens_used=7)
    recorder.decision("refund", "within 30 days", ["refund", "refuse"], chosen="refund", confidence=0.5)
    recorder.error("timeout", "it took too long", recoverable=True)
    recorder.query("why?", model="m", parameters={"temperature": 0.1})
    recorder.response("because", finish_reason="stop", usage={"input_tokens": 1, "output_tokens": 2})
    assert recorder.flush(60_000)
    action, decision, error, query, response = stored(5)
    assert action["action"] == {
        "function": "search", "input": {"q": "x"}, "output": ["y"], "latency_ms": 12.5, "model": "m", "tokens_used": 7,
    }  # fmt: skip
    assert decision["decision"]["options"] == ["refund", "refuse"]
    assert error["error"] == {"code": "timeout", "message": "it took too long", "recoverable": True}
    assert query["query"] == {"prompt": "why?", "model": "m", "parameters": {"temperature": 0.1}}
    assert response["response"]["usage"] == {"input_tokens": 1, "output_tokens": 2}
    assert recorder.stats().accepted == 5
