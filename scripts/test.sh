#!/usr/bin/env bash
# Runs `cargo test` with these arguments. The tests mostly wait, for services and for faults: in that time, and behind
# everything else, what runs after them is built (`make build-ahead`). What fails there fails again when it is run, where
# it is seen.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p target
nice -n 19 make -s build-ahead >target/build-ahead.log 2>&1 &
ahead=$!
status=0
cargo test "$@" || status=$?
if [[ $status != 0 ]]; then
  kill "$ahead" 2>/dev/null || true
fi
wait "$ahead" || true
exit "$status"
