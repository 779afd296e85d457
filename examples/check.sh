#!/usr/bin/env bash
# Installs what the examples need beside what `make services` brings, and runs each as its README prints it, against
# GAPIN_BIN. usage: check.sh [EXAMPLE …]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

tools=$PWD/.tools/examples

command -v sqlite3 >/dev/null || want sqlite3
command -v psql >/dev/null || want postgresql-client
command -v curl >/dev/null || want curl
install_wanted

# The Node.js that the TypeScript SDK is built with: the system's, where it is new enough.
scripts/install-sdk-js.sh
mkdir -p "$tools/bin"
ln -sfn "$(realpath .tools/sdk-js/node)" "$tools/bin/node"

PATH=$tools/bin:$PATH PYTHONDONTWRITEBYTECODE=1 exec python3 examples/check.py "$@"
