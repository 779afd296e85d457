#!/usr/bin/env bash
# Packs a binary for people to download, with its licence and its shells' completions, and its bill of materials beside it.
# usage: package.sh BINARY BILL_OF_MATERIALS FOLDER
set -euo pipefail
binary=$1 bill=$2 folder=$3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

version=$("$binary" --version | sed -n 's/^gapin \([^ ]*\).*/\1/p')
[[ -n $version ]] || {
  echo "$binary does not say its version" >&2
  exit 1
}
name=gapin-$version-$(uname -m)-linux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
install -D -m 755 "$binary" "$work/$name/gapin"
install -m 644 "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$work/$name"
mkdir "$work/$name/completions"
for shell in bash fish zsh; do "$binary" completions "$shell" >"$work/$name/completions/gapin.$shell"; done
mkdir -p "$folder"
# The same files make the same archive: in order, nobody's, and as old as the commit.
tar --create --gzip --file "$folder/$name.tar.gz" --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner \
  --mtime="$(git -C "$root" log -1 --format=@%ct)" "$name"
install -m 644 "$bill" "$folder/$name.cdx.json"
