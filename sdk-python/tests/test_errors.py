"""Errors are typed, and show no secret."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import traceback
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeRecorder, settings_of
from faulty import Answer, Exchange, Fault, FaultyGateway, cut, refuse
from gateway import Gateway, eventually

import gapin
from gapin.event import event_id_of


@pytest.mark.feature("errors.typed")
@pytest.mark.parametrize(
    ("fault", "kind", "retryable"),
    [
        (refuse(400, "bad_request"), gapin.InvalidRequestError, False),
        (refuse(401, "invalid_api_key"), gapin.AuthenticationError, False),
        (refuse(403, "missing_scope"), gapin.PermissionDeniedError, False),
        (refuse(404, "not_found"), gapin.NotFoundError, False),
        (refuse(408, "body_timeout"), gapin.InvalidRequestError, True),
        (refuse(409, "already_exists"), gapin.ConflictError, False),
        (refuse(413, "body_too_large"), gapin.InvalidRequestError, False),
        (refuse(429, "rate_limited", Retry_After="7"), gapin.RateLimitError, True),
        (refuse(503, "overloaded", Retry_After="1"), gapin.ServerError, True),
    ],
)
def test_each_status_has_its_class(
    gateway: Gateway, faulty: FaultyGateway, fault: Fault, kind: type[gapin.ApiError], retryable: bool
) -> None:
    faulty.script.faults = [fault]
    with gapin.Client(**settings_of(gateway, url=faulty.url)) as client, pytest.raises(kind) as raised:
        client.record({"event_type": "ai.query", "query": {"prompt": "?"}})
    error = raised.value
    assert isinstance(error, gapin.GapinError)
    assert error.retryable is retryable
    assert error.request_id == "r-1"
    assert error.code in str(error)
    assert str(error.status) in str(error)
    if kind is gapin.RateLimitError:
        assert error.retry_after == 7


@pytest.mark.feature("errors.typed")
def test_the_gateways_own_problem_is_told_whole(client: gapin.Client) -> None:
    with pytest.raises(gapin.InvalidRequestError) as raised:
        client.topics.create("bad name!", partitions=0)
    assert raised.value.status == 400
    assert raised.value.request_id
    assert raised.value.detail or raised.value.errors


@pytest.mark.feature("errors.typed")
def test_errors_travel_between_processes() -> None:
    fault = gapin.Fault("/query", "type", "must be of type object")
    for error in (
        gapin.InvalidEventError("schema_violation", "it is wrong", [fault]),
        gapin.RateLimitError("rate_limited", 429, "too much", "r-1", True, [fault], 7.0),
        gapin.TimeoutError_("no answer came in time"),
        gapin.UnreadableError("the answer is none of a gateway's", 200, "r-1"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert (str(again), vars(again)) == (str(error), vars(error))


@pytest.mark.feature("errors.typed")
def test_no_answer_is_a_transport_error(gateway: Gateway, faulty: FaultyGateway) -> None:
    event: Any = {"event_type": "ai.query", "query": {"prompt": "?"}}
    faulty.script.faults = [cut]
    with gapin.Client(**settings_of(gateway, url=faulty.url)) as client, pytest.raises(gapin.TransportError):
        client.record(event)
    with gapin.Client(**settings_of(gateway, url="http://127.0.0.1:1")) as client:
        with pytest.raises(gapin.TransportError) as raised:
            client.record(event)
        assert raised.value.retryable


@pytest.mark.feature("errors.typed")
def test_every_error_tells_the_same_of_itself() -> None:
    for error in (gapin.ConfigurationError("?"), gapin.TransportError("?"), gapin.UnreadableError("?")):
        assert (error.status, error.request_id) == (None, None)
        assert isinstance(error.retryable, bool)
        assert error.code
    invalid: gapin.GapinError = gapin.InvalidEventError("invalid_json", "?")
    assert (invalid.status, invalid.request_id) == (None, None)
    refused: gapin.GapinError = gapin.ServerError("overloaded", 503, request_id="r-1")
    assert (refused.status, refused.request_id) == (503, "r-1")


def page(body: bytes, status: int = 200) -> Fault:
    """What is no gateway answers so."""
    return lambda _: Answer(status, {"X-Request-Id": "r-2"}, body)


NO_ANSWERS = [
    b"",
    b"<html>Sign in</html>",
    b"[]",
    b"null",
    b'"accepted"',
    b"[" * 100_000,
    b"{}",
    b'{"status":"accepted"}',
    b'{"event_id":"no id","status":"accepted"}',
    b'{"event_id":"0192f0c1-2345-7abc-8def-0123456789ab","status":"accepted"}',  # another event's
]


@pytest.mark.feature("errors.typed", "record.acknowledged")
@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize("body", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_what_is_no_gateways_answer_acknowledges_nothing(
    gateway: Gateway, faulty: FaultyGateway, body: bytes, status: int
) -> None:
    event: Any = {"event_type": "ai.query", "query": {"prompt": "?"}}
    settings = settings_of(gateway, url=faulty.url)
    faulty.script.faults = [page(body, status)] * 2
    with gapin.Client(**settings) as client, pytest.raises(gapin.UnreadableError) as raised:
        client.record(event)
    assert (raised.value.code, raised.value.status, raised.value.request_id) == ("unreadable", status, "r-2")
    assert not raised.value.retryable

    async def ask() -> None:
        async with gapin.AsyncClient(**settings) as client:
            await client.record(event)

    with pytest.raises(gapin.UnreadableError):
        asyncio.run(ask())
    recorder = gapin.Recorder(**settings)
    faulty.script.always = page(body, status)
    asked = len(faulty.script.arrived)
    recorder.query("?")
    eventually("it was sent", lambda: len(faulty.script.arrived) > asked)
    assert not recorder.close(200)
    assert recorder.stats().accepted == recorder.stats().refused == 0


def own_id(spelled: Callable[[str], str] = str) -> Fault:
    """Answers in the gateway's place, of the event that came."""

    def fault(exchange: Exchange) -> Answer:
        (event,) = exchange.arrived.events
        body = {"event_id": spelled(event_id_of(event)), "status": "accepted"}
        return Answer(202, {}, json.dumps(body).encode())

    return fault


