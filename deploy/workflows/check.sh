#!/usr/bin/env bash
# Whether the workflows of .github hold: actionlint, which has shellcheck look at every `run:`, our own rules (rules.py), and
# those of their steps that need neither GitHub nor a registry, run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

# actionlint (MIT) looks for what GitHub would only find when it runs a workflow. From its Go module, into .tools/actionlint.
actionlint_version=v1.7.12
actionlint=.tools/actionlint/actionlint

command -v shellcheck >/dev/null || want shellcheck
python3 -c 'import yaml' 2>/dev/null || want python3-yaml
install_wanted
if [[ $("$actionlint" -version 2>/dev/null | head -n 1) != "$actionlint_version" ]]; then
  have_go
  say "building actionlint $actionlint_version into .tools/actionlint"
  GOBIN=$PWD/.tools/actionlint go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint_version"
fi

"$actionlint" -shellcheck "$(command -v shellcheck)" -color
shellcheck -x .github/scripts/*.sh deploy/*/check.sh
python3 deploy/workflows/rules.py .github/workflows

# What the steps run: the tags of an image, and whether everything is of one version.
commit=0123456789abcdef0123456789abcdef01234567
tags() { .github/scripts/image-tags.sh "$1" "${2:-$commit}" | paste -sd ' '; }
is() { [[ $1 == "$2" ]] || fail "image-tags.sh says '$1', not '$2'" "deploy/workflows/check.sh"; }
is "$(tags refs/heads/main)" "sha-$commit main"
is "$(tags refs/pull/7/merge)" "sha-$commit"
is "$(tags refs/tags/v1.12.3)" "sha-$commit 1.12.3 1.12 latest"
is "$(tags refs/tags/v2.0.0-rc.1)" "sha-$commit 2.0.0-rc.1"
if tags refs/tags/vx >/dev/null 2>&1 || tags refs/heads/main HEAD >/dev/null 2>&1; then
  fail "image-tags.sh takes what is no version, or no commit" "deploy/workflows/check.sh"
fi

.github/scripts/versions.sh
version=v$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
.github/scripts/versions.sh "$version"
if .github/scripts/versions.sh "$version.1" 2>/dev/null; then
  fail "versions.sh takes a tag of another version" "deploy/workflows/check.sh"
fi
say "workflows: $(find .github/workflows -name '*.yml' | wc -l), linted, with every action pinned, and their scripts tried"
