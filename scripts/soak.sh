#!/usr/bin/env bash
# Runs the fault suite once per seed and prints a line of figures for each, and their sum. What a run said is kept in
# target/soak/SEED.log. Ends with 1 when any run failed; all are run nevertheless.
# SEEDS: how many. FIRST_SEED: the first of them. AWAY_SECONDS: for how long brokers and the store stay away.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds=${SEEDS:-10}
first=${FIRST_SEED:-1}
logs=target/soak
mkdir -p "$logs"

line() { printf '%8s %8s %9s %12s %8s %8s %8s %7s %8s %8s %8s\n' "$@"; }
names=(sent acknowledged given_up faults lost doubled altered unexpected out_of_order)
declare -A sum
for name in "${names[@]}"; do sum[$name]=0; done

# figure NAME FILE: the sum of what the tests of one run printed under this name.
figure() { grep -o 'figures: .*' "$2" | grep -o " $1=[0-9]*" | awk -F= '{ sum += $2 } END { print sum + 0 }'; }

line seed seconds sent acknowledged given_up faults lost doubled altered strange disorder
failed=()
for ((seed = first; seed < first + seeds; seed++)); do
  log=$logs/$seed.log
  began=$SECONDS
  GAPIN_FAULT_SEED=$seed GAPIN_FAULT_AWAY_SECONDS=${AWAY_SECONDS:-30} \
    cargo test --workspace --exclude gapin-sdk --test faults -- --nocapture >"$log" 2>&1 || failed+=("$seed")
  row=()
  for name in "${names[@]}"; do
    value=$(figure "$name" "$log")
    row+=("$value")
    sum[$name]=$((sum[$name] + value))
  done
  line "$seed" "$((SECONDS - began))" "${row[@]}"
done
row=()
for name in "${names[@]}"; do row+=("${sum[$name]}"); done
line all "$SECONDS" "${row[@]}"

if ((${#failed[@]} > 0)); then
  printf 'failed: %s of %s; what they said: %s\n' "${#failed[@]}" "$seeds" "$(printf "$logs/%s.log " "${failed[@]}")" >&2
  exit 1
fi
printf 'all %s passed\n' "$seeds"
