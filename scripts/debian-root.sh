#!/usr/bin/env bash
# Makes a bare Debian 12 in a folder, with these packages beside the smallest one, unless it is there already.
# usage: debian-root.sh FOLDER PACKAGE,PACKAGE,…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

folder=$1 packages=$2
[[ $(cat "$folder.made" 2>/dev/null) != "$packages" ]] || exit 0

command -v debootstrap >/dev/null || want debootstrap
# Without Debian's keys, which another distribution may lack, nothing that is fetched would be verified.
[[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || want debian-archive-keyring
install_wanted
say "making a bare Debian 12 in $folder"
mkdir -p "$(dirname "$folder")"
as_root rm -rf "$folder" "$folder.made"
log=$(mktemp)
as_root debootstrap --variant=minbase --include="$packages" bookworm "$folder" >"$log" 2>&1 || {
  tail -n 15 "$log" >&2
  fail "there is no Debian 12 to be had" "check that Debian's packages can be reached, then run this again"
}
rm -f "$log"
echo "$packages" >"$folder.made"
