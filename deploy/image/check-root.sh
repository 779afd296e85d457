#!/usr/bin/env bash
# The image without an engine: what the Dockerfile's last stage says, made as a folder out of the packages that its base image is made
# of, and started there as the image would be: as its user, without capabilities, with a read-only root and no shell.
#
#   GAPIN_BIN=target/debug/gapin deploy/image/check-root.sh      with this binary
#   deploy/image/check-root.sh --build                           with one that the Dockerfile's own steps build in a bare Debian 12;
#                                                                takes as long as a release build, and 5 GB under .tools/image
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

dockerfile=$PWD/deploy/Dockerfile
tools=.tools/image
base=$tools/bookworm
# Debian 12, which the base image is made of; beside the smallest one, the packages of check_root.py.
packages=ca-certificates,netbase,tzdata,media-types,libssl3,libgcc-s1,libgomp1,libstdc++6

command -v curl >/dev/null || want curl
command -v ip >/dev/null || want iproute2
command -v python3 >/dev/null || want python3
install_wanted

scripts/debian-root.sh "$base" "$packages"

dashboard=no
if [[ ${1:-} == --build ]]; then
  deploy/image/build-root.sh "$base" "$tools/build"
  gapin=$(realpath "$tools/build/out/gapin")
  dashboard=yes # a release has it in itself; a debug build reads it where this source lies
else
  gapin=$(realpath "${GAPIN_BIN:-target/debug/gapin}")
  [[ -x $gapin ]] || fail "there is no $gapin" "make build, then GAPIN_BIN=target/release/gapin $0"
fi

# shellcheck disable=SC2016 # for the shell in there
as_root unshare --mount --net --pid --fork --mount-proc --kill-child bash -euo pipefail -c '
  mount -t tmpfs -o mode=755 tmpfs /mnt
  ip link set lo up
  python3 -B deploy/image/check_root.py compose "$1" "$2" /mnt/image "$3"
  exec python3 -B deploy/image/run_root.py "$1" /mnt/image "$4"
' bash "$dockerfile" "$(realpath "$base")" "$gapin" "$dashboard"
