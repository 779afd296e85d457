#!/usr/bin/env bash
# The dashboard's page and its tests. usage: dashboard.sh build|build-if-possible|check|test|test-first|bench|pictures
#
#   build               makes dashboard/dist, which gapin carries, when anything is newer than it
#   build-if-possible   the same where npm is; where it is not, says that gapin will have no dashboard
#   check               types, style, and whether the API's types are those of contract/openapi.json
#   test                rules and components, then every flow in Chromium, on the real binary (GAPIN_BIN)
#   test-first          the same with the first run and signing in alone: what `make test` has time for
#   bench               the live list under RATE events a second for SECONDS_OF_LOAD: frame times and memory
#   pictures            docs/images, from every page as it is now
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

built=.tools/dashboard/built # touched when all of a build went well

# npm in dashboard/, with the Node.js that was chosen.
npm_here() { (cd dashboard && PATH=$tools_path:$PATH npm --loglevel error "$@"); }
tools_path=$PWD/.tools/dashboard/bin

is_built() {
  [[ -e $built && -e dashboard/dist/index.html ]] &&
    [[ -z $(find dashboard/src dashboard/public dashboard/scripts dashboard/*.* -type f -newer "$built" -print -quit) ]]
}

build() {
  if is_built; then return 0; fi
  scripts/install-dashboard.sh
  local now log
  now=$(mktemp)
  log=$(mktemp)
  if ! npm_here run build >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "the dashboard could not be built" "cd dashboard && npm run build"
  fi
  rm -f "$log"
  # As old as the beginning: what was changed meanwhile is newer.
  mv "$now" "$built"
  say "dashboard: built into dashboard/dist"
}

case ${1:-} in
  build) build ;;
  build-if-possible)
    if command -v npm >/dev/null; then
      build
    else
      say "there is no npm here, so gapin is built without its dashboard; make dashboard makes it"
    fi
    ;;
  check)
    scripts/install-dashboard.sh
    npm_here run check
    npm_here run api:check
    ;;
  test)
    scripts/install-dashboard.sh
    GAPIN_BIN=$(realpath "${GAPIN_BIN:-target/debug/gapin}")
    export GAPIN_BIN
    npm_here test
    npm_here run e2e
    ;;
  test-first)
    scripts/install-dashboard.sh
    GAPIN_BIN=$(realpath "${GAPIN_BIN:-target/debug/gapin}")
    export GAPIN_BIN
    npm_here test
    npm_here run e2e -- first-run sign-in
    ;;
  bench | pictures)
    scripts/install-dashboard.sh
    GAPIN_BIN=$(realpath "${GAPIN_BIN:-target/release/gapin}")
    export GAPIN_BIN
    npm_here run "$1"
    ;;
  *) fail "usage: dashboard.sh build|build-if-possible|check|test|test-first|bench|pictures" "make dashboard" ;;
esac
