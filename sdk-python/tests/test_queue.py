"""The queue is bounded, and what is in it is not lost."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import MakeRecorder, Stored, settings_of
from faulty import FaultyGateway, held_until, refuse
from gateway import Gateway, eventually
from process import run_program, wait_for_line
from relay import Relay

import gapin


def prompts(events: list[Any]) -> list[str]:
    return [event["query"]["prompt"] for event in events]


def hold_the_first(recorder: gapin.Recorder, faulty: FaultyGateway) -> threading.Event:
    """One event is under way, and stays so until the answer is released."""
    release = threading.Event()
    faulty.script.faults = [held_until(release)]
    recorder.query("first")
    eventually("the first is under way", lambda: faulty.script.arrived)
    return release


@pytest.mark.feature("queue.drop_oldest")
@pytest.mark.feature("queue.told")
def test_past_its_bound_the_oldest_go_and_are_told(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored
) -> None:
    told: list[tuple[str, str]] = []
    recorder = through(queue_events_max=5, on_dropped=lambda event, why: told.append((event["query"]["prompt"], why)))
    release = hold_the_first(recorder, faulty)
    for number in range(20):
        recorder.query(str(number))
        assert recorder.stats().queued <= 5
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(5)) == ["first", "16", "17", "18", "19"]
    assert told == [(str(number), "queue_full") for number in range(16)]
    assert recorder.stats().dropped == 16
    assert recorder.stats().dropped_by_reason == {"queue_full": 16}


@pytest.mark.feature("queue.drop_newest")
def test_past_its_bound_the_newest_are_refused(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    recorder = through(queue_events_max=5, when_full="drop_newest")
    release = hold_the_first(recorder, faulty)
    ids = [recorder.query(str(number)) for number in range(20)]
    assert all(ids[:4])
    assert not any(ids[4:])
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(5)) == ["first", "0", "1", "2", "3"]
    assert recorder.stats().dropped == 16


@pytest.mark.feature("queue.block")
def test_past_its_bound_the_caller_waits(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    recorder = through(queue_events_max=5, when_full="block")
    release = hold_the_first(recorder, faulty)
    done = threading.Event()

    def caller() -> None:
        for number in range(20):
            recorder.query(str(number))
        done.set()

    threading.Thread(target=caller, daemon=True).start()
    eventually("the queue is full", lambda: recorder.stats().queued == 5)
    assert not done.is_set()
    release.set()
    assert done.wait(60)
    assert recorder.flush(60_000)
    assert prompts(stored(21)) == ["first", *map(str, range(20))]
    assert recorder.stats().dropped == 0


@pytest.mark.feature("queue.bytes")
def test_the_queue_is_bounded_in_bytes(through: MakeRecorder, faulty: FaultyGateway) -> None:
    recorder = through(queue_bytes_max=100_000)
    release = hold_the_first(recorder, faulty)
    for number in range(20):
        recorder.query(f"{number} " + "x" * 20_000)
        assert recorder.stats().queued_bytes <= 100_000
    assert 3 <= recorder.stats().queued <= 5
    assert recorder.query("y" * 200_000) is None
    release.set()
    assert recorder.flush(60_000)


@pytest.mark.feature("queue.bytes")
def test_those_that_wait_do_not_go_for_nothing(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    recorder = through(queue_bytes_max=100_000)
    release = threading.Event()
    faulty.script.faults = [held_until(release)]
    recorder.query("x" * 60_000)
    eventually("it is under way", lambda: bool(faulty.script.arrived))
    for number in range(3):
        recorder.query(str(number))
    assert recorder.query("y" * 50_000) is None, "even alone there is no room for it"
    assert (recorder.stats().dropped, recorder.stats().queued) == (1, 4)
    release.set()
    assert recorder.flush(60_000)
    assert prompts(stored(4))[1:] == ["0", "1", "2"]


@pytest.mark.feature("queue.flush")
def test_flush_says_whether_it_was_in_time(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    recorder = through()
    release = hold_the_first(recorder, faulty)
    assert not recorder.flush(50)
    release.set()
    assert recorder.flush(60_000)
    stored(1)


@pytest.mark.feature("queue.close")
def test_the_end_of_its_scope_sends_what_is_left(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    with through(batch_age_ms=60_000) as recorder:
        for number in range(30):
            recorder.query(str(number))
    assert prompts(stored(30)) == [str(number) for number in range(30)]
    assert recorder.query("too late") is None
    assert recorder.stats().dropped_by_reason == {"closed": 1}


@pytest.mark.feature("queue.close")
def test_close_keeps_to_its_time_and_tells_what_it_let_go(through: MakeRecorder, faulty: FaultyGateway) -> None:
    faulty.script.always = refuse(503, "overloaded", Retry_After="30")
    told: list[str] = []
    recorder = through(on_dropped=lambda _, why: told.append(why))
    recorder.query("never")
    assert recorder.close(300) is False
    eventually("it is told", lambda: told == ["closed"])


@pytest.mark.feature("queue.close", "queue.told")
def test_what_nobody_answers_is_told_before_close_returns(through: MakeRecorder, faulty: FaultyGateway) -> None:
    told: list[str] = []
    recorder = through(on_dropped=lambda event, why: told.append(f"{event['query']['prompt']} {why}"))
    release = hold_the_first(recorder, faulty)
    recorder.query("second")
    assert recorder.close(50) is False
    assert sorted(told) == ["first closed", "second closed"]
    assert (recorder.stats().queued, recorder.stats().dropped_by_reason) == (0, {"closed": 2})
    release.set()
    eventually("its thread has ended", lambda: recorder._engine._thread is None)
    stats = recorder.stats()
    assert (stats.accepted, stats.dropped, stats.queued, stats.queued_bytes, stats.faults) == (0, 2, 0, 0, 0)
    assert recorder.close() is False


@pytest.mark.feature("queue.exit", "queue.told")
def test_a_process_whose_gateway_is_silent_ends_in_time_and_says_what_it_let_go(gateway: Gateway, ai_id: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        env = {**os.environ, **gateway.env, "GAPIN_AI_ID": ai_id, "PYTHONPATH": os.pathsep.join(sys.path)}
        program = Path(__file__).parent / "programs" / "just_ends.py"
        ended = subprocess.run(
            [sys.executable, "-W", "error", program], env={**env, "GAPIN_URL": url},
            stderr=subprocess.PIPE, timeout=60, check=True,
        )  # fmt: skip
    assert b"events were let go (closed)" in ended.stderr


@pytest.mark.feature("queue.told")
@pytest.mark.parametrize("when_full", ["drop_oldest", "drop_newest", "block"])
def test_a_callback_that_records_ends(through: MakeRecorder, faulty: FaultyGateway, when_full: str) -> None:
    told: list[str] = []

    def on_dropped(event: dict[str, Any], why: str) -> None:
        told.append(event["query"]["prompt"])
        assert recorder.stats().dropped >= len(told), "counted first"
        assert recorder.query(f"let go: {why}") is None

    recorder = through(queue_events_max=5, when_full=when_full, retry_for_ms=200, on_dropped=on_dropped)
    release = hold_the_first(recorder, faulty)
    for number in range(7):
        recorder.query(str(number))
    first_told = {"drop_oldest": ["0", "1", "2"], "drop_newest": ["4", "5", "6"], "block": ["4", "5", "6"]}
    assert told == first_told[when_full]
    assert recorder.stats().dropped == 6, "what it recorded itself is counted, and not told"
    assert recorder.stats().faults == 0
    release.set()
    assert recorder.flush(60_000)
    recorder.close()
    recorder.query("too late")
    assert told[-1] == "too late"
    assert recorder.stats().dropped_by_reason == {"queue_full": 6, "closed": 2}


@pytest.mark.feature("queue.told")
def test_callbacks_that_record_with_each_other_end(gateway: Gateway) -> None:
    told: list[str] = []
    pair = [
        gapin.Recorder(**settings_of(gateway), on_dropped=lambda *_: (told.append("a"), pair[1].query("?"))),
        gapin.Recorder(**settings_of(gateway), on_dropped=lambda *_: (told.append("b"), pair[0].query("?"))),
    ]
    for recorder in pair:
        recorder.close()
    pair[0].query("?")
    assert told == ["a"]


@pytest.mark.feature("queue.block")
def test_the_caller_does_not_wait_without_end(through: MakeRecorder, faulty: FaultyGateway, tmp_path: Path) -> None:
    faulty.script.always = refuse(503, "overloaded")
    told: list[str] = []
    recorder = through(
        queue_events_max=1, when_full="block", retry_for_ms=100, disk_queue=tmp_path, flush_timeout_ms=100,
        on_dropped=lambda _, why: told.append(why),
    )  # fmt: skip
    assert recorder.query("on disk it is never let go")
    assert recorder.query("no room") is None
    assert told == ["queue_full"]


@pytest.mark.feature("queue.block")
def test_without_a_thread_the_caller_does_not_wait_without_end(
    through: MakeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    recorder = through(queue_events_max=1, when_full="block", retry_for_ms=100)
    monkeypatch.setattr(threading.Thread, "start", start)
    assert recorder.query("waits")
    assert recorder.query("no room") is None
    monkeypatch.undo()
    assert recorder.flush(60_000)
    assert (recorder.stats().accepted, recorder.stats().dropped) == (1, 1)


@pytest.mark.feature("queue.close")
def test_who_closes_second_waits_for_the_first(through: MakeRecorder, faulty: FaultyGateway, stored: Stored) -> None:
    recorder = through()
    release = hold_the_first(recorder, faulty)
    answers: list[bool] = []
    closers = [threading.Thread(target=lambda: answers.append(recorder.close(60_000))) for _ in range(3)]
    closers[0].start()
    eventually("the first is at it", lambda: recorder._engine._closer)
    for closer in closers[1:]:
        closer.start()
    assert recorder.close(50) is False, "it waits no longer than it may"
    assert answers == []
    release.set()
    for closer in closers:
        closer.join(60)
    assert answers == [True] * 3
    assert recorder.close() is True
    stored(1)


@pytest.mark.feature("queue.close")
def test_a_callback_that_closes_holds_nothing_up(through: MakeRecorder, faulty: FaultyGateway) -> None:
    faulty.script.always = refuse(503, "overloaded")
    told: list[str] = []

    def on_dropped(_: dict[str, Any], why: str) -> None:
        told.append(why)
        recorder.close(60_000)

    recorder = through(retry_for_ms=1, on_dropped=on_dropped)
    for _ in range(3):
        recorder.query("?")
    recorder.close(60_000)
    eventually("all are let go", lambda: recorder.stats().dropped == 3)
    eventually("nothing is held", lambda: recorder.stats().queued == 0)
    assert told


@pytest.mark.feature("queue.sigterm")
def test_a_program_that_is_ended_inside_of_a_callback_ends(through: MakeRecorder, faulty: FaultyGateway) -> None:
    """A signal's handler runs wherever the main thread is, so in a callback as well."""

    def on_dropped(_: dict[str, Any], __: str) -> None:
        signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, lambda *_: sys.exit(143))
    try:
        recorder = through(queue_events_max=1, when_full="drop_newest", on_dropped=on_dropped)
        release = hold_the_first(recorder, faulty)
        with pytest.raises(SystemExit):
            recorder.query("there is no room for it")
        release.set()
        assert recorder.flush(60_000)
        assert recorder.stats().dropped == 1
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.feature("queue.exit")
def test_a_process_that_just_ends_loses_nothing(gateway: Gateway, ai_id: str, stored: Stored) -> None:
    process = run_program(gateway, "just_ends.py", ai_id)
    assert process.wait(60) == 0
    assert len(stored(25)) == 25


