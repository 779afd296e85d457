"""The folder of the disk queue: what others left there, whoever starts together, and what can't be read."""

from __future__ import annotations

import json
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeRecorder, Stored

from gapin.recorder.disk import OWN_TICKETS_FROM, DiskQueue
from gapin.recorder.disk_files import folder_lock
from gapin.recorder.queue import ENTRY_OVERHEAD_BYTES, Entry

ROOM = 1_000
ROOM_BYTES = 1 << 24

pytestmark = pytest.mark.feature("queue.disk")


def open_queue(folder: Path, events_max: int = ROOM, bytes_max: int = ROOM_BYTES) -> DiskQueue:
    return DiskQueue(folder, events_max, bytes_max, lock_wait_s=0)


def put(queue: DiskQueue, number: int, text: str) -> None:
    payload = json.dumps({"text": text}).encode()
    queue.put(Entry(OWN_TICKETS_FROM + number, str(uuid.uuid4()), payload, time.monotonic()))


def leave(folder: Path, files: int, events: int) -> None:
    """Files that a process has left, each with so many events."""
    queues = [open_queue(folder) for _ in range(files)]
    for queue in queues:
        for number in range(events):
            put(queue, number, str(number))
    for queue in queues:
        queue.close()


def texts(entries: list[Entry]) -> list[str]:
    return [json.loads(entry.payload)["text"] for entry in entries]


def settle(queue: DiskQueue, taken: list[Entry]) -> None:
    queue.done(taken)
    queue.refill()


def drain(queue: DiskQueue, at_once: int) -> list[str]:
    """Takes and settles everything, so many at once: their texts."""
    found: list[str] = []
    while taken := queue.take(at_once, ROOM_BYTES):
        settle(queue, taken)
        found += texts(taken)
    return found


def damage(queue: DiskQueue, ticket: int, payload: Any = b"") -> None:
    queue._db.execute("update events set payload = ? where ticket = ?", (payload, ticket))


def counts(queue: DiskQueue) -> tuple[int, ...]:
    return queue.held_events, queue.held_bytes, queue.waiting_events, queue.waiting_bytes


def test_what_was_left_is_taken_over_as_there_is_room(tmp_path: Path) -> None:
    leave(tmp_path, 5, 30)
    queue = open_queue(tmp_path, events_max=40)
    assert (queue.held_events, queue.waiting_events) == (20, 20), "what is recorded now has its half"
    put(queue, 0, "new")
    held_most = 0
    found: list[str] = []
    while taken := queue.take(7, ROOM_BYTES):
        held_most = max(held_most, queue.held_events)
        settle(queue, taken)
        found += texts(taken)
    assert found == [*[str(number) for _ in range(5) for number in range(30)], "new"], "all of it, the oldest first"
    assert held_most <= 21
    assert counts(queue) == (0, 0, 0, 0)
    queue.close()
    assert not list(tmp_path.iterdir())


def test_what_was_left_is_bounded_in_bytes_and_the_rest_stays(tmp_path: Path) -> None:
    leave(tmp_path, 1, 30)
    queue = open_queue(tmp_path, bytes_max=20 * ENTRY_OVERHEAD_BYTES)
    assert 5 <= queue.held_events < 10
    assert queue.held_bytes <= 10 * ENTRY_OVERHEAD_BYTES
    neighbour = open_queue(tmp_path)
    assert neighbour.held_events == 0, "the rest is the first's to take over"
    neighbour.close()
    queue.close()
    last = open_queue(tmp_path)
    assert len(drain(last, 7)) == 30
    last.close()


def test_an_event_that_is_larger_than_the_bound_is_taken_over_alone(tmp_path: Path) -> None:
    leave(tmp_path, 1, 3)
    queue = open_queue(tmp_path, events_max=1, bytes_max=1)
    assert drain(queue, 7) == ["0", "1", "2"]
    queue.close()


def test_what_is_put_back_comes_before_what_is_taken_over(tmp_path: Path) -> None:
    leave(tmp_path, 1, 6)
    queue = open_queue(tmp_path, events_max=4)
    put(queue, 0, "new")
    *taken, new = queue.take(3, ROOM_BYTES)
    queue.done(taken)
    assert (texts(taken), queue.held_events) == (["0", "1"], 1), "no room is asked for"
    queue.refill()
    assert queue.held_events == 2
    queue.put_back([new])
    assert drain(queue, 2) == ["new", "2", "3", "4", "5"]
    queue.close()


