#!/usr/bin/env bash
# Installs what the TypeScript SDK is built and tested with into .tools/sdk-js, by the exact versions of its lock file, and
# Node.js beside it where the system's is too old. What is there is left alone, so a second run ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

source=sdk-js
tools=.tools/sdk-js
node_major_min=20
node_version=22.23.3 # fetched where the system's is older

# Complete when the list they were installed from, copied last, is still the same.
modules_are_there() { cmp -s "$source/package-lock.json" "$tools/installed.json" && [[ -d $tools/node_modules ]]; }

node_is_new_enough() {
  local version
  version=$("$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
  [[ ${version:-0} -ge $node_major_min ]]
}

install_modules() {
  cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$tools"
  # Not `npm ci`: it wants the programs of every platform in the list, and not every registry has them all.
  (cd "$tools" && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error)
  cp "$source/package-lock.json" "$tools/installed.json"
}

# .tools/sdk-js/node is the Node.js to use.
choose_node() {
  local node arch=x64
  node=$(command -v node)
  if ! node_is_new_enough "$node"; then
    [[ $(uname -m) != aarch64 ]] || arch=arm64
    npm install --prefix "$tools/fetched" --no-audit --no-fund --loglevel error "node-linux-$arch@$node_version"
    node=$PWD/$tools/fetched/node_modules/node-linux-$arch/bin/node
  fi
  ln -sfn "$node" "$tools/node"
}

command -v npm >/dev/null || want npm
install_wanted
mkdir -p "$tools"
node_is_new_enough "$tools/node" || choose_node
modules_are_there || install_modules
ln -sfn "../$tools/node_modules" "$source/node_modules"
