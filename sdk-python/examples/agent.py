"""A small agent whose every step is recorded: its tools by a decorator, its choice by a line."""

from __future__ import annotations

import uuid

import gapin

ORDERS = {"7": {"days": 12, "price": 30.0}, "8": {"days": 45, "price": 80.0}}

recorder = gapin.Recorder(ai_version="refund-agent-1")


@recorder.wrap(name="look_up_order")
def look_up_order(order: str) -> dict[str, float]:
    return ORDERS[order]


def decide(order: str) -> str:
    with gapin.context(session_id=f"order-{order}", request_id=str(uuid.uuid4())):
        recorder.query(f"Refund order {order}, please.")
        try:
            found = look_up_order(order)
        except KeyError:
            chosen = "ask"
        else:
            chosen = "refund" if found["days"] <= 30 else "refuse"
        recorder.decision("refund", "within 30 days", ["refund", "refuse", "ask"], chosen=chosen, confidence=0.9)
        recorder.response(f"Order {order}: {chosen}", finish_reason="stop")
        return chosen


if __name__ == "__main__":
    for each in ("7", "8", "9"):
        print(each, decide(each))
    assert recorder.flush(30_000)
    print(recorder.stats().accepted, "events are kept")
