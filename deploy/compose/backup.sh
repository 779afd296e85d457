#!/usr/bin/env bash
# Dumps the store again and again. Settings: DATABASE_URL_FILE, BACKUP_DIR, BACKUP_EVERY_SECONDS, BACKUP_KEEP_DAYS. With `once` it
# dumps once and ends.
#
# A dump has a name only when it is whole. It holds sealed secrets: to use it, the master key is needed, which is not in it and has
# to be kept elsewhere.
set -euo pipefail

dump() {
  local name
  name=gapin-$(date -u +%Y%m%dT%H%M%SZ).dump
  rm -f "$BACKUP_DIR"/*.part
  # The address stands in a file of its own for pg_dump, never in an argv.
  local service
  service=$(mktemp)
  # shellcheck disable=SC2064 # the file of now is meant
  trap "rm -f '$service'" EXIT
  address | to_service >"$service"
  PGSERVICEFILE=$service pg_dump --format=custom --file="$BACKUP_DIR/$name.part" 'service=gapin'
  mv "$BACKUP_DIR/$name.part" "$BACKUP_DIR/$name"
  find "$BACKUP_DIR" -maxdepth 1 -name 'gapin-*.dump' -mtime "+$BACKUP_KEEP_DAYS" -delete
  echo "{\"level\":\"INFO\",\"target\":\"backup\",\"message\":\"the store was dumped\",\"file\":\"$name\"}"
}

address() { head -n 1 "$DATABASE_URL_FILE"; }

# postgres://user:password@host:port/database, as the lines of a service file.
to_service() {
  sed -E 's#^postgres(ql)?://([^:@/]+):([^@]*)@([^:/]+):([0-9]+)/([^?]+).*$#[gapin]\nuser=\2\npassword=\3\nhost=\4\nport=\5\ndbname=\6#'
}

if [[ ${1:-} == once ]]; then
  dump
  exit
fi
while true; do
  wait_s=$BACKUP_EVERY_SECONDS
  # A process of its own: inside an `if` nothing would stop a dump at its first fault.
  if ! "$BASH" "$0" once; then
    echo '{"level":"ERROR","target":"backup","message":"the store could not be dumped; trying again within the hour"}'
    ((wait_s < 3600)) || wait_s=3600
  fi
  sleep "$wait_s" &
  # Waited for, so that a signal ends it at once.
  trap 'kill $! 2>/dev/null; exit 0' TERM INT
  wait $!
done
