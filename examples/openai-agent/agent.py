"""A refund desk: a model reads a letter, looks its order up, decides and answers. GAPIN records every step of it.

The provider is OpenAI, or what OPENAI_BASE_URL names. Without OPENAI_API_KEY it is a server on this machine
(provider.py), which speaks the same API and answers by a script instead of a model.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gapin
import gapin.openai
import openai

from provider import Provider

MODEL = os.environ.get("AGENT_MODEL", "gpt-4o-mini")
# Made for letters in German, and deleted since: each call of it fails, and that is recorded, too.
GERMAN_MODEL = "ft:gpt-4o-mini:refund-desk:german:gone"
TURNS_MAX = 6
Say = Callable[[str], object]
TASK = "You run a refund desk. Find the order, decide, then answer in one sentence."
ORDERS = {"1042": {"days_ago": 12, "price": 30.0}, "1043": {"days_ago": 45, "price": 80.0}}


@dataclass(frozen=True)
class Letter:
    customer: str
    text: str
    model: str = MODEL


LETTERS = [
    Letter("c-17", "Please refund order 1042. I am jane.roe@example.com, and my password is Winter-Tulips-88."),
    Letter("c-23", "I want my money back for order 1043."),
    Letter("c-31", "Refund order 9999, please."),
    Letter("c-40", "Bitte erstatten Sie mir order 1042.", GERMAN_MODEL),
]


def tool(name: str, what: str, properties: dict[str, Any]) -> Any:
    parameters = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    function = {"name": name, "description": what, "parameters": parameters, "strict": True}
    return {"type": "function", "function": function}


TOOLS = [
    tool("find_order", "When an order was made, and its price.", {"order": {"type": "string"}}),
    tool(
        "decide",
        "Decides about a refund. Orders of the last 30 days are refunded.",
        {
            "chosen": {"type": "string", "enum": ["refund", "refuse", "ask_a_person"]},
            "confidence": {"type": "number", "description": "From 0 to 1."},
        },
    ),
]


class Desk:
    def __init__(self, client: openai.OpenAI, recorder: gapin.Recorder) -> None:
        self._client = gapin.openai.instrument(client, recorder)
        self._recorder = recorder
        # Recorded by themselves: what went in, what came out or went wrong, and how long it took.
        self._find_order = recorder.wrap(name="find_order", model=MODEL)(find_order)

    def answer(self, letter: Letter, say: Say) -> None:
        """Answers a letter; `say` is given the answer piece by piece."""
        with gapin.context(session_id=f"letter-{uuid.uuid4()}", user_id=letter.customer):
            try:
                self._talk(letter.text, letter.model, say)
            except openai.NotFoundError:
                say(f"[{letter.model} is gone; {MODEL} answers] ")
                self._talk(letter.text, MODEL, say)

    def _talk(self, text: str, model: str, say: Say) -> None:
        messages: list[Any] = [{"role": "system", "content": TASK}, {"role": "user", "content": text}]
        for _ in range(TURNS_MAX):
            with self._client.chat.completions.stream(
                model=model, messages=messages, tools=TOOLS, stream_options={"include_usage": True}
            ) as stream:
                for event in stream:
                    if event.type == "content.delta":
                        say(event.delta)
                said = stream.get_final_completion().choices[0].message
            if not said.tool_calls:
                return
            calls = [{"id": call.id, "type": "function", "function": _asked(call.function)} for call in said.tool_calls]
            messages.append({"role": "assistant", "content": said.content, "tool_calls": calls})
            for call in said.tool_calls:
                result = self._use(call.function.name, json.loads(call.function.arguments))
                messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})

    def _use(self, name: str, given: dict[str, Any]) -> Any:
        if name == "find_order":
            try:
                return self._find_order(given["order"])
            except LookupError as error:
                return {"error": str(error)}
        self._recorder.decision(
            "refund",
            "orders of the last 30 days are refunded",
            ["refund", "refuse", "ask_a_person"],
            chosen=given["chosen"],
            confidence=given["confidence"],
        )
        return {"kept": True}


def find_order(order: str) -> dict[str, float]:
    if order not in ORDERS:
        raise LookupError("there is no such order")
    return ORDERS[order]


def _asked(function: Any) -> dict[str, str]:
    return {"name": function.name, "arguments": function.arguments}


@contextlib.contextmanager
def provider() -> Iterator[openai.OpenAI]:
    if os.environ.get("OPENAI_API_KEY"):
        yield openai.OpenAI()
        return
    with Provider() as local:
        print(f"OPENAI_API_KEY is not set: the provider is a script at {local.url}")
        yield openai.OpenAI(base_url=local.url, api_key=local.key)


def main() -> int:
    try:
        recorder = gapin.Recorder(ai_version="refund-desk-1")
    except gapin.ConfigurationError as error:
        print(f"{error}\nTake a gateway's settings: set -a; source .gapin/dev.env; set +a", file=sys.stderr)
        return 2
    with provider() as client:
        desk = Desk(client, recorder)
        for letter in LETTERS:
            print(f"\n{letter.customer}: {letter.text}")
            desk.answer(letter, say=lambda piece: print(piece, end="", flush=True))
            print()
    if not recorder.flush(30_000):
        print(f"Not all events are kept: is the gateway there? {recorder.stats()}", file=sys.stderr)
        return 1
    print(f"\n{recorder.stats().accepted} events are kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
