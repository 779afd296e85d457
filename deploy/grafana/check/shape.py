"""Whether the dashboards are whole, without asking anybody: what every panel has, where it stands, what it names exists."""

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
GRAFANA = ROOT / "deploy" / "grafana"
COLUMNS = 24


def dashboards():
    return {path.stem: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))}


def panels(dashboard):
    """All but headlines."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def cells(panel):
    place = panel["gridPos"]
    return {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}


def faults_of(name, dashboard, alerts):
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    ids = [panel["id"] for panel in dashboard["panels"]]
    if len(ids) != len(set(ids)):
        yield f"{name}: two panels have one id"
    taken = {}
    for panel in dashboard["panels"]:
        what = f"{name}, {panel['title'] or panel['id']}"
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > COLUMNS:
            yield f"{what}: stands beyond the edge"
        for cell in cells(panel):
            if cell in taken:
                yield f"{what}: stands on {taken[cell]}"
                break
            taken[cell] = panel["title"]
    headline = None
    titles = set()
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            headline = panel["title"]
            continue
        what = f"{name}, {panel['title'] or panel['id']}"
        if (headline, panel["title"]) in titles:
            yield f"{what}: stands twice in one row"
        titles.add((headline, panel["title"]))
        for member in ("title", "description", "targets"):
            if not panel.get(member):
                yield f"{what}: has no {member}"
        if not panel["fieldConfig"]["defaults"].get("unit"):
            yield f"{what}: has no unit"
        letters = [target["refId"] for target in panel["targets"]]
        if len(letters) != len(set(letters)):
            yield f"{what}: two questions have one letter"
        for asked in (panel, *panel["targets"]):
            of = re.fullmatch(r"\$\{(\w+)\}", asked["datasource"]["uid"])
            variable = variables.get(of[1]) if of else None
            if variable is None or variable["type"] != "datasource" or variable["query"] != asked["datasource"]["type"]:
                yield f"{what}: asks no data source by its variable"
        for alert in re.findall(r"docs/runbooks/(\w+)\.md", panel["description"]):
            if alert not in alerts:
                yield f"{what}: leads to {alert}, which is no alert"
        for target in panel["targets"]:
            said = target.get("expr") or target["rawSql"]
            for variable in re.findall(r"\$\{?([a-z][a-z_]*)", said):
                if variable not in variables:
                    yield f"{what}: asks for ${variable}, which is no variable"
    used = json.dumps(dashboard["panels"]) + json.dumps([variable.get("query") for variable in variables.values()])
    for variable in variables:
        if not re.search(rf"\$\{{?{variable}\b", used):
            yield f"{name}: nothing asks for its variable {variable}"


def provisioned(made):
    """Data sources that dashboards ask for are provisioned, once each; the provider is there."""
    sources = yaml.safe_load((GRAFANA / "provisioning/datasources/gapin.yaml").read_text())["datasources"]
    for member in ("uid", "name"):
        if len({source[member] for source in sources}) != len(sources):
            yield f"two data sources have one {member}"
    wanted = {variable["query"] for dashboard in made.values() for variable in dashboard["templating"]["list"] if variable["type"] == "datasource"}
    if wanted != {source["type"] for source in sources}:
        yield f"data sources: dashboards ask for {sorted(wanted)}"
    providers = yaml.safe_load((GRAFANA / "provisioning/dashboards/gapin.yaml").read_text())["providers"]
    if [provider["type"] for provider in providers] != ["file"]:
        yield "the dashboards have no provider"


def measures_are_those_of_the_store():
    """tenants.py counts from 1, as the store does: the names are the same, in order."""
    rust = (ROOT / "store/src/statistics/mod.rs").read_text()
    numbers = {name: int(number) for name, number in re.findall(r"Measure::(\w+) => (\d+)", rust)}
    python = (GRAFANA / "source/tenants.py").read_text()
    names = re.search(r"^([A-Z_, ]+) = range\(1, (\d+)\)$", python, re.M)
    ours = {name.strip().replace("_", "").lower(): number for number, name in enumerate(names[1].split(","), 1)}
    theirs = {name.lower(): number for name, number in numbers.items()}
    if ours != theirs:
        yield f"measures: tenants.py has {ours}, the store {theirs}"


def faults():
    made = dashboards()
    rules = yaml.safe_load((ROOT / "deploy/prometheus/gapin.rules.yml").read_text())
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    for member in ("uid", "title"):
        if len({dashboard[member] for dashboard in made.values()}) != len(made):
            yield f"two dashboards have one {member}"
    for name, dashboard in made.items():
        yield from faults_of(name, dashboard, alerts)
    shown = set(re.findall(r"docs/runbooks/(\w+)\.md", json.dumps(made)))
    # Those of what stands before GAPIN are seen by the probe from outside alone.
    for alert in sorted(alerts - shown - {"GapinPublicAddressDown", "GapinCertificateEnds"}):
        yield f"{alert}: no panel shows what it goes by"
    yield from provisioned(made)
    yield from measures_are_those_of_the_store()
