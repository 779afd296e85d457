"""A fresh `gapin dev` in the copy of the checkout, as `make run` would start it, and what it answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from .checkout import COPY, environment, expect
from .processes import Process, until

DATA = COPY / ".gapin"
Record = dict[str, Any]


class Gateway(Process):
    def __init__(self, **settings: str) -> None:
        shutil.rmtree(DATA, ignore_errors=True)
        command = [os.environ["GAPIN_BIN"], "dev", "--listen", "127.0.0.1:0"]
        super().__init__(command, COPY.parent / "gateway.log", COPY, environment(**settings))
        try:
            self.until("the gateway is ready", self._is_ready)
        except BaseException:
            self.end()
            raise

    @property
    def env(self) -> dict[str, str]:
        lines = (DATA / "dev.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if line.startswith("GAPIN_"))

    def records(self, **wanted: str) -> list[Record]:
        """What is stored, in the order in which each AI system numbered it."""
        found: list[Record] = []
        cursor = ""
        while True:
            page = self._get("/aibbar/events", limit="500", **wanted, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return sorted(found, key=lambda record: (record["event"]["ai_id"], record["event"]["sequence"]))

    def wait_for(self, count: int, **wanted: str) -> list[Record]:
        until(f"{count} events of {wanted or 'all'} are stored", lambda: len(self.records(**wanted)) >= count, 120)
        records = self.records(**wanted)
        expect(len(records) == count, f"{len(records)} events of {wanted or 'all'} are stored, and not {count}")
        return records

    def has_nowhere(self, *hidden: str) -> None:
        """Whether no file of the gateway holds any of these, nor its own secrets. Says no more than which it was."""
        texts = [*hidden, self.env["GAPIN_API_KEY"], self.env["GAPIN_SIGNING_SECRET"]]
        for path in [*_files(DATA), self.said]:
            if path.name == "dev.env":
                continue
            said = path.read_bytes()
            for number, text in enumerate(texts):
                expect(text.encode() not in said, f"text {number} that must be hidden is in {path.name}")

    def _is_ready(self) -> bool:
        if not (DATA / "dev.env").is_file():
            return False
        try:
            return bool(self._get("/health/ready"))
        except OSError:
            return False

    def _get(self, path: str, **asked: str) -> Any:
        url = f"{self.env['GAPIN_URL']}{path}?{urllib.parse.urlencode(asked)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.env['GAPIN_API_KEY']}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def types(records: list[Record]) -> list[str]:
    """`query`, `decision`, … of each."""
    return [re.sub("^ai\\.", "", record["event"]["event_type"]) for record in records]


def sessions(records: list[Record]) -> dict[str, list[Record]]:
    """By session, in the order of their first events."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record["event"]["metadata"]["session_id"], []).append(record)
    return found


def hidden(record: Record) -> set[str]:
    return {each["kind"] for each in record["record"]["redactions"]}
