"""A PostgreSQL cluster of the check's own, on loopback, gone when the check ends. The server will not run as root, so
there it runs as the user that its package made."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

from .checkout import environment, expect
from .processes import Process, free_port, until

USER = "postgres"


class Postgres:
    def __enter__(self) -> Postgres:
        self._folder = Path(tempfile.mkdtemp(prefix="gapin-examples-"))
        self._port = free_port()
        self._programs = _programs()
        password = secrets.token_hex(16)
        key = self._folder / "password"
        key.write_text(password)
        if os.geteuid() == 0:
            for path in (self._folder, key):
                shutil.chown(path, USER, USER)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={key}", "--no-sync")
        settings = ["listen_addresses=127.0.0.1", f"port={self._port}", f"unix_socket_directories={self._folder}"]
        flags = [part for setting in [*settings, "fsync=off"] for part in ("-c", setting)]
        command = [*_as_user(), str(self._programs / "postgres"), "-D", str(data), *flags]
        # SIGINT: a fast shutdown, which ends the sessions.
        self._server = Process(command, self._folder / "said", self._folder, environment(), signal.SIGINT)
        self.url = f"postgres://{USER}:{password}@127.0.0.1:{self._port}/postgres"
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        self._server.until("PostgreSQL takes connections", lambda: subprocess.run(ready, check=False).returncode == 0)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._server.end()
        until("PostgreSQL has ended", lambda: not (self._folder / "data" / "postmaster.pid").exists(), 60)
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_user(), str(self._programs / program), *arguments]
        ran = subprocess.run(command, check=False, cwd=self._folder, capture_output=True, text=True)
        expect(ran.returncode == 0, f"{program}: {ran.stderr}")


def _as_user() -> list[str]:
    return ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    in_path = shutil.which("initdb")
    expect(found or in_path, "PostgreSQL's initdb is missing: make services")
    return (found[-1] if found else Path(str(in_path)).resolve()).parent
