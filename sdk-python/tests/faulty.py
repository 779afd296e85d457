"""A small server in front of the real gateway that does to requests what networks and busy servers do.

It keeps what came, and answers by script: each request with events takes the next fault of the list, and goes through
to the gateway when there is none.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Arrived:
    """One request with events."""

    events: list[dict[str, Any]]
    body_bytes: int
    """As it was before compression."""
    encoding: str | None


@dataclass
class Answer:
    """An answer on its way back."""

    status: int
    headers: dict[str, str]
    body: bytes


Fault = Callable[["Exchange"], Answer | None]
"""Answers in the gateway's place; `None` cuts the connection."""


@dataclass
class Exchange:
    """One request, and the way to the gateway."""

    arrived: Arrived
    forward: Callable[[], Answer]


def refuse(status: int, code: str, **headers: str) -> Fault:
    """A problem, as the gateway words it."""
    body = json.dumps({"status": status, "code": code, "title": code, "request_id": "r-1"}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Answer(status, {"Content-Type": "application/problem+json", **named}, body)


def cut(_: Exchange) -> None:
    """Nothing arrives."""


def answer_lost(exchange: Exchange) -> None:
    """The gateway keeps it, and its answer is lost."""
    assert exchange.forward().status == 202


def held_until(release: threading.Event) -> Fault:
    """Goes through, later."""

    def fault(exchange: Exchange) -> Answer:
        assert release.wait(60)
        return exchange.forward()

    return fault


def results_changed(change: Callable[[int, dict[str, Any]], dict[str, Any]]) -> Fault:
    """Some of a batch are not forwarded: `change` says so of each, and they are answered with that."""

    def fault(exchange: Exchange) -> Answer:
        answer = exchange.forward()
        body = json.loads(answer.body)
        results = [change(index, result) for index, result in enumerate(body["results"])]
        body.update(results=results, rejected=sum(result["status"] == "rejected" for result in results))
        return Answer(207, {"Content-Type": "application/json"}, json.dumps(body).encode())

    return fault


@dataclass
class Script:
    """What the server does, and what it saw."""

    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    reads: Fault | None = None
    """Instead of what else is asked."""
    date: Callable[[], str] | None = None
    arrived: list[Arrived] = field(default_factory=list)


class FaultyGateway:
    """The server."""

    def __init__(self, gateway_port: int) -> None:
        self.script = Script()
        script = self.script

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def date_time_string(self, timestamp: float | None = None) -> str:
                return script.date() if script.date else super().date_time_string(timestamp)

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))

                def forward() -> Answer:
                    to = http.client.HTTPConnection("127.0.0.1", gateway_port, timeout=60)
                    kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                    to.request(self.command, self.path, body, kept)
                    response = to.getresponse()
                    headers = {
                        name: value
                        for name, value in response.getheaders()
                        if name.lower() in {"content-type", "retry-after", "x-request-id"}
                    }
                    answer = Answer(response.status, headers, response.read())
                    to.close()
                    return answer

                answer: Answer | None
                try:
                    if self.command == "POST" and self.path == "/aibbar/events":
                        arrived = read(body, self.headers.get("Content-Encoding"))
                        script.arrived.append(arrived)
                        fault = script.faults.pop(0) if script.faults else script.always
                        answer = fault(Exchange(arrived, forward)) if fault else forward()
                    elif script.reads:
                        answer = script.reads(Exchange(Arrived([], 0, None), forward))
                    else:
                        answer = forward()
                except OSError:
                    answer = refuse(502, "bad_gateway")(Exchange(Arrived([], 0, None), forward))
                if answer is None:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    self.close_connection = True  # whoever asked has gone

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def events(self) -> list[dict[str, Any]]:
        """All that came, again and again included."""
        return [event for arrived in self.script.arrived for event in arrived.events]


def read(body: bytes, encoding: str | None) -> Arrived:
    text = gzip.decompress(body) if encoding == "gzip" else body
    return Arrived([json.loads(line) for line in text.splitlines() if line], len(text), encoding)
