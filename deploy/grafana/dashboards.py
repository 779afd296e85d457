#!/usr/bin/env python3
"""Writes dashboards/*.json from source/, or, with --check, says which of them are stale. Nothing but Python's own library."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from source.event import EVENT  # noqa: E402
from source.kafka import KAFKA  # noqa: E402
from source.overview import OVERVIEW  # noqa: E402
from source.postgresql import POSTGRES  # noqa: E402
from source.tenants import TENANTS  # noqa: E402

DASHBOARDS = {"overview": OVERVIEW, "event": EVENT, "kafka": KAFKA, "postgresql": POSTGRES, "organisations": TENANTS}


def written(dashboard):
    """JSON with a line for each panel, variable and member, so that a change is seen where it is."""

    def one_each(members):
        return "[\n  " + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in members) + "\n ]"

    members = []
    for name, value in dashboard.items():
        if name == "panels":
            text = one_each(value)
        elif name == "templating":
            text = '{"list": ' + one_each(value["list"]) + "}"
        else:
            text = json.dumps(value, ensure_ascii=False)
        members.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def main():
    folder = HERE / "dashboards"
    folder.mkdir(exist_ok=True)
    wanted = {f"{name}.json": written(made) for name, made in DASHBOARDS.items()}
    there = {path.name: path.read_text() for path in folder.iterdir()}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in sys.argv[1:]:
        if stale:
            raise SystemExit(f"stale, write them anew with `python3 deploy/grafana/dashboards.py`: {', '.join(stale)}")
        return
    for name in there.keys() - wanted.keys():
        (folder / name).unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
