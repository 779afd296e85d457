#!/usr/bin/env python3
"""Whether the site that was built is whole: usage: check_site.py FOLDER

Every file and anchor that a page leads to is there; nothing of a page comes from another host; and the search finds each
page by its title. Nothing but Python's own library.
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; where an <a> leads, a person goes.
FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("source", "src"), ("iframe", "src"), ("video", "src")}
IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?(https?:)?//""")


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.fetched, self.anchors, self.styles = [], [], {""}, []
        self.in_style = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {value for name in ("id", "name") if (value := attributes.get(name))}
        self.in_style = tag == "style"
        for name in ("href", "src"):
            if value := attributes.get(name):
                # Says where a page is best found, and is not fetched.
                is_fetched = (tag, name) in FETCHED and attributes.get("rel") not in ("canonical", "prev", "next")
                (self.fetched if is_fetched else self.links).append(value)
        if style := attributes.get("style"):
            self.styles.append(style)

    def handle_data(self, data):
        if self.in_style:
            self.styles.append(data)


def main():
    root = Path(sys.argv[1])
    faults = []
    pages = {path: Page(path.read_text()) for path in sorted(root.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(root)
        faults += [f"{name} takes {link} from elsewhere" for link in page.fetched if urlsplit(link).netloc]
        faults += [f"{name} has a style that takes something from elsewhere" for style in page.styles if IN_STYLE.search(style)]
        if name.name == "404.html":
            continue  # its links begin with the root of wherever the site is put
        for link in page.links + page.fetched:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                faults.append(f"{name} leads to {link}, which is not there")
            elif target.suffix == ".html" and not parts.fragment.startswith("__"):
                there = pages[root / target.relative_to(root.resolve())]
                if unquote(parts.fragment) not in there.anchors:
                    faults.append(f"{name} leads to {link}, and there is no such place on that page")
    for style in root.rglob("*.css"):
        if IN_STYLE.search(style.read_text()):
            faults.append(f"{style.relative_to(root)} takes something from elsewhere")
    index = json.loads((root / "search" / "search_index.json").read_text())
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    for path in pages:
        name = str(path.relative_to(root))
        if name != "404.html" and name not in found and name.removesuffix("index.html") not in found:
            faults.append(f"the search does not know {name}")
    if faults:
        raise SystemExit("\n".join(sorted(set(faults))))
    print(f"docs: {len(pages)} pages, each link leads somewhere, nothing from another host, all of them searchable")


if __name__ == "__main__":
    main()
