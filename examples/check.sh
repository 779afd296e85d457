#!/usr/bin/env bash
# Installs what the examples need beside what `make services` brings, and runs each as its README prints it, against
# GAPIN_BIN. usage: check.sh [EXAMPLE …]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

command -v sqlite3 >/dev/null || want sqlite3
command -v psql >/dev/null || want postgresql-client
command -v curl >/dev/null || want curl
install_wanted

PYTHONDONTWRITEBYTECODE=1 exec python3 examples/check.py "$@"
