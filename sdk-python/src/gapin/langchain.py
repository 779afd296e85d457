"""Records what LangChain and LangGraph do: pass `gapin.langchain.CallbackHandler()` among the `callbacks`.

    agent.invoke(question, config={"callbacks": [gapin.langchain.CallbackHandler()]})

Queries and responses of models, calls of tools with their results, retrievals, and errors.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage

from ._default import default_recorder
from ._instrument import swallow, usage_of
from ._secrets import without_secrets
from .recorder import Recorder
from .settings import AI_VERSION_DEFAULT

RUNS_MAX: Final = 10_000
"""Runs that have begun and not ended are remembered up to this many."""

_TOLD: Final = "_gapin_told"


class _Run:
    """A run that has begun."""

    def __init__(self, name: str, given: Any, model: str | None) -> None:
        self.name = name
        self.given = given
        self.model = model
        self._began = time.perf_counter()

    def latency_ms(self) -> float:
        return round((time.perf_counter() - self._began) * 1000, 3)


class CallbackHandler(BaseCallbackHandler):
    """A callback handler for any chain, agent or graph. Without a recorder: that of the process."""

    raise_error = False
    run_inline = True  # in the order of things, and in the caller's context

    def __init__(self, recorder: Recorder | None = None) -> None:
        super().__init__()
        self._recorder = recorder or default_recorder()
        # Without a lock, which a forked child might find held: each change is one step of the interpreter.
        self._runs: OrderedDict[UUID, _Run] = OrderedDict()

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **kwargs: Any
    ) -> None:
        """A chat model is asked."""
        self._safely(lambda: self._asked(run_id, [_message(one) for batch in messages for one in batch], kwargs))

    def on_llm_start(self, serialized: dict[str, Any], prompts: list[str], *, run_id: UUID, **kwargs: Any) -> None:
        """A plain model is asked."""
        self._safely(lambda: self._asked(run_id, list(prompts), kwargs))

    def on_llm_end(self, response: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has answered."""
        self._safely(lambda: self._answered(run_id, response))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has failed."""
        self._safely(lambda: self._failed(run_id, error))

    def on_tool_start(
        self, serialized: dict[str, Any], input_str: str, *, run_id: UUID, inputs: Any = None, **kwargs: Any
    ) -> None:
        """A tool is called."""
        name = kwargs.get("name") or (serialized or {}).get("name") or "tool"
        self._safely(lambda: self._begin(run_id, _Run(name, inputs if inputs is not None else input_str, None)))

    def on_tool_end(self, output: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """A tool has answered."""
        self._safely(lambda: self._acted(run_id, _message(output) if isinstance(output, BaseMessage) else output))

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """A tool has failed."""
        self._safely(lambda: self._failed(run_id, error))

    def on_retriever_start(self, serialized: dict[str, Any], query: str, *, run_id: UUID, **kwargs: Any) -> None:
        """Documents are looked for."""
        name = kwargs.get("name") or (serialized or {}).get("name") or "retriever"
        self._safely(lambda: self._begin(run_id, _Run(name, query, None)))

    def on_retriever_end(self, documents: Sequence[Any], *, run_id: UUID, **kwargs: Any) -> None:
        """Documents were found."""
        self._safely(lambda: self._acted(run_id, list(documents)))

    def on_retriever_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """Documents could not be looked for."""
        self._safely(lambda: self._failed(run_id, error))

    def on_chain_error(
        self, error: BaseException, *, run_id: UUID, parent_run_id: UUID | None = None, **kwargs: Any
    ) -> None:
        """A chain has failed: said once, where nothing inside of it has said so."""
        if parent_run_id is None:
            self._safely(lambda: self._failed(run_id, error))

    def _asked(self, run_id: UUID, messages: list[Any], kwargs: dict[str, Any]) -> None:
        parameters = kwargs.get("invocation_params") or {}
        known = parameters.get("model") or parameters.get("model_name")
        model = known or (kwargs.get("metadata") or {}).get("ls_model_name")
        rest = without_secrets({key: said for key, said in parameters.items() if key not in {"model", "model_name"}})
        run = _Run("model", {"messages": messages, **({"model": model} if model else {}), "parameters": rest}, model)
        self._begin(run_id, run)
        self._record("ai.query", run, run_id, query=run.given)

    def _answered(self, run_id: UUID, result: Any) -> None:
        run = self._end(run_id)
        answers = [generation for batch in result.generations for generation in batch]
        messages = [getattr(answer, "message", None) for answer in answers]
        shown = [
            _message(message) if message is not None else answer.text
            for answer, message in zip(answers, messages, strict=True)
        ]
        first = messages[0] if messages else None
        notes = {**(result.llm_output or {}), **(getattr(first, "response_metadata", None) or {})}
        response: dict[str, Any] = {"output": shown[0] if len(shown) == 1 else shown}
        for name, value in (
            ("model", notes.get("model_name") or notes.get("model") or run.model),
            ("finish_reason", notes.get("finish_reason") or notes.get("stop_reason")),
            ("usage", usage_of(getattr(first, "usage_metadata", None), "input_tokens", "output_tokens")),
        ):
            if value is not None:
                response[name] = value
        self._record("ai.response", run, run_id, response={**response, "latency_ms": run.latency_ms()})

    def _acted(self, run_id: UUID, output: Any) -> None:
        run = self._end(run_id)
        action = {
            "function": run.name, "input": run.given, "output": output,
            "latency_ms": run.latency_ms(), "model": run.model or self._recorder.ai_version,
        }  # fmt: skip
        self._record("ai.action", run, run_id, action=action)

    def _failed(self, run_id: UUID, error: BaseException) -> None:
        run = self._end(run_id)
        if getattr(error, _TOLD, False):
            return  # what fails inside passes through all that is around it
        error.__dict__[_TOLD] = True
        parts: dict[str, Any] = {"query": run.given} if run.name == "model" else {}
        self._record("ai.error", run, run_id, error={"code": error, "recoverable": False}, **parts)

    def _begin(self, run_id: UUID, run: _Run) -> None:
        self._runs[run_id] = run
        if len(self._runs) > RUNS_MAX:
            self._runs.popitem(last=False)

    def _end(self, run_id: UUID) -> _Run:
        return self._runs.pop(run_id, None) or _Run("chain", None, None)

    def _record(self, event_type: str, run: _Run, run_id: UUID, **parts: Any) -> None:
        event: dict[str, Any] = {"event_type": event_type, **parts}
        event["metadata"] = {"labels": {"instrument": "langchain", "call": run_id.hex}}
        if self._recorder.ai_version == AI_VERSION_DEFAULT and run.model:
            event["ai_version"] = run.model[:128]
        self._recorder.record(event)

    def _safely(self, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:  # noqa: BLE001  never into the caller
            swallow(self._recorder, "watching langchain", error)


def _message(message: BaseMessage) -> dict[str, Any]:
    """A message, of what it says."""
    shown: dict[str, Any] = {"role": message.type, "content": message.content}
    for name in ("tool_calls", "tool_call_id", "name"):
        value = getattr(message, name, None)
        if value:
            shown[name] = value
    return shown
