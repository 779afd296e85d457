#!/usr/bin/env python3
"""Lays the documentation's pages out for MkDocs, as they lie in the repository, so that links between them are the same
there and here. usage: lay_out.py FOLDER CONFIGURATION

Begins with README.md and every page below docs/, and follows links to files; a page that is led to comes along, and so does any
other file, as it is. A link into a folder leads to its README.md. What GitHub's Markdown takes for a list or a table
without a blank line before it gets one, since Python's does not. Then writes the configuration with its folders spelled out.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s]+)(\))")
FENCE = re.compile(r"^\s*(```|~~~)")
ITEM = re.compile(r"^\s*([-*]|\d+\.) ")


def is_elsewhere(link):
    return "://" in link or link.startswith(("#", "mailto:"))


def with_blank_lines(lines):
    """What stands outside of fences, as Python's Markdown wants it."""
    out, fenced = [], False
    for line in lines:
        if FENCE.match(line):
            fenced = not fenced
        before = out[-1] if out else ""
        if not fenced and before.strip() and not before.startswith((" ", "#", "|", ">")):
            starts_list = ITEM.match(line) and not ITEM.match(before)
            starts_table = line.startswith("|")
            if starts_list or starts_table:
                out.append("")
        out.append(line)
    return out


def laid_out(page):
    """The page's text, and which files it leads to."""
    leads_to = []

    def follow(match):
        link = match[2]
        if is_elsewhere(link):
            return match[0]
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve()
        if target.is_dir():
            target, path = target / "README.md", path.rstrip("/") + "/README.md"
        if target.is_file() and target.is_relative_to(ROOT):
            leads_to.append(target)
        return f"{match[1]}{path}{'#' + anchor if anchor else ''}{match[3]}"

    lines, fenced = [], False
    for line in page.read_text().split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        lines.append(line if fenced else LINK.sub(follow, line))
    return "\n".join(with_blank_lines(lines)), leads_to


def title(page):
    heading = next((line for line in page.read_text().split("\n") if line.startswith("# ")), None)
    if heading is None:
        raise SystemExit(f"error: {page.relative_to(ROOT)} has no title\n  mend it with: a first line that begins with #")
    return heading[2:].replace("`", "")


def configuration(pages):
    """mkdocs.yml, each folder of its nav spelled out; one that names no page is an error."""
    out = []
    for line in (HERE / "mkdocs.yml").read_text().split("\n"):
        folder = re.match(r"^( +)- ([^:]+): (\S+/)$", line)
        if not folder:
            out.append(line)
            continue
        within, name, path = folder.groups()
        below = sorted((page for page in pages if str(page.relative_to(ROOT)).startswith(path)), key=lambda page: page.name)
        if not below:
            raise SystemExit(f"error: there are no pages in {path}")
        out.append(f"{within}- {name}:")
        below.sort(key=lambda page: page.name != "README.md")
        out += [f'{within}    - "{title(page)}": {page.relative_to(ROOT)}' for page in below]
    return "\n".join(out)


def main():
    folder, config = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    todo, done = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], set()
    while todo:
        source = todo.pop()
        if source in done:
            continue
        done.add(source)
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".md":
            text, leads_to = laid_out(source)
            target.write_text(text)
            todo += leads_to
        else:
            shutil.copyfile(source, target)
    (folder / "assets").mkdir()
    shutil.copyfile(ROOT / "dashboard/public/favicon.svg", folder / "assets/favicon.svg")
    shutil.copyfile(HERE / "site.css", folder / "assets/site.css")
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(configuration({page for page in done if page.suffix == ".md"}))


if __name__ == "__main__":
    main()
