"""Records in other threads first, then in the main one, and waits to be ended."""

import sys
import threading

import gapin

made: list[gapin.Recorder] = []


def work() -> None:
    made.append(gapin.Recorder(batch_age_ms=60_000, flush_timeout_ms=60_000))
    for number in range(25):
        made[0].query(str(number))


thread = threading.Thread(target=work)
thread.start()
thread.join()
made[0].query("main")
print("recorded", flush=True)
sys.stdin.read()
