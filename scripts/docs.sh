#!/usr/bin/env bash
# The documentation as a site, in target/docs. usage: docs.sh build|check
#
#   build   installs MkDocs and Material for MkDocs (BSD-2-Clause, MIT) into .tools/docs where they are not, and builds, strictly:
#           a link that leads nowhere, an anchor that is not there, or a page that is not in the list fails
#   check   the same; then that no page takes anything from another host, and that the generated parts are of their sources;
#           with GAPIN_BIN also the page of the command line, and every command that the pages show
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

requirements=scripts/docs/requirements.txt
tools=.tools/docs
python=$tools/bin/python

tools_are_there() { cmp -s "$requirements" "$tools/requirements.txt" && "$python" -c 'import material, mkdocs' 2>/dev/null; }

# Debian cuts the part of Python that makes virtual environments off into a package.
python_makes_environments() { command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null; }

install_tools() {
  if tools_are_there; then return 0; fi
  if ! python_makes_environments; then
    want python3
    want python3-venv
  fi
  install_wanted
  say "installing the tools of the documentation into $tools"
  python3 -m venv --clear "$tools"
  local log
  log=$(mktemp)
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$requirements" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "the tools of the documentation could not be installed" "check that the package index can be reached, then: make docs"
  }
  rm -f "$log"
  cp "$requirements" "$tools/requirements.txt"
}

build() {
  install_tools
  "$python" scripts/docs/lay_out.py target/docs-pages target/docs-config/mkdocs.yml
  # Material says at each start until when it is mended: so does requirements.txt.
  export NO_MKDOCS_2_WARNING=1
  # Not --quiet: with it MkDocs counts no warnings, and --strict means nothing.
  local log=target/docs-config/log.txt
  "$python" -m mkdocs build --strict --clean --config-file target/docs-config/mkdocs.yml >"$log" 2>&1 || {
    grep -v '^INFO' "$log" >&2
    fail "the documentation could not be built" "what is named above, then: make docs"
  }
}

case ${1:-} in
  build)
    build
    say "docs: built into target/docs; to look at it: python3 -m http.server --bind 127.0.0.1 --directory target/docs"
    ;;
  check)
    build
    python3 scripts/docs/check_site.py target/docs
    python3 scripts/docs/generated.py --check
    if [[ -n ${GAPIN_BIN:-} ]]; then
      GAPIN_BIN=$(realpath "$GAPIN_BIN")
      export GAPIN_BIN
      python3 scripts/cli_page.py --check "$GAPIN_BIN"
      python3 scripts/docs_commands.py "$GAPIN_BIN"
    else
      fail "the commands of the documentation are run by a gapin, and none is named" "make check-docs"
    fi
    ;;
  *) fail "usage: docs.sh build|check" "make docs" ;;
esac
