#!/usr/bin/env bash
# Installs cargo-deny into .tools/cargo of this checkout: for `make audit` alone, since building it takes minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

version=0.20.2

if [[ $(.tools/cargo/bin/cargo-deny --version 2>/dev/null) == "cargo-deny $version" ]]; then
  exit 0
fi
say "building cargo-deny $version into .tools/cargo"
cargo install cargo-deny --locked --version "$version" --root .tools/cargo --quiet
