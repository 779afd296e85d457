#!/usr/bin/env python3
"""What a schema can't say of the rendered chart: that its parts find each other, that every variable is a setting of whoever is
given it, that what must not be open is not, and that values which can't work are refused.

Arguments: helm, the chart, and the folder of the renderings, into which goes what other programs look at next."""

import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).parents[2]
BUNDLED = {"postgresql", "redpanda", "redis"}
COMPONENT = "app.kubernetes.io/component"
# What the chart says itself, from values of its own.
OF_THE_CHART = set(
    """GAPIN_LISTEN GAPIN_METRICS_LISTEN GAPIN_DATA_DIR GAPIN_LOG_FORMAT GAPIN_DRAIN_MAX_MS GAPIN_SPOOL GAPIN_SPOOL_DIR
    GAPIN_SPOOL_BYTES_MAX GAPIN_SPOOL_FREE_BYTES_MIN GAPIN_PUBLIC_URL GAPIN_TRUSTED_PROXIES KAFKA_BROKERS
    KAFKA_SECURITY_PROTOCOL KAFKA_SASL_MECHANISM KAFKA_SASL_USERNAME KAFKA_SSL_CA_LOCATION KAFKA_REPLICATION_FACTOR
    GAPIN_LOG_PARTITIONS DATABASE_SSL_CA_LOCATION DATABASE_POOL_SIZE_MAX""".split()
)
faults = []


def check(holds, *what):
    if not holds:
        faults.append(" ".join(map(str, what)))


def settings_of_the_program():
    """Each setting of docs/configuration.md: whether it is a secret, and which commands read it."""
    settings = {}
    for line in (ROOT / "docs/configuration.md").read_text().splitlines():
        if row := re.match(r"\| `([A-Z_]+)` \| (.*?) \| .* \| (.*?) \|$", line):
            name, flag, readers = row.groups()
            commands = set(re.findall(r"`([^`]+)`", readers))
            settings[name] = (flag == "secret", {"gateway", "consumer", "migrate", "doctor"} if readers == "all" else commands)
    return settings


SETTINGS = settings_of_the_program()


class Rendered:
    """One rendering."""

    def __init__(self, name, text):
        self.name = name
        self.documents = [document for document in yaml.safe_load_all(text) if document]

    def of(self, *kinds):
        return [document for document in self.documents if document["kind"] in kinds]

    def one(self, kind, name):
        found = [document for document in self.of(kind) if document["metadata"]["name"] == name]
        check(len(found) == 1, self.name, kind, name, "is there", len(found), "times")
        return found[0] if found else None

    def has(self, kind, name):
        return any(document["metadata"]["name"] == name for document in self.of(kind))

    def pods(self):
        """Each thing that makes pods: where it is told of, its labels, its specification, the thing."""
        for document in self.of("Deployment", "StatefulSet", "Job"):
            template = document["spec"]["template"]
            yield f"{self.name}: {document['kind']} {document['metadata']['name']}:", template["metadata"]["labels"], template["spec"], document

    def matched(self, selector):
        return [(labels, spec) for _, labels, spec, _ in self.pods() if selector.items() <= labels.items()]


def containers(spec):
    return spec.get("initContainers", []) + spec["containers"]


