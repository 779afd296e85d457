"""A server on this machine that speaks `POST /v1/chat/completions` as OpenAI's reference gives it: with tools,
streamed or not, and with its errors. What it says comes from a script, not from a model."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PIECE_WAIT_S = 0.01


def message(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """What a model might say next: finds the order, decides, answers."""
    told = [json.loads(each["content"]) for each in messages if each["role"] == "tool"]
    if not told:
        order = re.search(r"\d{4}", messages[-1]["content"])
        return _calls("find_order", {"order": order.group() if order else "none"})
    order = told[0]
    chosen = "ask_a_person" if "error" in order else "refund" if order["days_ago"] <= 30 else "refuse"
    if len(told) == 1:
        return _calls("decide", {"chosen": chosen, "confidence": 0.6 if "error" in order else 0.97})
    answers = {
        "refund": f"Your {order.get('price', 0):g} euros are on their way back to you.",
        "refuse": "The order is older than 30 days, so we can't refund it.",
        "ask_a_person": "We can't find that order; a colleague will look into it.",
    }
    return {"role": "assistant", "content": answers[chosen], "refusal": None}


def _calls(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{secrets.token_hex(8)}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}


def completion(body: dict[str, Any]) -> dict[str, Any]:
    said = message(body["messages"])
    reason = "tool_calls" if said.get("tool_calls") else "stop"
    usage = {"prompt_tokens": len(json.dumps(body["messages"])) // 4, "completion_tokens": len(json.dumps(said)) // 4}
    return {
        "id": f"chatcmpl-{secrets.token_hex(8)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [{"index": 0, "message": said, "logprobs": None, "finish_reason": reason}],
        "usage": {**usage, "total_tokens": sum(usage.values())},
    }


def chunks(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The same, cut into pieces."""
    whole = completion(body)
    said = whole["choices"][0]["message"]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None if said.get("tool_calls") else ""}]
    for index, call in enumerate(said.get("tool_calls", [])):
        arguments = call["function"]["arguments"]
        begun = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        deltas.append({"tool_calls": [begun]})
        for piece in re.findall(r".{1,8}", arguments):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    deltas += [{"content": piece} for piece in re.findall(r"\S+\s*", said["content"] or "")]
    made = [_chunk(whole, delta, None) for delta in deltas]
    made.append(_chunk(whole, {}, whole["choices"][0]["finish_reason"]))
    if (body.get("stream_options") or {}).get("include_usage"):
        made.append({**made[0], "choices": [], "usage": whole["usage"]})
    return made


def _chunk(whole: dict[str, Any], delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
    head = {name: whole[name] for name in ("id", "created", "model")}
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return {**head, "object": "chat.completion.chunk", "choices": [choice]}


def fault(code: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


class Provider:
    """`with Provider() as local:` it listens at `local.url`, for who sends `local.key`."""

    def __init__(self) -> None:
        self.key = f"local-{secrets.token_urlsafe(24)}"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"key": self.key}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Provider:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    key = ""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != f"Bearer {self.key}":
            self._json(401, fault("invalid_api_key", "Incorrect API key provided."))
        elif self.path != "/v1/chat/completions":
            self._json(404, fault("unknown_url", f"Invalid URL (POST {self.path})"))
        elif body["model"].endswith(":gone"):
            self._json(404, fault("model_not_found", f"The model `{body['model']}` does not exist."))
        elif body.get("stream"):
            self._stream(chunks(body))
        else:
            self._json(200, completion(body))

    def _stream(self, parts: list[dict[str, Any]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for part in parts:
            self.wfile.write(f"data: {json.dumps(part)}\n\n".encode())
            self.wfile.flush()
            time.sleep(PIECE_WAIT_S)
        self.wfile.write(b"data: [DONE]\n\n")

    def _json(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
