#!/usr/bin/env bash
# The SDKs on the oldest Python and Rust that they promise to run on: Python's tests against a real gateway (GAPIN_BIN), with
# the newest packages that know this Python, and whether the crate compiles: its tests need packages that ask for a newer Rust.
# PYTHON_OLDEST names that Python (python3.10).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

python=${PYTHON_OLDEST:-python3.10}
rust=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
requirements=sdk-python/requirements-oldest.txt
tools=.tools/sdk-python-oldest

[[ $("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) == 3.10 ]] ||
  fail "$python is no Python 3.10" "PYTHON_OLDEST=/where/python3.10 make test-sdk-oldest"

if ! cmp -s "$requirements" "$tools/requirements.txt"; then
  say "installing the packages for Python 3.10 into $tools"
  mkdir -p "$tools"
  rm -f "$tools/requirements.txt"
  "$python" -m venv --clear "$tools/venv"
  "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$tools/requirements.txt"
fi
(cd sdk-python && "../$tools/venv/bin/python" -m pytest)

rustup toolchain install "$rust" --profile minimal --no-self-update
cargo "+$rust" check -p gapin-sdk -p aibbar --all-features --target-dir target/oldest
