"""What happens to GAPIN while Prometheus looks: the usual load, and all that the panels of faults are there for."""

import contextlib
import json
import secrets
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta

from services import GAPIN


ROUNDS = 6


class Organisation:
    """One with a key that may do everything, and a signing key."""

    def __init__(self, services, name):
        self.services, self.ai_id = services, str(uuid.uuid4())
        key = ["keys", "create", "--org", name, "--name", "check", "--scopes", "all", "--json"]
        # Limits that are never reached: they are asked for all the same.
        key += ["--requests-per-minute", "1000000", "--events-per-day", "100000000"]
        services.gapin("orgs", "create", name)
        self.key = json.loads(services.gapin(*key))["key"]
        self.limited = json.loads(services.gapin("keys", "create", "--org", name, "--name", "small", "--requests-per-minute", "3", "--events-per-day", "5", "--json"))["key"]
        secret = json.loads(services.gapin("signing-keys", "create", "--org", name, "--key-id", "main", "--json"))["secret"]
        self.settings = {"GAPIN_API_KEY": self.key, "GAPIN_SIGNING_KEY_ID": "main", "GAPIN_SIGNING_SECRET": secret, "GAPIN_AI_ID": self.ai_id}

    def signed(self, *events):
        lines = "\n".join(json.dumps(event) for event in events)
        said = self.services.gapin("sign", environment=self.settings, input=lines + "\n")
        return [json.loads(line) for line in said.splitlines()]


def decision(**more):
    made = {"type": "refund", "logic": "within 30 days", "options": ["refund", "refuse"], "chosen": "refund", "confidence": 0.97}
    return {"event_type": "ai.decision", "ai_version": "gpt-4-turbo", "decision": made, "metadata": {"session_id": "order-7", "user_id": "jane@example.com"}} | more


def new_event_id():
    """A UUIDv7 of now."""
    at = int(time.time() * 1000) << 80
    return str(uuid.UUID(int=at | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)))


def failure(code):
    return {"event_type": "ai.error", "ai_version": "gpt-4-turbo", "error": {"code": code, "message": "no answer", "recoverable": True}, "metadata": {}}


