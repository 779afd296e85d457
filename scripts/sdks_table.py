#!/usr/bin/env python3
"""Writes the table of docs/sdks.md anew from contract/sdk/features.json; with --check only tells whether it is stale."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "sdks.md"
BEGIN, END = "<!-- features: made by scripts/sdks_table.py -->\n", "<!-- end of features -->\n"


def table() -> str:
    features = json.loads((ROOT / "contract" / "sdk" / "features.json").read_text("utf-8"))["features"]
    lines = ["| id | what an SDK does | what its test shows |", "|---|---|---|"]
    lines += [f"| `{feature['id']}` | {feature['title']} | {feature['shown_by']} |" for feature in features]
    return "\n".join(lines) + "\n"


def main() -> int:
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    made = before + BEGIN + table() + END + after
    if "--check" in sys.argv[1:]:
        if made != page:
            print("docs/sdks.md is stale; mend it with: scripts/sdks_table.py", file=sys.stderr)
        return int(made != page)
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
