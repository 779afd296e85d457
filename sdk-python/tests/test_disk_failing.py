"""A disk that fails: nothing goes without being told, and the recorder goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import MakeRecorder, Stored, settings_of
from gateway import Gateway
from test_disk_queue import counts, open_queue, put, texts

import gapin
from gapin.recorder.disk import DiskQueue

pytestmark = [pytest.mark.feature("queue.disk"), pytest.mark.feature("queue.told")]


@contextmanager
def read_only(queue: object) -> Iterator[None]:
    """Nothing can be written: neither events nor that they are gone."""
    assert isinstance(queue, DiskQueue)
    queue._db.execute("pragma query_only = on")
    yield
    queue._db.execute("pragma query_only = off")


def test_what_can_not_be_kept_is_told_and_the_recorder_goes_on(
    through: MakeRecorder, stored: Stored, tmp_path: Path
) -> None:
    told: list[tuple[str, str]] = []
    recorder = through(disk_queue=tmp_path, on_dropped=lambda event, why: told.append((event["query"]["prompt"], why)))
    with read_only(recorder._engine._queue):
        assert recorder.query("lost") is None
    assert told == [("lost", "queue_failed")]
    assert recorder.stats().dropped_by_reason == {"queue_failed": 1}
    assert (recorder.stats().recorded, recorder.stats().faults) == (0, 0)
    assert recorder.query("kept") is not None
    assert recorder.flush(60_000)
    assert [event["query"]["prompt"] for event in stored(1)] == ["kept"]


def test_a_full_disk_keeps_what_it_has(through: MakeRecorder, stored: Stored, tmp_path: Path) -> None:
    told: list[str] = []
    recorder = through(disk_queue=tmp_path, batch_age_ms=60_000, on_dropped=lambda _, why: told.append(why))
    queue = recorder._engine._queue
    assert isinstance(queue, DiskQueue)
    queue._db.execute("pragma max_page_count = 40")
    kept = [number for number in range(20) if recorder.query(f"{number} {'x' * 10_000}") is not None]
    assert 0 < len(kept) < 20
    assert told == ["queue_failed"] * (20 - len(kept))
    assert recorder.stats().recorded == recorder.stats().queued == len(kept)
    assert recorder.flush(60_000)
    assert [int(event["query"]["prompt"].split()[0]) for event in stored(len(kept))] == kept


def test_what_can_not_be_deleted_holds_nothing_up(
    through: MakeRecorder, gateway: Gateway, stored: Stored, tmp_path: Path
) -> None:
    recorder = through(disk_queue=tmp_path, batch_age_ms=60_000)
    for number in range(3):
        recorder.query(str(number))
    with read_only(recorder._engine._queue):
        assert recorder.flush(10_000)
        assert (recorder.stats().accepted, recorder.stats().queued, recorder.stats().queued_bytes) == (3, 0, 0)
        assert recorder.stats().faults > 0
    recorder.query("3")
    assert recorder.flush(60_000)
    assert recorder.close(60_000)
    with gapin.Recorder(**settings_of(gateway), disk_queue=tmp_path) as following:
        assert following.flush(60_000)
        assert following.stats().accepted == 3, "sent once more, and kept once"
    stored(4)
    assert not list(tmp_path.iterdir())


def test_room_is_made_where_nothing_can_be_deleted(tmp_path: Path) -> None:
    queue = open_queue(tmp_path)
    for number in range(3):
        put(queue, number, str(number))
    with read_only(queue):
        first, second = queue.drop_oldest(), queue.drop_oldest()
        assert first is not None
        assert second is not None
        assert texts([first, second]) == ["0", "1"]
        taken = queue.take(7, 1 << 20)
        with pytest.raises(sqlite3.Error):
            queue.done(taken)
    assert counts(queue) == (0, 0, 0, 0)
    queue.close()


def test_a_file_that_can_not_be_read_is_left_and_closing_does_not_fail(through: MakeRecorder, tmp_path: Path) -> None:
    recorder = through(disk_queue=tmp_path, batch_age_ms=60_000)
    recorder.query("?")
    queue = recorder._engine._queue
    assert isinstance(queue, DiskQueue)
    with recorder._engine.lock:
        queue._db.execute("alter table events rename to others")
        assert queue.drop_oldest() is None
    assert recorder.query("there is no such table") is None
    assert not recorder.flush(100)
    assert not recorder.close(100)
    assert recorder.stats().dropped_by_reason == {"queue_failed": 1}
    assert len(list(tmp_path.glob("*.gapin-queue"))) == 1


def test_a_folder_that_is_none_is_said_at_once(gateway: Gateway, tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("")
    with pytest.raises(gapin.ConfigurationError, match="disk_queue"):
        gapin.Recorder(**settings_of(gateway), disk_queue=no_folder)
