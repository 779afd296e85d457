"""The refund desk: every step of every letter is there, in order, and what must be hidden is."""

from __future__ import annotations

from .checkout import blocks, expect, run
from .gateway import Gateway, hidden, sessions, types

TURN = ["query", "response", "action"]
LETTER = [*TURN, "action", *TURN, "decision", "query", "response"]
UNKNOWN_ORDER = [*TURN, "error", *TURN, "decision", "query", "response"]
ORDERED_BY = ["c-17", "c-23", "c-31", "c-40"]


def check() -> str:
    first, export = blocks("openai-agent")
    with Gateway() as gateway:
        said = run(first)
        expect(said.endswith("42 events are kept\n"), said)
        expect("are on their way back to you." in said, said)
        records = gateway.wait_for(42)
        letters = list(sessions(records).values())
        told = [types(letter) for letter in letters]
        expect(told == [LETTER, LETTER, UNKNOWN_ORDER, ["query", "error", *LETTER]], f"the letters' events are {told}")
        users = [{record["event"]["metadata"]["user_id"] for record in letter} for letter in letters]
        expect(users == [{name} for name in ORDERED_BY], f"they are of {users}")
        numbers = [record["event"]["sequence"] for record in records]
        expect(numbers == list(range(42)), f"they are numbered {numbers}")

        chosen = [record["event"]["decision"]["chosen"] for record in records if "decision" in record["event"]]
        expect(chosen == ["refund", "refuse", "ask_a_person", "refund"], f"decided was {chosen}")
        thrown, refused = [record["event"]["error"] for record in records if "error" in record["event"]]
        expect(thrown["code"] == "LookupError" and refused["code"] == "NotFoundError", f"{thrown} {refused}")
        answer = letters[0][-1]["event"]["response"]
        expect(answer["output"]["content"] == "Your 30 euros are on their way back to you.", f"{answer}")
        expect(answer["usage"]["output_tokens"] > 0, "a streamed answer tells what it used")

        asked = letters[0][0]
        expect(hidden(asked) == {"email", "password"}, f"hidden is {hidden(asked)}")
        expect("[REDACTED:email]" in asked["event"]["query"]["messages"][1]["content"], "the address is hidden")
        gateway.has_nowhere("jane.roe@example.com", "Winter-Tulips-88")
        there = "set -a; source .gapin/dev.env; set +a; export PATH=$PWD/target/release:$PATH\n"
        exported = run(f"{there}{export}wc -l < events.csv; rm events.csv")
        expect(exported.split()[-1] == "43", f"the CSV has a line for each event, and a head: {exported}")
    return "42 events of 4 letters"
