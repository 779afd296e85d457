#!/usr/bin/env bash
# Installs what the pitch is rendered, checked and filmed with: a browser (Chromium), poppler-utils (which counts a PDF's pages),
# ffmpeg and npm from the distribution's packages; Marp (slides from Markdown, MIT), Playwright's core (Apache-2.0), markdown-it
# (MIT) and the dashboard's fonts (OFL-1.1) into pitch/node_modules, by the exact versions of its lock file.
# What is there is left alone, so a second run ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

source=pitch
tools=.tools/pitch
node_major_min=20
node_version=22.23.3 # fetched where the system's is older

# npm's own note of what it installed, written last.
modules_are_there() { [[ $source/node_modules/.package-lock.json -nt $source/package-lock.json ]]; }

node_is_new_enough() {
  local major
  major=$("$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
  [[ ${major:-0} -ge $node_major_min ]]
}

# The one in Ubuntu's packages is a stub that needs snapd: it says so when it is run.
chromium_is_there() {
  local program
  for program in chromium chromium-browser; do
    if command -v "$program" >/dev/null && "$program" --version >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

# .tools/pitch/bin/node is the Node.js to use.
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

chromium_is_there || want chromium
command -v pdfinfo >/dev/null || want poppler-utils
command -v ffmpeg >/dev/null || want ffmpeg
command -v npm >/dev/null || want npm
install_wanted
mkdir -p "$tools/bin"
node_is_new_enough "$tools/bin/node" || choose_node
if ! modules_are_there; then
  say "fetching what the pitch is rendered with"
  # Not `npm ci`: as in scripts/install-dashboard.sh.
  (cd "$source" && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error)
  touch "$source/node_modules/.package-lock.json"
fi
