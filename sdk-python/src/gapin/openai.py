"""Records what goes through an OpenAI client: `gapin.openai.instrument(client)`.

Chat completions, responses and legacy completions; sync and async, streamed or not, parsed or raw; also of clients that
are made of it by `with_options`. The usage of a streamed chat completion is recorded where the program asks for it
(`stream_options={"include_usage": True}`): the request itself is never changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, TypeVar

from ._default import default_recorder
from ._instrument import Answer, Assembly, Dialect, ToolCall, Watch, usage_of
from .recorder import Recorder

C = TypeVar("C")


def instrument(client: C, recorder: Recorder | None = None) -> C:
    """Watches an `openai.OpenAI` or `openai.AsyncOpenAI`, and answers it. Without a recorder: that of the process."""
    recorder = recorder or default_recorder()
    watch = Watch(recorder)
    is_async = type(client).__name__.startswith("Async")
    for path, dialect in _RESOURCES.items():
        resource: Any = client
        for name in path.split("."):
            resource = getattr(resource, name, None)
        watch.resource(resource, dialect, is_async)
    watch.copies(client, partial(instrument, recorder=recorder))
    return client


class _Chat:
    """`/chat/completions`."""

    name = "openai"

    def query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The event's query."""
        rest = {name: value for name, value in body.items() if name not in {"messages", "model"}}
        return {"messages": body.get("messages") or [], **_model(body), "parameters": rest}

    def answer(self, result: dict[str, Any]) -> Answer:
        """A whole answer."""
        choices = result.get("choices") or []
        messages = [choice.get("message") or {} for choice in choices]
        reasons = [choice.get("finish_reason") for choice in choices]
        tools = [call for message in messages for call in message.get("tool_calls") or []]
        return Answer(
            output=messages[0] if len(messages) == 1 else messages,
            model=result.get("model"),
            finish_reason=reasons[0] if reasons else None,
            usage=usage_of(result.get("usage"), "prompt_tokens", "completion_tokens"),
            tools=[_tool(call) for call in tools],
        )

    def assembly(self) -> Assembly:
        """For a streamed one."""
        return _ChatAssembly()


class _ChatAssembly:
    def __init__(self) -> None:
        self._result: dict[str, Any] = {}
        self._choices: dict[int, dict[str, Any]] = {}

    def feed(self, part: dict[str, Any]) -> None:
        for name in ("model", "usage"):
            if part.get(name) is not None:
                self._result[name] = part[name]
        for piece in part.get("choices") or []:
            index = piece.get("index", 0)
            choice = self._choices.setdefault(index, {"message": {}, "finish_reason": None})
            choice["finish_reason"] = piece.get("finish_reason") or choice["finish_reason"]
            _grow(choice["message"], piece.get("delta") or {})

    def answer(self) -> Answer | None:
        if not self._choices:
            return None
        choices = [self._choices[index] for index in sorted(self._choices)]
        return _CHAT.answer({**self._result, "choices": choices})


def _grow(message: dict[str, Any], delta: Mapping[str, Any]) -> None:
    """Adds what a part of a message says."""
    for name, value in delta.items():
        if value is None:
            continue
        if name == "tool_calls":
            calls = message.setdefault("tool_calls", [])
            for piece in value:
                at = piece.get("index", 0)
                while len(calls) <= at < TOOL_CALLS_AT_ONCE_MAX:
                    calls.append({})
                if at < len(calls):
                    _grow(calls[at], {key: inner for key, inner in piece.items() if key != "index"})
        elif isinstance(value, dict):
            _grow(message.setdefault(name, {}), value)
        elif isinstance(value, str) and name in _GROWING:
            message[name] = message.get(name, "") + value
        else:
            message[name] = value


_GROWING: Final = frozenset({"content", "refusal", "arguments", "input", "reasoning_content"})
TOOL_CALLS_AT_ONCE_MAX: Final = 1_000


