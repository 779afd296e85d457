"""Who speaks to the system through nginx: requests, a WebSocket, server-sent events, and a load that counts what fails."""

import base64
import http.client
import json
import os
import socket
import ssl
import threading
import time
from pathlib import Path
from urllib.parse import quote

HOST, ADDRESS, PORT = "gapin.example.com", "172.30.0.10", 8443


def tls(certificate: Path):
    context = ssl.create_default_context(cafile=str(certificate))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Connection(http.client.HTTPSConnection):
    """Kept open between requests, as programs do."""

    def __init__(self, context, timeout=60):
        super().__init__(HOST, PORT, context=context, timeout=timeout)

    def connect(self):
        plain = socket.create_connection((ADDRESS, PORT), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method, path, key=None, body=None, headers=()):
        headers = {"Host": HOST, "Content-Type": "application/json"} | dict(headers)
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.request(method, path, body=body, headers=headers)
        answer = self.getresponse()
        return answer.status, answer.headers, answer.read()


class Live:
    """Someone who watches live, and comes again with the cursor when the stream ends. Keeps the ids of the events seen."""

    def __init__(self, context, key, kind):
        self.context, self.key, self.kind = context, key, kind
        self.seen, self.times_opened, self.cursor, self.said_hello = set(), 0, None, threading.Event()
        self.wrong = None
        self.stopping = False
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        while not self.stopping:
            try:
                self.times_opened += 1
                (self.websocket if self.kind == "ws" else self.sse)()
            except (OSError, EOFError, ValueError) as cut:
                self.wrong = cut
            time.sleep(0.1)

    def open(self, headers):
        plain = socket.create_connection((ADDRESS, PORT), 45)
        stream = self.context.wrap_socket(plain, server_hostname=HOST)
        path = f"/{self.kind}/events" + (f"?cursor={quote(self.cursor)}" if self.cursor else "")
        lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {self.key}", *headers, "", ""]
        stream.sendall("\r\n".join(lines).encode())
        return stream, stream.makefile("rb")

    @staticmethod
    def head(reading):
        status = reading.readline().decode()
        while (line := reading.readline()) not in (b"\r\n", b""):
            status += line.decode()
        return status

    def take(self, frame):
        if frame["type"] == "hello":
            self.said_hello.set()
        if frame["type"] == "event":
            self.seen.add(frame["event"]["metadata"].get("request_id"))
        self.cursor = frame.get("cursor", self.cursor)
        return frame["type"] == "bye"

    def websocket(self):
        nonce = base64.b64encode(os.urandom(16)).decode()
        stream, reading = self.open(["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {nonce}"])
        with stream:
            head = self.head(reading)
            if not head.startswith("HTTP/1.1 101"):
                raise EOFError(head.splitlines()[0] if head else "no answer")
            while not self.stopping:
                first, length = self.read(reading, 2)
                length &= 127
                if length > 125:
                    length = int.from_bytes(self.read(reading, 2 if length == 126 else 8), "big")
                payload, code = self.read(reading, length), first & 15
                if code == 9:  # a ping: the same comes back, masked with nothing
                    stream.sendall(bytes([0x8A, 0x80 | length, 0, 0, 0, 0]) + payload)
                elif code == 8 or (code == 1 and self.take(json.loads(payload))):
                    return

    def sse(self):
        stream, reading = self.open(["Accept: text/event-stream"])
        with stream:
            head = self.head(reading)
            if not head.startswith("HTTP/1.1 200"):
                raise EOFError(head.splitlines()[0] if head else "no answer")
            data = []
            while not self.stopping:
                line = reading.readline()
                if not line.endswith(b"\n"):
                    return  # what is not whole was not sent
                if line.startswith(b"data:"):
                    data.append(line[5:])
                elif line == b"\n" and data:
                    if self.take(json.loads(b"".join(data))):
                        return
                    data = []

    @staticmethod
    def read(reading, count):
        got = reading.read(count)
        if len(got) < count:
            raise EOFError("cut off")
        return got

    def stop(self):
        self.stopping = True


class Load:
    """Writers and readers that go on until they are told to stop: each request once, and what is not answered as it should be is a
    failed one."""

    def __init__(self, context, key, events, writers=4, readers=3, pause=0.1):
        self.context, self.key, self.pause = context, key, pause
        self.events, self.lock = iter(events), threading.Lock()
        self.acknowledged, self.reads, self.failed, self.slowest = [], 0, [], 0.0
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.write) for _ in range(writers)] + [threading.Thread(target=self.read_on) for _ in range(readers)]
        for thread in self.threads:
            thread.start()

    def write(self):
        def one(connection):
            with self.lock:
                event = next(self.events, None)
            if event is None:
                raise RuntimeError("the events are used up: make more")
            request_id, text = event
            status, _, body = self.timed(connection, "POST", "/aibbar/events", text)
            if status != 202:
                return f"POST {status} {body[:300]!r}"
            with self.lock:
                self.acknowledged.append(request_id)
        self.go_on(one)

    def read_on(self):
        def one(connection):
            status, _, body = self.timed(connection, "GET", "/aibbar/events?limit=5")
            if status != 200:
                return f"GET {status} {body[:300]!r}"
            with self.lock:
                self.reads += 1
        self.go_on(one)

    def timed(self, connection, method, path, body=None):
        began = time.monotonic()
        answer = connection.ask(method, path, self.key, body)
        with self.lock:
            self.slowest = max(self.slowest, time.monotonic() - began)
        return answer

    def go_on(self, one):
        connection, asked = Connection(self.context), 0
        while not self.ending.is_set():
            try:
                wrong = one(connection)
            except Exception as error:  # whatever it is, the request failed
                wrong = f"{type(error).__name__}: {error}"
                connection.close()
            if wrong:
                with self.lock:
                    self.failed.append(wrong)
            asked += 1
            if asked % 20 == 0:  # and on a new connection now and then
                connection.close()
            time.sleep(self.pause)
        connection.close()

    def stop(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        return self
