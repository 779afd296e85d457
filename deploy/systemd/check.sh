#!/usr/bin/env bash
# Boots an empty Debian 12 with systemd and types there what docs/self-hosting.md prints of its two ways by systemd; then records through
# TLS, restarts both gateways meanwhile, and asks Prometheus. Namespaces of its own: no port, file or process of this machine is touched.
# usage: check.sh, with GAPIN_BIN where it is built already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

command -v systemd-nspawn >/dev/null || want systemd-container
command -v openssl >/dev/null || want openssl
command -v python3 >/dev/null || want python3
install_wanted
[[ -e .tools/kafka/pom.xml ]] || scripts/install-services.sh
# What a server has that was just installed; all else is the guide's matter.
scripts/debian-root.sh .tools/systemd/bookworm systemd,systemd-sysv,dbus,ca-certificates

if [[ -z ${GAPIN_BIN:-} ]]; then
  scripts/install-build-tools.sh
  cargo build -p cli --bin gapin
  GAPIN_BIN=target/debug/gapin
fi

# The groups of processes that a booted system leaves behind, where no systemd of this machine takes them away. Only empty ones can be
# removed, and only those are that were not there before.
groups() { find /sys/fs/cgroup -type d \( -path '*/payload' -o -path '*/payload/*' -o -name supervisor \) 2>/dev/null | sort -r; }
before=$(groups)
tidy() {
  local group
  comm -23 <(groups | sort) <(sort <<<"$before") | sort -r | while read -r group; do as_root rmdir "$group" 2>/dev/null || true; done
}
trap tidy EXIT

# What is written lies in memory, and is gone with this.
# shellcheck disable=SC2016 # for the shell in there
as_root unshare --mount --pid --fork --mount-proc --kill-child bash -euo pipefail -c '
  mkdir -p /run/systemd/nspawn
  mount -t tmpfs tmpfs /run/systemd/nspawn # where it wants memory, and not a disk
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/upper /mnt/work /mnt/debian
  mount -t overlay overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/debian
  exec python3 -B deploy/systemd/check.py /mnt/debian "$2" "$3"
' bash "$(realpath .tools/systemd/bookworm)" "$(realpath "$GAPIN_BIN")" "$(realpath .tools/kafka)"
