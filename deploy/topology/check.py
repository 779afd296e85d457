"""The production topology, started from the files that it is deployed from, and what it promises, tried through nginx.

usage: check.py GAPIN JARS, in the namespaces that check.sh makes
"""

import contextlib
import http.client
import itertools
import json
import re
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path

import client
import machine
from logs import check_log_pipeline
from machine import HERE, ROOT, Machine, run

COMPOSE = ROOT / "deploy/compose/docker-compose.prod.yml"
SECONDS_BETWEEN_RESTARTS = 4  # longer than nginx leaves a server alone that failed: fail_timeout in nginx.conf


def tell(words):
    print(f"topology: {words}", flush=True)


def wait_for(what, condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"never: {what}"
        time.sleep(0.2)


class Organisation:
    """As an operator makes one: in the surroundings of a gateway that runs."""

    def __init__(self, machine):
        gateway = machine["gateway-1"]
        create = ["keys", "create", "--org", "acme", "--scopes", "all", "--requests-per-minute", "off", "--events-per-day", "off", "--json"]
        self.key = json.loads(gateway.gapin(*create, "--name", "topology"))["key"]
        # Two that are good from one address each: the client's own, and one that it only claims to have.
        self.key_of_client = json.loads(gateway.gapin(*create, "--name", "client", "--allowed-ips", "172.30.0.1"))["key"]
        self.key_of_other = json.loads(gateway.gapin(*create, "--name", "other", "--allowed-ips", "203.0.113.7"))["key"]
        signing = json.loads(gateway.gapin("signing-keys", "create", "--org", "acme", "--key-id", "main", "--json"))
        self.signing = {"GAPIN_SIGNING_SECRET": signing["secret"], "GAPIN_SIGNING_KEY_ID": "main"}
        self.gateway = gateway

    def events(self, name, count, words=""):
        """So many signed events, each with the id that it is known by here."""
        bare = [
            json.dumps({
                "event_type": "ai.decision", "ai_version": "gpt-4-turbo",
                "decision": {"type": "refund", "logic": "within 30 days " + words, "options": ["refund", "refuse"], "chosen": "refund", "confidence": 0.97},
                "metadata": {"request_id": f"{name}-{number}"},
            })
            for number in range(count)
        ]
        ids = {"GAPIN_AI_ID": "018f3a5c-7c1e-4b5a-9d2e-3f4a5b6c7d8e"}
        signed = self.gateway.gapin("sign", env=self.signing | ids, input="\n".join(bare)).splitlines()
        assert len(signed) == count
        return [(f"{name}-{number}", text) for number, text in enumerate(signed)]

    def events_without_end(self, name):
        for part in itertools.count():
            yield from self.events(f"{name}-{part}", 500)


def check_nginx_configuration(machine):
    said = machine["nginx"].execute("nginx", "-t")
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr, said.stderr
    tell("nginx -t takes deploy/nginx/nginx.conf")


def check_the_door(machine, context, organisation):
    """What nginx alone answers for."""
    plain = http.client.HTTPConnection("172.30.0.10", 8080, timeout=10)
    plain.request("POST", "/aibbar/events?token=once-only-1", headers={"Host": client.HOST})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{client.HOST}/aibbar/events?token=once-only-1"), answer.status
    asked = client.Connection(context)
    status, headers, _ = asked.ask("GET", "/health/ready")
    assert status == 200 and headers["Strict-Transport-Security"], (status, headers)
    assert asked.ask("GET", "/metrics")[0] == 404
    status, _, page = asked.ask("GET", "/")
    assert status == 200 and b"<html" in page.lower(), "the dashboard"

    # What a client claims of its address is not believed, what nginx says of it is.
    claim = {"X-Forwarded-For": "203.0.113.7"}
    assert asked.ask("GET", "/aibbar/events", organisation.key_of_client)[0] == 200
    assert asked.ask("GET", "/aibbar/events", organisation.key_of_client, headers=claim)[0] == 200
    assert asked.ask("GET", "/aibbar/events", organisation.key_of_other, headers=claim)[0] in (401, 403)

    # Neither log of nginx quotes a query, also not where no gateway answers.
    asked.ask("GET", "/api/docs?token=once-only-2")
    for version in (client.ssl.TLSVersion.TLSv1_3, client.ssl.TLSVersion.TLSv1_2):
        context_of_one = client.tls(HERE / "secrets/tls_certificate")
        context_of_one.minimum_version = context_of_one.maximum_version = version
        assert client.Connection(context_of_one).ask("GET", "/health/live")[0] == 200
    context_of_h2 = client.tls(HERE / "secrets/tls_certificate")
    context_of_h2.set_alpn_protocols(["h2", "http/1.1"])
    with context_of_h2.wrap_socket(socket.create_connection((client.ADDRESS, client.PORT), 10), server_hostname=client.HOST) as stream:
        assert stream.selected_alpn_protocol() == "h2"
    tell("the door: TLS 1.2 and 1.3, HTTP/2, 308 from http, no /metrics, the client's address as nginx saw it")


def check_large_bodies(context, organisation):
    """A batch near the bound goes through, one past it is refused in the gateway's words."""
    asked = client.Connection(context)
    batch = "[" + ",".join(text for _, text in organisation.events("large", 40, "and " * 50_000)) + "]"
    assert 7_000_000 < len(batch) < 10_485_760, len(batch)
    status, _, body = asked.ask("POST", "/aibbar/events", organisation.key, batch)
    assert status in (200, 202), (status, body[:300])
    status, headers, body = asked.ask("POST", "/aibbar/events", organisation.key, "[" + " " * 10_600_000 + "]")
    assert status == 413 and "problem+json" in headers["Content-Type"], (status, headers["Content-Type"], body[:300])
    asked = client.Connection(context)
    wait_for("the batch is stored", lambda: len(asked.ask("GET", "/aibbar/events?limit=30", organisation.key)[2]) > 5_000_000)
    tell(f"large bodies: {len(batch):,} bytes recorded and read again, 10.6 MB refused by the gateway")


def check_live(context, organisation):
    """A WebSocket and server-sent events bring an event as soon as it is recorded."""
    watching = [client.Live(context, organisation.key, kind) for kind in ("ws", "sse")]
    for live in watching:
        assert live.said_hello.wait(30), f"{live.kind} said no hello: {live.wrong}"
    ((request_id, text),) = organisation.events("live", 1)
    began = time.monotonic()
    assert client.Connection(context).ask("POST", "/aibbar/events", organisation.key, text)[0] == 202
    wait_for("the event is seen live", lambda: all(request_id in live.seen for live in watching), 15)
    tell(f"live: WebSocket and server-sent events brought an event {time.monotonic() - began:.2f} s after it was sent")
    return watching


def gateways(machine):
    return [machine["gateway-1"], machine["gateway-2"]]


def restart(service, how=signal.SIGTERM, away_seconds=1.0):
    """As `docker compose up -d --no-deps --wait` does it: the next one's turn comes when this one is healthy."""
    status = service.stop(how)
    assert how is not signal.SIGTERM or status == 0, f"{service.name} ended with {status}:\n{service.last_said()}"
    time.sleep(away_seconds)
    service.start()
    service.wait_until_healthy()
    time.sleep(SECONDS_BETWEEN_RESTARTS)


def check_rolling_restart(machine, context, organisation, watching, events):
    load = client.Load(context, organisation.key, events)
    time.sleep(2)
    for service in [*gateways(machine), machine["consumer-1"], machine["consumer-2"], *gateways(machine)]:
        restart(service)
    load.stop()
    assert not load.failed, f"{len(load.failed)} requests failed: {load.failed[:5]}"
    assert len(load.acknowledged) > 100 and load.reads > 100, "hardly any load"
    stored_and_seen(machine, load, watching)
    assert all(live.times_opened > 1 for live in watching), "no stream ended, so none went on"
    tell(f"rolling restart: both gateways twice, both consumers: {len(load.acknowledged)} events recorded and {load.reads} pages read, "
         f"none failed, the slowest took {load.slowest:.2f} s; all stored once, and all seen live over both streams")


def check_killed_gateway(machine, context, organisation, watching, events):
    load = client.Load(context, organisation.key, events)
    time.sleep(1)
    restart(machine["gateway-1"], signal.SIGKILL, away_seconds=6)
    load.stop()
    assert not load.failed, f"{len(load.failed)} requests failed: {load.failed[:5]}"
    stored_and_seen(machine, load, watching)
    tell(f"a gateway killed and away for 6 s: {len(load.acknowledged)} events and {load.reads} pages, none failed, the slowest took {load.slowest:.2f} s")


def stored_and_seen(machine, load, watching):
    wanted = set(load.acknowledged)
    wait_for("all that was acknowledged is stored", lambda: wanted <= set(machine.stored_ids()))
    rows = machine.stored_ids()
    assert len(rows) == len(set(rows)), "something is stored twice"
    for live in watching:
        wait_for(f"all is seen over {live.kind}", lambda live=live: wanted <= live.seen)


def check_proxy_starts_alone(machine, context):
    """nginx starts also while a gateway is away, and logs no query."""
    machine["gateway-2"].stop()
    assert machine["nginx"].stop() == 0
    machine["nginx"].start()
    machine["nginx"].wait_until_healthy()
    for _ in range(4):
        assert client.Connection(context).ask("GET", "/health/live?token=once-only-3")[0] == 200
    machine["gateway-1"].stop()
    status, _, _ = client.Connection(context).ask("GET", "/health/live?token=once-only-4")
    assert status in (502, 504), status
    for gateway in gateways(machine):
        gateway.start()
    for gateway in gateways(machine):
        gateway.wait_until_healthy()
    time.sleep(SECONDS_BETWEEN_RESTARTS)
    assert client.Connection(context).ask("GET", "/health/ready")[0] == 200
    assert "once-only" not in machine["nginx"].said(), "nginx logs what stands in a query"
    assert "/api/docs" in machine["nginx"].said(), "nginx logs nothing"
    tell("nginx starts while a gateway is away; it logged no query, also not of what failed")


def check_prometheus(machine):
    def ask(path):
        with urllib.request.urlopen(f"http://{machine['prometheus'].address}:9090/api/v1/{path}", timeout=10) as answer:
            return json.load(answer)["data"]

    def up():
        targets = [target for target in ask("targets")["activeTargets"] if target["labels"]["job"].startswith("gapin-g") or target["labels"]["job"] == "gapin-consumer"]
        return len(targets) == 4 and all(target["health"] == "up" for target in targets)

    wait_for("Prometheus has gateways and consumers", up, 90)
    assert len(ask("rules")["groups"]) > 0
    tell("Prometheus, from deploy/prometheus, finds both gateways and both consumers by name, and has its rules")


def check_backup(machine, context, organisation):
    """What `backup` writes brings the store back, by the steps of docs/self-hosting.md; what came after it comes from Kafka again."""
    backup, kafka = machine["backup"], machine["kafka"]
    done = backup.execute(*backup.entrypoint, "once")
    assert done.returncode == 0, done.stderr
    backup.log.write_text(done.stdout)
    (dump,) = backup.volume("backups").glob("*")
    assert re.fullmatch(r"gapin-\d{8}T\d{6}Z\.dump", dump.name), dump
    # One that fails leaves nothing that looks like a dump, and does not end well.
    done = backup.execute(*backup.entrypoint, "once", env={"DATABASE_URL_FILE": "/run/secrets/none"})
    assert done.returncode != 0 and [dump] == list(backup.volume("backups").glob("*.dump")), done

    dumped = machine.stored_ids()
    asked = client.Connection(context)
    later = organisation.events("later", 20)
    for _, text in later:
        assert asked.ask("POST", "/aibbar/events", organisation.key, text)[0] == 202
    wait_for("what came after the dump is stored", lambda: len(machine.stored_ids()) == len(dumped) + 20)

    for name in ("consumer-1", "consumer-2"):
        assert machine[name].stop() == 0
    machine.sql("DROP DATABASE gapin WITH (FORCE)", "postgres")
    machine.sql("CREATE DATABASE gapin", "postgres")
    password = (HERE / "secrets/database_password").read_text().strip()
    done = backup.execute("pg_restore", "-h", "postgres", "-U", "gapin", "-d", "gapin", "--exit-on-error", str(dump), env={"PGPASSWORD": password})
    assert done.returncode == 0, done.stderr
    assert machine.stored_ids() == dumped, "the dump has not what the store had"
    back = ["--bootstrap-server", "kafka:9092", "--group", "gapin-store", "--all-topics", "--reset-offsets", "--to-earliest", "--execute"]
    done = kafka.execute("/opt/kafka/bin/kafka-consumer-groups.sh", *back)
    assert done.returncode == 0 and "gapin-store" in done.stdout, done.stdout + done.stderr
    for name in ("consumer-1", "consumer-2"):
        machine[name].start()
        machine[name].wait_until_healthy()
    wanted = sorted(dumped + [request_id for request_id, _ in later])
    wait_for("what came after the dump is stored again, and nothing twice", lambda: sorted(machine.stored_ids()) == wanted)
    tell(f"backup: a store that was lost came back from its dump with {len(dumped)} events, and from Kafka with the 20 that came after it; a dump that fails is none")


def check_watch_roles(machine):
    """`watch-roles`, once and again, makes roles with the passwords of their secrets: they see what they need, and no event."""
    for _ in range(2):
        machine["watch-roles"].run_to_its_end()
    may = {"grafana": ("gapin_grafana", "SELECT count(*) FROM statistics"), "exporter": ("gapin_exporter", "SELECT count(*) FROM pg_stat_statements")}
    for name, (role, allowed) in may.items():
        password = (HERE / f"secrets/{name}_database_password").read_text().strip()
        for query, is_allowed in ((allowed, True), ("SELECT count(*) FROM aibbar_events", False), ("CREATE TABLE mine ()", False)):
            done = machine["postgres"].execute("psql", "-X", "-h", "postgres", "-U", role, "-d", "gapin", "-Atqc", query, env={"PGPASSWORD": password})
            assert (done.returncode == 0) == is_allowed, f"{role}: {query}: {done.stdout}{done.stderr}"
        for service in ("watch-roles", "postgres"):
            assert password not in machine[service].said(), f"{service} tells the password of {role}"
    tell("watch-roles: Grafana and postgres_exporter have roles that see statistics, and no event")


def main():
    gapin, kafka_jars = map(Path, sys.argv[1:])
    began = time.monotonic()
    topology = Machine(COMPOSE, gapin, kafka_jars)
    check_nginx_configuration(topology)
    started = topology.start_all()
    tell(f"started from {COMPOSE.relative_to(ROOT)} in {time.monotonic() - began:.0f} s: {', '.join(started)}")
    context = client.tls(HERE / "secrets/tls_certificate")
    organisation = Organisation(topology)
    check_the_door(topology, context, organisation)
    check_large_bodies(context, organisation)
    watching = check_live(context, organisation)
    events = organisation.events_without_end("load")
    check_rolling_restart(topology, context, organisation, watching, events)
    check_killed_gateway(topology, context, organisation, watching, events)
    for live in watching:
        live.stop()
    check_proxy_starts_alone(topology, context)
    check_watch_roles(topology)
    check_backup(topology, context, organisation)
    check_prometheus(topology)
    tell(check_log_pipeline(topology))
    topology.stop_all()
    tell(f"all of it in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        with contextlib.suppress(OSError):
            for log in sorted((HERE / "logs").glob("*.log")):
                lines = log.read_text(errors="replace").splitlines()[-15:]
                if lines:
                    print(f"--- the end of what {log.stem} said", *lines, sep="\n", file=sys.stderr)
        raise
