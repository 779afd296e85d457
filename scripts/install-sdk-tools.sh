#!/usr/bin/env bash
# Installs what the tests of the SDKs need, each by a script of its own. What is there is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for install in scripts/install-sdk-*.sh; do
  [[ $install -ef ${BASH_SOURCE[0]} ]] || "$install"
done
