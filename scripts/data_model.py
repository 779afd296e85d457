#!/usr/bin/env python3
"""Writes docs/diagrams/data-model-*.d2 from the migrations, or holds them against what it would write (--check).

The migrations are applied, in their order, to a real PostgreSQL that is started for it on a socket in a temporary folder,
and what the catalogue then says is drawn: each table with its columns, keys and references. Partitions are their table's,
and not drawn. Nothing but Python's own library, and PostgreSQL (`make services` installs it).
"""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations" / "postgres"
DIAGRAMS = ROOT / "docs" / "diagrams"

# Which table stands in which picture: a new table has to be put into one.
PICTURES = {
    "records": [
        "aibbar_events", "topics", "publications", "retention", "legal_holds", "retention_state", "redaction", "statistics",
        "statistics_writers",
    ],
    "organisations": ["organisations", "plans", "api_keys", "signing_keys", "ai_systems"],
    "server": ["audit_entries", "peppers", "identity_version", "vault_check", "login_attempts"],
    "people": [
        "users", "provider_links", "members", "invitations", "sessions", "refresh_tokens", "one_time_tokens",
        "saved_views",
    ],
}

TABLES = """
SELECT json_agg(t) FROM (
  SELECT c.relname AS name, c.relkind = 'p' AS partitioned, (
    SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull)
                    ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns, (
    SELECT json_agg(json_build_object('kind', k.contype, 'of', k.confrelid::regclass::text,
             'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                          WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey))) ORDER BY k.conname)
      FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f') AND k.conparentid = 0) AS keys
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname) t
"""


def programs():
    """Where PostgreSQL's own programs are: Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    folders = [folder for folder in folders if (folder / "psql").exists()]
    if not folders:
        raise SystemExit("error: there is no PostgreSQL here\n  mend it with: make services")
    return folders[-1]


def tables():
    """What the catalogue says once every migration is applied."""
    at = programs()
    with tempfile.TemporaryDirectory(prefix="gapin-data-model-") as folder:
        user = None
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            user = "postgres"
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def run(program, *arguments, **more):
            done = subprocess.run(
                [str(at / program), *arguments], user=user, cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more,
            )
            if done.returncode:
                raise SystemExit(f"error: {program} failed: {done.stdout.strip()}")
            return done.stdout

        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "gapin", "--no-sync", "-E", "UTF8", "--no-locale")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        # Not into a pipe: the server keeps what it was given, and nobody would ever see its end.
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            psql = ("-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "gapin", "-d", "postgres")
            by_version = sorted(MIGRATIONS.glob("V*.sql"), key=lambda path: int(re.match(r"V(\d+)__", path.name)[1]))
            for migration in by_version:
                run("psql", *psql, input=migration.read_text())
            return json.loads(run("psql", *psql, input=TABLES))
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


def table_lines(table, mine, indent):
    """One table as D2 draws it; what leads to another picture is told beside the column's type."""
    primary, foreign, unique, elsewhere = set(), set(), set(), {}
    for key in table["keys"] or []:
        {"p": primary, "f": foreign, "u": unique}[key["kind"]].update(key["columns"])
        if key["kind"] == "f" and key["of"] not in mine:
            elsewhere |= {column: key["of"] for column in key["columns"]}
    out = [f"{table['name']}: {{", "  shape: sql_table"]
    if table["partitioned"]:
        out.append(f'  label: "{table["name"]} (by month)"')
    for column in table["columns"]:
        name = column["name"]
        constraints = [
            word for word, columns in (("primary_key", primary), ("foreign_key", foreign), ("unique", unique)) if name in columns
        ]
        kind = column["type"].replace("character varying", "varchar") + ("" if column["required"] else "?")
        if name in elsewhere:
            kind += f" → {elsewhere[name]}"
        mark = f" {{constraint: [{'; '.join(constraints)}]}}" if constraints else ""
        out.append(f'  "{name}": "{kind}"{mark}')
    return [" " * indent + line for line in [*out, "}"]]


def picture(name, all_tables):
    mine = PICTURES[name]
    arrows = sorted(
        {
            (table, key["of"], ", ".join(key["columns"]))
            for table in mine
            for key in all_tables[table]["keys"] or []
            if key["kind"] == "f" and key["of"] in mine
        }
    )
    out = ["# Made by scripts/data_model.py from migrations/postgres: do not edit; `make diagrams` writes it anew."]
    tied = {end for arrow in arrows for end in arrow[:2]}
    for table in mine:
        if table in tied:
            out += table_lines(all_tables[table], mine, 0)
    out += [f"{table} -> {of}: {columns}" for table, of, columns in arrows]
    loose = [table for table in mine if table not in tied]
    if loose:
        # Side by side; the tallest first, so that rows are of one height.
        loose.sort(key=lambda table: -len(all_tables[table]["columns"]))
        out += ['loose: "" {', f"  grid-columns: {min(3, len(loose))}", "  grid-gap: 24", "  style: {stroke: transparent; fill: transparent}"]
        for table in loose:
            out += table_lines(all_tables[table], mine, 2)
        out.append("}")
    return "\n".join(out) + "\n"


def main():
    found = {table["name"]: table for table in tables()}
    drawn = [table for tables_of in PICTURES.values() for table in tables_of]
    if missing := sorted(found.keys() - set(drawn)):
        raise SystemExit(f"error: in no picture: {', '.join(missing)}\n  mend it with: name it in PICTURES of scripts/data_model.py")
    if gone := sorted(set(drawn) - found.keys()):
        raise SystemExit(f"error: no such table: {', '.join(gone)}\n  mend it with: take it out of PICTURES of scripts/data_model.py")
    made = {DIAGRAMS / f"data-model-{name}.d2": picture(name, found) for name in PICTURES}
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in made.items() if not path.is_file() or path.read_text() != text]
        if stale:
            raise SystemExit(f"error: not what the migrations say: {', '.join(stale)}\n  mend it with: make diagrams")
        return
    for path, text in made.items():
        path.write_text(text)


if __name__ == "__main__":
    main()