@pytest.mark.feature("queue.sigterm")
def test_sigterm_loses_nothing_and_ends_the_process(gateway: Gateway, ai_id: str, stored: Stored) -> None:
    process = run_program(gateway, "until_killed.py", ai_id)
    assert wait_for_line(process) == "recorded"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == -signal.SIGTERM
    assert len(stored(25)) == 25


@pytest.mark.feature("queue.sigterm")
def test_sigterm_is_taken_where_other_threads_recorded_first(gateway: Gateway, ai_id: str, stored: Stored) -> None:
    process = run_program(gateway, "off_main.py", ai_id)
    assert wait_for_line(process) == "recorded"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == -signal.SIGTERM
    assert len(stored(26)) == 26


@pytest.mark.feature("queue.sigterm")
def test_whoever_handles_sigterm_goes_on_handling_it(gateway: Gateway, ai_id: str, stored: Stored) -> None:
    process = run_program(gateway, "own_handler.py", ai_id)
    assert wait_for_line(process) == "recorded"
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 7
    assert len(stored(25)) == 25


@pytest.mark.feature("queue.processes")
@pytest.mark.parametrize("how", ["os_fork", "os_fork_disk", "multiprocessing_fork", "multiprocessing_spawn"])
def test_processes_record_beside_each_other(
    gateway: Gateway, ai_id: str, stored: Stored, how: str, tmp_path: Path
) -> None:
    process = run_program(gateway, "forks.py", ai_id, how, str(tmp_path))
    assert process.wait(100) == 0
    found = sorted(prompts(stored(4 * 25 + 50)))
    wanted = [f"child {child} {number}" for child in range(4) for number in range(25)]
    wanted += [f"parent {number}" for number in range(50)]
    assert found == sorted(wanted)
    assert not list(tmp_path.iterdir())


