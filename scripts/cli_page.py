#!/usr/bin/env python3
"""Writes docs/cli.md from what `gapin --help` says of every command. usage: cli_page.py [--check] BIN

The settings that a command reads are named by their groups alone: docs/configuration.md, made from the same declarations, has
them all. With --check the page is held against what it would be. Nothing but Python's own library.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cli.md"
WIDTH = 100  # of the help where there is no terminal
EVERYWHERE = ("Data", "Logs")
HEAD = """# The command line

<!-- Made by scripts/cli_page.py from `gapin --help` and the help of each command. Do not edit: `make cli-docs` writes it anew. -->

`gapin <command> --help` says the same, and `gapin completions bash` prints what a shell completes. Most flags are
settings, which can be variables too; a secret never is a flag: [configuration](configuration.md) has them all, in the groups named
here; Data and Logs, which nearly every command reads, are not named each time.
"""


def help_of(binary, command):
    """The help text, by headings; what stands before any heading is under ''."""
    # Nothing of this machine's settings, and no width of a terminal.
    text = subprocess.run(
        [binary, *command, "--help"], env={"PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL, text=True, capture_output=True, check=True
    ).stdout
    parts, heading = {"": []}, ""
    for line in text.rstrip().split("\n"):
        if match := re.match(r"^([A-Z][A-Za-z -]+(?:, from the environment alone.*)?):$", line):
            heading = match[1]
            parts[heading] = []
        elif line and not line.startswith(" ") and heading not in ("", "Examples"):
            # A paragraph behind the options: words of the command's own.
            heading = "" if "words" not in parts else "words"
            parts.setdefault("words", []).append(line)
            heading = "words"
        else:
            parts[heading].append(line)
    return parts


def commands_in(parts):
    names = [line.split()[0] for line in parts.get("Commands", []) if re.match(r"^  [a-z]", line)]
    return [name for name in names if name != "help"]


def block(lines):
    """Examples, each on its line again: the help breaks what is wider than its page, and a `\\` is a break of their own."""
    whole = []
    for line in lines:
        words = line.split()
        if whole and words and not line.startswith(" ") and not whole[-1].endswith("\\") and len(whole[-1]) + len(words[0]) + 3 > WIDTH:
            whole[-1] += " " + line
        else:
            whole.append(line)
    return ["```text", "\n".join(whole).strip("\n"), "```", ""]


def section(command, parts, groups):
    """One command: what it is for, how it is called, what it takes."""
    depth = "##" if len(command) < 2 else "###"
    words = [line for line in parts[""] if line and not line.startswith("Usage:")]
    usage = next(line for line in parts[""] if line.startswith("Usage:")).removeprefix("Usage: ")
    out = [f"{depth} gapin {' '.join(command)}".rstrip(), ""]
    if "Commands" in parts:
        return [*out, " ".join(words) + ".", ""]
    out += [f"`{usage}`: {words[0][0].lower()}{' '.join(words)[1:]}."]
    if text := "\n".join(parts.get("words", [])).strip("\n"):
        out += [text.replace("<", "\\<")]
    read = [group for group in parts if group in groups and group not in EVERYWHERE]
    if read:
        out += ["Settings: " + ", ".join(f"[{group}](configuration.md#{anchor(group)})" for group in read) + "."]
    taken = [row for heading in ("Arguments", "Options") for row in rows(parts.get(heading, []))]
    if taken:
        out += ["", "| | |", "|---|---|", *(f"| `{name}` | {does} |" for name, does in taken)]
    out.append("")
    if examples := parts.get("Examples"):
        out += block(line.removeprefix("  ") for line in examples)
    return out


def rows(lines):
    """What a command takes: a name and what it does, which the help breaks into lines."""
    made = []
    for line in lines:
        if match := re.match(r"^ {1,6}(-\w, --\S+(?: <[^>]+>)?(?:\.\.\.)?|--\S+(?: <[^>]+>)?(?:\.\.\.)?|[<\[]\S+?[>\]](?:\.\.\.)?)(?:  +(.*))?$", line):
            made.append([match[1], match[2] or ""])
        elif line.strip():
            made[-1][1] += " " + line.strip()
    for row in made:
        # A table's cells, and no HTML.
        row[:] = [row[0].replace("|", "\\|"), row[1].strip().replace("|", "\\|").replace("<", "\\<")]
    return [row for row in made if row[0] != "-h, --help"]


def anchor(heading):
    return heading.lower().replace(" ", "-")


def page(binary):
    groups = set(re.findall(r"^## (.+)$", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE))
    top = help_of(binary, [])
    out = [HEAD]
    exits = re.search(r"Exit codes: (.+)", " ".join(top.get("words", [])))
    if exits is None:
        raise SystemExit("error: `gapin --help` says no exit codes: mend scripts/cli_page.py")
    out += ["**Exit codes**: " + exits[1] + ".", ""]
    for name in commands_in(top):
        parts = help_of(binary, [name])
        out += section([name], parts, groups)
        for below in commands_in(parts):
            out += section([name, below], help_of(binary, [name, below]), groups)
    return "\n".join(out).rstrip() + "\n"


def main():
    check = "--check" in sys.argv[1:]
    rest = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(rest) != 1:
        raise SystemExit("usage: cli_page.py [--check] BIN")
    made = page(rest[0])
    if not check:
        PAGE.write_text(made)
    elif not PAGE.is_file() or PAGE.read_text() != made:
        raise SystemExit("error: docs/cli.md is not what `gapin --help` says\n  mend it with: make cli-docs")


if __name__ == "__main__":
    main()
