"""What the tests share: one gateway for all that do not break it, and clients of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faulty import FaultyGateway
from gateway import Gateway, eventually

import gapin


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("gateway")).start()
    yield running
    running.stop()


@pytest.fixture
def own_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """For tests that kill it."""
    running = Gateway(tmp_path).start()
    yield running
    running.stop()


@pytest.fixture
def ai_id() -> str:
    """An AI system that nobody has heard of."""
    return str(uuid.uuid4())


def settings_of(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    """Arguments of a client or recorder of this gateway."""
    env = gateway.env
    return {
        "url": gateway.url,
        "api_key": env["GAPIN_API_KEY"],
        "signing_secret": env["GAPIN_SIGNING_SECRET"],
        "signing_key_id": env["GAPIN_SIGNING_KEY_ID"],
        "ai_id": env["GAPIN_AI_ID"],
        **changes,
    }


@pytest.fixture
def client(gateway: Gateway, ai_id: str) -> Iterator[gapin.Client]:
    with gapin.Client(**settings_of(gateway, ai_id=ai_id, ai_version="model-1")) as made:
        yield made


Stored = Callable[[int], list[Any]]


def stored_of(client: gapin.Client, ai_id: str, count: int) -> list[Any]:
    """Waits until so many events of an AI system are stored, and tells them, oldest first."""

    def ask() -> list[Any] | None:
        records = list(client.events.list(ai_id=ai_id, limit=500))
        return records if len(records) >= count else None

    records = eventually(f"{count} events stored", ask)
    assert len(records) == count
    return sorted((record["event"] for record in records), key=lambda event: event.get("sequence", -1))


@pytest.fixture
def stored(client: gapin.Client, ai_id: str) -> Stored:
    return lambda count: stored_of(client, ai_id, count)


@pytest.fixture
def recorder(gateway: Gateway, ai_id: str) -> Iterator[gapin.Recorder]:
    made = gapin.Recorder(**settings_of(gateway, ai_id=ai_id, ai_version="model-1"))
    yield made
    made.close()


@pytest.fixture
def faulty(gateway: Gateway) -> Iterator[FaultyGateway]:
    made = FaultyGateway(gateway.port)
    yield made
    made.stop()


MakeRecorder = Callable[..., gapin.Recorder]


@pytest.fixture
def through(gateway: Gateway, faulty: FaultyGateway, ai_id: str) -> Iterator[MakeRecorder]:
    """Makes recorders that speak to the gateway through the faulty server."""
    made: list[gapin.Recorder] = []

    def make(**changes: Any) -> gapin.Recorder:
        quick = {"retry_wait_min_ms": 5, "retry_wait_max_ms": 50, "batch_age_ms": 20}
        made.append(gapin.Recorder(**settings_of(gateway, url=faulty.url, ai_id=ai_id, **{**quick, **changes})))
        return made[-1]

    yield make
    for recorder in made:
        recorder.close(1_000)
