#!/usr/bin/env bash
# Installs what the dashboard is built and tested with into dashboard/node_modules, by the exact versions of its lock file,
# and Node.js into .tools/dashboard where the system's is too old. What is there is left alone, so a second run ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

source=dashboard
tools=.tools/dashboard
node_version=22.23.3 # fetched where the system's is older

# npm's own note of what it installed, written last.
modules_are_there() { [[ $source/node_modules/.package-lock.json -nt $source/package-lock.json ]]; }

# As Vite asks it.
node_is_new_enough() {
  local version major minor
  version=$("$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  read -r major minor <<<"${version:-0 0}"
  ((major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19)))
}

install_modules() {
  say "fetching what the dashboard is built with"
  # Not `npm ci`: it wants the programs of every platform in the list, and not every registry has them all.
  (cd "$source" && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error)
  touch "$source/node_modules/.package-lock.json"
}

# .tools/dashboard/bin/node is the Node.js to use.
choose_node() {
  local node arch=x64
  node=$(command -v node || true)
  if ! node_is_new_enough "${node:-false}"; then
    [[ $(uname -m) != aarch64 ]] || arch=arm64
    npm install --prefix "$tools/fetched" --no-audit --no-fund --loglevel error "node-linux-$arch@$node_version"
    node=$PWD/$tools/fetched/node_modules/node-linux-$arch/bin/node
  fi
  ln -sfn "$node" "$tools/bin/node"
}

command -v npm >/dev/null || want npm
install_wanted
mkdir -p "$tools/bin"
node_is_new_enough "$tools/bin/node" || choose_node
modules_are_there || install_modules