def ask(url, key=None, body=None, method=None):
    """The status, and what was said. Whatever it is: what is refused is wanted, too."""
    request = urllib.request.Request(url, method=method, data=None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def expect(answered, *wanted):
    status, said = answered
    if status not in wanted:
        raise SystemExit(f"{status} instead of {wanted}: {said[:500]}")
    return json.loads(said) if said.startswith("{") else said


class Load:
    """The whole of it, told by when it begins and for how long it goes on."""

    def __init__(self, services):
        self.services = services
        self.gateway, self.small = services.gateways
        self.acme, self.globex = Organisation(services, "acme"), Organisation(services, "globex")
        self.benches, self.sockets = [], []

    def bench(self, organisation, url, *arguments):
        self.benches.append(self.services.start(
            f"bench-{len(self.benches)}", [GAPIN, "bench", "--url", url, "--no-check", "--warm-up", "0", *arguments],
            self.services.environment | organisation.settings,
        ))  # fmt: skip

    def prepare(self):
        """Topics, people, and readers that do not read."""
        topic = {"name": "orders", "partitions": 2, "schema": {"type": "object", "required": ["id"]}}
        expect(ask(f"{self.gateway}/api/v1/topics", self.acme.key, topic), 201)
        self.services.gapin("users", "create", "--email", "owner@example.com", "--org", "acme", "--role", "owner")
        hold = {"name": "case 7", "reason": "a court asks"}
        expect(ask(f"{self.gateway}/api/v1/legal-holds", self.acme.key, hold), 200, 201)
        for _ in range(2):
            self.open_deaf_reader()

    def open_deaf_reader(self):
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.connect(("127.0.0.1", int(self.small.rsplit(":", 1)[1])))
        deaf.sendall(f"GET /sse/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.acme.key}\r\n\r\n".encode())
        self.sockets.append(deaf)

    def run(self):
        """Everything at once, in rounds, so that counters are seen to grow, however slow the machine is."""
        self.is_over = False
        usual = ["--duration", "300", "--connections", "4"]
        self.bench(self.acme, self.small, *usual, "--rate", "20", "--batch", "10", "--readers", "2", "--queries")
        self.bench(self.globex, self.gateway, *usual, "--rate", "5", "--batch", "4")
        readers = [threading.Thread(target=self.read_and_wait, args=(how,)) for how in ("group=billing&reader=one", "cursor=")]
        for reader in readers:
            reader.start()
        try:
            for number in range(ROUNDS):
                self.one_round(number)
                if number == 1:
                    self.without_kafka()
                if number == 2:
                    self.without_redis()
                if number == 3:
                    self.without_postgres()
        finally:
            self.is_over = True
            for reader in readers:
                reader.join()

    def end(self):
        """No more is sent."""
        for child in self.benches:
            child.terminate()
            child.wait(timeout=60)

    def one_round(self, number):
        events, now = f"{self.gateway}/aibbar/events", datetime.now(UTC)
        personal = "card 4111 1111 1111 1111, mail jane@example.com, call +1 415 555 2671"
        card = decision(metadata={"session_id": f"s-{number}"}, query={"prompt": personal}, event_type="ai.query")
        card.pop("decision")
        conflict = new_event_id()
        good, error, first, second, poison, old = self.acme.signed(
            card, failure("timeout"), decision(event_id=conflict), decision(event_id=conflict, ai_version="another"),
            decision(metadata={"session_id": "poison"}), decision(timestamp=(now - timedelta(days=3000)).strftime("%Y-%m-%dT%H:%M:%SZ")),
        )  # fmt: skip
        for event in (good, good, error, first, second, poison):
            expect(ask(events, self.acme.key, event), 202, 207, 503)
        # Refused, each for another reason.
        for event in (old, good | {"signature": "0" * 64}, good | {"colour": "red"}, good | {"key_id": "nobody"}):
            ask(events, self.acme.key, event)
        ask(events, self.acme.key, b"{not json")
        ask(events, "gk_" + secrets.token_hex(16), good)
        for _ in range(12):
            ask(f"{self.small}/aibbar/events?limit=1")
            ask(events, self.acme.limited, [good] * 3)
        # Messages, and readers of them.
        for message in ({"id": number}, {"no": "id"}):
            ask(f"{self.gateway}/events/publish", self.acme.key, [{"topic": "orders", "key": "k", "message": message}] * 5)
        page = ask(f"{self.gateway}/events/read?topic=orders&limit=2&cursor=earliest", self.acme.key)
        with contextlib.suppress(ValueError, KeyError, TypeError):
            ask(f"{self.gateway}/events/read?topic=orders&limit=2&cursor={json.loads(page[1])['next_cursor']}", self.acme.key)
        for path in ("/aibbar/events?limit=20", "/aibbar/events/export?format=csv", "/api/v1/metrics/throughput", "/api/v1/dead-letters"):
            ask(self.gateway + path, self.acme.key)
        ask(f"{self.gateway}/auth/password/forgot", body={"email": "owner@example.com"})
        self.overload()
        if number % 2:
            self.services.gapin("dlq", "redrive", "--all", "--reason", "refused_by_store", environment=self.acme.settings | {"GAPIN_URL": self.gateway}, check=False)

    def overload(self):
        """More at once than the small gateway has places for, and more connections than one address may have."""
        body = json.dumps(self.acme.signed(*[decision() for _ in range(50)])).encode()
        senders = [threading.Thread(target=ask, args=(f"{self.small}/aibbar/events", self.acme.key, body)) for _ in range(16)]
        for sender in senders:
            sender.start()
        port = int(self.small.rsplit(":", 1)[1])
        many = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(64)]
        for sender in senders:
            sender.join()
        for connection in many:
            connection.close()

    def read_and_wait(self, how):
        """A reader that is always there, and waits for messages."""
        cursor = "earliest" if how == "cursor=" else ""
        while not self.is_over:
            status, said = ask(f"{self.gateway}/events/read?topic=orders&wait_ms=3000&{how}{cursor}", self.acme.key)
            if status != 200:
                time.sleep(1)
            elif cursor:
                cursor = json.loads(said)["next_cursor"]

    def without_kafka(self):
        """It hangs: gateways keep events in their spools, and hand them on afterwards."""
        self.services.freeze("kafka", True)
        until = time.monotonic() + 12
        while time.monotonic() < until:
            for event in self.acme.signed(*[decision() for _ in range(5)]):
                ask(f"{self.gateway}/aibbar/events", self.acme.key, event)
        self.services.freeze("kafka", False)

    def without_redis(self):
        """It hangs: a gateway that asks it for a key's limit counts by itself, until it is back."""
        self.services.freeze("redis", True)
        for _ in range(4):
            ask(f"{self.gateway}/aibbar/events?limit=1", self.acme.limited)
            time.sleep(1)
        self.services.freeze("redis", False)

    def without_postgres(self):
        """It ends as if it were killed, and comes back some seconds later."""
        self.services.run_postgres("stop")
        time.sleep(4)
        self.services.run_postgres("start")

    def refuse_poison(self):
        """A rule that an operator put into the store, and that some events break."""
        self.services.sql("ALTER TABLE aibbar_events ADD CONSTRAINT no_poison CHECK (session_id IS DISTINCT FROM 'poison')")
