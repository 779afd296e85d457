#!/usr/bin/env bash
# One event's way at scale: tables, keys, a gateway and a consumer on the services that KAFKA_BROKERS, DATABASE_URL and REDIS_URL
# name, an import, and what is stored of it in the end. usage: at-scale.sh GAPIN
set -euo pipefail
: "${KAFKA_BROKERS:?}" "${DATABASE_URL:?}" "${REDIS_URL:?}"
gapin=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
messages=$root/e2e/data/support-chat.jsonl
wait_max_seconds=90

work=$(mktemp -d)
cd "$work"
processes=()
end() {
  local status=$?
  kill "${processes[@]}" 2>/dev/null || true
  wait || true
  [[ $status == 0 ]] || tail -n 40 ./*.log >&2
  rm -rf "$work"
}
trap end EXIT

# until_so COMMAND…: once it does, or an end.
until_so() {
  local since=$SECONDS
  until "$@" >said 2>&1; do
    if ((SECONDS - since > wait_max_seconds)); then
      echo "not within $wait_max_seconds s: $*" >&2
      cat said >&2
      return 1
    fi
    sleep 0.5
  done
}

(umask 077 && openssl rand -hex 32 >master-key)
export GAPIN_MASTER_KEY_FILE=$work/master-key GAPIN_DATA_DIR=$work/data
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
gateway=127.0.0.1:$(free_port) consumer=127.0.0.1:$(free_port)

until_so "$gapin" migrate
"$gapin" orgs create at-scale >/dev/null
GAPIN_API_KEY=$("$gapin" keys create --org at-scale --name ci --json | jq -er .key)
signing=$("$gapin" signing-keys create --org at-scale --key-id main --json)
GAPIN_SIGNING_SECRET=$(jq -er .secret <<<"$signing")
export GAPIN_API_KEY GAPIN_SIGNING_SECRET GAPIN_SIGNING_KEY_ID=main GAPIN_URL=http://$gateway
GAPIN_AI_ID=$(cat /proc/sys/kernel/random/uuid)
export GAPIN_AI_ID

"$gapin" gateway --listen "$gateway" >gateway.log 2>&1 &
processes+=($!)
"$gapin" consumer --metrics-listen "$consumer" >consumer.log 2>&1 &
processes+=($!)
until_so env -u GAPIN_URL "$gapin" doctor --ready --metrics-listen "$consumer"
until_so "$gapin" doctor --ready
"$gapin" doctor

acknowledged=$("$gapin" import openai-chat "$messages" --json | jq -er .acknowledged)
((acknowledged > 0))
stored() { [[ $("$gapin" export --output - | wc -l) == "$acknowledged" ]]; }
until_so stored
echo "at scale: $acknowledged events acknowledged, carried and stored"