@pytest.mark.feature("record.acknowledged")
@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_one_event_is_acknowledged_by_an_answer_that_names_it(
    gateway: Gateway, faulty: FaultyGateway, spelled: Callable[[str], str]
) -> None:
    settings = settings_of(gateway, url=faulty.url)
    faulty.script.always = own_id(spelled)
    event: Any = {"event_type": "ai.query", "query": {"prompt": "?"}, "timestamp": "2026-01-01T00:00:00Z"}
    whole = {**event, "ai_id": str(uuid.uuid4()), "ai_version": "1", "sequence": 0, "metadata": {}}
    without_id = gapin.sign(whole, settings["signing_secret"])  # the gateway gives it one, by its signature
    with gapin.Client(**settings) as client:
        for one in (event, without_id):
            assert client.record(one)["status"] == "accepted"
    with gapin.Recorder(**settings, batch_events_max=1) as recorder:
        recorder.query("?")
        recorder.record(without_id)
    assert (recorder.stats().accepted, recorder.stats().retries) == (2, 0)


@pytest.mark.feature("errors.typed", "read.list")
@pytest.mark.parametrize("body", [*NO_ANSWERS, b'{"items":7}'], ids=range(len(NO_ANSWERS) + 1))
def test_what_is_no_gateways_answer_is_no_page(gateway: Gateway, faulty: FaultyGateway, body: bytes) -> None:
    faulty.script.reads = page(body)
    with gapin.Client(**settings_of(gateway, url=faulty.url)) as client:
        for pages in (client.events.list(), client.topics.list(), client.keys.list()):
            with pytest.raises(gapin.UnreadableError):
                list(pages)


