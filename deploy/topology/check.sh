#!/usr/bin/env bash
# Starts the production topology as plain processes from the very files that it is deployed from (docker-compose.prod.yml, nginx.conf,
# prometheus.yml, …), and tries what it promises: real traffic through nginx, a rolling restart of all gateways under load without one
# failed request, a killed gateway, a backup that can be read back. Namespaces of its own: no port, no file and no process of the
# machine is touched. usage: check.sh, with GAPIN_BIN where it is built already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

command -v docker-compose >/dev/null || want docker-compose # for `config` alone: needs no engine
command -v nginx >/dev/null || want nginx-light
command -v prometheus >/dev/null || want prometheus
command -v ip >/dev/null || want iproute2
command -v wget >/dev/null || want wget
command -v openssl >/dev/null || want openssl
for module in yaml jmespath; do
  /usr/bin/python3 -c "import $module" 2>/dev/null || want "python3-$module"
done
install_wanted
[[ -e .tools/kafka/pom.xml && -n $(find /usr/lib/postgresql -name initdb 2>/dev/null) ]] || scripts/install-services.sh

if [[ -z ${GAPIN_BIN:-} ]]; then
  scripts/install-build-tools.sh
  cargo build -p cli --bin gapin
  GAPIN_BIN=target/debug/gapin
fi
gapin=$(realpath "$GAPIN_BIN")
jars=$(realpath .tools/kafka)

# What the services write lies in memory, over the machine's own /run, /etc, /opt and /var/lib as they see them.
# shellcheck disable=SC2016 # for the shell in there
as_root unshare --mount --net --pid --fork --mount-proc --kill-child bash -euo pipefail -c '
  mount -t tmpfs tmpfs /run
  mkdir -p /run/gapin-topology /run/netns
  chmod 755 /run/gapin-topology
  for at in etc opt var/lib; do
    mkdir -p "/run/over/$at/upper" "/run/over/$at/work"
    mount -t overlay overlay -o "lowerdir=/$at,upperdir=/run/over/$at/upper,workdir=/run/over/$at/work" "/$at"
  done
  exec /usr/bin/python3 -B deploy/topology/check.py "$@"
' bash "$gapin" "$jars"
