#!/usr/bin/env python3
"""The SDKs agree to the byte: events that are signed in one language verify in the others, and at a real gateway.

Random events with hard numbers, Unicode and nesting, from a seed that is told (CROSS_SEED to repeat a run). One that
was changed is found by everybody. Run with the Python of the SDK's tests; `make test-sdk-cross` does.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "sdk-python" / "tests"))

from gateway import Gateway, eventually  # noqa: E402

NODE = ROOT / ".tools" / "sdk-js" / "node"
PROGRAMS = {
    "python": [sys.executable, ROOT / "sdk-python" / "tests" / "programs" / "cross.py"],
    "typescript": [NODE, ROOT / "sdk-js" / "build" / "test" / "programs" / "cross.js"],
    "rust": [ROOT / "target" / "debug" / "examples" / "programs", "cross"],
}
EVENTS = {"python": 3_334, "typescript": 3_333, "rust": 3_333}
BATCH = 250
PAGE = 500
AI_ID = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"


def run(*command: object, folder: Path = ROOT, given: bytes | None = None) -> bytes:
    ran = subprocess.run([str(part) for part in command], cwd=folder, input=given, stdout=subprocess.PIPE, check=False)
    if ran.returncode != 0:
        raise SystemExit(f"{command[0]} {command[1]} ended with {ran.returncode}")
    return ran.stdout


def build() -> None:
    """The programs in TypeScript and Rust."""
    run(NODE, "scripts/build.mjs", folder=ROOT / "sdk-js")
    run(NODE, "node_modules/typescript/bin/tsc", "-p", "test", folder=ROOT / "sdk-js")
    run("cargo", "build", "--quiet", "-p", "gapin-sdk", "--all-features", "--example", "programs")


def sign(language: str, count: int, seed: int, secret: str) -> list[bytes]:
    lines = run(*PROGRAMS[language], "sign", count, seed, secret).splitlines()
    assert len(lines) == len(set(lines)) == count, f"{language} signed {len(lines)} events"
    return lines


def expect_verdict(language: str, secret: str, lines: list[bytes], bad: list[int], what: str) -> None:
    told = json.loads(run(*PROGRAMS[language], "verify", secret, given=b"".join(line + b"\n" for line in lines)))
    if told != {"events": len(lines), "bad": bad}:
        shown = [lines[number][:300] for number in set(told["bad"]) - set(bad)][:3]
        raise SystemExit(f"{what}: {language} told {told}, and not {len(lines)} events with {bad} bad; {shown}")


def tampered(lines: list[bytes]) -> tuple[list[bytes], int]:
    """One event of them with one byte changed."""
    number = len(lines) // 2
    changed = lines[number].replace(b'"cross-1"', b'"cross-2"')
    assert sum(one != other for one, other in zip(changed, lines[number], strict=True)) == 1
    return [*lines[:number], changed, *lines[number + 1 :]], number


def ask(gateway: Gateway, path: str, body: bytes | None = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {gateway.env['GAPIN_API_KEY']}", "Content-Type": "application/x-ndjson"}
    request = urllib.request.Request(gateway.url + path, body, headers)  # noqa: S310  our own gateway
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def record(gateway: Gateway, lines: list[bytes], what: str) -> None:
    for begin in range(0, len(lines), BATCH):
        batch = lines[begin : begin + BATCH]
        status, body = ask(gateway, "/aibbar/events", b"\n".join(batch))
        if status != 202 or body["accepted"] != len(batch):
            bad = [result for result in body.get("results", [body]) if result.get("status") != "accepted"]
            raise SystemExit(f"{what}: the gateway answered {status} to events {begin} and on: {bad[:3]}")


def expect_refused(gateway: Gateway, lines: list[bytes], bad: int, what: str) -> None:
    """The gateway refuses that one, and none beside it."""
    begin = bad - 5
    status, body = ask(gateway, "/aibbar/events", b"\n".join(lines[begin : begin + 10]))
    refused = [(result["index"], result["code"]) for result in body["results"] if result["status"] != "accepted"]
    if (status, refused) != (207, [(bad - begin, "invalid_signature")]):
        raise SystemExit(f"{what}: the gateway answered {status} to a changed event: {refused}")


def stored(gateway: Gateway) -> dict[str, str]:
    """The signature of each event that is stored and was verified, by its id."""
    found: dict[str, str] = {}
    cursor = ""
    while True:
        query = urllib.parse.urlencode({"ai_id": AI_ID, "limit": PAGE, **({"cursor": cursor} if cursor else {})})
        status, page = ask(gateway, f"/aibbar/events?{query}")
        assert status == 200, page
        for item in page["items"]:
            assert item["record"]["signature_verified_at"], item["record"]
            found[item["record"]["event_id"]] = item["event"]["signature"]
        cursor = page.get("next_cursor")
        if not cursor:
            return found


def main() -> None:
    seed = int(os.environ.get("CROSS_SEED") or random.randrange(2**31))
    print(f"the SDKs against each other: {sum(EVENTS.values()):,} events, CROSS_SEED={seed}", flush=True)
    began = time.monotonic()
    build()
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(Path(folder)).start()
        try:
            secret = gateway.env["GAPIN_SIGNING_SECRET"]
            signed = {language: sign(language, count, seed, secret) for language, count in EVENTS.items()}
            for signer, lines in signed.items():
                changed, bad = tampered(lines)
                for verifier in PROGRAMS:
                    what = f"signed in {signer}, verified in {verifier}"
                    expect_verdict(verifier, secret, lines, [], what)
                    expect_verdict(verifier, secret, changed, [bad], f"{what}, one changed")
                record(gateway, lines, f"signed in {signer}")
                expect_refused(gateway, changed, bad, f"signed in {signer}")
            events = [json.loads(line) for lines in signed.values() for line in lines]
            wanted = {event["event_id"]: event["signature"] for event in events}
            assert len(wanted) == sum(EVENTS.values())
            found = eventually(
                "all are stored", lambda: found if len(found := stored(gateway)) >= len(wanted) else None
            )
            assert found == wanted, "the gateway stored other events than were signed"
        finally:
            gateway.stop()
    print(f"each verified in every language and at the gateway, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
