"""Records, and comes to its end."""

import gapin

recorder = gapin.Recorder(batch_age_ms=60_000)
for number in range(25):
    recorder.query(str(number))
