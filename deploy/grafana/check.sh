#!/usr/bin/env bash
# Whether Grafana's dashboards hold: they are what dashboards.py makes, they fit Grafana's own types, and every question that a
# panel asks is answered by real services under load: gateways, a consumer, Kafka, PostgreSQL and Redis, asked by a real
# Prometheus with the rules of deploy/prometheus. Panels of log lines are not asked: no Loki runs here.
#   GAPIN_BIN=target/release/gapin deploy/grafana/check.sh     (absent: it is built; `testbed` lies beside it, or is built)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

tools=.tools/grafana
# For the check alone; each from its registry, by an exact version.
node_exporter=v1.12.1 # Apache-2.0: machines' disks
jmx_exporter=1.0.1    # Apache-2.0: what a broker of Kafka tells
copy_jar=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy

python=.tools/python/bin/python
[[ -x $python ]] || fail "the tests' services are not installed" "make services"

install_tools() {
  command -v prometheus >/dev/null || want prometheus
  command -v go >/dev/null || want golang-go
  command -v mvn >/dev/null || want maven
  command -v npm >/dev/null || want npm
  install_wanted
  mkdir -p "$tools"
  # Its module keeps the versions of all that it is made of. Apache-2.0: connections, locks, tables.
  if ! cmp -s deploy/grafana/tools/postgres_exporter/go.sum "$tools/postgres_exporter.sum"; then
    say "building postgres_exporter into $tools"
    local out=$PWD/$tools/postgres_exporter
    (cd deploy/grafana/tools/postgres_exporter && go build -o "$out" github.com/prometheus-community/postgres_exporter/cmd/postgres_exporter)
    cp deploy/grafana/tools/postgres_exporter/go.sum "$tools/postgres_exporter.sum"
  fi
  if [[ ! -e $tools/node_exporter-$node_exporter ]]; then
    say "building node_exporter $node_exporter into $tools"
    rm -f "$tools"/node_exporter*
    GOBIN=$PWD/$tools go install "github.com/prometheus/node_exporter@$node_exporter"
    mv "$tools/node_exporter" "$tools/node_exporter-$node_exporter"
  fi
  if [[ ! -e $tools/jmx_prometheus_javaagent-$jmx_exporter.jar ]]; then
    say "fetching the JMX exporter $jmx_exporter into $tools"
    rm -f "$tools"/jmx_prometheus_javaagent-*.jar
    mvn -q -B "$copy_jar" "-Dartifact=io.prometheus.jmx:jmx_prometheus_javaagent:$jmx_exporter" "-DoutputDirectory=$PWD/$tools"
  fi
  if ! cmp -s deploy/grafana/tools/schema/package-lock.json "$tools/schema/package-lock.json"; then
    say "fetching Grafana's types into $tools/schema"
    rm -rf "$tools/schema"
    mkdir -p "$tools/schema"
    cp deploy/grafana/tools/schema/package.json deploy/grafana/tools/schema/package-lock.json "$tools/schema/"
    npm --prefix "$tools/schema" --no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error ci ||
      { rm -rf "$tools/schema" && fail "Grafana's types could not be fetched" "check that npm's registry can be reached, then: $0"; }
  fi
}

build_gapin() {
  if [[ -z ${GAPIN_BIN:-} ]]; then
    cargo build -p cli --bin gapin
    GAPIN_BIN=$PWD/target/debug/gapin
  fi
  TESTBED_BIN=${TESTBED_BIN:-$(dirname "$GAPIN_BIN")/testbed}
  if [[ ! -x $TESTBED_BIN ]]; then
    cargo build -p testbed
    TESTBED_BIN=$PWD/target/debug/testbed
  fi
  export GAPIN_BIN TESTBED_BIN
}

python3 deploy/grafana/dashboards.py --check
install_tools
node deploy/grafana/tools/schema/check.mjs "$tools/schema"
build_gapin
"$python" deploy/grafana/check/main.py