@pytest.mark.feature("queue.processes")
@pytest.mark.parametrize("how", ["no_disk", "order", "hanging_disk", "default"])
def test_a_child_does_not_wait_for_what_its_parent_held(
    gateway: Gateway, ai_id: str, stored: Stored, how: str, tmp_path: Path
) -> None:
    process = run_program(gateway, "fork_locked.py", ai_id, how, str(tmp_path / "queue"))
    assert process.wait(60) == 0
    assert prompts(stored(5)) == [f"{how} {number}" for number in range(5)]


@pytest.mark.feature("queue.processes")
def test_a_child_has_connections_of_its_own(gateway: Gateway, ai_id: str, stored: Stored) -> None:
    relay = Relay(gateway.port)
    try:
        process = run_program(gateway, "client_forks.py", ai_id, relay.url)
        assert process.wait(60) == 0
    finally:
        relay.stop()
    # One that was idle for long may have been opened anew; shared ones would be fewer.
    assert relay.connections >= 4, "each of the two has two clients"
    asked = ["child", "child in asyncio", "parent", "parent again", "parent in asyncio"]
    assert sorted(prompts(stored(5))) == asked


@pytest.mark.feature("queue.processes")
def test_gunicorns_workers_lose_nothing(gateway: Gateway, ai_id: str, stored: Stored, tmp_path: Path) -> None:
    env = {**os.environ, **gateway.env, "GAPIN_AI_ID": ai_id, "PYTHONPATH": os.pathsep.join(sys.path)}
    bind = f"unix:{tmp_path}/gunicorn.sock"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--preload", "--workers", "3", "--bind", bind, "programs.service:serve"],
        env=env, cwd=Path(__file__).parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=f"{tmp_path}/gunicorn.sock")) as caller:

            def answers() -> bool:
                try:
                    return caller.get("http://service/ready").status_code == 200
                except httpx.HTTPError:
                    return False

            eventually("gunicorn serves", answers)
        for number in range(40):  # each on a connection of its own, so that the workers share them
            with httpx.Client(transport=httpx.HTTPTransport(uds=f"{tmp_path}/gunicorn.sock")) as caller:
                assert caller.get(f"http://service/{number}").text == str(number)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    asked = [event["query"]["prompt"] for event in stored(41)]
    assert sorted(asked) == sorted(["loaded", *(f"/{number}" for number in range(40))])


