"""What recording costs the caller, and how many events a second reach a local gateway. Prints a table for docs/sdks.md.

Usage: GAPIN_BIN=target/release/gapin python sdk-python/bench/bench.py; with ANSWERING_BIN, a server that only answers
(`load-tests/examples/answering.rs`), it also tells how many events a second are this package's own limit.
"""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
sys.path[:0] = [str(PACKAGE / "src"), str(PACKAGE / "tests")]

from gateway import Gateway  # noqa: E402

import gapin  # noqa: E402

CALLER_EVENTS = 20_000
THROUGHPUT_EVENTS = 100_000
CALLER_PAUSE_S = 0.0005
"""Between two events that are measured: a caller who does other things, too."""

INPUT: dict[str, Any] = {
    "query": "refunds of orders that were paid by card and not delivered within thirty days",
    "filters": {"country": "IT", "currency": "EUR", "price_max": 129.5, "tags": ["card", "late", "refund"]},
    "limit": 20,
}
OUTPUT: list[dict[str, Any]] = [
    {"id": number, "title": f"Order {number} was not delivered", "score": 0.93 - number / 100, "late": True}
    for number in range(6)
]


def record(recorder: gapin.Recorder) -> None:
    """An event of some 1 KB."""
    recorder.action("search_orders", INPUT, OUTPUT, latency_ms=12.5, model="gpt-4-turbo", tokens_used=421)


def quantile(sorted_: list[float], share: float) -> float:
    return sorted_[min(round(len(sorted_) * share), len(sorted_) - 1)]


ALONE: dict[str, Any] = {"batch_events_max": CALLER_EVENTS, "batch_bytes_max": 2**30, "batch_age_ms": 600_000}
"""Options with which the recorder's thread does nothing until the end."""


def caller_cost(settings: dict[str, Any], pause_s: float, **options: Any) -> list[float]:
    """Microseconds of each call."""
    taken: list[float] = []
    with gapin.Recorder(**settings, queue_events_max=CALLER_EVENTS, **options) as recorder:
        for _ in range(200):
            record(recorder)
        recorder.flush(60_000)
        for _ in range(CALLER_EVENTS):
            began = time.perf_counter_ns()
            record(recorder)
            taken.append((time.perf_counter_ns() - began) / 1000)
            if pause_s:
                time.sleep(pause_s)
        assert recorder.flush(60_000)
        assert recorder.stats().dropped == 0
    return sorted(taken)


def throughput(settings: dict[str, Any], **options: Any) -> tuple[float, float]:
    """Events a second, from the first to the last acknowledgement; and microseconds of processor for each here."""
    with gapin.Recorder(**settings, when_full="block", flush_timeout_ms=300_000, **options) as recorder:
        began, began_cpu = time.perf_counter(), time.process_time()
        for _ in range(THROUGHPUT_EVENTS):
            record(recorder)
        assert recorder.flush(300_000)
        took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
        assert recorder.stats().accepted == THROUGHPUT_EVENTS
    return THROUGHPUT_EVENTS / took, took_cpu / THROUGHPUT_EVENTS * 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(Path(folder)).start()
        try:
            env = gateway.env
            settings: dict[str, Any] = {
                "url": gateway.url, "api_key": env["GAPIN_API_KEY"], "signing_secret": env["GAPIN_SIGNING_SECRET"],
                "signing_key_id": env["GAPIN_SIGNING_KEY_ID"], "ai_id": str(uuid.uuid4()),
            }  # fmt: skip
            with gapin.Recorder(**settings) as recorder:
                record(recorder)
                size = recorder.stats().queued_bytes - 256
            gc.collect()
            gc.freeze()
            print(f"CPython {platform.python_version()}, {platform.machine()}, events of {size} bytes\n")
            print("| | p50 | p99 | p99.9 |\n|---|---|---|---|")
            disk: dict[str, Any] = {"disk_queue": Path(folder) / "queue"}
            for name, pause_s, options in (
                ("the thread idle", 0, ALONE),
                ("the thread at work, a pause between events", CALLER_PAUSE_S, {}),
                ("disk queue, the thread idle", 0, {**ALONE, **disk}),
            ):
                taken = caller_cost(settings, pause_s, **options)
                shown = " | ".join(f"{quantile(taken, share):.0f} µs" for share in (0.5, 0.99, 0.999))
                print(f"| recording, {name} | {shown} |", flush=True)
            print(
                f"\n| {THROUGHPUT_EVENTS:,} events | events/s | processor of this process, per event |\n|---|---|---|"
            )
            large: dict[str, Any] = {"batch_events_max": 2_000, "batch_bytes_max": 8 * 2**20}
            for what, batches in (("of the default's 500", {}), ("of 2,000", large)):
                rate, cpu_us = throughput(settings, **batches)
                print(f"| to the last acknowledgement, in batches {what} | {rate:,.0f} | {cpu_us:.0f} µs |", flush=True)
            if binary := os.environ.get("ANSWERING_BIN"):
                with subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
                    assert server.stdin and server.stdout
                    url = server.stdout.readline().strip()
                    rate, cpu_us = throughput({**settings, "url": url}, compress_bytes_min=2**40)
                    print(f"| into a server that only answers | {rate:,.0f} | {cpu_us:.0f} µs |")
                    server.stdin.close()
        finally:
            gateway.stop()


if __name__ == "__main__":
    main()
