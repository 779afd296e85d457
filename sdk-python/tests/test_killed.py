"""SIGKILL while it records and sends: the disk queue has what the gateway has not, and nothing comes twice."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal

import pytest
from conftest import MakeRecorder, Stored
from faulty import Answer, Exchange, FaultyGateway, cut
from gateway import Gateway, eventually
from process import run_program

import gapin

FREED_WAIT_S = 60


Arrival = Literal["never", "first", "late"]


class Held:
    """A request on its way when its sender is killed: the gateway never has it, has it already, or gets it late."""

    def __init__(self, arrives: Arrival) -> None:
        self._arrives = arrives
        self.is_held = threading.Event()
        self.free = threading.Event()
        self.is_over = threading.Event()

    def __call__(self, exchange: Exchange) -> Answer | None:
        answer = exchange.forward() if self._arrives == "first" else None
        self.is_held.set()
        assert self.free.wait(FREED_WAIT_S)
        if self._arrives == "late":
            answer = exchange.forward()
        self.is_over.set()
        return answer


def goes_through(exchange: Exchange) -> Answer:
    return exchange.forward()


@pytest.mark.feature("queue.disk")
def test_killed_while_it_sends_it_loses_nothing_and_nothing_comes_twice(
    gateway: Gateway,
    client: gapin.Client,
    through: MakeRecorder,
    faulty: FaultyGateway,
    stored: Stored,
    ai_id: str,
    tmp_path: Path,
) -> None:
    recorded: list[str] = []
    kills: list[Held] = []
    # At the first batch, and at later ones.
    ways: list[tuple[str, int, Arrival]] = [
        ("first", 0, "never"), ("second", 3, "first"), ("third", 4, "late"), ("fourth", 1, "never"),
    ]  # fmt: skip
    for name, before, arrives in ways:
        held = Held(arrives)
        kills.append(held)
        faulty.script.faults, faulty.script.always = [*[goes_through] * before, held], cut
        process = run_program(gateway, "on_and_on.py", ai_id, str(tmp_path), faulty.url, name)
        assert held.is_held.wait(60)
        process.kill()
        said, _ = process.communicate(timeout=60)
        recorded += said.decode().splitlines()
    faulty.script.faults, faulty.script.always = [], None
    last = through(disk_queue=tmp_path)
    eventually("all is taken over and sent", lambda: last.flush(60_000) and not last.stats().queued)
    assert last.stats().refused == last.stats().dropped == 0
    last.close()
    assert not list(tmp_path.iterdir())
    # What was still on its way comes late, a second time.
    for held in kills:
        held.free.set()
        assert held.is_over.wait(60)
    client.record({"event_type": "ai.query", "query": {"prompt": "last of all"}})
    sent = {event["event_id"]: event["signature"] for event in faulty.events()}
    assert len(sent) == len({(event["event_id"], event["signature"]) for event in faulty.events()})
    prompts = [event["query"]["prompt"] for event in stored(len(sent) + 1)]
    assert len(set(prompts)) == len(prompts), "each once"
    assert set(recorded) <= set(prompts)
    # One may be on disk whose recording had not returned, of each that was killed.
    assert len(prompts) - 1 - len(recorded) <= len(kills)
    assert {prompt.split()[0] for prompt in recorded} == {"first", "second", "third", "fourth"}
