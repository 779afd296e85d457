"""Handles SIGTERM itself, as servers do."""

import signal
import sys

import gapin

signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
recorder = gapin.Recorder(batch_age_ms=60_000, flush_timeout_ms=60_000)
for number in range(25):
    recorder.query(str(number))
print("recorded", flush=True)
sys.stdin.read()
