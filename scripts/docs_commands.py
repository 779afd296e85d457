#!/usr/bin/env python3
"""Runs what the documentation shows, as it is printed. usage: docs_commands.py BIN [PAGE …]

Each block fenced as `sh` on a page below docs/ is run, in its order, by one shell for the page, with `set -euo pipefail`, in a
new folder that looks like a checkout in which `make run` has started GAPIN: `gapin` on the path, a fresh `gapin dev` and its
./.gapin/dev.env. A command that fails, fails this. Blocks of another language are for show.

A comment before a block changes that, and says why to whoever reads the source:

  <!-- not run: REASON -->     the next block is not run; what it needs is not here
  <!-- before: COMMANDS -->    run first, where it stands: what the page takes for granted

Tests that a page names (`cargo test -p CRATE --test FILE NAME`) take services and minutes, and `make test` runs them: here it is only held
that they are there. Nothing but Python's own library, and BIN.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE_SECONDS_MAX = 120
START_SECONDS_MAX = 60
PARTS = re.compile(r"^<!-- (not run|before): (.+?) -->$|^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


TEST = re.compile(r"cargo test -p ([\w-]+) --test (\w+)(?: (\w+))?")


class Fault(Exception):
    """What is wrong with a page, for people."""


def script_of(page):
    """The commands of a page, how many of them it shows, and the reasons for what is left out."""
    commands, reasons, skip, befores = [], [], None, 0
    for match in PARTS.finditer(page.read_text()):
        kind, said, block = match.groups()
        if kind == "not run":
            if skip is not None:
                raise Fault(f"no block follows the comment: not run: {skip}")
            skip = said
        elif kind == "before":
            commands.append(said)
            befores += 1
        elif skip is not None:
            reasons.append(skip)
            skip = None
        else:
            commands.append(block)
    if skip is not None:
        raise Fault(f"no block follows the comment: not run: {skip}")
    if len(commands) == befores:
        commands = []
    return commands, len(commands) - befores if commands else 0, reasons


def check_tests(page):
    """Whether the tests that a page names are there."""
    for crate, file, name in TEST.findall(page.read_text()):
        tests = ROOT / crate / "tests"
        sources = [tests / f"{file}.rs"] if (tests / f"{file}.rs").is_file() else list((tests / file).rglob("*.rs"))
        if not sources:
            raise Fault(f"names a test that is not there: {crate}/tests/{file}")
        if name and not any(f"fn {name}(" in source.read_text() for source in sources):
            raise Fault(f"names a test that is not there: {name} in {crate}/tests/{file}")


def checkout(folder, binary):
    """A folder that looks like a checkout that was built."""
    release = folder / "target" / "release"
    release.mkdir(parents=True)
    (release / "gapin").symlink_to(binary)
    for name in ("e2e", "contract"):
        (folder / name).symlink_to(ROOT / name)
    return {"PATH": f"{release}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}


def start(binary, folder, environment):
    with open(folder / "dev.log", "w") as log:
        dev = subprocess.Popen(
            [binary, "dev", "--listen", "127.0.0.1:0"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    until = time.monotonic() + START_SECONDS_MAX
    while not (folder / ".gapin" / "dev.env").is_file():
        if dev.poll() is not None or time.monotonic() > until:
            stop(dev)
            raise Fault(f"gapin dev did not start: {(folder / 'dev.log').read_text()}")
        time.sleep(0.05)
    return dev


def stop(dev):
    if dev.poll() is None:
        dev.send_signal(signal.SIGTERM)
        try:
            dev.wait(30)
        except subprocess.TimeoutExpired:
            dev.kill()
            dev.wait()


def run(page, binary):
    """Runs a page's commands; how many blocks that were, and why others were not."""
    commands, shown, reasons = script_of(page)
    if not commands:
        return 0, reasons
    folder = Path(tempfile.mkdtemp(prefix="gapin-docs-"))
    try:
        environment = checkout(folder, binary)
        dev = start(binary, folder, environment)
        try:
            script = "set -euo pipefail\n" + "\n".join(f"printf '\\n+ %s\\n' {quoted(block)} >&2\n{block}" for block in commands)
            # A group of its own: what a page leaves running ends with it.
            shell = subprocess.Popen(
                ["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, start_new_session=True,
            )
            try:
                said, _ = shell.communicate(timeout=PAGE_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(shell.pid, signal.SIGKILL)
                said, _ = shell.communicate()
                raise Fault(f"took longer than {PAGE_SECONDS_MAX} s:\n{said}") from None
            if shell.returncode != 0:
                raise Fault(f"ended with {shell.returncode}:\n{said}")
        finally:
            stop(dev)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return shown, reasons


def quoted(block):
    return "'" + block.strip().replace("'", "'\\''") + "'"


def main():
    if len(sys.argv) < 2:
        raise SystemExit("usage: docs_commands.py BIN [PAGE …]")
    binary = str(Path(sys.argv[1]).resolve())
    pages = [Path(name) for name in sys.argv[2:]] or sorted((ROOT / "docs").rglob("*.md"))
    blocks, faults = 0, []
    for page in pages:
        try:
            check_tests(page)
            run_here, reasons = run(page, binary)
        except Fault as fault:
            faults.append(f"{page}: {fault}")
            continue
        blocks += run_here
        for reason in reasons:
            print(f"{page.resolve().relative_to(ROOT)}: a block is not run: {reason}")
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"docs: {blocks} blocks of commands run as printed")


if __name__ == "__main__":
    main()
