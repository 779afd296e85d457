"""Records what goes through an Anthropic client: `gapin.anthropic.instrument(client)`.

`messages.create`, `messages.stream` and what else ends there; sync and async, streamed or not, raw; also of clients
that are made of it by `with_options`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, TypeVar

from ._default import default_recorder
from ._instrument import Answer, Assembly, ToolCall, Watch, usage_of
from .recorder import Recorder

C = TypeVar("C")

BLOCKS_MAX: Final = 1_000
"""Blocks of one streamed answer that are put together."""


def instrument(client: C, recorder: Recorder | None = None) -> C:
    """Watches an `anthropic.Anthropic` or `AsyncAnthropic`, and answers it. Without a recorder: that of the process."""
    recorder = recorder or default_recorder()
    watch = Watch(recorder)
    is_async = type(client).__name__.startswith("Async")
    for path in ("messages", "beta.messages"):
        resource: Any = client
        for name in path.split("."):
            resource = getattr(resource, name, None)
        watch.resource(resource, _MESSAGES, is_async)
    watch.copies(client, partial(instrument, recorder=recorder))
    return client


class _Messages:
    """`/v1/messages`."""

    name = "anthropic"

    def query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The event's query. A system prompt stands before the messages, as one of them."""
        messages = list(body.get("messages") or [])
        if body.get("system"):
            messages.insert(0, {"role": "system", "content": body["system"]})
        rest = {name: value for name, value in body.items() if name not in {"messages", "model", "system"}}
        model = {"model": body["model"]} if isinstance(body.get("model"), str) else {}
        return {"messages": messages, **model, "parameters": rest}

    def answer(self, result: dict[str, Any]) -> Answer:
        """A whole answer."""
        blocks = result.get("content") or []
        return Answer(
            output=blocks,
            model=result.get("model"),
            finish_reason=result.get("stop_reason"),
            usage=usage_of(result.get("usage"), "input_tokens", "output_tokens"),
            tools=[
                ToolCall(block.get("name", ""), block.get("input"), block.get("id"))
                for block in blocks
                if block.get("type") == "tool_use"
            ],
        )

    def assembly(self) -> Assembly:
        """For a streamed one."""
        return _MessagesAssembly()


class _MessagesAssembly:
    def __init__(self) -> None:
        self._message: dict[str, Any] | None = None
        self._blocks: dict[int, dict[str, Any]] = {}
        self._json: dict[int, str] = {}

    def feed(self, part: dict[str, Any]) -> None:
        kind = part.get("type")
        if kind == "message_start":
            self._message = dict(part.get("message") or {})
        elif kind == "content_block_start" and len(self._blocks) < BLOCKS_MAX:
            self._blocks[part["index"]] = dict(part.get("content_block") or {})
        elif kind == "content_block_delta" and part["index"] in self._blocks:
            self._delta(part["index"], part.get("delta") or {})
        elif kind == "message_delta" and self._message is not None:
            self._message["stop_reason"] = (part.get("delta") or {}).get("stop_reason")
            said = {name: value for name, value in (part.get("usage") or {}).items() if value is not None}
            self._message["usage"] = {**(self._message.get("usage") or {}), **said}

    def answer(self) -> Answer | None:
        if self._message is None:
            return None
        for index, text in self._json.items():
            try:
                self._blocks[index]["input"] = json.loads(text)
            except ValueError:
                self._blocks[index]["input"] = text
        return _MESSAGES.answer({**self._message, "content": [self._blocks[index] for index in sorted(self._blocks)]})

    def _delta(self, index: int, delta: Mapping[str, Any]) -> None:
        block = self._blocks[index]
        for name in ("text", "thinking", "signature"):
            if isinstance(delta.get(name), str):
                block[name] = block.get(name, "") + delta[name]
        if isinstance(delta.get("partial_json"), str):
            self._json[index] = self._json.get(index, "") + delta["partial_json"]


_MESSAGES: Final = _Messages()
