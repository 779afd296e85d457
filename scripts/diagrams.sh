#!/usr/bin/env bash
# The pictures of docs/diagrams, from the sources beside them. usage: diagrams.sh write|check
#
#   write   the data model anew from the migrations, then every picture from its source
#   check   fails where the data model is not what the migrations say, or a picture is not of its source
#
# The program that renders them is scripts/diagrams, built with Go into .tools/diagrams: a minute or two, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

program=$PWD/.tools/diagrams/diagrams

build_program() {
  have_go
  [[ -x $program ]] || say "building what renders the diagrams into .tools/diagrams"
  # Does nothing that is done already: Go keeps what it built.
  (cd scripts/diagrams && go build -buildvcs=false -o "$program" .)
}

case ${1:-} in
  write)
    build_program
    python3 scripts/data_model.py
    "$program" docs/diagrams
    ;;
  check)
    build_program
    python3 scripts/data_model.py --check
    "$program" -check docs/diagrams
    say "diagrams: each is of its source, and the data model of the migrations"
    ;;
  *) fail "usage: diagrams.sh write|check" "make diagrams" ;;
esac
