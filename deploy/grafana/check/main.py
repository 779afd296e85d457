"""Holds the dashboards against real services under load: `deploy/grafana/check.sh` starts it."""

import sys
import time

sys.dont_write_bytecode = True

from load import Load  # noqa: E402
from questions import Grafana, questions  # noqa: E402
from services import Services  # noqa: E402
from shape import dashboards, faults, panels  # noqa: E402

# What the role of Grafana must not see.
NOT_FOR_GRAFANA = ("aibbar_events", "api_keys", "signing_keys", "users", "sessions", "audit_entries", "peppers", "topics")


def stop_at(found, what):
    if found:
        raise SystemExit("\n".join([*found, f"{what}: {len(found)} faults"]))


def role_faults(services):
    """The role reads what panels ask, writes nothing, and reads no event, key or person."""
    for table in NOT_FOR_GRAFANA:
        ran = services.sql(f"SELECT * FROM {table} LIMIT 1", "gapin_grafana", password=services.password, check=False)
        if "permission denied" not in ran.stderr:
            yield f"gapin_grafana may read {table}"
    ran = services.sql("SET default_transaction_read_only = off; DELETE FROM statistics", "gapin_grafana", password=services.password, check=False)
    if "permission denied" not in ran.stderr:
        yield "gapin_grafana may delete statistics"
    ran = services.sql("SELECT count(*) FROM statistics", "gapin_exporter", password=services.password, check=False)
    if "permission denied" not in ran.stderr:
        yield "gapin_exporter may read statistics"
    if services.sql("SELECT 1", "gapin_grafana", password="wrong", check=False).returncode == 0:
        yield "a wrong password opens"


def hold_a_lock(services):
    """One that has a table, and one that waits for it: while panels are asked."""
    command = ["psql", "-X", "-q", "-h", "127.0.0.1", "-p", services.postgres_port, "-U", "postgres", "-d", "gapin", "-c"]
    services.start("holds", [*command, "BEGIN; LOCK TABLE saved_views IN EXCLUSIVE MODE; SELECT pg_sleep(600)"])
    time.sleep(2)
    services.start("waits", [*command, "BEGIN; LOCK TABLE saved_views IN ROW EXCLUSIVE MODE"])


def main():
    stop_at(list(faults()), "the dashboards' shape")
    made = dashboards()
    services = Services()
    try:
        services.start_testbed()
        services.start_postgres()
        services.start_gapin()
        services.make_roles()
        services.start_exporters()
        services.start_prometheus()
        load = Load(services)
        load.refuse_poison()
        load.prepare()
        began = time.time()
        load.run()
        hold_a_lock(services)
        time.sleep(6)
        asking = Grafana(services, began, time.time())
        found = list(role_faults(services))
        for name, dashboard in made.items():
            found += asking.faults_of(name, dashboard)
        load.end()
        stop_at(found, "asked under load")
    finally:
        services.end()
    count = sum(len(panels(dashboard)) for dashboard in made.values())
    print(f"grafana: {len(made)} dashboards, {count} panels, {questions(made)} questions to Prometheus and PostgreSQL, each answered by a real system under load")


if __name__ == "__main__":
    main()
