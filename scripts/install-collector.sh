#!/usr/bin/env bash
# Builds the OpenTelemetry Collector of the tests (testbed/otel) into .tools/otel of this checkout, from its Go modules: a
# minute or so, once. Go fetches the toolchain that they want where the system's is older.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

source_dir=testbed/otel
built=$PWD/.tools/otel

# Complete when what it was built from, copied last, is still the same.
is_there() { cmp -s "$source_dir/main.go" "$built/main.go" && cmp -s "$source_dir/go.sum" "$built/go.sum"; }

if is_there; then
  exit 0
fi
have_go
say "building an OpenTelemetry Collector into .tools/otel"
mkdir -p "$built"
(cd "$source_dir" && go build -trimpath -ldflags=-s -o "$built/collector" .)
cp "$source_dir/main.go" "$source_dir/go.sum" "$built/"
