"""Programs that record, as processes of their own: the files in `programs`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gateway import Gateway


def run_program(gateway: Gateway, program: str, ai_id: str, *args: str) -> subprocess.Popen[bytes]:
    """A process of its own that records."""
    env = {**os.environ, **gateway.env, "GAPIN_AI_ID": ai_id, "PYTHONPATH": os.pathsep.join(sys.path)}
    folder = Path(__file__).parent / "programs"
    return subprocess.Popen(
        [sys.executable, folder / program, *args], env=env, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )


def wait_for_line(process: subprocess.Popen[bytes]) -> str:
    """What it says first."""
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()
