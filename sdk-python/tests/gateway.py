"""The real gateway, in a folder of its own, on a free port of the loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx

READY_WAIT_S = 60.0
T = TypeVar("T")


def eventually(what: str, ask: Callable[[], T | None], wait_s: float = 60.0) -> T:
    """Asks until there is an answer that is true."""
    until = time.monotonic() + wait_s
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < until, f"not within {wait_s} s: {what}"
        time.sleep(0.02)


def gapin_bin() -> Path:
    """`GAPIN_BIN`, or what was built in this checkout."""
    path = Path(os.environ.get("GAPIN_BIN") or Path(__file__).parents[2] / "target" / "debug" / "gapin")
    assert path.is_file(), f"there is no {path}; mend it with: cargo build -p cli --bin gapin"
    return path


class Gateway:
    """`gapin dev`. Started, killed and started again on the same port and data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self.port = 0  # the first start takes a free one, and others keep it
        self.url = ""
        self.env: dict[str, str] = {}
        self._starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Gateway:
        self._starts += 1
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        log = (self.folder / "gateway.log").open("ab")
        self._process = subprocess.Popen(
            [gapin_bin(), "dev", "--listen", f"127.0.0.1:{self.port}"],
            cwd=self.folder, env=kept | {"GAPIN_WORKERS": "2"} | self._settings, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        log.close()
        self.env = eventually("the gateway has told its settings", self._settings_told, READY_WAIT_S)
        self.url = self.env["GAPIN_URL"]
        self.port = int(self.url.rsplit(":", 1)[1])
        eventually("the gateway is ready", self._is_ready, READY_WAIT_S)
        assert {"GAPIN_API_KEY", "GAPIN_SIGNING_SECRET", "GAPIN_AI_ID"} <= set(self.env)
        return self

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def _settings_told(self) -> dict[str, str] | None:
        assert self._process is not None
        said = (self.folder / "gateway.log").read_text()
        assert self._process.poll() is None, said[-3000:]
        if said.count("  keys  ") < self._starts:
            return None
        text = (self.folder / ".gapin" / "dev.env").read_text()
        return dict(re.findall(r"^(GAPIN_\w+)='?([^'\n]*)'?$", text, re.MULTILINE))

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False
