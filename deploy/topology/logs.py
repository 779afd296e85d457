"""Whether the log shipper's stages find what they look for in the lines that the services really write.

The stages and their expressions are read from deploy/loki/config.alloy, and evaluated by the JMESPath library for Python; Alloy and
Loki themselves are not run.
"""

import json
import re
from datetime import datetime, timezone

import jmespath

from machine import ROOT

CONFIG = ROOT / "deploy/loki/config.alloy"
LEVELS = {"ERROR", "WARN", "INFO", "DEBUG", "TRACE"}
LABELS = {"service", "service_name", "stream", "level"}


def stages():
    """Each stage of the pipeline, in order: its name, and the names and values in it."""
    text = CONFIG.read_text()
    found = []
    for stage in re.finditer(r"^  stage\.(\w+) \{\n(.*?)^  \}", text, re.M | re.S):
        pairs = re.findall(r'^\s+(\w+)\s+= "((?:[^"\\]|\\.)*)"', stage[2], re.M)
        found.append((stage[1], {name: value.replace('\\"', '"') for name, value in pairs}))
    assert [name for name, _ in found].count("json") == text.count("stage.json"), "a stage is not read"
    return found


def carried(line, pipeline):
    """What becomes of one line: labels, what is kept beside it, its time, and the line."""
    extracted, labels, beside, at = {}, {}, {}, None
    for name, values in pipeline:
        if name == "json":
            try:
                told = json.loads(line)
            except ValueError:
                continue
            extracted |= {key: value for key, path in values.items() if (value := jmespath.search(path or key, told)) is not None}
        elif name == "labels":
            labels |= {key: extracted[source or key] for key, source in values.items() if (source or key) in extracted}
        elif name == "structured_metadata":
            beside |= {key: extracted[source or key] for key, source in values.items() if (source or key) in extracted}
        elif name == "timestamp":
            assert values["format"] == "RFC3339Nano"
            at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d*Z$", r"\1+00:00", extracted[values["source"]]))
        elif name == "output":
            line = extracted[values["source"]]
        elif name != "label_drop":
            raise AssertionError(f"what does stage.{name} do?")
    return labels, beside, at, line


def check_log_pipeline(machine):
    pipeline, counted, with_levels, with_id = stages(), {}, set(), 0
    now = datetime.now(timezone.utc)
    for name in ("gateway-1", "gateway-2", "consumer-1", "consumer-2", "nginx", "backup", "postgres"):
        told = {"com.docker.compose.service": name} | (machine[name].told.get("labels") or {})
        attributes = {label: told[label] for label in machine[name].told["logging"]["options"]["labels"].split(",") if label in told}
        kind = re.sub(r"^(gateway|consumer)-\d$", r"gapin-\1", name)
        for said in machine[name].said().splitlines():
            # As Docker's json-file driver writes it.
            docker = {"log": said + "\n", "stream": "stderr", "attrs": attributes, "time": f"{now:%Y-%m-%dT%H:%M:%S.%f}000Z"}
            labels, beside, at, line = carried(json.dumps(docker), pipeline)
            assert line == said + "\n" and at == now and (labels["service"], labels["service_name"]) == (name, kind), (labels, line)
            assert set(labels) <= LABELS, f"{labels} has more than few values"
            if said.startswith("{"):  # what is no JSON, such as PostgreSQL's lines, is carried as it is
                assert labels.get("level") in LEVELS and beside.get("target"), f"{name}: {said}"
                with_levels.add(name)
            with_id += bool(beside.get("request_id"))
            counted[name] = counted.get(name, 0) + 1
    assert with_levels == {"gateway-1", "gateway-2", "consumer-1", "consumer-2", "nginx", "backup"} and counted["postgres"] and with_id > 0, counted
    return f"log shipper: its stages find service, level, target and request in {sum(counted.values())} lines of {len(counted)} services"
