#!/usr/bin/env python3
"""Writes the JSON Schemas that kubeconform holds manifests to, each whole in one file, by the names that it looks for: of
Kubernetes, out of the package kubernetes-validate, whose files refer to one another by addresses that are nowhere; and of
Prometheus' operator, out of its definitions, strict: what a definition does not name is refused, as Kubernetes would prune it.

Arguments: the folder of the operator's definitions, the folder to write, the versions of Kubernetes."""

import json
import pathlib
import sys

import kubernetes_validate
import yaml

KUBERNETES = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
KINDS = """configmap-v1 service-v1 serviceaccount-v1 deployment-apps-v1 statefulset-apps-v1 job-batch-v1
    horizontalpodautoscaler-autoscaling-v2 poddisruptionbudget-policy-v1 networkpolicy-networking-v1 ingress-networking-v1"""
DEFINITIONS = ["monitoring.coreos.com_servicemonitors.yaml", "monitoring.coreos.com_prometheusrules.yaml"]


def references(schema):
    """The names of all definitions that it refers to, wherever they were; from now on its own."""
    if isinstance(schema, dict):
        if target := schema.get("$ref"):
            name = target.rpartition("/")[2]
            schema["$ref"] = f"#/definitions/{name}"
            yield name
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from references(part)


def whole(schema, definitions):
    own, wanted = {}, set(references(schema))
    while wanted:
        name = wanted.pop()
        own[name] = definitions[name]
        wanted |= set(references(own[name])) - own.keys()
    return {key: part for key, part in schema.items() if not key.startswith("$")} | {"definitions": own}


def strict(schema):
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        schema.pop("type", None)
    return schema


def main():
    source, target, *versions = sys.argv[1:]
    for version in versions:
        folder = pathlib.Path(target) / f"v{version}"
        folder.mkdir(parents=True, exist_ok=True)
        of_version = KUBERNETES / f"v{version}-local-strict"
        definitions = json.loads((of_version / "_definitions.json").read_text())["$defs"]
        for kind in KINDS.split():
            schema = json.loads((of_version / f"{kind}.json").read_text())
            (folder / f"{kind}.json").write_text(json.dumps(whole(schema, definitions)))
        for name in DEFINITIONS:
            definition = yaml.safe_load((pathlib.Path(source) / name).read_text())["spec"]
            kind, group = definition["names"]["kind"].lower(), definition["group"].split(".")[0]
            for served in definition["versions"]:
                schema = strict(served["schema"]["openAPIV3Schema"])
                # Every object has them, and a definition leaves them open.
                schema["properties"]["metadata"] = {"type": "object"}
                (folder / f"{kind}-{group}-{served['name']}.json").write_text(json.dumps(schema))


main()
