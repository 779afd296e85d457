#!/usr/bin/env bash
# Builds what `make bench-peers` compares with, from Go modules: a NATS server, and the program that puts load on both.
# Does nothing that is done already: Go keeps what it built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

# The module asks for a newer Go than distributions have; from 1.21 on, Go fetches the one that a module asks for.
go_minor_min=21

go_is_new_enough() {
  command -v go >/dev/null || return 1
  local minor
  minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [[ ${minor:-0} -ge $go_minor_min ]]
}

go_is_new_enough || fail "there is no Go 1.$go_minor_min or newer here" "https://go.dev/doc/install"

mkdir -p .tools
root=$PWD
cd load-tests/peers
go build -o "$root/.tools/nats-server" github.com/nats-io/nats-server/v2
go build -o "$root/.tools/peers" .
