"""Publishes CloudEvents with their own SDK, in all three modes, and reads them back with its Kafka binding.

What GAPIN keeps is what the SDK would have sent to Kafka itself: the same attributes, the same data, the same key.
"""

import json
import os
from datetime import datetime, timezone

import requests
from cloudevents.core.bindings import http, kafka
from cloudevents.core.v1.event import CloudEvent

URL = os.environ["GAPIN_URL"]
TOPIC = "events"


def event(number):
    return CloudEvent(
        {
            "id": f"e-{number}",
            "source": "/shop/tokyo",
            "type": "com.example.order.paid",
            "subject": "Bücher & 100% more",
            "time": datetime(2026, 3, 1, 9, 30, number, tzinfo=timezone.utc),
            "datacontenttype": "application/json",
            "partitionkey": f"order-{number % 2}",
            "rank": str(number),
        },
        {"number": number, "items": ["book", None, True]},
    )


def publish(message):
    answer = requests.post(
        f"{URL}/events/publish?topic={TOPIC}",
        data=message.body,
        headers=message.headers | {"Authorization": f"Bearer {os.environ['GAPIN_API_KEY']}"},
        timeout=60,
    )
    assert answer.status_code == 202, (answer.status_code, answer.text)


def batched(events):
    parts = [http.to_structured_event(event).body for event in events]
    return http.HTTPMessage({"content-type": "application/cloudevents-batch+json"}, b"[" + b",".join(parts) + b"]")


def read():
    answer = requests.get(
        f"{URL}/events/read?topic={TOPIC}&limit=100",
        headers={"Authorization": f"Bearer {os.environ['GAPIN_API_KEY']}"},
        timeout=60,
    )
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return answer.json()["items"]


def from_kafka(item):
    headers = {name: value.encode() for name, value in item["headers"].items()}
    return kafka.from_binary_event(kafka.KafkaMessage(headers, item["key"], json.dumps(item["message"]).encode()))


sent = [event(number) for number in range(6)]
for one in sent[:2]:
    publish(http.to_binary_event(one))
for one in sent[2:4]:
    publish(http.to_structured_event(one))
publish(batched(sent[4:]))

came = {one.get_id(): one for one in map(from_kafka, read())}
assert len(came) == len(sent), sorted(came)
for one in sent:
    other = came[one.get_id()]
    assert other.get_attributes() == one.get_attributes(), (other.get_attributes(), one.get_attributes())
    assert other.get_data() == one.get_data(), (other.get_data(), one.get_data())
print(f"{len(came)} events came back as they were sent")
