"""Forks while another thread has what a child needs: fork_locked.py HOW FOLDER"""

import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import gapin
from gapin import _default
from gapin.recorder import lifecycle

HOW, FOLDER = sys.argv[1], Path(sys.argv[2])


def in_child(name: str, recorder: gapin.Recorder, faults: int) -> None:
    process = os.fork()
    if process == 0:
        for number in range(5):
            assert recorder.query(f"{name} {number}")
        assert recorder.flush(60_000)
        assert recorder.stats().faults == faults
        os._exit(0)
    assert os.waitpid(process, 0)[1] == 0


def forking() -> bool:
    frame: FrameType | None = sys._current_frames()[threading.main_thread().ident or 0]
    while frame is not None and frame.f_code.co_name != "_hold":
        frame = frame.f_back
    return frame is not None


def meanwhile(work: Callable[[threading.Event], None]) -> None:
    """Another thread is at it until this one has forked."""
    begun = threading.Event()
    threading.Thread(target=work, args=(begun,), daemon=True).start()
    assert begun.wait(60)


def main() -> None:
    recorder = gapin.Recorder(disk_queue=FOLDER if HOW.endswith("disk") else None)
    forked = threading.Event()

    def takes_the_other_lock(begun: threading.Event) -> None:
        with recorder._engine.lock:
            begun.set()
            while not forking():
                pass
            lifecycle.watch(recorder._engine)

    def holds_on(begun: threading.Event) -> None:
        with recorder._engine.lock:
            begun.set()
            forked.wait(60)

    def makes_the_default(begun: threading.Event) -> None:
        with _default._guard.lock:
            begun.set()
            forked.wait(60)

    if HOW == "no_disk":
        shutil.rmtree(FOLDER)
        FOLDER.write_text("no folder any more")
        in_child(HOW, recorder, 1)
    elif HOW == "order":
        meanwhile(takes_the_other_lock)
        in_child(HOW, recorder, 0)
    elif HOW == "hanging_disk":
        lifecycle.FORK_WAIT_S = 0.1
        meanwhile(holds_on)
        in_child(HOW, recorder, 1)
    else:
        meanwhile(makes_the_default)
        if os.fork() == 0:
            in_child(HOW, gapin.default_recorder(), 0)
            os._exit(0)
        assert os.wait()[1] == 0
    forked.set()


if __name__ == "__main__":
    main()
