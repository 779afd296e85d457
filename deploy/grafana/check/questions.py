"""Asks what every panel and every variable asks, as Grafana would, and says which get no answer, or nothing but zeros."""

import csv
import io
import json
import math
import re
import urllib.error
import urllib.parse

from services import SCRAPE_S, get
from shape import panels

# Panels of what only broken machines or long times show: their zeros are an answer. Everything else must have been seen.
ZERO_IS_GOOD = {
    "Fenced brokers", "Partitions without a leader", "Under-replicated partitions", "Under min.insync.replicas", "Disks that failed",
    "Not at the preferred leader", "Replicas that fell behind and came back", "Deadlocks, in an hour", "In spools, for a person",
    "Requests that failed", "Primaries and replicas", "Dropping stands still", "Dropped past their retention", "Statistics lost", "Behind the primary",
}  # fmt: skip

# Gauges of the moment, which a look every two seconds may find at rest each time.
OF_THE_MOMENT = {
    "Held for readers", "Requests with events", "Events in work", "Bytes held", "Exports", "Readers now", "Waiting in the log",
    "Lag of partitions", "Wait to be stored", "Waiting",
}  # fmt: skip


class Grafana:
    """What a panel asks, with variables put in as Grafana puts them in."""

    def __init__(self, services, began, ended):
        self.services, self.began, self.ended = services, began, ended
        self.values = {"step": "60", "request": ""}

    def put_in(self, text):
        rate = max(SCRAPE_S * 2, SCRAPE_S * 4)
        for name, value in {"__rate_interval": f"{rate}s", "__interval": f"{SCRAPE_S}s", "__range": f"{int(self.ended - self.began)}s"}.items():
            text = text.replace(f"${name}", value)
        text = re.sub(r"\$__unixEpochFilter\((\w+)\)", lambda at: f"{at[1]} >= {int(self.began) - 60} AND {at[1]} <= {int(self.ended)}", text)
        for name, value in self.values.items():
            of_sql = ",".join(f"'{one}'" for one in value) if isinstance(value, list) else value
            of_prometheus = ".*" if isinstance(value, list) else value
            text = text.replace(f"${{{name}:sqlstring}}", of_sql).replace(f"${{{name}:regex}}", of_prometheus)
            text = re.sub(rf"\$(\{{{name}\}}|{name}\b)", lambda _, put=of_prometheus: put, text)
        left = re.findall(r"\$\{?[a-z_]\w*", text)
        if left:
            raise ValueError(f"{left} stays")
        return text

    def prometheus(self, path, **asked):
        url = f"{self.services.prometheus}/api/v1/{path}?{urllib.parse.urlencode(asked)}"
        try:
            answer = json.loads(get(url))
        except urllib.error.HTTPError as error:
            raise ValueError(error.read().decode()[:300]) from None
        if answer.get("warnings"):
            raise ValueError(str(answer["warnings"]))
        return answer["data"]

    def numbers(self, target):
        """Every number of the answer: none is an empty panel."""
        if "rawSql" in target:
            ran = self.services.sql(self.put_in(target["rawSql"]), "gapin_grafana", password=self.services.password, check=False)
            if ran.returncode != 0:
                raise ValueError(ran.stderr.strip())
            rows = list(csv.reader(io.StringIO(ran.stdout)))
            if target["format"] == "time_series" and rows[0][0] != "time":
                raise ValueError("a series whose first column is not the time")
            cells = [cell for row in rows[1:] for cell in (row[1:] if target["format"] == "time_series" else row)]
            return [float(cell) for cell in cells if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)] or [1.0 for cell in cells if cell]
        expr = self.put_in(target["expr"])
        if target.get("instant"):
            result = self.prometheus("query", query=expr, time=self.ended)["result"]
            values = [series["value"] for series in result]
        else:
            result = self.prometheus("query_range", query=expr, start=self.began, end=self.ended, step=SCRAPE_S)["result"]
            values = [value for series in result for value in series["values"]]
        return [number for number in (float(value) for _, value in values) if not math.isnan(number)]

    def choose_all(self, variable):
        """The values that a variable offers; there must be some."""
        if variable["datasource"]["type"] == "prometheus":
            selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
            found = self.prometheus(f"label/{label}/values", **{"match[]": self.put_in(selector)})
        else:
            ran = self.services.sql(variable["query"], "gapin_grafana", password=self.services.password)
            found = [row["__value"] for row in csv.DictReader(io.StringIO(ran.stdout))]
        if not found:
            raise ValueError("there is nothing to choose")
        self.values[variable["name"]] = found

    def faults_of(self, name, dashboard):
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                try:
                    self.choose_all(variable)
                except ValueError as error:
                    yield f"{name}, variable {variable['name']}: {error}"
        for panel in panels(dashboard):
            for target in panel["targets"]:
                if target["datasource"]["type"] == "loki":
                    continue
                line = target.get("legendFormat", "")
                what = f"{name}, {panel['title']}" + (f" ({line})" if line and len(panel["targets"]) > 1 else "")
                try:
                    numbers = self.numbers(target)
                except ValueError as error:
                    yield f"{what}: {error}"
                    continue
                if not numbers:
                    yield f"{what}: empty"
                elif not any(numbers) and panel["title"] not in ZERO_IS_GOOD | OF_THE_MOMENT:
                    yield f"{what}: nothing but zeros"


def questions(made):
    """How many there are, but those to Loki."""
    return sum(target["datasource"]["type"] != "loki" for dashboard in made.values() for panel in panels(dashboard) for target in panel["targets"])
