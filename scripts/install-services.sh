#!/usr/bin/env bash
# Installs the real services that the tests run on: PostgreSQL, Redis, Prometheus' promtool, a browser (Chromium),
# a clock that can be set (libfaketime) and valgrind, which counts instructions, from the distribution's packages;
# Kafka's jars, through Maven, into .tools/kafka of this checkout; the tests' Python tools (a mail server, schemathesis)
# into .tools/python, an OpenID provider, through npm, into .tools/openid, and k6 and an
# OpenTelemetry Collector, built from their Go modules, into .tools/k6 and .tools/otel.
# What is there is left alone, so a second run ends at once. Debian 12 and newer, Ubuntu 22.04 and newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

kafka_pom=scripts/kafka/pom.xml
kafka_jars=.tools/kafka
java_major_min=17 # Kafka 4's brokers run on nothing older
python_requirements=scripts/python/requirements.txt
python_tools=.tools/python

openid_source=testbed/openid
openid_modules=.tools/openid
node_major_min=22     # the provider runs on nothing older, and Debian 12 has 18
node_version=22.23.3  # fetched where the system's is older

java_is_new_enough() {
  command -v java >/dev/null || return 1
  local version
  version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
  [[ ${version:-0} -ge $java_major_min ]]
}

postgres_is_there() {
  command -v psql >/dev/null || return 1
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# The tests start PostgreSQL clusters of their own; the package would make and start one more.
keep_postgres_from_making_a_cluster() {
  local conf=/etc/postgresql-common/createcluster.conf
  [[ ! -e $conf ]] || return 0
  as_root mkdir -p "${conf%/*}"
  say 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
}

# The one in Ubuntu's packages is a stub that needs snapd: it says so when it is run.
chromium_is_there() {
  local program
  for program in chromium chromium-browser; do
    if command -v "$program" >/dev/null && "$program" --version >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

faketime_is_there() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null; }

# Debian starts what it installs; the tests start services of their own, on ports of their own.
stop_system_services() {
  [[ -d /run/systemd/system ]] || return 0
  as_root systemctl --quiet disable --now "$@" || say "could not stop the system's $*: harmless"
}

# The jars are complete when the description they were copied from is still the same.
kafka_is_there() { cmp -s "$kafka_pom" "$kafka_jars/pom.xml"; }

# The same rule as Kafka's, by the list of exact versions.
openid_provider_is_there() { cmp -s "$openid_source/package-lock.json" "$openid_modules/package-lock.json"; }

node_is_new_enough() {
  command -v node >/dev/null || return 1
  local version
  version=$(node --version | sed -n 's/^v\([0-9]*\).*/\1/p')
  [[ ${version:-0} -ge $node_major_min ]]
}

# Complete when the list they were installed from, copied last, is still the same, and the
# interpreter they were installed for is still there.
python_tools_are_there() {
  cmp -s "$python_requirements" "$python_tools/requirements.txt" && "$python_tools/bin/python" -c '' 2>/dev/null
}

# Debian cuts the part of Python that makes virtual environments off into a package.
python_makes_environments() { command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null; }

install_packages() {
  local new_services=()
  if ! postgres_is_there; then
    keep_postgres_from_making_a_cluster
    want postgresql
  fi
  if ! command -v redis-server >/dev/null; then
    want redis-server
    new_services+=(redis-server)
  fi
  if ! command -v promtool >/dev/null; then
    want prometheus
    new_services+=(prometheus)
  fi
  if ! command -v valgrind >/dev/null; then
    want valgrind
  fi
  if ! command -v systemd-analyze >/dev/null; then
    want systemd
  fi
  if ! faketime_is_there; then
    want libfaketime
  fi
  if ! chromium_is_there; then
    want chromium
  fi
  if ! java_is_new_enough; then
    refresh_apt_lists
    # The default of older Ubuntus is too old, and the names of newer ones are not known to older.
    local jre
    for jre in openjdk-17-jre-headless openjdk-21-jre-headless default-jre-headless; do
      if apt-cache show "$jre" >/dev/null 2>&1; then
        want "$jre"
        break
      fi
    done
  fi
  if ! kafka_is_there && ! command -v mvn >/dev/null; then
    want maven
  fi
  if ! openid_provider_is_there && ! command -v npm >/dev/null; then
    want npm
  fi
  if ! python_tools_are_there && ! python_makes_environments; then
    want python3
    want python3-venv
  fi
  install_wanted
  [[ ${#new_services[@]} -eq 0 ]] || stop_system_services "${new_services[@]}"
}

install_kafka() {
  kafka_is_there && return 0
  say "fetching Kafka into $kafka_jars"
  mkdir -p .tools
  local fresh
  fresh=$(mktemp -d .tools/kafka.XXXXXX)
  # shellcheck disable=SC2064 # the folder of now is meant
  trap "rm -rf '$PWD/$fresh'" EXIT
  local log=$fresh/mvn.log
  mvn -q -B -f "$kafka_pom" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$PWD/$fresh" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "Kafka's jars could not be fetched" "check that Maven Central can be reached, then: make services"
  }
  rm "$log"
  cp "$kafka_pom" "$fresh/pom.xml"
  chmod 755 "$fresh"
  rm -rf "$kafka_jars"
  mv -T "$fresh" "$kafka_jars"
}

# npm as the tests need it: quiet, and running no package's own scripts.
npm_quietly() { npm --prefix "$1" --no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error "${@:2}"; }

install_openid_provider() {
  openid_provider_is_there && return 0
  say "fetching the OpenID provider into $openid_modules"
  mkdir -p .tools
  local fresh
  fresh=$(mktemp -d .tools/openid.XXXXXX)
  # shellcheck disable=SC2064 # the folder of now is meant
  trap "rm -rf '$PWD/$fresh'" EXIT
  local log=$fresh/npm.log
  cp "$openid_source/package.json" "$openid_source/package-lock.json" "$fresh/"
  if ! { npm_quietly "$fresh" ci && fetch_node_for "$fresh"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "the OpenID provider could not be fetched" "check that npm's registry can be reached, then: make services"
  fi
  rm "$log"
  chmod 755 "$fresh"
  rm -rf "$openid_modules"
  mv -T "$fresh" "$openid_modules"
}

# Puts a Node.js of the pinned version beside the provider, where the system's is too old for it.
fetch_node_for() {
  ! node_is_new_enough || return 0
  local arch
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *)
      say "there is no Node.js to fetch for $(uname -m): install version $node_major_min or newer"
      return 1
      ;;
  esac
  npm_quietly "$1" install --no-save --no-package-lock "node-linux-$arch@$node_version" &&
    ln -s "node_modules/node-linux-$arch/bin/node" "$1/node"
}

make_python_tools() {
  python3 -m venv "$python_tools" &&
    "$python_tools/bin/pip" install --no-deps --disable-pip-version-check -r "$python_requirements" &&
    "$python_tools/bin/pip" check
}

# Not made elsewhere and moved, as Kafka's jars are: an environment's programs know their own path.
install_python_tools() {
  python_tools_are_there && return 0
  say "fetching Python tools into $python_tools"
  rm -rf "$python_tools"
  mkdir -p .tools
  local log
  log=$(mktemp)
  make_python_tools >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "the Python tools could not be installed" "check that the package index can be reached, then: make services"
  }
  rm -f "$log"
  cp "$python_requirements" "$python_tools/requirements.txt"
}

scripts/install-build-tools.sh
install_packages
install_kafka
install_openid_provider
install_python_tools
scripts/install-k6.sh
scripts/install-collector.sh
say "services: all there"
