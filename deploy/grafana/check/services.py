"""Real services for the dashboards to be held against: Kafka, PostgreSQL, Redis, a mail server, two gateways, a consumer, the
exporters and Prometheus, all on loopback, on free ports, and all gone afterwards."""

import contextlib
import glob
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
TOOLS = ROOT / ".tools" / "grafana"
GAPIN = os.environ["GAPIN_BIN"]
TESTBED = os.environ["TESTBED_BIN"]

SCRAPE_S = 2
START_MAX_S = 300  # machines under test are busy


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def answers(url):
    with contextlib.suppress(OSError):
        get(url)
        return True
    return False


class Services:
    """Starts them all, and ends what it started."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gapin-grafana-"))
        self.folder.chmod(0o755)
        self.running = []
        self.targets = {}

    def start(self, name, command, environment=None, stdin=subprocess.DEVNULL, **more):
        log = (self.folder / f"{name}.log").open("ab")
        child = subprocess.Popen(
            [str(part) for part in command], env=os.environ | (environment or {}), stdin=stdin,
            stdout=more.pop("stdout", log), stderr=log, start_new_session=True, **more,
        )  # fmt: skip
        log.close()
        self.running.append((name, child))
        return child

    def said(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def until(self, what, look, child=None, name=None, max_s=START_MAX_S):
        end = time.monotonic() + max_s
        while not (found := look()):
            if child is not None and child.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"not there in time: {what}\n{self.said(name)[-3000:] if name else ''}")
            time.sleep(0.2)
        return found

    def listening(self, name, command, port, path="/metrics", environment=None):
        child = self.start(name, command, environment)
        self.until(name, lambda: answers(f"http://127.0.0.1:{port}{path}"), child, name)
        return child

    # What GAPIN stands on.

    def start_testbed(self):
        """Kafka, with the JMX exporter in it, and Redis."""
        self.jmx_port = free_port()
        jar = next(TOOLS.glob("jmx_prometheus_javaagent-*.jar"))
        agent = f"-javaagent:{jar}=127.0.0.1:{self.jmx_port}:{DEPLOY}/prometheus/kafka-jmx.yml"
        child = self.start("testbed", [TESTBED, "kafka", "redis"], {"JAVA_TOOL_OPTIONS": agent}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.testbed = child
        self.environment = dict(child.stdout.readline().strip().split("=", 1) for _ in range(2))
        if "KAFKA_BROKERS" not in self.environment:
            raise SystemExit(f"no Kafka\n{self.said('testbed')[-3000:]}")
        self.targets["kafka"] = [f"127.0.0.1:{self.jmx_port}"]
        self.freezable = {"kafka": descendant(child.pid, "kafka.Kafka"), "redis": descendant(child.pid, "redis-server")}

    def start_postgres(self):
        """One that asks the roles of roles.sql for their passwords, and counts statements."""
        programs = Path(max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4])))
        self.programs, self.postgres_port = programs, free_port()
        self.postgres_data = self.folder / "postgres"
        self.postgres_data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.postgres_data, "postgres", "postgres")
        self.as_postgres("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D", self.postgres_data)
        rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self.postgres_data / "pg_hba.conf").write_text(rules)
        self.run_postgres("start")
        self.sql("CREATE DATABASE gapin", database="postgres")
        self.environment["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{self.postgres_port}/gapin"

    def as_postgres(self, program, *arguments):
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.geteuid() == 0 else []
        command = [*user, self.programs / program, *arguments]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/tmp")

    def run_postgres(self, how):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.postgres_port, "unix_socket_directories": "", "fsync": "off",
            "shared_preload_libraries": "pg_stat_statements", "autovacuum_naptime": "2s", "max_connections": 100,
        }  # fmt: skip
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())
        more = ["-l", self.postgres_data / "log", "-o", options] if how == "start" else ["-m", "immediate"]
        self.as_postgres("pg_ctl", how, "-w", "-t", START_MAX_S, "-D", self.postgres_data, *more)

    def sql(self, text, user="postgres", database="gapin", password=None, check=True):
        """Through psql, which is given the text on its standard input; its answer is CSV with a headline."""
        command = ["psql", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.postgres_port), "-U", user, "-d", database]
        environment = os.environ | ({"PGPASSWORD": password} if password else {})
        ran = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, timeout=60)
        if check and ran.returncode != 0:
            raise SystemExit(f"SQL: {ran.stderr}\n{text}")
        return ran

    def make_roles(self):
        """As roles.sql makes them, twice, since it may be run again."""
        for _ in range(2):
            self.sql((DEPLOY / "grafana" / "roles.sql").read_text())
        self.password = secrets.token_hex(16)
        for role in ("gapin_grafana", "gapin_exporter"):
            self.sql(f"ALTER ROLE {role} PASSWORD '{self.password}'")

    # GAPIN.

    def gapin(self, *arguments, environment=None, check=True, **more):
        ran = subprocess.run([GAPIN, *arguments], env=os.environ | self.environment | (environment or {}), capture_output=True, text=True, timeout=300, **more)
        if check and ran.returncode != 0:
            raise SystemExit(f"gapin {' '.join(arguments)}: {ran.stderr}")
        return ran.stdout

    def start_gapin(self):
        mail_port = free_port()
        self.start("mail", [ROOT / ".tools/python/bin/python", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{mail_port}", "-c", "aiosmtpd.handlers.Sink"])
        self.environment |= {
            "GAPIN_MASTER_KEY": secrets.token_hex(32), "GAPIN_LOG_FORMAT": "json", "GAPIN_DATA_DIR": str(self.folder / "data"),
            "GAPIN_LOG_PARTITIONS": "3", "KAFKA_MESSAGE_TIMEOUT_MS": "2000",
        }  # fmt: skip
        self.gapin("migrate")
        self.gateways = []
        # The second is small, so that there is overload, and clients that are too slow or too many.
        small = {
            "GAPIN_REQUESTS_IN_FLIGHT_MAX": "1", "GAPIN_CONNECTIONS_PER_ADDRESS_MAX": "48", "GAPIN_LIVE_QUEUE_RECORDS_MAX": "16",
            "GAPIN_ANONYMOUS_REQUESTS_PER_MINUTE": "10",
        }  # fmt: skip
        for number, more in ((1, {}), (2, small)):
            port, metrics = free_port(), free_port()
            settings = {
                "GAPIN_LISTEN": f"127.0.0.1:{port}", "GAPIN_METRICS_LISTEN": f"127.0.0.1:{metrics}", "GAPIN_DATA_DIR": str(self.folder / f"gateway-{number}"),
                "GAPIN_SMTP_URL": f"smtp://127.0.0.1:{mail_port}", "GAPIN_EMAIL_FROM": "GAPIN <gapin@example.com>",
                "GAPIN_PUBLIC_URL": "http://localhost", "GAPIN_REQUESTS_PER_MINUTE": "off", "GAPIN_EVENTS_PER_DAY": "off",
            }  # fmt: skip
            self.listening(f"gateway-{number}", [GAPIN, "gateway"], metrics, "/health/ready", self.environment | settings | more)
            self.gateways.append(f"http://127.0.0.1:{port}")
            self.targets.setdefault("gapin-gateway", []).append(f"127.0.0.1:{metrics}")
        metrics = free_port()
        settings = {"GAPIN_METRICS_LISTEN": f"127.0.0.1:{metrics}", "GAPIN_CONSUMER_BACKOFF_MAX_MS": "500"}
        self.listening("consumer", [GAPIN, "consumer"], metrics, "/metrics", self.environment | settings)
        self.targets["gapin-consumer"] = [f"127.0.0.1:{metrics}"]

    # What watches it.

    def start_exporters(self):
        port = free_port()
        source = f"postgres://gapin_exporter@127.0.0.1:{self.postgres_port}/gapin?sslmode=disable"
        environment = {"DATA_SOURCE_NAME": source, "PGPASSWORD": self.password}
        self.listening("postgres_exporter", [TOOLS / "postgres_exporter", f"--web.listen-address=127.0.0.1:{port}"], port, environment=environment)
        self.targets["postgresql"] = [f"127.0.0.1:{port}"]
        port = free_port()
        self.listening("node_exporter", [next(TOOLS.glob("node_exporter-*")), f"--web.listen-address=127.0.0.1:{port}"], port)
        self.targets["node"] = [f"127.0.0.1:{port}"]

    def start_prometheus(self):
        """With the very configuration of deploy/prometheus: only whom it asks, and how often, is another."""
        settings = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
        settings["global"] = {"scrape_interval": f"{SCRAPE_S}s", "evaluation_interval": f"{SCRAPE_S}s"}
        settings["rule_files"] = [str(DEPLOY / "prometheus" / name) for name in settings["rule_files"]]
        for job in settings["scrape_configs"]:
            job.pop("file_sd_configs", None)
            job["static_configs"] = [{"targets": self.targets.get(job["job_name"], [])}]
        unknown = self.targets.keys() - {job["job_name"] for job in settings["scrape_configs"]}
        if unknown:
            raise SystemExit(f"deploy/prometheus/prometheus.yml has no job {unknown}")
        configuration = self.folder / "prometheus.yml"
        configuration.write_text(json.dumps(settings))
        port = free_port()
        self.prometheus = f"http://127.0.0.1:{port}"
        command = ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={self.folder / 'prometheus'}", f"--web.listen-address=127.0.0.1:{port}"]
        self.listening("prometheus", command, port, "/-/ready")

    def freeze(self, name, is_frozen):
        """It keeps its connections, and answers nothing."""
        os.kill(self.freezable[name], signal.SIGSTOP if is_frozen else signal.SIGCONT)

    def end(self):
        for name in getattr(self, "freezable", {}):
            with contextlib.suppress(OSError):
                self.freeze(name, False)
        for name, child in reversed(self.running):
            if name == "testbed":
                # It keeps its services until its input ends.
                child.stdin.close()
            elif child.poll() is None:
                child.terminate()
            try:
                child.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if hasattr(self, "postgres_data"):
            with contextlib.suppress(Exception):
                self.run_postgres("stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def descendant(pid, word):
    """The process below this one that runs the program of this name."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if any(part.split("/")[-1].startswith(word) for part in Path(f"/proc/{child}/cmdline").read_text().split("\0")):
            return int(child)
        if found := descendant(child, word):
            return found
    return None
