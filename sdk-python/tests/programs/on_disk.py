"""Records onto disk for a gateway that may not be there: on_disk.py FOLDER URL [none]"""

import sys

import gapin

recorder = gapin.Recorder(sys.argv[2], disk_queue=sys.argv[1], batch_age_ms=60_000)
if sys.argv[3:] != ["none"]:
    for number in range(25):
        recorder.query(str(number))
print("recorded", flush=True)
if sys.argv[2].endswith(":1"):
    sys.stdin.read()
assert recorder.flush(60_000)