def nothing_is_open(r):
    for where, labels, spec, thing in r.pods():
        check(spec.get("automountServiceAccountToken") is False, where, "has a token of the cluster")
        check(spec.get("enableServiceLinks") is False, where, "is given variables of other services")
        security = spec["securityContext"]
        check(security["runAsNonRoot"] and security["runAsUser"] > 0, where, "may be root")
        check(security["seccompProfile"] == {"type": "RuntimeDefault"}, where, "has no seccomp profile")
        check(not any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")), where, "shares with its node")
        for container in containers(spec):
            own = container["securityContext"]
            check(own["readOnlyRootFilesystem"], where, "may write to its root")
            check(own["allowPrivilegeEscalation"] is False, where, "may become more")
            check(own["capabilities"] == {"drop": ["ALL"]}, where, "has capabilities")
            check(re.search(r":[^/]*\d|@sha256:", container["image"]), where, "runs an image of no version:", container["image"])
            for amounts in ("requests", "limits"):
                check({"cpu", "memory"} <= container["resources"][amounts].keys(), where, "has no", amounts)
        for volume in spec.get("volumes", []):
            check(not volume.keys() & {"hostPath"}, where, "mounts its node's disk")
            check("emptyDir" not in volume or volume["emptyDir"].get("sizeLimit"), where, volume["name"], "may grow without end")
    check(not r.of("Secret", "Role", "ClusterRole", "RoleBinding"), r.name, "holds a secret or gives rights")


def variables_are_settings(r):
    for where, labels, spec, _ in r.pods():
        part = labels[COMPONENT]
        if part in BUNDLED:
            continue
        for container in containers(spec):
            command = container["args"][0]
            names = [variable["name"] for variable in container["env"]]
            check(len(names) == len(set(names)), where, "is told something twice")
            for variable in container["env"]:
                check(isinstance(variable.get("value"), str), where, variable["name"], "is no text")
                plain = variable["name"].removesuffix("_FILE") if variable["name"] not in SETTINGS else variable["name"]
                is_file = plain != variable["name"]
                is_secret, readers = SETTINGS.get(plain, (None, set()))
                check(is_secret is not None, where, variable["name"], "is no setting")
                check(is_secret == is_file, where, variable["name"], "is a secret, or is none and its own")
                # `settings` is of all: what one of them does not read does it no harm. What the chart says is read.
                if is_secret or plain in OF_THE_CHART - {"GAPIN_METRICS_LISTEN"}:
                    check(command in readers, where, variable["name"], "is not read by", command)
                if variable["name"].endswith(("_FILE", "_LOCATION")):
                    check(is_mounted(variable["value"], container, spec), where, variable["value"], "is not mounted")


def is_mounted(path, container, spec):
    folder, _, name = path.rpartition("/")
    for mount in container["volumeMounts"]:
        if mount["mountPath"] == folder:
            volume = next(volume for volume in spec["volumes"] if volume["name"] == mount["name"])
            items = (volume.get("secret") or volume.get("configMap"))["items"]
            return any(item["path"] == name for item in items) and mount.get("readOnly") is True
    return False


def parts_find_each_other(r):
    names = [(document["kind"], document["metadata"]["name"]) for document in r.documents]
    check(len(names) == len(set(names)), r.name, "has two of one name")
    for where, labels, spec, thing in r.pods():
        check(all(len(value) <= 63 for value in labels.values()), where, "has too long a label")
        claims = {claim["metadata"]["name"] for claim in thing["spec"].get("volumeClaimTemplates", [])}
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        check(not claims & volumes, where, "has a claim and a volume of one name")
        for container in containers(spec):
            for mount in container.get("volumeMounts", []):
                check(mount["name"] in claims | volumes, where, mount["name"], "is no volume")
        if thing["kind"] in ("Deployment", "StatefulSet"):
            check(thing["spec"]["selector"]["matchLabels"].items() <= labels.items(), where, "does not select its pods")
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                check(probe in spec["containers"][0], where, "has no", probe)
        if thing["kind"] == "StatefulSet":
            r.one("Service", thing["spec"]["serviceName"])
        if (account := spec.get("serviceAccountName", "")).startswith("gapin"):
            check(r.one("ServiceAccount", account)["automountServiceAccountToken"] is False, where, "has an account with a token")
        for constraint in spec.get("topologySpreadConstraints", []):
            check(constraint["labelSelector"]["matchLabels"].items() <= labels.items(), where, "is spread with others")
    for service in r.of("Service"):
        found = r.matched(service["spec"]["selector"])
        check(len(found) == 1, r.name, "Service", service["metadata"]["name"], "leads to", len(found))
        ports = {port["name"] for _, spec in found for port in spec["containers"][0]["ports"]}
        for port in service["spec"]["ports"]:
            check(port["targetPort"] in ports, r.name, "Service", service["metadata"]["name"], "leads to no port", port["targetPort"])
    for document in r.of("PodDisruptionBudget", "NetworkPolicy"):
        spec = document["spec"]
        selector = (spec.get("selector") or spec.get("podSelector"))["matchLabels"]
        check(len(r.matched(selector)) == 1, r.name, document["kind"], document["metadata"]["name"], "is of not one part")
    for monitor in r.of("ServiceMonitor"):
        selector = monitor["spec"]["selector"]["matchLabels"]
        found = [service for service in r.of("Service") if selector.items() <= service["metadata"]["labels"].items()]
        check(len(found) == 1, r.name, monitor["metadata"]["name"], "asks", len(found), "services")
        check(found and found[0]["spec"]["ports"][0]["name"] == monitor["spec"]["endpoints"][0]["port"], r.name, "asks no port")
        job = monitor["spec"]["endpoints"][0]["relabelings"][0]["replacement"]
        check(job == "gapin-" + monitor["metadata"]["labels"][COMPONENT], r.name, job, "is not what the rules go by")
    for scaler in r.of("HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        check("replicas" not in r.one(target["kind"], target["name"])["spec"], r.name, target["name"], "is told two sizes")
    for ingress in r.of("Ingress"):
        backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
        ports = {port["name"] for port in r.one("Service", backend["name"])["spec"]["ports"]}
        check(ports == {"http"} and backend["port"]["name"] == "http", r.name, "shows more than the API, or something else")


def gateways_and_consumers(r, values):
    spool = values.get("gateway", {}).get("spool", {}).get("enabled", True)
    kind = "StatefulSet" if spool else "Deployment"
    gateway, consumer = r.one(kind, "gapin-gateway"), r.one("Deployment", "gapin-consumer")
    check(not r.has("Deployment" if spool else "StatefulSet", "gapin-gateway"), r.name, "has gateways of both kinds")
    env = {variable["name"]: variable["value"] for variable in gateway["spec"]["template"]["spec"]["containers"][0]["env"]}
    check(env["GAPIN_SPOOL"] == ("on" if spool else "off"), r.name, "has a disk and no spool, or a spool and no disk")
    if spool:
        mounted = [mount["mountPath"] for mount in gateway["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] if mount["name"] == "data"]
        check(mounted and env["GAPIN_SPOOL_DIR"].startswith(mounted[0] + "/"), r.name, "has its spool beside its disk")
        check(set(gateway["spec"]["persistentVolumeClaimRetentionPolicy"].values()) == {"Retain"}, r.name, "may lose a disk")
        room = int(re.match(r"(\d+)Gi$", gateway["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"])[1]) << 30
        check(int(env["GAPIN_SPOOL_BYTES_MAX"]) + int(env["GAPIN_SPOOL_FREE_BYTES_MIN"]) <= room, r.name, "has no room for its spool")
    for part, thing in (("gateway", gateway), ("consumer", consumer)):
        spec = thing["spec"]["template"]["spec"]
        own = spec["containers"][0]
        where = f"{r.name}: {part}"
        check(own["args"] == [part], where, "runs", own["args"])
        probes = {own[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
        check(probes == {"/health/live", "/health/ready"}, where, "is asked at", probes)
        drain = next(int(variable["value"]) for variable in own["env"] if variable["name"] == "GAPIN_DRAIN_MAX_MS") / 1000
        sleep = own.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        check(spec["terminationGracePeriodSeconds"] >= sleep + drain + 10, where, "is killed before it is done")
        check({c["topologyKey"] for c in spec["topologySpreadConstraints"]} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, where, "is not spread")
        r.one("PodDisruptionBudget", f"gapin-{part}")
        scaling = {"enabled": True, "min": 2, "max": 10} | values.get(part, {}).get("autoscaling", {})
        if not scaling["enabled"]:
            check(thing["spec"]["replicas"] == values[part]["replicas"], where, "has another number of pods")
            continue
        scaler = r.one("HorizontalPodAutoscaler", f"gapin-{part}")["spec"]
        check((scaler["minReplicas"], scaler["maxReplicas"]) == (scaling["min"], scaling["max"]), where, "has other bounds")
        check(scaler["metrics"][0]["resource"]["target"]["averageUtilization"] == 80, where, "goes by another load")
        lag = [metric for metric in scaler["metrics"] if metric["type"] == "External"]
        check(len(lag) == int(scaling.get("lag", {}).get("enabled", False)), where, "goes by its lag unasked, or does not")
        held = part == "gateway" and spool and not scaling.get("scaleDownWithSpool")
        check((scaler["behavior"]["scaleDown"].get("selectPolicy") == "Disabled") == held, where, "may leave a spool behind")


def hooks_come_first(r, values):
    if values.get("bundled", {}).get("postgresql", {}).get("enabled"):
        check(not r.has("Job", "gapin-migrate"), r.name, "migrates what is not there yet")
        for where, labels, spec, _ in r.pods():
            if labels[COMPONENT] in ("gateway", "consumer"):
                check(spec["initContainers"][0]["args"] == ["migrate"], where, "starts without its tables")
        return
    job = r.one("Job", "gapin-migrate")
    before = [job, r.one("ServiceAccount", "gapin-migrate")] + [p for p in r.of("NetworkPolicy") if p["metadata"]["name"] == "gapin-migrate"]
    check(job["spec"]["template"]["spec"]["containers"][0]["args"] == ["migrate"], r.name, "migrates by something else")
    weights = []
    for document in before:
        annotations = document["metadata"]["annotations"]
        check(annotations["helm.sh/hook"] == "pre-install,pre-upgrade", r.name, document["kind"], "does not come before")
        check("before-hook-creation" in annotations["helm.sh/hook-delete-policy"], r.name, "can't be made a second time")
        weights.append(int(annotations["helm.sh/hook-weight"]))
    check(all(weights[0] > weight for weight in weights[1:]), r.name, "the Job comes before what it needs")
    spec = job["spec"]["template"]["spec"]
    check(all(volume.keys() & {"secret", "emptyDir", "configMap"} for volume in spec["volumes"]), r.name, "the Job needs what is not there")


def ways_are_open_where_needed(r, values):
    policies = {policy["metadata"]["name"]: policy["spec"] for policy in r.of("NetworkPolicy")}
    if not values.get("networkPolicy", {}).get("enabled", True):
        check(not policies, r.name, "has policies")
        return
    for where, labels, _, _ in r.pods():
        mine = [spec for spec in policies.values() if spec["podSelector"]["matchLabels"].items() <= labels.items()]
        check(len(mine) == 1 and set(mine[0]["policyTypes"]) == {"Ingress", "Egress"}, where, "has not one policy for both ways")
        check(all(rule for spec in mine for rule in spec.get("egress", [])), where, "may call everybody")
    ports = {"redpanda": 9092, "postgresql": 5432, "redis": 6379}
    callers = {"redpanda": ["gateway", "consumer"], "postgresql": ["gateway", "consumer"], "redis": ["gateway"]}
    for part in BUNDLED & {name for name, own in values.get("bundled", {}).items() if own["enabled"]}:
        target = r.one("StatefulSet", f"gapin-{part}")["spec"]["template"]["metadata"]["labels"]
        for caller in callers[part]:
            source = r.one("StatefulSet" if caller == "gateway" else "Deployment", f"gapin-{caller}")["spec"]["template"]["metadata"]["labels"]
            out = [rule for rule in policies[f"gapin-{caller}"]["egress"] if any(port["port"] == ports[part] for port in rule["ports"])]
            check(out and out[0]["to"][0]["podSelector"]["matchLabels"].items() <= target.items(), r.name, caller, "can't reach", part)
            peers = policies[f"gapin-{part}"]["ingress"][0]["from"]
            check(any(peer["podSelector"]["matchLabels"].items() <= source.items() for peer in peers), r.name, part, "lets", caller, "not in")


def the_defaults():
    """The roadmap's figures, and what people read of the chart."""
    values = yaml.safe_load((ROOT / "deploy/helm/gapin/values.yaml").read_text())
    for part, cpu, memory in ((values["gateway"], "1", "1Gi"), (values["bundled"]["postgresql"], "2", "4Gi"), (values["bundled"]["redpanda"], "2", "4Gi")):
        check(part["resources"]["limits"] == {"cpu": cpu, "memory": memory}, "resources are not the roadmap's:", part["resources"])
    for part in ("gateway", "consumer"):
        scaling = values[part]["autoscaling"]
        check((scaling["min"], scaling["max"], scaling["cpuPercent"]) == (2, 10, 80), part, "is scaled otherwise by default")
    chart = yaml.safe_load((ROOT / "deploy/helm/gapin/Chart.yaml").read_text())
    version = re.search(r'\[workspace\.package\]\s+version = "(.*)"', (ROOT / "Cargo.toml").read_text())[1]
    check(chart["appVersion"] == version, "Chart.yaml is of", chart["appVersion"], "and the program", version)

    schema = yaml.safe_load((ROOT / "deploy/helm/gapin/values.schema.json").read_text())
    for part in ("gateway", "consumer"):
        expected = sorted(name for name, (secret, readers) in SETTINGS.items() if part in readers and not secret and name not in OF_THE_CHART)
        allowed = schema["$defs"][f"{part}Settings"]["propertyNames"]["enum"]
        check(allowed == expected, f"values.schema.json: {part}Settings differs from docs/configuration.md:", set(allowed) ^ set(expected))


def everything_is_there(r):
    kinds = {document["kind"] for document in r.documents}
    expected = """StatefulSet Deployment Service ServiceAccount HorizontalPodAutoscaler PodDisruptionBudget NetworkPolicy
        ServiceMonitor PrometheusRule Ingress Job""".split()
    check(kinds == set(expected), "everything.yaml makes", kinds ^ set(expected))
    annotations = r.of("Ingress")[0]["metadata"]["annotations"]
    nginx = "nginx.ingress.kubernetes.io/"
    check(int(annotations[nginx + "proxy-read-timeout"]) >= 3600, "a stream is cut off")
    check(annotations[nginx + "proxy-buffering"] == "off", "server-sent events are held back")
    check(annotations[nginx + "proxy-body-size"] == "20971520", "bodies that a gateway takes are refused before it")
    check("cert-manager.io/cluster-issuer" in annotations, "annotations of one's own are lost")
    rules = r.of("PrometheusRule")[0]["spec"]
    source = yaml.safe_load((ROOT / "deploy/prometheus/gapin.rules.yml").read_text())
    check(rules == source, "PrometheusRule is not deploy/prometheus/gapin.rules.yml")


# Values that can't work, and what is said of each.
REFUSED = {
    "image.repository": ["--set", "image.repository="],
    "secrets.existingSecret": ["--set", "secrets.existingSecret="],
    "kafka.brokers": ["--set", "kafka.brokers="],
    "kafka.saslUsername": ["--set", "kafka.securityProtocol=sasl_ssl"],
    "min is more than max": ["--set", "gateway.autoscaling.min=11"],
    "more of them than the topic has partitions": ["--set", "consumer.autoscaling.max=11"],
    "no room for bytesMax": ["--set", "gateway.spool.enabled=true", "--set", "gateway.spool.sizeGi=1"],
    "nobody uses the bundled Redis": ["--set", "bundled.redis.enabled=true"],
    "additional propert": ["--set", "gateway.replica=3"],
    "LOG_LEVEL": ["--set", "settings.LOG_LEVEL=info"],
    "GAPIN_LISTEN": ["--set", "gateway.settings.GAPIN_LISTEN=0.0.0.0:80"],
    "REDIS_URL": ["--set", "gateway.settings.REDIS_URL=redis://here"],
    "GAPIN_DASHBOARD": ["--set", "gateway.settings.GAPIN_DASHBOARD=true"],
    "securityProtocol": ["--set", "kafka.securityProtocol=tls"],
    "cpuPercent": ["--set", "consumer.autoscaling.cpuPercent=180"],
}


def what_can_not_work_is_refused(helm, chart):
    given = ["--values", f"{chart}/ci/external.yaml"]
    for said, asked in REFUSED.items():
        ran = subprocess.run([helm, "template", "gapin", chart, *given, *asked], capture_output=True, text=True)
        check(ran.returncode != 0, asked, "is taken")
        check(ran.returncode == 0 or said in ran.stderr, asked, "is refused without a word of", said, ":", ran.stderr)


def hand_on(renderings, work):
    """What other programs look at: manifests, apart from what is bundled; the rules; a test of the lag."""
    for r in renderings:
        # Without policies for the network is what a policy check finds first: that was asked for.
        if not r.of("NetworkPolicy"):
            continue
        for document in r.documents:
            document["metadata"]["namespace"] = "flight"
        for folder, bundled in (("ours", False), ("bundled", True)):
            documents = [d for d in r.documents if (d["metadata"]["labels"][COMPONENT] in BUNDLED) == bundled]
            if documents:
                (work / folder / f"{r.name}.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))
    rules = [rule for r in renderings for rule in r.of("PrometheusRule")]
    (work / "rules.yml").write_text(yaml.safe_dump(rules[0]["spec"]))

    adapter = yaml.safe_load((ROOT / "deploy/helm/prometheus-adapter.yaml").read_text())["rules"]["external"][0]
    metric = re.search(r'__name__="(\w+)"', adapter["seriesQuery"])[1]
    query = adapter["metricsQuery"].replace("<<.Series>>", metric).replace("<<.LabelMatchers>>", 'namespace="flight"')
    scalers = [scaler for r in renderings for scaler in r.of("HorizontalPodAutoscaler")]
    asked = {m["external"]["metric"]["name"] for scaler in scalers for m in scaler["spec"]["metrics"] if m["type"] == "External"}
    check(asked == {adapter["name"]["as"]}, "the autoscaler asks for", asked, "and the adapter makes", adapter["name"]["as"])
    series = lambda pod, partition, namespace, value: {  # noqa: E731
        "series": f'{metric}{{pod="{pod}",partition="{partition}",namespace="{namespace}"}}', "values": f"{value}x5"}
    test = {
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            # Partition 1 changes hands, and is told twice; another namespace is another's.
            "input_series": [series("a", 0, "flight", 700), series("a", 1, "flight", 40), series("b", 1, "flight", 50), series("c", 0, "other", 9000)],
            "promql_expr_test": [{"expr": query, "eval_time": "3m", "exp_samples": [{"labels": "{}", "value": 750}]}],
        }],
    }
    (work / "lag.test.yml").write_text(yaml.safe_dump(test))


def main():
    helm, chart, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    renderings = []
    for folder in sorted((work / "rendered").iterdir()):
        r = Rendered(folder.name, (folder / "all.yaml").read_text())
        values = yaml.safe_load((pathlib.Path(chart) / "ci" / f"{folder.name}.yaml").read_text())
        for area in (nothing_is_open, variables_are_settings, parts_find_each_other):
            area(r)
        for area in (gateways_and_consumers, hooks_come_first, ways_are_open_where_needed):
            area(r, values)
        notes = (folder / "notes").read_text()
        check("gapin orgs create" in notes and "helm -n flight test gapin" in notes, r.name, "does not say what comes next")
        renderings.append(r)
    everything_is_there(next(r for r in renderings if r.name == "everything"))
    the_defaults()
    what_can_not_work_is_refused(helm, chart)
    hand_on(renderings, work)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


main()