@pytest.mark.feature("errors.no_secrets", "errors.settings")
@pytest.mark.parametrize(
    "url",
    [
        "http://me:hush-hush@gateway:8080",
        "https://hush-hush@gateway",
        "http://me:hush-hush/x@gateway",
        "http://me:hush-hush?@gateway",
        "http://me:hu%73h-hush-hush@[::1",
        "me:hush-hush@gateway",
    ],
)
def test_an_address_that_holds_a_password_is_refused_and_not_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for given in (url, None):
        monkeypatch.setenv("GAPIN_URL", url)
        with pytest.raises(gapin.ConfigurationError, match="GAPIN_URL") as refused:
            gapin.Client(given, api_key="sk_x")
        assert "hush" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.feature("errors.no_secrets")
def test_nothing_shows_a_secret(
    gateway: Gateway, through: MakeRecorder, faulty: FaultyGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key, secret = "sk_abcdefghijklmnopqrstuvwx", "the-signing-secret"
    words, shown = "private" + " words", list[str]()
    settings = settings_of(gateway, url=faulty.url, api_key=key, signing_secret=secret)
    client = gapin.Client(**settings)
    recorder = through(api_key=key, signing_secret=secret, retry_for_ms=1)
    shown += [repr(client), str(client), repr(recorder), str(recorder), repr(client._settings)]
    for faults in ([cut], [refuse(401, "invalid_api_key")], [refuse(503, "overloaded")], []):
        faulty.script.faults = list(faults)
        try:
            client.record({"event_type": "ai.query", "query": {"prompt": words}})
        except gapin.GapinError as error:
            shown += [repr(error), str(error), str(error.__cause__), "".join(traceback.format_exception(error))]
    with pytest.raises(gapin.InvalidEventError) as invalid:
        client.record({"event_type": "ai.query", "query": {"prompt": [words]}})  # type: ignore[typeddict-item]
    shown.append(str(invalid.value))
    recorder.query(words)
    assert recorder.flush(60_000)
    said = "\n".join([*shown, *[line.getMessage() for line in caplog.records]])
    assert "invalid_api_key" in said
    assert key not in said
    assert secret not in said
    assert words not in said
    assert secret not in pickle.dumps(invalid.value.args).decode("latin-1")


@pytest.mark.feature("errors.settings")
def test_settings_come_from_the_environment_and_arguments_win(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("GAPIN_URL", "GAPIN_API_KEY", "GAPIN_SIGNING_SECRET", "GAPIN_SIGNING_KEY_ID", "GAPIN_AI_ID")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(gapin.ConfigurationError, match="GAPIN_API_KEY"):
        gapin.Client()
    with pytest.raises(gapin.ConfigurationError, match="GAPIN_SIGNING_SECRET"):
        gapin.Recorder(api_key="sk_x")
    for name in names:
        monkeypatch.setenv(name, gateway.env[name])
    with gapin.Client() as client:
        accepted = client.record({"event_type": "ai.query", "query": {"prompt": "?"}})
        assert accepted["status"] == "accepted"
    with gapin.Client(api_key="sk_wrong") as wrong, pytest.raises(gapin.AuthenticationError):
        wrong.record({"event_type": "ai.query", "query": {"prompt": "?"}})
    for bad in (
        {"url": "ftp://x"},
        {"url": "http://"},
        {"url": "http://["},
        {"url": "http://x:y"},
        {"ai_id": "me"},
        {"request_timeout_ms": 0},
        {"api_key": "a\nb"},
    ):
        with pytest.raises(gapin.ConfigurationError):
            gapin.Client(**bad)  # type: ignore[arg-type]
    for bad_option in ({"queue_events_max": 0}, {"when_full": "x"}, {"no_such": 1}, {"batch_age_ms": "soon"}):
        with pytest.raises(gapin.ConfigurationError):
            gapin.Recorder(**bad_option)  # type: ignore[arg-type]
