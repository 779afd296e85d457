#!/usr/bin/env bash
# The pitch. usage: pitch.sh build|figures|film
#
#   build   target/pitch/deck.{html,pdf} and one-pager.{html,pdf}, and whether they hold (pitch/scripts/check.mjs)
#   figures whether the files that are cited still say so; with the dashboard's Node.js, and nothing else
#   film    target/pitch/demo.mp4 and demo.vtt, from the real product (GAPIN_BIN) in a browser
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

case ${1:-} in
  build)
    scripts/install-pitch.sh
    .tools/pitch/bin/node pitch/scripts/build.mjs
    .tools/pitch/bin/node pitch/scripts/check.mjs
    ;;
  figures)
    .tools/dashboard/bin/node pitch/scripts/figures.mjs
    ;;
  film)
    scripts/install-pitch.sh
    scripts/install-sdk-python.sh
    GAPIN_BIN=$(realpath "${GAPIN_BIN:-target/release/gapin}")
    FILM_PYTHON=$PWD/.tools/sdk-python/venv/bin/python
    export GAPIN_BIN FILM_PYTHON
    .tools/pitch/bin/node pitch/demo/film.mjs
    ;;
  *) fail "usage: pitch.sh build|figures|film" "make pitch" ;;
esac
