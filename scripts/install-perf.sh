#!/usr/bin/env bash
# Installs what `make flamegraph` records with: Linux's perf, from the distribution's packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

if perf version >/dev/null 2>&1; then
  exit 0
fi
refresh_apt_lists
# Debian has one for all kernels; Ubuntu's are named after theirs.
for package in linux-perf "linux-tools-$(uname -r)" linux-tools-generic; do
  if apt-cache show "$package" >/dev/null 2>&1; then
    want "$package"
    break
  fi
done
install_wanted
perf version >/dev/null || fail "perf does not run on this kernel" "apt-get install linux-perf"
