"""Records, says so, and waits to be ended."""

import sys

import gapin

recorder = gapin.Recorder(batch_age_ms=60_000, flush_timeout_ms=60_000)
for number in range(25):
    recorder.query(str(number))
print("recorded", flush=True)
sys.stdin.read()
