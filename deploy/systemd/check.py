"""Types docs/self-hosting.md's ways by systemd into a booted Debian, and asks what came of it. usage: check.py DEBIAN GAPIN JARS (see check.sh)"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PAGE = SOURCE / "docs/self-hosting.md"
HERE = "/srv/gapin"  # the source, in there
WAIT_SECONDS_MAX = 120
HOST = "gapin.example.com"
EVENTS_MAX = 3000
PROMETHEUS = "http://127.0.0.1:9090/api/v1/"
# In the order in which they need each other.
UNITS = ["kafka", "gapin-gateway@127.0.0.11", "gapin-gateway@127.0.0.12", "gapin-consumer@127.0.0.21", "gapin-consumer@127.0.0.22"]
TOLD = "export DATABASE_URL_FILE=/etc/gapin/secrets/database_url GAPIN_MASTER_KEY_FILE=/etc/gapin/secrets/master_key\n"


def run(*argv, **options):
    return subprocess.run(argv, check=True, **options)


def tell(words):
    print(f"systemd: {words}", flush=True)


def blocks(title):
    """The commands that a section of the page prints, without those that its source says are not typed here."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## )", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert section, f"{PAGE.name} has no section “{title}”"
    parts = re.findall(r"^(<!-- not typed: .+? -->\n)?```\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    typed = [commands for left_out, commands in parts if not left_out]
    assert typed, f"{PAGE.name}, “{title}” prints no command"
    return typed


class Server:
    """A Debian with systemd, first as a folder, then booted."""

    def __init__(self, root, gapin, jars):
        self.root = Path(root)
        self.leader = None
        self.nspawn = None
        self.bring_source(gapin)
        self.bring_kafka(jars)
        self.bring_certificate()

    def bring_source(self, gapin):
        """As it is committed or about to be, with the binary that `make build` would leave."""
        to = self.root / HERE.lstrip("/")
        to.mkdir(parents=True)
        files = run("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "deploy", cwd=SOURCE, capture_output=True).stdout
        for name in filter(None, files.decode().split("\0")):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / name, to / name)
        (to / "target/release").mkdir(parents=True)
        shutil.copy(gapin, to / "target/release/gapin")

    def bring_kafka(self, jars):
        """The programs of Kafka's archive that the page's unit calls, on the same jars."""
        programs = self.root / "opt/kafka/bin"
        programs.mkdir(parents=True)
        shutil.copytree(jars, self.root / "opt/kafka/libs", ignore=lambda _folder, names: [name for name in names if not name.endswith(".jar")])
        java = "exec java -Xms128m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp '/opt/kafka/libs/*'"
        for program, main in (("kafka-storage.sh", "kafka.tools.StorageTool"), ("kafka-server-start.sh", "kafka.Kafka")):
            (programs / program).write_text(f"#!/bin/sh\n{java} {main} \"$@\"\n")
            (programs / program).chmod(0o755)

    def bring_certificate(self):
        """One's own authority, which this server believes, and what it signed; where the page says that they come from."""
        folder = self.root / "path/to"
        folder.mkdir(parents=True)
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
            "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"), capture_output=True)
        shutil.copy(folder / "fullchain.pem", self.root / "usr/local/share/ca-certificates/gapin.crt")
        with open(self.root / "etc/hosts", "a") as hosts:
            hosts.write(f"127.0.0.1 localhost {HOST}\n")

    def install(self, commands):
        """What comes from Debian's packages, before the server boots: booted, it has no network. Nothing is started by that."""
        policy = self.root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        # How this machine reaches packages; which, is this Debian's own matter.
        for name in ("apt.conf", "apt.conf.d", "auth.conf", "auth.conf.d"):
            path = Path("/etc/apt") / name
            if path.is_dir():
                shutil.copytree(path, self.root / "etc/apt" / name, dirs_exist_ok=True)
            elif path.exists():
                shutil.copy(path, self.root / "etc/apt" / name)
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.root / "etc/ssl/certs/ca-certificates.crt")
        mounts = [["--rbind", "/dev", f"{self.root}/dev"], ["-t", "proc", "proc", f"{self.root}/proc"]]
        for mount in mounts:
            run("mount", *mount)
        done = subprocess.run(["chroot", str(self.root), "bash", "-euo", "pipefail", "-c", commands + "update-ca-certificates\n"], capture_output=True, text=True,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8"})
        assert done.returncode == 0, f"{commands}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        for mount in reversed(mounts):
            run("umount", "-l", mount[-1])
        policy.unlink()

    def boot(self):
        log = open(self.root.parent / "boot.log", "wb")  # what its console says
        argv = ["systemd-nspawn", "-q", "-D", str(self.root), "--boot", "--register=no", "--keep-unit", "--private-network", "--link-journal=no", "--console=pipe"]
        self.nspawn = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("its first process", self.find_leader)
        wait_for("the end of its start", lambda: self.ask("systemctl is-active multi-user.target", check=False) == "active")

    def find_leader(self):
        assert self.nspawn.poll() is None, f"it did not boot: {(self.root.parent / 'boot.log').read_text()[-2000:]}"
        # Its first process is the child of nspawn; what that one starts has its name too, for a moment.
        found = subprocess.run(["pgrep", "-x", "-P", str(self.nspawn.pid), "systemd"], capture_output=True, text=True).stdout.split()
        self.leader = found[0] if found else None
        return self.leader is not None

    def type(self, commands, **options):
        argv = ["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-r", f"--wd=/proc/{self.leader}/root{HERE}", "bash", "-euo", "pipefail", "-c", f"cd {HERE}\n{commands}"]
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
        return subprocess.run(argv, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, **options)

    def ask(self, commands, check=True):
        done = self.type(commands)
        assert not check or done.returncode == 0, f"{commands}\nended with {done.returncode}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}\n{self.journal()}"
        return done.stdout.strip()

    def user_of(self, unit):
        return self.ask(f"stat -c %U /proc/$(systemctl show -P MainPID {unit})")

    def journal(self):
        return self.type("journalctl --no-pager -n 60; systemctl --no-pager --failed").stdout


def wait_for(what, condition):
    until = time.monotonic() + WAIT_SECONDS_MAX
    while not condition():
        assert time.monotonic() < until, f"waited for {what} for {WAIT_SECONDS_MAX} seconds"
        time.sleep(0.3)


def one_server(server):
    """Everything in one process, and a copy of it."""
    for commands in blocks("One server, by systemd"):
        if "gapin backup" in commands:
            wait_for("gapin dev", lambda: server.type("curl -fsS http://127.0.0.1:8080/health/ready").returncode == 0)
        server.ask(commands)
    said = server.ask("journalctl -u gapin --no-pager -o cat")
    assert "one-time password" in said.lower(), f"the journal has no password: {said[-2000:]}"
    assert server.ask("systemctl is-enabled gapin") == "enabled"
    assert server.user_of("gapin") == "gapin", "it runs as its own user"
    assert server.ask("ls /var/backups/gapin/*"), "the copy is empty"
    server.ask("systemctl stop gapin")
    assert server.ask("systemctl show -P Result gapin") == "success", server.journal()
    server.ask("systemctl disable gapin && rm -rf /var/lib/gapin /var/backups/gapin /etc/gapin")
    tell("one server: typed as printed, started, asked, copied, stopped")


def sign(server):
    """A key, and events that are signed."""
    key = json.loads(server.ask(TOLD + "gapin keys create --org acme --name check --scopes all --requests-per-minute off --events-per-day off --json"))["key"]
    signing = json.loads(server.ask(TOLD + "gapin signing-keys create --org acme --key-id main --json"))
    bare = [
        {"event_type": "ai.decision", "ai_version": "gpt-4-turbo", "metadata": {"request_id": f"systemd-{number}", "session_id": "systemd"},
         "decision": {"type": "refund", "logic": "within 30 days", "options": ["refund", "refuse"], "chosen": "refund", "confidence": 0.97}}
        for number in range(EVENTS_MAX)
    ]
    (server.root / "srv/bare.ndjson").write_text("".join(json.dumps(event) + "\n" for event in bare))
    (server.root / "srv/signing.env").write_text(
        f"GAPIN_SIGNING_SECRET={signing['secret']}\nGAPIN_SIGNING_KEY_ID=main\nGAPIN_AI_ID=018f3a5c-7c1e-4b5a-9d2e-3f4a5b6c7d8e\n")
    server.ask("set -a; . /srv/signing.env; gapin sign < /srv/bare.ndjson > /srv/events.ndjson")
    return key


def record_while_restarting(server, key):
    """Events one by one, through TLS, while a new binary takes the old one's place."""
    (server.root / "srv/key.conf").write_text(f'header = "Authorization: Bearer {key}"\nheader = "Content-Type: application/json"\n')
    load = """
    : > /srv/refused; : > /srv/sent
    while [ ! -e /srv/stop ] && read -r event; do
      printf %s "$event" | curl -sS --fail-with-body -K /srv/key.conf --data-binary @- https://gapin.example.com/aibbar/events >/srv/answer 2>&1 || cat /srv/answer >> /srv/refused
      echo >> /srv/sent
      sleep 0.05
    done < /srv/events.ndjson
    touch /srv/ended
    """
    server.ask(f"systemd-run -q --unit=load bash -c '{load}'")
    for gateway in ("127.0.0.11", "127.0.0.12"):
        server.ask(f"install -m 755 target/release/gapin /usr/local/bin/gapin && systemctl restart gapin-gateway@{gateway} && sleep 5")
    server.ask("systemctl restart gapin-consumer@127.0.0.21 gapin-consumer@127.0.0.22")
    assert server.type("test -e /srv/ended").returncode != 0, "the load ended before the restarts did"
    server.ask("touch /srv/stop")
    wait_for("the load's end", lambda: server.type("test -e /srv/ended").returncode == 0)
    sent = server.ask("wc -l < /srv/sent")
    refused = server.ask("cat /srv/refused")
    assert not refused, f"a request failed: {refused[:2000]}\n{server.journal()}"
    count = "runuser -u postgres -- psql -d gapin -Atc 'SELECT count(DISTINCT request_id), count(*) FROM aibbar_events'"
    wait_for("all events in the store", lambda: server.ask(count) == f"{sent}|{sent}")
    found = json.loads(server.ask("curl -fsS -K /srv/key.conf 'https://gapin.example.com/aibbar/events?session_id=systemd&limit=5'"))
    assert len(found["items"]) == 5, found
    tell(f"{sent} events by TLS while both gateways and both consumers were restarted: none refused, each stored once, read again")


def watched(server):
    """Prometheus reaches all that its file names, and holds it against the rules."""
    def asked(path):
        return json.loads(server.ask(f"curl -fsS '{PROMETHEUS}{path}'"))["data"]

    def reached():
        # What it asks now: its series tell of what Debian's own settings asked, too.
        return sorted(target["health"] for target in asked("targets?state=active")["activeTargets"])

    wait_for("what Prometheus asks", lambda: reached() == ["up"] * 7)
    wait_for("the probe of the address", lambda: [found["value"][1] for found in asked("query?query=probe_success")["result"]] == ["1"])
    assert asked("rules")["groups"], "Prometheus has no rules"
    tell("Prometheus reaches two gateways, two consumers, PostgreSQL, the machine and the public address")


def kept(server):
    """What nginx makes bodies wait in, and the dump that was made."""
    proxy = server.ask("systemctl show -P MainPID nginx")
    assert server.ask(f"nsenter -t {proxy} -m stat -f -c '%T %b %S' /tmp") == "tmpfs 131072 4096", "nginx has no bounded memory of its own"
    server.ask(f"nsenter -t {proxy} -m test -d /tmp/client_body")
    dump = server.ask("ls /var/lib/gapin-backup/*.dump")
    assert "aibbar_events" in server.ask(f"runuser -u postgres -- pg_restore --list < {dump}"), "the dump holds no events"
    assert server.ask("systemctl is-enabled gapin-backup.timer") == "enabled"
    tell("bodies wait in a bounded memory, and a dump lies where the page says")


def closed(server):
    """What listens to more than the machine itself."""
    lines = server.ask("cat /proc/net/tcp /proc/net/tcp6").splitlines()
    open_ports = set()
    for line in lines:
        parts = line.split()
        if len(parts) > 3 and parts[3] == "0A":
            address, port = parts[1].rsplit(":", 1)
            loopback = address.endswith("7F") and len(address) == 8 or address == "0" * 24 + "01000000" or address.startswith("0" * 16 + "FFFF0000") and address.endswith("7F")
            if not loopback:
                open_ports.add(int(port, 16))
    assert open_ports == {80, 443}, f"open to the world: {sorted(open_ports)}"
    assert server.ask("stat -c '%a %U' /etc/gapin/secrets") == "700 root"
    for unit in UNITS[1:]:
        assert server.user_of(unit) == "gapin", f"{unit} runs as {server.user_of(unit)}"
    tell("open to the world are 80 and 443 alone")


def production(server):
    for commands in blocks("The production topology, by systemd"):
        if not commands.startswith("apt-get update"):
            server.ask(commands)
    tell("production: typed as printed")
    key = sign(server)
    record_while_restarting(server, key)
    watched(server)
    kept(server)
    closed(server)
    failed = server.ask("systemctl --failed --no-legend --plain")
    assert "gapin" not in failed and "kafka" not in failed, failed
    for unit in reversed(UNITS):
        server.ask(f"systemctl stop {unit}")
        assert server.ask(f"systemctl show -P Result {unit}") == "success", f"{unit}: {server.journal()}"
        assert server.ask(f"systemctl is-enabled {unit}") == "enabled", f"{unit} does not start by itself"
    tell("all stopped when they were told to")


def main():
    server = Server(*sys.argv[1:])
    packages = [commands for commands in blocks("The production topology, by systemd") if commands.startswith("apt-get update")]
    assert packages, "the page installs nothing"
    # curl is what this asks with before the page installs it.
    server.install("".join(packages))
    server.boot()
    tell("an empty Debian 12 has booted")
    try:
        one_server(server)
        production(server)
    finally:
        server.nspawn.kill()
        server.nspawn.wait()


main()
