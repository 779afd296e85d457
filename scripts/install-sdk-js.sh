#!/usr/bin/env bash
# Installs what the TypeScript SDK is built and tested with into .tools/sdk-js, by the exact versions of its lock file.
# Needs Node 20 or newer. What is there is left alone, so a second run ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

source=sdk-js
modules=.tools/sdk-js
node_major_min=20

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null || return 1
  local version
  version=$(node --version | sed -n 's/^v\([0-9]*\).*/\1/p')
  [[ ${version:-0} -ge $node_major_min ]]
}

# Complete when the list they were installed from, copied last, is still the same.
modules_are_there() { cmp -s "$source/package-lock.json" "$modules/installed.json" && [[ -d $modules/node_modules ]]; }

if ! node_is_new_enough; then
  say "the TypeScript SDK needs Node $node_major_min or newer, with npm, on the path"
  exit 1
fi
if ! modules_are_there; then
  mkdir -p "$modules"
  cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$modules"
  # Not `npm ci`: it wants the programs of every platform in the list, and not every registry has them all.
  (cd "$modules" && npm install --no-save --ignore-scripts --no-audit --no-fund)
  cp "$source/package-lock.json" "$modules/installed.json"
fi
ln -sfn "../$modules/node_modules" "$source/node_modules"
