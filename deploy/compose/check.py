"""What holds of the compose files beyond their schema. usage: check.py FILE… , where each FILE is the output of `docker-compose config`"""

import re
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
faults = []


def wrong(words):
    faults.append(words)
    print(words, file=sys.stderr)


def check_image(name, service):
    """Pinned: a whole version, and for our own image the one of this source."""
    image = service.get("image", "")
    reference = re.fullmatch(r"(?:[\w.-]+/)*[\w.-]+:([\w.-]+)(@sha256:[0-9a-f]{64})?", image)
    if not reference or not re.match(r"v?\d+\.\d+(\.\d+)?(-|$)", reference[1]):
        return wrong(f"{name}: {image or 'no image'} is not pinned to a version")
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
    if image.startswith("gapin:") and reference[1] != version:
        wrong(f"{name}: {image} is not of this source, which is {version}")
    # Two parts say a whole version with PostgreSQL alone.
    if not reference[1].lstrip("v").count(".") >= (1 if image.startswith("postgres:") else 2):
        wrong(f"{name}: {image} names no patch version")


def mounted(service):
    for volume in service.get("volumes") or []:
        source, target = volume.split(":")[:2]
        if source.startswith("/"):
            yield Path(source), target


def check_service(name, service, services, production):
    check_image(name, service)
    for source, target in mounted(service):
        inside = source.is_relative_to(ROOT)
        if inside and not source.exists():
            wrong(f"{name}: {source.relative_to(ROOT)} is mounted and not there")
    # Whoever is spoken to by name and port has to be reachable.
    files = [source for source, _ in mounted(service) if source.is_file() and source.is_relative_to(ROOT)]
    files += [file for source, _ in mounted(service) if source.is_dir() and source.is_relative_to(ROOT) for file in source.rglob("*.y*ml")]
    words = repr([service.get("environment"), service.get("command"), service.get("healthcheck")]) + "".join(file.read_text() for file in files)
    if "DATABASE_URL_FILE" in words:
        words += " postgres:5432"
    if "REDIS_URL_FILE" in words:
        words += " redis:6379"
    for other, told in services.items():
        if other != name and re.search(rf"(?<![\w.-]){re.escape(other)}:\d", words):
            mine, theirs = (set(one.get("networks") or {"default"}) for one in (service, told))
            if not mine & theirs:
                wrong(f"{name} speaks to {other}, and they have no network in common")
    for port in service.get("ports") or []:
        if not (str(port).startswith("127.0.0.1:") or (production and name == "nginx")):
            wrong(f"{name}: port {port} is open to everyone")
    for variable, value in (service.get("environment") or {}).items():
        if re.search(r"PASSWORD|SECRET|MASTER_KEY|_URL$", variable) and not variable.endswith("_FILE") and re.search(r"//[^/]*:[^/]*@", str(value) or "") :
            wrong(f"{name}: {variable} holds a password")
        if re.search(r"(PASSWORD|SECRET|MASTER_KEY)$", variable) and value:
            wrong(f"{name}: {variable} is a secret that stands in the file")
    if not production:
        return
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if service["restart"] != "no" and not (limits.get("cpus") and limits.get("memory")):
        wrong(f"{name} has no limits")
    if service["restart"] not in ("no", "unless-stopped"):
        wrong(f"{name} is not started again")
    if service.get("cap_drop") != ["ALL"] or service.get("security_opt") != ["no-new-privileges:true"]:
        wrong(f"{name} may do more than it needs")
    if service.get("logging", {}).get("options", {}).get("labels") != "com.docker.compose.service,gapin.service":
        wrong(f"{name}: its lines would have no service")


def check_variables():
    """Every variable of the files stands in .env.example, and every one there is used."""
    used = set()
    for file in HERE.glob("docker-compose.*.yml"):
        used |= set(re.findall(r"(?<!\$)\$\{(\w+)", file.read_text()))
    known = set(re.findall(r"^(\w+)=", (HERE / ".env.example").read_text(), re.M))
    for variable in used ^ known:
        wrong(f"{variable} stands {'in no file' if variable in known else 'not in .env.example'}")


def check_waiting(name, service, services):
    """Whoever is waited for until healthy can say that it is."""
    for other, how in (service.get("depends_on") or {}).items():
        told = services[other]
        if how["condition"] == "service_healthy" and not (told.get("healthcheck") or told["image"].startswith("gapin:")):
            wrong(f"{name} waits until {other} is healthy, which has no health check")


def check_topology(services):
    """What the production topology consists of."""
    for name, kind in {"nginx": "nginx", "gateway-1": "gapin", "gateway-2": "gapin", "consumer-1": "gapin", "consumer-2": "gapin", "kafka": "kafka",
                       "postgres": "postgres", "redis": "redis", "prometheus": "prometheus", "grafana": "grafana", "loki": "loki", "alloy": "alloy",
                       "backup": "postgres", "watch-roles": "postgres", "postgres-exporter": "postgres-exporter"}.items():
        image = services.get(name, {}).get("image", "")
        if image.split(":")[0].split("/")[-1] != kind:
            wrong(f"{name} is {image or 'not there'}")
    nginx = (ROOT / "deploy/nginx/nginx.conf").read_text()
    for gateway in re.findall(r"^\s+server (\S+):8080 ", nginx, re.M):
        address = services[gateway]["networks"]["front"]["ipv4_address"]
        if f"{gateway}:{address}" not in services["nginx"]["extra_hosts"]:
            wrong(f"nginx does not know that {gateway} is at {address}")
        if services[gateway]["environment"]["GAPIN_TRUSTED_PROXIES"] != services["nginx"]["networks"]["front"]["ipv4_address"]:
            wrong(f"{gateway} does not trust nginx")
    # Job and file agree: everything that Prometheus asks by name is a service.
    for target in re.findall(r'"([a-z0-9-]+):\d+"', (ROOT / "deploy/prometheus/prometheus.yml").read_text()):
        if target not in services:
            wrong(f"Prometheus asks {target}, which is no service")


def main():
    told = {Path(file).stem: yaml.safe_load(Path(file).read_text()) for file in sys.argv[1:]}
    for file, content in told.items():
        services, production = content["services"], file != "dev"
        for name, service in services.items():
            check_service(name, service, services, production)
            check_waiting(name, service, services)
        for name, secret in content["secrets"].items():
            if Path(secret["file"]).parent.name != "secrets":
                wrong(f"{file}: the secret {name} lies in {secret['file']}")
    check_topology(told["prod"]["services"])
    mail = told["mail"]["services"]["gateway-2"]
    if "GAPIN_SMTP_URL_FILE" not in mail["environment"] or "redis_url" not in [secret["source"] for secret in mail["secrets"]]:
        wrong("docker-compose.mail.yml does not add to the gateways")
    check_variables()
    if faults:
        sys.exit(1)
    counts = ", ".join(f"{file} with {len(content['services'])} services" for file, content in told.items())
    print(f"compose: {counts}: whole, pinned, and of one mind")


if __name__ == "__main__":
    main()
