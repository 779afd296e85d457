"""What is read back, and what is managed."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from conftest import Stored, settings_of, stored_of
from gateway import Gateway, eventually

import gapin


@pytest.mark.feature("read.list")
def test_lists_page_by_themselves(recorder: gapin.Recorder, client: gapin.Client, stored: Stored, ai_id: str) -> None:
    for number in range(25):
        recorder.query(str(number), metadata={"session_id": "even" if number % 2 == 0 else "odd"})
    assert recorder.flush(60_000)
    stored(25)
    listed = client.events.list(ai_id=ai_id, limit=10)
    prompts = [record["event"]["query"].get("prompt") for record in listed]
    assert prompts == [str(number) for number in reversed(range(25))]
    assert sum(len(page) for page in listed.pages()) == 25
    assert max(len(page) for page in listed.pages()) <= 10
    assert len(list(client.events.list(ai_id=ai_id, session_id="even"))) == 13
    future = datetime.now(timezone.utc) + timedelta(minutes=2)
    assert list(client.events.list(ai_id=ai_id, from_=future)) == []
    assert len(list(client.events.list(ai_id=ai_id, to=future, event_type="ai.query"))) == 25
    with pytest.raises(gapin.ConfigurationError, match="offset"):
        client.events.list(from_=datetime(2026, 1, 1))


@pytest.mark.feature("read.list")
@pytest.mark.feature("record.acknowledged")
def test_the_async_client_does_the_same(gateway: Gateway, ai_id: str) -> None:
    async def run() -> None:
        async with gapin.AsyncClient(**settings_of(gateway, ai_id=ai_id)) as client:
            accepted = [
                await client.record({"event_type": "ai.query", "query": {"prompt": str(number)}}) for number in range(5)
            ]
            with gapin.Client(**settings_of(gateway)) as other:
                await asyncio.to_thread(stored_of, other, ai_id, 5)
            listed = [record async for record in client.events.list(ai_id=ai_id, limit=2)]
            assert [record["record"]["event_id"] for record in reversed(listed)] == [
                each["event_id"] for each in accepted
            ]
            one = await client.events.get(accepted[0]["event_id"])
            assert one["event"]["query"] == {"prompt": "0"}
            name = f"t-{uuid.uuid4().hex}"
            assert (await client.topics.create(name, partitions=1))["partitions"] == 1
            assert (await client.publish(name, {"n": 1}))["status"] == "accepted"
            assert name in [topic["name"] async for topic in client.topics.list(limit=1)]
            await client.topics.delete(name)
            made = await client.keys.create("async", ["events:read"])
            await client.keys.revoke(made["id"])
            with pytest.raises(gapin.NotFoundError):
                await client.topics.get(name)

    asyncio.run(run())


@pytest.mark.feature("read.get")
def test_one_event_is_read(client: gapin.Client) -> None:
    accepted = client.record({"event_type": "ai.query", "query": {"prompt": "call 555 or write to a@example.com"}})

    def ask() -> Any:
        try:
            return client.events.get(accepted["event_id"])
        except gapin.NotFoundError:
            return None

    record = eventually("it is stored", ask)
    assert record["event"]["query"]["prompt"] == "call 555 or write to [REDACTED:email]"
    assert record["record"]["redactions"] == [{"pointer": "/query/prompt", "kind": "email"}]
    with pytest.raises(gapin.NotFoundError) as missing:
        client.events.get(str(uuid.uuid4()))
    assert (missing.value.code, missing.value.status, missing.value.retryable) == ("not_found", 404, False)


@pytest.mark.feature("read.topics")
def test_topics(client: gapin.Client) -> None:
    name = f"orders-{uuid.uuid4().hex}"
    made = client.topics.create(name, partitions=2, retention_days=14, schema={"type": "object"})
    assert (made["name"], made["partitions"], made["retention_days"]) == (name, 2, 14)
    assert name in [topic["name"] for topic in client.topics.list(limit=1)]
    assert client.topics.update(name, retention_days=7)["retention_days"] == 7
    assert client.topics.get(name)["schema"] == {"type": "object"}
    with pytest.raises(gapin.ConflictError):
        client.topics.create(name)
    client.topics.delete(name)
    with pytest.raises(gapin.NotFoundError):
        client.topics.get(name)


@pytest.mark.feature("read.publish")
def test_publish(client: gapin.Client) -> None:
    name = f"orders-{uuid.uuid4().hex}"
    client.topics.create(name, partitions=1)
    first = client.publish(name, {"id": 7}, key="order-7", headers={"trace": "9f"}, idempotency_key=f"{name}-1")
    again = client.publish(name, {"id": 7}, key="order-7", headers={"trace": "9f"}, idempotency_key=f"{name}-1")
    assert first["message_id"] == again["message_id"]
    several = client.publish_all(name, [{"message": 1}, {"message": 2, "key": "k"}])
    assert (several["accepted"], several["rejected"]) == (2, 0)
    eventually("three are there", lambda: client.topics.get(name).get("statistics", {}).get("messages") == 3)
    with pytest.raises(gapin.ConflictError) as reused:
        client.publish(name, {"id": 8}, idempotency_key=f"{name}-1")
    assert reused.value.code == "idempotency_key_reused"
    client.topics.delete(name)


@pytest.mark.feature("read.keys")
def test_keys(client: gapin.Client, gateway: Gateway) -> None:
    made = client.keys.create("ci", ["events:read"], requests_per_minute=900)
    with gapin.Client(**settings_of(gateway, api_key=made["key"])) as reader:
        next(reader.events.list(limit=1).pages())
        with pytest.raises(gapin.PermissionDeniedError) as refused:
            reader.record({"event_type": "ai.query", "query": {"prompt": "?"}})
        assert refused.value.code == "missing_scope"
    assert "key" not in client.keys.get(made["id"])
    assert client.keys.update(made["id"], name="ci-2")["name"] == "ci-2"
    rotated = client.keys.rotate(made["id"], overlap_seconds=60)
    assert rotated["key"] != made["key"]
    assert "ci-2" in [key["name"] for key in client.keys.list(limit=2)]
    client.keys.revoke(made["id"])

    def is_refused() -> bool:
        with gapin.Client(**settings_of(gateway, api_key=rotated["key"])) as reader:
            try:
                next(reader.events.list(limit=1).pages())
            except gapin.AuthenticationError:
                return True
            return False

    eventually("the key is refused", is_refused)
