"""A process that is started for a check, said to be ready by a condition, and ended by its id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from .checkout import Failed

READY_WAIT_S = 600
END_WAIT_S = 60


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def until(what: str, holds: Callable[[], object], wait_s: float = READY_WAIT_S) -> None:
    end = time.monotonic() + wait_s
    while not holds():
        if time.monotonic() > end:
            raise Failed(f"in {wait_s:.0f} seconds it was not so: {what}")
        time.sleep(0.1)


class Process:
    """Runs in a process group of its own, so that what it started ends with it."""

    def __init__(
        self, command: list[str], said: Path, cwd: Path, env: dict[str, str], how: int = signal.SIGTERM
    ) -> None:
        self._how = how
        self.said = said
        said.parent.mkdir(parents=True, exist_ok=True)
        with said.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )

    def until(self, what: str, holds: Callable[[], object]) -> None:
        def looked() -> object:
            if self._process.poll() is not None:
                raise Failed(f"it ended with {self._process.returncode} before {what}:\n{self.said.read_text()}")
            return holds()

        until(what, looked)

    def end(self) -> int:
        if self._process.poll() is None:
            os.killpg(self._process.pid, self._how)
            try:
                self._process.wait(END_WAIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.end()
