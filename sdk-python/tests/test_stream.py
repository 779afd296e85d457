"""The live stream."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import settings_of
from faulty import Answer, Exchange, FaultyGateway
from gateway import Gateway
from relay import Relay

import gapin
from gapin._answer import retry_after_s
from gapin.stream import FRAME_BYTES_MAX, RETRY_WAIT_MAX_S, RETRY_WAIT_MIN_S, Course, Frames, Gap


@pytest.fixture
def relay(gateway: Gateway) -> Iterator[Relay]:
    made = Relay(gateway.port)
    yield made
    made.stop()


def ask(client: gapin.Client, *prompts: str) -> None:
    for prompt in prompts:
        client.record({"event_type": "ai.query", "query": {"prompt": prompt}})


def take(stream: Iterator[gapin.LiveEvent], count: int) -> list[str]:
    return [next(stream).event["query"]["prompt"] for _ in range(count)]


def event_frame(cursor: str) -> str:
    return json.dumps({"cursor": cursor, "event": {"signature": "s"}, "record": {"event_id": "e"}})


@pytest.mark.feature("stream.live")
def test_events_come_as_they_are_acknowledged(client: gapin.Client, ai_id: str) -> None:
    ask(client, "before")
    with client.stream(ai_id=ai_id, cursor="earliest") as stream:
        assert take(stream, 1) == ["before"]
        ask(client, "one", "two")  # the stream is open
        assert take(stream, 2) == ["one", "two"]
        ask(client, "three")
        live = next(stream)
    assert live.event["ai_id"] == ai_id
    assert live.record["event_id"] == live.event["event_id"]
    with client.stream(ai_id=ai_id, cursor=live.cursor) as later:
        ask(client, "four")
        assert take(later, 1) == ["four"]


@pytest.mark.feature("stream.live")
def test_events_come_to_asyncio_too(gateway: Gateway, ai_id: str) -> None:
    async def follow() -> list[str]:
        async with gapin.AsyncClient(**settings_of(gateway, ai_id=ai_id)) as client:
            for prompt in ("one", "two"):
                await client.record({"event_type": "ai.query", "query": {"prompt": prompt}})
            prompts: list[str] = []
            async with client.stream(ai_id=ai_id, cursor="earliest") as stream:
                async for live in stream:
                    prompts.append(live.event["query"]["prompt"])
                    if prompts == ["one", "two"]:
                        await client.record({"event_type": "ai.query", "query": {"prompt": "three"}})
                    if len(prompts) == 3:
                        return prompts
            return prompts

    assert asyncio.run(asyncio.wait_for(follow(), 60)) == ["one", "two", "three"]


@pytest.mark.feature("stream.filters")
def test_only_what_matches_comes(client: gapin.Client, ai_id: str) -> None:
    session = str(uuid.uuid4())
    ask(client, "outside")
    with gapin.context(session_id=session):
        ask(client, "first inside", "second inside")
    with client.stream(ai_id=ai_id, session_id=session, q="second", cursor="earliest") as stream:
        assert take(stream, 1) == ["second inside"]
    with (
        pytest.raises(gapin.InvalidRequestError) as refused,
        client.stream(where="/event/event_type=nothing") as stream,
    ):
        next(stream)
    assert refused.value.code == "invalid_parameter"
    with pytest.raises(gapin.ConfigurationError):
        client.stream(**{"sesion_id": "x"})


@pytest.mark.feature("stream.topics")
def test_messages_of_topics_come(client: gapin.Client, gateway: Gateway) -> None:
    name = f"orders-{uuid.uuid4().hex}"
    client.topics.create(name, partitions=1)
    client.publish(name, {"id": 1}, key="order-1", headers={"trace": "9f"})
    client.publish_all(name, [{"message": {"id": 2}}, {"message": {"id": 3}}])
    with client.stream(topic=name, cursor="earliest") as stream:
        first, *others = [next(stream) for _ in range(3)]
    assert (first.message, first.topic, first.key, first.headers) == ({"id": 1}, name, "order-1", {"trace": "9f"})
    assert [(order.message, order.offset, order.key) for order in others] == [
        ({"id": 2}, 1, None),
        ({"id": 3}, 2, None),
    ]

    async def follow() -> list[object]:
        async with (
            gapin.AsyncClient(**settings_of(gateway)) as reader,
            reader.stream(topic=[name], where="/id=3", cursor=first.cursor) as later,
        ):
            return [(await later.__anext__()).message]

    assert asyncio.run(asyncio.wait_for(follow(), 60)) == [{"id": 3}]
    client.topics.delete(name)


@pytest.mark.feature("stream.resumes")
def test_a_stream_that_is_cut_goes_on_where_it_was(
    gateway: Gateway, client: gapin.Client, relay: Relay, ai_id: str
) -> None:
    ask(client, "0")
    watching = gapin.Client(**settings_of(gateway, url=relay.url))
    with watching.stream(ai_id=ai_id, cursor="earliest") as stream:
        assert take(stream, 1) == ["0"]
        for number in range(1, 10, 2):
            ask(client, str(number))
            relay.cut()
            ask(client, str(number + 1))
            assert take(stream, 2) == [str(number), str(number + 1)]
        assert stream.gaps == 0
    assert relay.connections >= 6


@pytest.mark.feature("stream.resumes")
def test_a_revoked_key_ends_the_stream_with_its_reason(gateway: Gateway, client: gapin.Client, ai_id: str) -> None:
    made = client.keys.create("reader", ["events:read"])
    ask(client, "0")
    with (
        gapin.Client(**settings_of(gateway, api_key=made["key"])) as reader,
        reader.stream(ai_id=ai_id, cursor="earliest") as stream,
    ):
        assert take(stream, 1) == ["0"]
        client.keys.revoke(made["id"])
        with pytest.raises(gapin.AuthenticationError) as ended:
            next(stream)
    assert ended.value.code in {"key_invalid", "invalid_api_key"}


@pytest.mark.feature("stream.gaps")
def test_a_reader_that_was_too_slow_is_told_and_misses_nothing(tmp_path: Path, ai_id: str) -> None:
    gateway = Gateway(tmp_path, GAPIN_LIVE_QUEUE_RECORDS_MAX="8").start()
    told: list[Gap] = []
    try:
        settings = settings_of(gateway, ai_id=ai_id)
        with gapin.Client(**settings) as client, gapin.Recorder(**settings) as recorder:
            ask(client, "0")
            with client.stream(ai_id=ai_id, cursor="earliest", on_gap=told.append) as stream:
                assert take(stream, 1) == ["0"]
                for number in range(1, 101):  # more than lies between the gateway and this reader, who does not read
                    recorder.query(str(number), parameters="x" * 200_000)
                    if number % 10 == 0:
                        assert recorder.flush(60_000)
                prompts = take(stream, 100)
                assert prompts == [str(number) for number in range(1, 101)]
                assert stream.gaps == len(told) > 0
                missed = told[0].missed
                assert missed is not None
                assert missed > 0
    finally:
        gateway.stop()


def test_a_frame_has_a_bound_and_is_not_asked_for_again() -> None:
    frames = Frames()
    for _ in range(3):  # what is no data adds up to nothing, however long a stream goes on
        assert list(frames.feed(b": the gateway is there" * 100_000 + b"\n\n")) == []
    frame = [b"event: x\n", b"data: " + b"x" * (FRAME_BYTES_MAX // 2) + b"\n"]
    assert [list(frames.feed(part)) for part in frame] == [[], []]
    with pytest.raises(gapin.UnreadableError) as raised:
        list(frames.feed(b"data: " + b"x" * (FRAME_BYTES_MAX // 2)))
    with pytest.raises(gapin.UnreadableError):
        Course({}).failed(raised.value)


@pytest.mark.parametrize("name", ["hello", "event", "message"])
@pytest.mark.parametrize("data", ["", "no JSON", "[]", "[" * 100_000, '"text"'])
def test_what_is_no_frame_of_a_gateway_is_said_to_be_none(name: str, data: str) -> None:
    with pytest.raises(gapin.UnreadableError):
        Course({}).frame(name, data)


def test_an_event_without_its_members_is_no_event() -> None:
    for name in ("event", "message"):
        with pytest.raises(gapin.UnreadableError):
            Course({}).frame(name, "{}")


@pytest.mark.feature("stream.resumes")
def test_after_a_goodbye_it_waits_longer_and_longer_and_goes_on_where_it_was() -> None:
    course = Course({"cursor": "a"})
    bounds: list[float] = []
    for _ in range(30):
        course.frame("hello", '{"cursor": "b"}')
        with pytest.raises(gapin.TransportError) as ended:
            course.frame("bye", '{"reason": "shutdown", "cursor": "c"}')
        assert not course.must_reconnect
        bounds.append(course.failed(ended.value))
        assert course.connecting()["cursor"] == "c"
    assert max(bounds[:2]) <= 0.2
    assert 1 < max(bounds[10:]) <= RETRY_WAIT_MAX_S


@pytest.mark.feature("stream.resumes")
@pytest.mark.parametrize("frames", [("hello",), ("hello", "expired"), ("hello", "what a later gateway says")])
def test_what_is_cut_behind_a_greeting_waits_longer_and_longer(frames: tuple[str, ...]) -> None:
    course = Course({})
    waits: list[float] = []
    for _ in range(30):
        for name in frames:
            course.frame(name, '{"cursor": "b"}')
        waits.append(course.failed(gapin.TransportError("cut")))
    assert 1 < max(waits[10:]) <= RETRY_WAIT_MAX_S
    course.frame("event", event_frame("c"))
    assert course.failed(gapin.TransportError("cut")) <= RETRY_WAIT_MIN_S, "an event came"


@pytest.mark.feature("stream.gaps")
def test_a_gap_behind_a_greeting_alone_is_not_asked_for_without_a_pause() -> None:
    course = Course({})
    waits: list[float] = []
    for _ in range(30):
        course.connecting()
        course.frame("hello", '{"cursor": "b"}')
        course.frame("gap", '{"missed": 1, "resume": "r"}')
        assert course.must_reconnect
        waits.append(course.resuming())
    assert 1 < max(waits[10:]) <= RETRY_WAIT_MAX_S
    course.connecting()
    course.frame("event", event_frame("c"))
    course.frame("gap", '{"missed": 1, "resume": "r"}')
    assert (course.resuming(), course.cursor) == (0, "r")


@pytest.mark.feature("stream.gaps")
@pytest.mark.parametrize("gap", ["{}", '{"missed": 1}', '{"missed": 1, "resume": null}'])
def test_a_gap_that_names_no_place_leaves_the_stream_where_it_is(gap: str) -> None:
    course = Course({})
    course.frame("event", event_frame("c"))
    course.frame("gap", gap)
    course.frame("expired", "{}")
    assert (course.must_reconnect, course.gaps, course.connecting()["cursor"]) == (False, 2, "c")


def test_what_can_not_be_read_is_not_passed_over() -> None:
    course = Course({})
    course.frame("event", event_frame("c"))
    with pytest.raises(gapin.UnreadableError):
        course.frame("event", '{"cursor": "d", "event": {}, "record": {}}')
    assert course.cursor == "c"


@pytest.mark.feature("stream.resumes")
def test_what_is_no_stream_is_not_asked_for_again(gateway: Gateway, faulty: FaultyGateway) -> None:
    asked: list[int] = []

    def page(_: Exchange) -> Answer:
        asked.append(1)
        return Answer(200, {"Content-Type": "text/html", "X-Request-Id": "r-1"}, b"<html>Welcome to the network</html>")

    faulty.script.reads = page
    client = gapin.Client(**settings_of(gateway, url=faulty.url))
    with client, client.stream() as stream, pytest.raises(gapin.UnreadableError) as sync:
        next(stream)

    async def follow() -> None:
        async with gapin.AsyncClient(**settings_of(gateway, url=faulty.url)) as client, client.stream() as stream:
            await stream.__anext__()

    with pytest.raises(gapin.UnreadableError) as of_async:
        asyncio.run(asyncio.wait_for(follow(), 60))
    assert [(error.value.status, error.value.request_id) for error in (sync, of_async)] == [(200, "r-1")] * 2
    assert len(asked) == 2


@pytest.mark.feature("stream.resumes")
@pytest.mark.parametrize("told", [7.0, 24 * 3600.0, float("inf")])
def test_it_waits_as_long_as_it_is_told_within_its_time(told: float) -> None:
    course = Course({"retry_for_s": 60})
    error = gapin.RateLimitError("rate_limited", 429, retryable=True, retry_after=told)
    assert course.failed(error) == pytest.approx(min(told, 60), abs=1)
    with pytest.raises(gapin.RateLimitError):
        Course({"retry_for_s": 0}).failed(error)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("7", 7.0), ("9" * 400, 86_400.0), ("Sun, 06 Nov 2094 08:49:37 GMT", 86_400.0), ("²", None), ("-1", None)],
)
def test_how_long_an_answer_asks_to_wait_is_bounded(text: str, wanted: float | None) -> None:
    headers = {"retry-after": text.encode("latin-1"), "date": b"Sun, 06 Nov 1994 08:49:37 GMT"}
    assert retry_after_s(httpx.Response(429, headers=headers)) == wanted  # type: ignore[arg-type]


def test_what_a_callback_raises_is_the_callers() -> None:
    def on_gap(gap: Gap) -> None:
        raise KeyError(gap.missed)

    with pytest.raises(KeyError):
        Course({"on_gap": on_gap}).frame("gap", '{"missed": 1}')
