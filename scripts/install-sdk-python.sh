#!/usr/bin/env bash
# Installs what the Python SDK's tests, linters and reference need into .tools/sdk-python.
# What is there is left alone, so a second run ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

requirements=sdk-python/requirements-dev.txt
tools=.tools/sdk-python
environment=$tools/venv

tools_are_there() {
  cmp -s "$requirements" "$tools/requirements.txt" && "$environment/bin/python" -c '' 2>/dev/null
}

# Debian cuts the part of Python that makes virtual environments off into a package.
python_makes_environments() { command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null; }

tools_are_there && exit 0

if ! python_makes_environments; then
  want python3
  want python3-venv
fi
install_wanted
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  fail "the tools of the Python SDK need Python 3.11 or newer (the SDK itself 3.10)" "apt-get install python3"
fi

say "installing the tools of the Python SDK into $environment"
mkdir -p "$tools"
rm -f "$tools/requirements.txt"
python3 -m venv --clear "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$tools/requirements.txt"
