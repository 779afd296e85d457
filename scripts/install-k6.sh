#!/usr/bin/env bash
# Builds k6 into .tools/k6 of this checkout, from its Go module: some minutes, once. Go fetches the toolchain that k6
# wants where the system's is older.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

version=v1.8.1

if [[ $(.tools/k6/k6 version 2>/dev/null) == *"$version"* ]]; then
  exit 0
fi
if ! command -v go >/dev/null; then
  want golang-go
  install_wanted
fi
# From this one on Go fetches a newer toolchain when a module wants one.
go_minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
[[ ${go_minor:-0} -ge 21 ]] || fail "Go $(go env GOVERSION) is older than 1.21, and can't build k6" "install a newer Go, then: make services"
say "building k6 $version into .tools/k6"
GOBIN=$PWD/.tools/k6 go install "go.k6.io/k6@$version"
