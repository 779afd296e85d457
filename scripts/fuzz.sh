#!/usr/bin/env bash
# Fuzzes what reads bytes from outside. Without minutes, as `make test` runs it: a fixed number of inputs
# for each target. usage: fuzz.sh [TARGET|all] [MINUTES], or fuzz.sh build, which only builds
#
# A find is written to target/fuzz/finds/TARGET/, and shown by running the target with that file alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

# So many inputs of each are a few seconds.
declare -A runs=(
  [strict_json]=200000
  [tape]=100000
  [canonical]=100000
  [event]=40000
  [redaction]=15000
  [record_head]=200000
  [dead_letter]=30000
  [local_log]=1500
)
input_bytes_max=4096
memory_mib_max=1024
input_seconds_max=10

asked=${1:-all}
minutes=${2:-}
if [[ $asked == build ]]; then
  targets=()
elif [[ $asked == all ]]; then
  targets=(strict_json tape canonical event redaction record_head dead_letter local_log)
elif [[ -v runs[$asked] ]]; then
  targets=("$asked")
else
  fail "there is no target $asked" "one of: all ${!runs[*]}"
fi

(cd fuzz && cargo build --release --locked --quiet)
built=target/fuzz/$(rustc -vV | sed -n 's/^host: //p')/release

for target in "${targets[@]}"; do
  found=target/fuzz/corpus/$target
  finds=target/fuzz/finds/$target
  seeds=target/fuzz/seeds/$target
  mkdir -p "$found" "$finds" "$seeds"
  bound=("-runs=${runs[$target]}" -seed=1)
  if [[ -n $minutes ]]; then
    bound=("-max_total_time=$((minutes * 60))")
  else
    # The same inputs on every machine: what longer runs found before is left aside.
    found=$(mktemp -d "target/fuzz/short.XXXXXX")
  fi
  log=target/fuzz/$target.log
  started=$SECONDS
  if ! GAPIN_FUZZ_SEEDS=$seeds "$built/$target" "${bound[@]}" "-max_len=$input_bytes_max" "-rss_limit_mb=$memory_mib_max" \
    "-timeout=$input_seconds_max" "-artifact_prefix=$finds/" -print_final_stats=1 "$found" "$seeds" \
    >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "fuzzing $target found something: see $finds" "mend it, and keep the input as a test"
  fi
  [[ -n $minutes ]] || rm -rf "$found"
  tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  say "fuzz $target: ${tried:-?} inputs in $((SECONDS - started)) s, nothing found"
done
