"""A copy of this checkout under .tools/examples, in which READMEs are run as they are printed: what they install and
build stays there, so the next run is quick, and nothing of it lands in the checkout itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parents[2]
COPY = HERE / ".tools" / "examples" / "checkout"
LISTED = HERE / ".tools" / "examples" / "listed.txt"
COMMAND_WAIT_S = int(os.environ.get("EXAMPLES_WAIT_S", "1800"))


class Failed(Exception):
    """An example does not do what its README says."""


def expect(holds: object, what: str) -> None:
    if not holds:
        raise Failed(what)


def copy() -> Path:
    """Brings the copy up to date with what git knows, and what it would know."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True).stdout.split("\0")
    files = [name for name in listed if name and (HERE / name).is_file()]
    before = LISTED.read_text().splitlines() if LISTED.exists() else []
    for name in set(before) - set(files):
        (COPY / name).unlink(missing_ok=True)
    for name in files:
        source, target = HERE / name, COPY / name
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    LISTED.write_text("\n".join(files))
    program = COPY / "target" / "release" / "gapin"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    program.symlink_to(Path(os.environ["GAPIN_BIN"]).resolve())
    return COPY


def blocks(example: str) -> list[str]:
    """What an example's README prints for a shell. The first starts GAPIN, which the check does in its place."""
    printed = re.findall(r"```sh\n(.*?)```", (HERE / "examples" / example / "README.md").read_text(), re.DOTALL)
    expect(printed and printed[0].startswith("make run"), f"the README of {example} begins with `make run`")
    return printed[1:]


def environment(**more: str) -> dict[str, str]:
    """Of somebody who has just logged in: nothing of GAPIN, nothing of a provider."""
    kept = ("PATH", "HOME", "LANG", "USER", "CARGO_HOME", "RUSTUP_HOME", "CARGO_BUILD_JOBS", "CARGO_TARGET_DIR")
    proxies = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "no_proxy")]
    found = {name: os.environ[name] for name in [*kept, *proxies] if name in os.environ}
    return {**found, "NEXT_TELEMETRY_DISABLED": "1", "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(script: str, **more: str) -> str:
    """Runs what a README prints, one block behind the other as in one terminal, and answers what it said."""
    ran = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{script}"],
        check=False,
        cwd=COPY,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=COMMAND_WAIT_S,
    )
    expect(ran.returncode == 0, f"this ended with {ran.returncode}:\n{script}\nand said:\n{ran.stdout}")
    return ran.stdout