class _Responses:
    """`/responses`."""

    name = "openai"

    def query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The event's query."""
        asked = body.get("input")
        rest = {name: value for name, value in body.items() if name not in {"input", "model"}}
        said: dict[str, Any] = {"messages": list(asked)} if isinstance(asked, list) else {"prompt": asked or ""}
        return {**said, **_model(body), "parameters": rest}

    def answer(self, result: dict[str, Any]) -> Answer:
        """A whole answer."""
        output = result.get("output") or []
        why = (result.get("incomplete_details") or {}).get("reason")
        return Answer(
            output=output,
            model=result.get("model"),
            finish_reason=why or result.get("status"),
            usage=usage_of(result.get("usage"), "input_tokens", "output_tokens"),
            tools=[
                ToolCall(item.get("name", ""), _given(item), item.get("call_id"))
                for item in output
                if item.get("type") in {"function_call", "custom_tool_call"}
            ],
        )

    def assembly(self) -> Assembly:
        """For a streamed one."""
        return _ResponsesAssembly()


class _ResponsesAssembly:
    def __init__(self) -> None:
        self._whole: dict[str, Any] | None = None
        self._begun: dict[str, Any] = {}
        self._text = ""

    def feed(self, part: dict[str, Any]) -> None:
        kind = part.get("type")
        if kind in {"response.completed", "response.incomplete", "response.failed"}:
            self._whole = part.get("response")
        elif kind == "response.created":
            self._begun = part.get("response") or {}
        elif kind == "response.output_text.delta":
            self._text += part.get("delta") or ""

    def answer(self) -> Answer | None:
        if self._whole is not None:
            return _RESPONSES.answer(self._whole)
        return Answer(self._text, self._begun.get("model")) if self._text else None


class _Completions:
    """`/completions`, the oldest."""

    name = "openai"

    def query(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The event's query."""
        asked = body.get("prompt")
        rest = {name: value for name, value in body.items() if name not in {"prompt", "model"}}
        said: dict[str, Any] = {"prompt": asked} if isinstance(asked, str) else {"messages": [asked]}
        return {**said, **_model(body), "parameters": rest}

    def answer(self, result: dict[str, Any]) -> Answer:
        """A whole answer."""
        choices = result.get("choices") or []
        texts = [choice.get("text", "") for choice in choices]
        return Answer(
            output=texts[0] if len(texts) == 1 else texts,
            model=result.get("model"),
            finish_reason=choices[0].get("finish_reason") if choices else None,
            usage=usage_of(result.get("usage"), "prompt_tokens", "completion_tokens"),
        )

    def assembly(self) -> Assembly:
        """For a streamed one."""
        return _CompletionsAssembly()


class _CompletionsAssembly:
    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._result: dict[str, Any] = {}
        self._reason: str | None = None

    def feed(self, part: dict[str, Any]) -> None:
        self._result.update({name: part[name] for name in ("model", "usage") if part.get(name) is not None})
        for piece in part.get("choices") or []:
            index = piece.get("index", 0)
            self._texts[index] = self._texts.get(index, "") + (piece.get("text") or "")
            self._reason = piece.get("finish_reason") or self._reason

    def answer(self) -> Answer | None:
        choices = [{"text": self._texts[index], "finish_reason": self._reason} for index in sorted(self._texts)]
        return _COMPLETIONS.answer({**self._result, "choices": choices}) if choices else None


def _model(body: Mapping[str, Any]) -> dict[str, str]:
    model = body.get("model")
    return {"model": model} if isinstance(model, str) else {}


def _tool(call: Mapping[str, Any]) -> ToolCall:
    function = call.get("function") or call.get("custom") or {}
    return ToolCall(function.get("name") or "", _given(function), call.get("id"))


def _given(tool: Mapping[str, Any]) -> Any:
    """A function's arguments are JSON, mostly; a custom tool's input is text of its own kind."""
    return _parsed(tool["arguments"]) if "arguments" in tool else tool.get("input")


def _parsed(arguments: Any) -> Any:
    """A model's arguments are JSON, mostly."""
    try:
        return json.loads(arguments)
    except (TypeError, ValueError):
        return arguments


_CHAT: Final = _Chat()
_RESPONSES: Final = _Responses()
_COMPLETIONS: Final = _Completions()
_RESOURCES: Final[Mapping[str, Dialect]] = {
    "chat.completions": _CHAT,
    "responses": _RESPONSES,
    "completions": _COMPLETIONS,
    "beta.chat.completions": _CHAT,
}
