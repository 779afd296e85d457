#!/usr/bin/env bash
# Builds gapin in a bare Debian 12 by the RUN instructions of the Dockerfile's stages, with this machine's Rust and Node.js.
# usage: build-root.sh DEBIAN FOLDER (source, crates' build and result are kept there; the result is FOLDER/out/gapin)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

debian=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
dashboard_steps=$(python3 -B deploy/image/check_root.py build deploy/Dockerfile dashboard)
build_steps=$(python3 -B deploy/image/check_root.py build deploy/Dockerfile build)
[[ -n $dashboard_steps && -n $build_steps ]]

# The source as it is committed, without what the image is not built from.
rm -rf "$folder/src" "$folder/out"
mkdir -p "$folder/src" "$folder/out" "$folder/target"
git archive HEAD | tar -x -C "$folder/src"
grep -vE '^(#|$)' deploy/Dockerfile.dockerignore | (cd "$folder/src" && xargs -I{} sh -c 'rm -rf -- {}')

scripts/install-dashboard.sh
node=$(realpath .tools/dashboard/bin)
(cd "$folder/src/dashboard" && PATH=$node:$PATH bash -euo pipefail -c "$dashboard_steps")

sysroot=$(rustc --print sysroot)
crates=${CARGO_HOME:-$HOME/.cargo}
# shellcheck disable=SC2016 # for the shell in there
as_root unshare --mount bash -euo pipefail -c '
  debian=$1 folder=$2 sysroot=$3 crates=$4 steps=$5
  mount -t tmpfs tmpfs /mnt
  mkdir -p /mnt/upper /mnt/work /mnt/image
  mount -t overlay overlay -o "lowerdir=$debian,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/image
  mkdir -p /mnt/image/{src,out,toolchain,crates}
  for pair in "$folder/src:src" "$folder/out:out" "$sysroot:toolchain" "$crates:crates" /dev:dev /proc:proc; do
    mount --rbind "${pair%%:*}" "/mnt/image/${pair##*:}"
  done
  mkdir -p /mnt/image/src/target
  mount --bind "$folder/target" /mnt/image/src/target
  # How this machine reaches its packages.
  cp -L /etc/resolv.conf /mnt/image/etc/resolv.conf
  cp -rL /etc/apt/. /mnt/image/etc/apt/
  cp -L /etc/ssl/certs/ca-certificates.crt /mnt/image/etc/ssl/certs/ca-certificates.crt
  inside() { env PATH=/toolchain/bin:/usr/sbin:/usr/bin:/sbin:/bin CARGO_HOME=/crates OPENSSL_NO_VENDOR=1 chroot /mnt/image bash -euo pipefail -c "$1"; }
  # What the image of Rust has of Debian beside the compiler.
  inside "export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -q -y install --no-install-recommends build-essential pkg-config libssl-dev"
  inside "cd /src && $steps"
' bash "$debian" "$folder" "$sysroot" "$crates" "$build_steps"
