"""The services of a compose file as plain processes: each in a network of its own on one bridge, with the addresses, names, settings,
secrets, mounted files, users, commands and health checks that the file gives it.

Runs as root in namespaces of its own (see check.sh), so nothing of it is left on the machine, and everything ends with it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import yaml

HERE = Path("/run/gapin-topology")  # in a memory of its own, see check.sh
ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS_MAX = 600

# What the images are made with, and the distribution's packages are not: who runs it, and what stands before its command.
IMAGES = {
    "gapin": {"user": "65532:65532", "entrypoint": [str(HERE / "bin/gapin")]},
    "kafka": {"user": "1000:1000"},
    "postgres": {"user": "postgres"},
    "prometheus": {"user": "65534:65534", "entrypoint": ["prometheus"]},
}
IMAGE_HEALTHCHECK = [str(HERE / "bin/gapin"), "doctor", "--ready"]


def run(*argv, **options):
    return subprocess.run(argv, check=True, capture_output=True, text=True, **options)


def at_root(target):
    return Path(target).parent == Path("/")


class Service:
    """One of them."""

    def __init__(self, name, told, address, bridge_number):
        self.name, self.told, self.address = name, told, address
        self.image = told["image"].split(":")[0].split("/")[-1]
        known = IMAGES.get(self.image, {})
        self.user = told.get("user") or known.get("user")
        self.entrypoint = told.get("entrypoint") or known.get("entrypoint", [])
        self.command = told.get("command") or []
        self.process = None
        self.log = HERE / f"logs/{name}.log"
        self.log.touch()
        run("ip", "netns", "add", name)
        self.link = f"v{bridge_number}"
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", name)
        run("ip", "link", "set", self.link, "master", "gapin0", "up")
        for argv in (["addr", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]):
            run("ip", "-n", name, *argv)

    def environment(self):
        kept = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        told = {name: "" if value is None else str(value) for name, value in (self.told.get("environment") or {}).items()}
        return kept | told

    def script(self, argv):
        """A shell that makes the container's mounts, and becomes the program as its user."""
        lines = ["set -e"]
        for secret in self.told.get("secrets") or []:
            lines.append(f"touch /run/secrets/{secret['source']}; mount --bind {HERE}/secrets/{secret['source']} /run/secrets/{secret['source']}")
        for volume in self.told.get("volumes") or []:
            source, target, mode = (volume.split(":") + ["rw"])[:3]
            if source.startswith("/"):
                make = f"mkdir -p {target}" if Path(source).is_dir() else f"mkdir -p {Path(target).parent}; touch {target}"
                lines.append(f"{make}; mount --bind -o ro {source} {target}")
            elif not at_root(target):
                lines.append(f"mkdir -p {target}; mount --bind {self.volume(source)} {target}")
        for tmpfs in self.told.get("tmpfs") or []:
            target, _, options = tmpfs.partition(":")
            lines.append(f"mkdir -p {target}; mount -t tmpfs {'-o ' + options if options else ''} tmpfs {target}")
        if self.told.get("read_only"):
            lines.append("for at in / /etc /opt /var/lib; do mount -o remount,bind,ro $at; done")
        if self.user:  # what it writes to is its own, as a container's output is
            lines.append(f"chown {self.user.split(':')[0]} /proc/self/fd/1 /proc/self/fd/2")
        lines.append('exec "$@"')
        return ["ip", "netns", "exec", self.name, "unshare", "-m", "sh", "-c", "\n".join(lines), "sh", *self.as_user(), *argv]

    def as_user(self):
        if not self.user:
            return []
        user, _, group = self.user.partition(":")
        groups = ["--regid", group, "--clear-groups"] if group else ["--regid", user, "--init-groups"]
        return ["setpriv", "--reuid", user, *groups, "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]

    def volume(self, name):
        folder = HERE / "volumes" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            user = self.user or "0:0"
            run("chown", user if ":" in user else f"{user}:{user}", folder)
        return folder

    def argv(self):
        command = [part.replace("$$", "$") for part in self.command]
        # A folder that only the image has at its root is not made on this machine: the program is told of the volume itself.
        for volume in self.told.get("volumes") or []:
            source, target = volume.split(":")[:2]
            if at_root(target) and not source.startswith("/"):
                command = [part.replace(f"={target}", f"={self.volume(source)}") for part in command]
        return [*self.entrypoint, *command]

    def start(self):
        assert self.process is None, f"{self.name} runs already"
        run("ip", "link", "set", self.link, "up")
        log = open(self.log, "ab")
        self.process = subprocess.Popen(self.script(self.argv()), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment())
        log.close()

    def execute(self, *argv, env=(), **options):
        """Another program in its surroundings, to its end: what `docker compose exec` does."""
        return subprocess.run(self.script(argv), capture_output=True, text=True, env=self.environment() | dict(env), **options)

    def gapin(self, *argv, **options):
        done = self.execute(str(HERE / "bin/gapin"), *argv, **options)
        assert done.returncode == 0, f"gapin {argv}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def is_healthy(self):
        """What its health check says."""
        check = (self.told.get("healthcheck") or {}).get("test")
        if check:
            check = [part.replace("$$", "$") for part in check]
            argv = ["sh", "-c", check[1]] if check[0] == "CMD-SHELL" else check[1:]
        elif self.image == "gapin":
            argv = IMAGE_HEALTHCHECK
        else:
            return True
        return self.execute(*argv).returncode == 0

    def wait_until_healthy(self):
        until = time.monotonic() + READY_SECONDS_MAX
        while not self.is_healthy():
            assert self.process.poll() is None, f"{self.name} ended with {self.process.returncode}:\n{self.last_said()}"
            assert time.monotonic() < until, f"{self.name} is not healthy:\n{self.last_said()}"
            time.sleep(0.3)

    def run_to_its_end(self):
        self.start()
        status = self.process.wait(timeout=READY_SECONDS_MAX)
        self.process = None
        assert status == 0, f"{self.name} ended with {status}:\n{self.last_said()}"

    def stop(self, how=signal.SIGTERM):
        """Ends it, and takes its address away, as a container's end does; answers its status."""
        self.process.send_signal(how)
        status = self.process.wait(timeout=60)
        self.process = None
        run("ip", "link", "set", self.link, "down")
        return status

    def said(self):
        return self.log.read_text(errors="replace")

    def last_said(self):
        return "\n".join(self.said().splitlines()[-40:])


class Machine:
    """All services of a compose file, none of them running."""

    def __init__(self, compose_file, gapin, kafka_jars):
        told = run("docker-compose", "--env-file", str(compose_file.with_name(".env.example")), "-f", str(compose_file), "config").stdout
        self.told = yaml.safe_load(told)
        for folder in ("bin", "logs", "secrets", "volumes", "hosts"):
            (HERE / folder).mkdir(parents=True)
        shutil.copy(gapin, HERE / "bin/gapin")
        self.make_secrets(compose_file.parent)
        self.make_kafka(kafka_jars)
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "gapin0", "type", "bridge")
        run("ip", "addr", "add", "172.30.0.1/24", "dev", "gapin0")
        run("ip", "link", "set", "gapin0", "up")
        self.services = {}
        for number, (name, service) in enumerate(self.told["services"].items()):
            networks = (service.get("networks") or {}).values()
            fixed = [network["ipv4_address"] for network in networks if network and "ipv4_address" in network]
            address = fixed[0] if fixed else f"172.30.0.{100 + number}"
            self.services[name] = Service(name, service, address, number)
        names = [f"{service.address} {name}" for name, service in self.services.items()]
        (HERE / "hosts/hosts").write_text("\n".join(["127.0.0.1 localhost", *names, f"{self.services['nginx'].address} gapin.example.com", ""]))
        run("mount", "--bind", str(HERE / "hosts/hosts"), "/etc/hosts")
        for line in self.services["nginx"].told["extra_hosts"]:
            name, address = re.split("[:=]", line)
            assert self.services[name].address == address, f"nginx is told that {name} is {address}"

    def __getitem__(self, name):
        return self.services[name]

    def make_secrets(self, folder):
        """As an operator makes them, with a certificate of one's own."""
        secrets = HERE / "secrets"
        run(str(folder / "secrets.sh"), str(secrets))
        assert secrets.stat().st_mode & 0o777 == 0o700, "the folder of the secrets is its owner's alone"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=gapin.example.com", "-addext", "subjectAltName=DNS:gapin.example.com",
            "-keyout", str(secrets / "tls_key"), "-out", str(secrets / "tls_certificate"))
        (secrets / "tls_key").chmod(0o444)
        Path("/run/secrets").mkdir()

    def make_kafka(self, jars):
        """The programs of Kafka's image that the compose file and docs/self-hosting.md call, on the same jars."""
        libraries, programs = Path("/opt/kafka/libs"), Path("/opt/kafka/bin")
        libraries.mkdir(parents=True)
        programs.mkdir()
        run("mount", "--bind", str(jars), str(libraries))
        java = "exec java -Xms128m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp '/opt/kafka/libs/*'"
        for program, main in (("kafka-storage.sh", "kafka.tools.StorageTool"), ("kafka-server-start.sh", "kafka.Kafka"),
                              ("kafka-consumer-groups.sh", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand")):
            (programs / program).write_text(f"#!/bin/sh\n{java} {main} \"$@\"\n")
            (programs / program).chmod(0o755)

    def start_postgres(self):
        """The image makes the cluster at its first start; here it is made by hand, with the same user, password and database."""
        postgres = self["postgres"]
        programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
        data = postgres.volume("postgres")
        told = postgres.environment()
        postgres.entrypoint, command = [str(programs / postgres.command[0])], postgres.command[1:]
        postgres.command = [*command, "-D", str(data), "-k", "", "-c", "listen_addresses=*"]
        done = postgres.execute(str(programs / "initdb"), "-D", str(data), "-U", told["POSTGRES_USER"], "-A", "scram-sha-256",
                                "-E", "UTF8", f"--pwfile={told['POSTGRES_PASSWORD_FILE']}")
        assert done.returncode == 0, done.stderr
        with open(data / "pg_hba.conf", "a") as rules:
            rules.write("host all all all scram-sha-256\n")
        postgres.start()
        postgres.wait_until_healthy()
        self.sql(f"CREATE DATABASE {told['POSTGRES_DB']}", "postgres")

    def sql(self, statement, database="gapin"):
        password = (HERE / "secrets/database_password").read_text().strip()
        done = self["postgres"].execute("psql", "-h", "127.0.0.1", "-U", "gapin", "-d", database, "-Atqc", statement, env={"PGPASSWORD": password})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def stored_ids(self, database="gapin"):
        """The `request_id` of every event in the store."""
        return self.sql("SELECT request_id FROM aibbar_events ORDER BY 1", database).splitlines()

    def start_all(self):
        """In the order that the file says, those that are GAPIN's, what it stands on, nginx and Prometheus."""
        started, wanted = set(), ["nginx", "consumer-1", "consumer-2", "prometheus"]

        def start(name):
            if name in started:
                return
            started.add(name)
            service = self[name]
            for needed in service.told.get("depends_on") or {}:
                start(needed)
            if name == "postgres":
                self.start_postgres()
            elif service.told.get("restart") == "no":
                service.run_to_its_end()
            else:
                service.start()
                service.wait_until_healthy()

        for name in wanted:
            start(name)
        return [name for name in self.services if name in started]

    def stop_all(self):
        """Those that others stand on last."""
        foundations = ("kafka", "postgres", "redis")
        for name in sorted(self.services, key=lambda name: name in foundations):
            if self[name].process:
                status = self[name].stop()
                assert status in (0, 143), f"{name} ended with {status}"  # 143: a JVM that was asked to end


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
