"""A local server that speaks the APIs of OpenAI and Anthropic as their documentation gives them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHAT_USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
WEATHER_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Rome"}'},
}
CUSTOM_CALL = {"id": "call_2", "type": "custom", "custom": {"name": "grep", "input": "needle.*"}}


def chat(body: dict[str, Any]) -> dict[str, Any]:
    """A chat completion. It asks for a tool where there are tools, until the tool has answered."""
    asks_for_tool = body.get("tools") and body["messages"][-1]["role"] != "tool"
    message: dict[str, Any] = {"role": "assistant", "content": "It is sunny.", "refusal": None}
    if asks_for_tool:
        call = CUSTOM_CALL if body["tools"][0]["type"] == "custom" else WEATHER_CALL
        message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": message, "logprobs": None,
                     "finish_reason": "tool_calls" if asks_for_tool else "stop"}],
        "usage": CHAT_USAGE, "service_tier": "default", "system_fingerprint": "fp_1",
    }  # fmt: skip


def chat_chunks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, streamed."""
    deltas: list[tuple[dict[str, Any], str | None]]
    if body.get("tools") and body["tools"][0]["type"] == "custom":
        begun = {"index": 0, "id": "call_2", "type": "custom", "custom": {"name": "grep", "input": ""}}
        deltas = [({"role": "assistant", "content": None, "tool_calls": [begun]}, None)]
        for piece in ("needle", ".*"):
            deltas.append(({"tool_calls": [{"index": 0, "custom": {"input": piece}}]}, None))
        deltas.append(({}, "tool_calls"))
    elif body.get("tools"):
        first = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
        deltas = [({"role": "assistant", "content": None, "tool_calls": [first]}, None)]
        for piece in ('{"city"', ': "Rome"}'):
            deltas.append(({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}, None))
        deltas.append(({}, "tool_calls"))
    else:
        deltas = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": piece}, None) for piece in ("It ", "is ", "sunny.")]
        deltas.append(({}, "stop"))
    made = [
        {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000,
            "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}],
        }
        for delta, reason in deltas
    ]  # fmt: skip
    if (body.get("stream_options") or {}).get("include_usage"):
        made.append({**made[0], "choices": [], "usage": CHAT_USAGE})
    return made


def _completion(choices: list[dict[str, Any]], usage: Any) -> dict[str, Any]:
    made = {
        "id": "cmpl-1", "object": "text_completion", "created": 1_700_000_000, "model": "gpt-3.5-turbo-instruct",
        "choices": choices,
    }  # fmt: skip
    return made if usage is None else {**made, "usage": usage}


def _choice(index: int, text: str, finish_reason: str | None) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": finish_reason}


def _prompts(body: dict[str, Any]) -> int:
    return len(body["prompt"]) if isinstance(body["prompt"], list) else 1


def completion(body: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's oldest API: as many choices as prompts."""
    return _completion([_choice(index, "It is sunny.", "stop") for index in range(_prompts(body))], CHAT_USAGE)


def completion_chunks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, streamed."""
    made = [
        _completion([_choice(index, piece, None if piece else "stop")], None)
        for piece in ("It ", "is ", "sunny.", "")
        for index in range(_prompts(body))
    ]
    if (body.get("stream_options") or {}).get("include_usage"):
        made.append(_completion([], CHAT_USAGE))
    return made


def response(body: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's newer API."""
    output: list[dict[str, Any]] = [
        {
            "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
            "content": [{"type": "output_text", "text": "It is sunny.", "annotations": []}],
        }
    ]  # fmt: skip
    if body.get("tools"):
        output = [
            {
                "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather",
                "arguments": '{"city": "Rome"}', "status": "completed",
            }
        ]  # fmt: skip
    usage = {
        "input_tokens": 11, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18,
    }  # fmt: skip
    return {
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": "completed", "error": None,
        "incomplete_details": None, "instructions": None, "model": "gpt-4o-2024-08-06", "output": output,
        "parallel_tool_calls": True, "previous_response_id": None, "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto", "tools": [], "top_p": 1.0,
        "truncation": "disabled", "usage": usage, "metadata": {},
    }  # fmt: skip


def response_events(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, streamed."""
    whole = response(body)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    events += [{"type": "response.output_text.delta", "delta": piece, **place} for piece in ("It ", "is ", "sunny.")]
    events.append({"type": "response.completed", "response": whole})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def message(body: dict[str, Any]) -> dict[str, Any]:
    """Anthropic's messages."""
    content: list[dict[str, Any]] = [{"type": "text", "text": "It is sunny."}]
    if body.get("tools"):
        content.append({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Rome"}})
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": content,
        "stop_reason": "tool_use" if body.get("tools") else "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    }  # fmt: skip


def message_events(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, streamed."""
    whole = message(body)
    begun = {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 11, "output_tokens": 1}}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": begun}]
    events.append({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    events.append({"type": "ping"})
    for piece in ("It ", "is ", "sunny."):
        delta = {"type": "text_delta", "text": piece}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    events.append({"type": "content_block_stop", "index": 0})
    if body.get("tools"):
        block = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}
        events.append({"type": "content_block_start", "index": 1, "content_block": block})
        for piece in ("", '{"city"', ': "Rome"}'):
            delta = {"type": "input_json_delta", "partial_json": piece}
            events.append({"type": "content_block_delta", "index": 1, "delta": delta})
        events.append({"type": "content_block_stop", "index": 1})
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    events.append({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7}})
    events.append({"type": "message_stop"})
    return events


OPENAI_FAULT = {"error": {"message": "Slow down.", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
ANTHROPIC_FAULT = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


class Provider:
    """The server; `requests` holds what came."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                requests.append(body)
                is_anthropic = self.path.startswith("/v1/messages")
                if body["model"] == "broken":
                    self._json(529 if is_anthropic else 429, ANTHROPIC_FAULT if is_anthropic else OPENAI_FAULT)
                    return
                whole, parts = {
                    "/v1/chat/completions": (chat, chat_chunks),
                    "/v1/completions": (completion, completion_chunks),
                    "/v1/responses": (response, response_events),
                    "/v1/messages": (message, message_events),
                }[self.path.partition("?")[0]]
                if not body.get("stream"):
                    self._json(200, whole(body))
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                for part in parts(body):
                    kind = f"event: {part['type']}\n" if "type" in part else ""
                    self.wfile.write(f"{kind}data: {json.dumps(part)}\n\n".encode())
                    self.wfile.flush()
                if parts in (chat_chunks, completion_chunks):
                    self.wfile.write(b"data: [DONE]\n\n")

            def _json(self, status: int, body: dict[str, Any]) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.send_header("x-request-id", "req_1")
                self.end_headers()
                self.wfile.write(text)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a reader that leaves in the middle

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
