"""An OpenAI client that records itself. OPENAI_BASE_URL and OPENAI_API_KEY are that package's own settings."""

from __future__ import annotations

import openai

import gapin
import gapin.openai

client = gapin.openai.instrument(openai.OpenAI())

with gapin.context(session_id="weather-1"):
    answer = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "How is the weather in Rome?"}]
    )
    print(answer.choices[0].message.content)

recorder = gapin.default_recorder()
assert recorder.flush(30_000)
print(recorder.stats().accepted, "events are kept")
