"""Code that uses the package, for the type checkers alone: they find nothing here, and what should be an error is
one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import gapin
from gapin.types import Accepted, Record


def sync_use(client: gapin.Client) -> Accepted:
    accepted: Accepted = client.record({"event_type": "ai.query", "query": {"prompt": "?"}})
    records: list[Record] = list(client.events.list(event_type="ai.query", limit=10))
    names: list[str] = [topic["name"] for topic in client.topics.list()]
    print(records[0]["event"].get("decision"), names)
    for live in client.stream(event_type="ai.error"):
        text: str = live.cursor
        print(text)
    for order in client.stream(topic=["orders"], cursor="earliest"):
        place: int = order.offset
        print(place, order.message)
    client.stream(topic="orders", ai_id="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    return accepted


async def async_use(client: gapin.AsyncClient) -> list[Record]:
    await client.record({"event_type": "ai.query", "query": {"prompt": "?"}})
    async for live in client.stream(q="refund"):
        print(live.event["event_type"])
    async for order in client.stream(topic="orders"):
        key: str | None = order.key
        print(key)
    return [record async for record in client.events.list()]


recorder = gapin.Recorder(when_full="block", batch_events_max=100)


@recorder.wrap
def search(query: str, limit: int = 3) -> list[str]:
    return [query] * limit


@recorder.wrap(name="answer")
async def answer(query: str) -> str:
    return query


@recorder.wrap
def numbers(count: int) -> Iterator[int]:
    yield from range(count)


@recorder.wrap
async def words(text: str) -> AsyncIterator[str]:
    for word in text.split():
        yield word


async def wrapped_keep_their_types() -> None:
    found: list[str] = search("x", limit=1)
    said: str = await answer("x")
    first: int = next(numbers(3))
    search(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    recorder.decision("refund", confidence="high")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    gapin.Recorder(when_full="explode")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    gapin.Recorder(queue_size=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    print(found, said, first, [word async for word in words("a b")])
