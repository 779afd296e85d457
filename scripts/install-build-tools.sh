#!/usr/bin/env bash
# Installs what compiling GAPIN needs beyond Rust: a C toolchain, pkg-config, OpenSSL's headers.
# Does nothing, at once, when they are there.
set -euo pipefail
# shellcheck source=scripts/apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/apt.sh"

if ! command -v cargo >/dev/null; then
  fail "there is no cargo here" "curl https://sh.rustup.rs -sSf | sh"
fi

if ! command -v cc >/dev/null || ! command -v c++ >/dev/null || ! command -v make >/dev/null; then
  want build-essential
fi
if ! command -v pkg-config >/dev/null; then
  want pkg-config
  want libssl-dev
elif ! pkg-config --exists 'openssl >= 1.1.1'; then
  want libssl-dev
fi
install_wanted
