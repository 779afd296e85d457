"""The audit's queries answer what the story put there, on SQLite and on PostgreSQL; a changed record is found."""

from __future__ import annotations

import shutil
import sqlite3

from .checkout import COPY, blocks, expect, run
from .gateway import DATA, Gateway
from .postgres import Postgres

FOLDER = COPY / "examples" / "audit-sql"
STORED = 20
"""Of 21 that were signed."""


def check() -> str:
    start, *asks = blocks("audit-sql")
    on_sqlite, on_postgres = asks[:2], asks[2:]
    expect(len(on_postgres) == 2, "the README has two blocks for each database")
    with Gateway() as gateway:
        run(start)
        gateway.wait_for(STORED)
        _judge(run(_there(start) + "\n".join(on_sqlite)))
        _finds_what_was_changed(start)
        gateway.has_nowhere("customer0@example.com")
    with Postgres() as postgres, Gateway(DATABASE_URL=postgres.url) as gateway:
        run(start)
        gateway.wait_for(STORED)
        expect(not (DATA / "store.sqlite").exists(), "the store is PostgreSQL")
        _judge(run(_there(start) + "\n".join(on_postgres), DATABASE_URL=postgres.url))
    return "9 queries on SQLite and PostgreSQL; 20 signatures verified outside, a changed and a missing event found"


def _there(start: str) -> str:
    """The settings and the folder of the README's terminal, without installing and telling the story again."""
    return "\n".join(line for line in start.splitlines() if line.startswith(("set ", "export ", "cd "))) + "\n"


def _judge(said: str) -> None:
    parts = {part.split("-")[0]: part for part in said.replace("postgres/", "sqlite/").split("sqlite/")[1:]}
    done, orders, unasked, rates, gaps, keys, hidden = (parts[str(number)] for number in range(1, 8))
    for event_type, lines in {"query": 2, "action": 1, "decision": 1, "response": 2, "error": 1}.items():
        expect(done.count(f"ai.{event_type} ") == lines, f"1 tells {lines} times of ai.{event_type}:\n{done}")
    expect(done.count("credit desk ") == 4 and done.count("the office ") == 3, f"1 names who answers for it:\n{done}")
    expect(all(f"customer-{number} " in orders for number in (0, 1, 2, 9)), f"2 names who ordered:\n{orders}")
    expect(orders.count(" grant") == 3 and "refuse" not in orders, f"2 tells what was decided:\n{orders}")
    rows = [line for line in unasked.splitlines() if " credit " in line]
    expect(len(rows) == 1 and "customer-9 " in rows[0], f"3 finds the one decision:\n{unasked}")
    expect("25.0" in rates and "timeout" in rates, f"4 tells how often it went wrong:\n{rates}")
    found = [line.replace("|", " ").split() for line in gaps.splitlines() if line.count("-") == 4]
    expect([row[1:] for row in found] == [["6", "6", "1", "1"]], f"5 finds the one that is missing:\n{gaps}")
    expect(keys.count("ai_system.create") == 2 and "api_key.create" in keys, f"6 tells of the keys:\n{keys}")
    expect("email" in hidden and "/query/prompt" in hidden, f"7 tells what was hidden:\n{hidden}")
    expect(said.count(": valid ") == 17 and "invalid" not in said, f"`gapin verify` takes 17 events:\n{said}")
    for verdict in (
        " sequence 6 MISSING: the sender has a copy, the store has nothing",
        "3 proven by the sender's copy: only what is said to be hidden differs",
        "17 proven: as it was signed",
        "not all is proven",
    ):
        expect(verdict in said, f"prove.py says: {verdict}\n{said}")
    expect("CHANGED" not in said, said)


def _finds_what_was_changed(start: str) -> None:
    """In a copy of the store somebody changes what was decided, and what was asked where something is hidden."""
    changed = DATA.parent / ".gapin-changed"
    shutil.rmtree(changed, ignore_errors=True)
    changed.mkdir()
    with sqlite3.connect(f"file:{DATA}/store.sqlite?mode=ro", uri=True) as store:
        store.execute("VACUUM INTO ?", (f"{changed}/store.sqlite",))
    with sqlite3.connect(changed / "store.sqlite") as store:
        for event_type, old, new in ((2, '"chosen":"grant"', '"chosen":"refuse"'), (4, "900 euros", "990 euros")):
            query = "UPDATE aibbar_events SET record = replace(record, ?, ?) WHERE event_type = ? AND record LIKE ?"
            expect(store.execute(query, (old, new, event_type, f"%{old}%")).rowcount == 3, f"3 have {old}")
    store.close()
    proving = f"sqlite3 -readonly {changed}/store.sqlite < sqlite/records.sql | .venv/bin/python prove.py copies.ndjson"
    said = run(f"{_there(start)}{proving} || echo found")
    shutil.rmtree(changed)
    for verdict in ("3 CHANGED: the signature is not of", "3 CHANGED: the sender's copy says", "found"):
        expect(verdict in said, f"prove.py finds what was changed: {verdict}\n{said}")
