"""Records onto disk until it is killed, and says what was recorded: on_and_on.py FOLDER URL NAME"""

import itertools
import sys

import gapin

folder, url, name = sys.argv[1:]
recorder = gapin.Recorder(
    url, disk_queue=folder, batch_age_ms=20, batch_events_max=10, queue_events_max=100, when_full="block"
)
for number in itertools.count():
    prompt = f"{name} {number}"
    if recorder.query(prompt):
        print(prompt, flush=True)
