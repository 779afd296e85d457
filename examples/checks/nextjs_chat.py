"""The chat: built, started, and used in a browser. The answer is seen while it grows, and both events beside it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from .checkout import COPY, blocks, environment, expect, run
from .gateway import Gateway, hidden, types
from .processes import Process, free_port

MESSAGE = "I am ada@example.com, password: Winter-Tulips-88. What do you keep of this?"
PICTURE = COPY.parent / "nextjs-chat.png"


def check() -> str:
    build, start = blocks("nextjs-chat")
    expect(start == "npm start\n", "the README's last block starts the app")
    address = f"http://127.0.0.1:{free_port()}"
    folder = COPY / "examples" / "nextjs-chat"
    with Gateway() as gateway:
        run(f"renice -n 19 $$ > /dev/null\n{build}")
        env = environment(**gateway.env, PORT=address.rpartition(":")[2])
        with Process(["bash", "-c", f"exec {start}"], COPY.parent / "nextjs-chat.log", folder, env) as app:
            app.until("the app answers", lambda: _status(f"{address}/") == 200)
            said = run(f"cd {folder}\nnode test/page.mjs {address} '{MESSAGE}' {PICTURE}")
            seen = json.loads(said.splitlines()[-1])
            expect(_status(f"{address}/api/record?chat=chat-1") == 400, "an id that can be guessed is refused")
            log = app.said.read_text()
        expect(seen["faults"] == [] and seen["elsewhere"] == [], f"the page is whole, and asks nobody else: {seen}")
        expect(seen["sizes"] > 3, f"the answer is seen while it grows: {seen}")
        expect(seen["types"] == ["ai.response", "ai.query"], f"both events are seen: {seen}")
        expect("[REDACTED:email]" in seen["asked"] and "email hidden" in seen["asked"], f"{seen['asked']}")
        expect("signature verified" in seen["answered"], f"{seen['answered']}")

        asked, answered = records = gateway.wait_for(2)
        expect(types(records) == ["query", "response"], f"the events are {types(records)}")
        of = [record["event"]["metadata"] for record in records]
        expect(of[0]["session_id"].startswith("chat-") and of[0] == of[1], f"both are of one chat and one call: {of}")
        expect(of[0]["labels"]["instrument"] == "ai", "the AI SDK's middleware recorded them")
        expect(hidden(asked) == {"email", "password"}, f"hidden is {hidden(asked)}")
        response = answered["event"]["response"]
        expect(response["finish_reason"] == "stop" and response["usage"]["output_tokens"] > 0, f"{response}")
        gateway.has_nowhere("ada@example.com", "Winter-Tulips-88")
        expect(gateway.env["GAPIN_SIGNING_SECRET"] not in log, "the app's log holds no secret")
    return (
        f"a streamed answer seen in {seen['sizes']} sizes, 2 events (picture: {PICTURE.relative_to(COPY.parents[2])})"
    )


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
