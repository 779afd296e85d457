#!/usr/bin/env bash
# Whether everything that carries a version is of one: the program, the crates, the chart and the SDKs, and the tag where one
# is given. usage: versions.sh [vX.Y.Z]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
faults=0

# is_of WHAT VERSION
is_of() {
  if [[ $2 != "$program" ]]; then
    echo "$1 is of version ${2:-?}, and Cargo.toml's of $program" >&2
    faults=1
  fi
}

[[ -n $program ]] || {
  echo "Cargo.toml has no version" >&2
  exit 1
}
is_of "sdk-rust" "$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"/\1/p' sdk-rust/Cargo.toml)"
is_of "the aibbar that sdk-rust asks for" "$(sed -n 's/^aibbar = .*version = "\([^"]*\)".*/\1/p' sdk-rust/Cargo.toml)"
is_of "sdk-python" "$(sed -n 's/^__version__ = "\(.*\)"/\1/p' sdk-python/src/gapin/_version.py)"
is_of "sdk-js" "$(sed -n 's/^  "version": "\(.*\)",/\1/p' sdk-js/package.json)"
is_of "the chart's appVersion" "$(sed -n 's/^appVersion: "\(.*\)"/\1/p' deploy/helm/gapin/Chart.yaml)"
[[ $# == 0 ]] || is_of "the tag" "${1#v}"
exit "$faults"