def test_a_file_that_is_being_made_is_not_taken_over(tmp_path: Path) -> None:
    leave(tmp_path, 1, 3)
    with folder_lock(tmp_path, 0) as is_mine:
        assert is_mine
        queue = open_queue(tmp_path)
        put(queue, 0, "new")
        put(queue, 1, "newer")
        assert queue.held_events == 2, "a neighbour has the folder"
        settle(queue, queue.take(1, ROOM_BYTES))
        assert queue.held_events == 1
    assert drain(queue, 1) == ["newer", "0", "1", "2"]
    queue.close()


def test_many_that_start_together_lose_nothing(tmp_path: Path) -> None:
    found: list[str] = []
    faults: list[Exception] = []

    def worker(name: int) -> None:
        try:
            for round_ in range(20):
                queue = DiskQueue(tmp_path, ROOM, ROOM_BYTES)
                put(queue, 0, f"{name} {round_}")
                assert queue._path.exists()
                if round_ % 2 == 0:
                    found.extend(drain(queue, 7))
                queue.close()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=worker, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    last = open_queue(tmp_path)
    found += drain(last, 7)
    last.close()
    assert sorted(found) == sorted(f"{name} {round_}" for name in range(8) for round_ in range(20))


def test_an_event_that_can_not_be_read_is_passed_over(tmp_path: Path) -> None:
    queue = open_queue(tmp_path)
    for number in range(5):
        put(queue, number, str(number))
    for number, payload in ((0, b""), (1, 7), (4, "text")):
        damage(queue, OWN_TICKETS_FROM + number, payload)
    assert drain(queue, 2) == ["2", "3"]
    assert (queue.lost(), queue.lost()) == (3, 0)
    assert counts(queue) == (0, 0, 0, 0)
    assert queue.oldest() is None
    queue.close()
    assert len(list(tmp_path.iterdir())) == 1, "the next one tries, too"


def test_a_file_that_is_damaged_is_set_aside(tmp_path: Path) -> None:
    leave(tmp_path, 1, 3)
    queue = open_queue(tmp_path)
    damage(queue, 1)
    queue.close()
    following = open_queue(tmp_path)
    assert following.lost() == 1
    assert drain(following, 7) == ["0", "2"]
    following.close()
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".gapin-queue.damaged")
    last = open_queue(tmp_path)
    assert last.lost() == 0
    last.close()


def test_what_can_not_be_read_is_counted_and_holds_nothing_up(
    through: MakeRecorder, stored: Stored, tmp_path: Path
) -> None:
    recorder = through(disk_queue=tmp_path, batch_age_ms=60_000)
    for number in range(3):
        recorder.query(str(number))
    queue = recorder._engine._queue
    assert isinstance(queue, DiskQueue)
    with recorder._engine.lock:
        for number in range(2):
            damage(queue, OWN_TICKETS_FROM + number)
    assert recorder.flush(60_000)
    assert [event["query"]["prompt"] for event in stored(1)] == ["2"]
    recorder.query("last")
    with recorder._engine.lock:
        damage(queue, OWN_TICKETS_FROM + 3)
    assert recorder.flush(60_000)
    assert recorder.stats().dropped_by_reason == {"queue_failed": 3}
    assert recorder.stats().queued == 0


def test_what_was_left_is_not_taken_over_to_be_dropped(through: MakeRecorder, stored: Stored, tmp_path: Path) -> None:
    leave(tmp_path, 1, 5)
    recorder = through(disk_queue=tmp_path, queue_events_max=1, batch_age_ms=60_000)
    recorder.query("new")
    assert (recorder.stats().dropped, recorder.stats().queued) == (1, 1)
    files = list(tmp_path.glob("*.gapin-queue"))
    assert len(files) == 2
    assert recorder.flush(60_000)
    assert [event["query"]["prompt"] for event in stored(1)] == ["new"]
    assert recorder.stats().refused == 4, "they are no events of AIBBAR"
    assert len(list(tmp_path.glob("*.gapin-queue"))) == 1


def test_files_are_nobody_elses_to_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    queue = open_queue(tmp_path)
    put(queue, 0, "secret")
    modes = {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {0o600}
    queue.close()