def test_a_recorder_that_is_forgotten_leaves_no_thread(through: MakeRecorder, gateway: Gateway) -> None:
    def threads() -> int:
        return sum(thread.name == "gapin-recorder" for thread in threading.enumerate())

    gc.collect()
    eventually("no other is at work", lambda: threads() == 0)
    recorder = gapin.Recorder(**settings_of(gateway))
    recorder.query("?")
    assert threads() == 1
    del recorder
    gc.collect()
    eventually("its thread has ended", lambda: threads() == 0)


@pytest.mark.feature("queue.disk")
def test_what_is_on_disk_survives_sigkill(gateway: Gateway, ai_id: str, stored: Stored, tmp_path: Path) -> None:
    process = run_program(gateway, "on_disk.py", ai_id, str(tmp_path), "http://127.0.0.1:1")
    assert wait_for_line(process) == "recorded"
    process.kill()
    process.wait()
    again = run_program(gateway, "on_disk.py", ai_id, str(tmp_path), gateway.url, "none")
    assert wait_for_line(again) == "recorded"
    again.wait(60)
    assert prompts(stored(25)) == [str(number) for number in range(25)]
    assert not list(tmp_path.iterdir())


@pytest.mark.feature("queue.disk")
def test_the_disk_queue_is_bounded_and_in_order(
    through: MakeRecorder, faulty: FaultyGateway, stored: Stored, tmp_path: Path
) -> None:
    faulty.script.faults = [refuse(503, "overloaded")] * 3
    recorder = through(disk_queue=tmp_path, queue_events_max=50, batch_events_max=7, batch_age_ms=60_000)
    for number in range(80):
        recorder.query(str(number))
    assert recorder.flush(60_000)
    accepted = recorder.stats().accepted
    assert accepted + recorder.stats().dropped == 80
    events = prompts(stored(accepted))
    assert events == sorted(events, key=int)
    assert events[-1] == "79"


@pytest.mark.feature("queue.disk")
def test_two_processes_do_not_share_a_file(gateway: Gateway, ai_id: str, stored: Stored, tmp_path: Path) -> None:
    both = [run_program(gateway, "on_disk.py", ai_id, str(tmp_path), gateway.url) for _ in range(2)]
    assert [wait_for_line(process) for process in both] == ["recorded"] * 2
    assert [process.communicate(timeout=60)[0] for process in both] == [b""] * 2
    assert sorted(prompts(stored(50)), key=int) == [str(number) for number in range(25) for _ in range(2)]
