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
have_go
say "building k6 $version into .tools/k6"
GOBIN=$PWD/.tools/k6 go install "go.k6.io/k6@$version"
