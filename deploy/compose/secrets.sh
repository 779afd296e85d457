#!/usr/bin/env bash
# Makes the secrets that the compose files name, into ./secrets; what is there already stays. The folder is its owner's alone, so the
# files in it may be readable: each container sees those that it was given, whoever it runs as. usage: secrets.sh [FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
folder=${1:-secrets}

umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

# make NAME: keeps its input under this name, unless there is something.
make() {
  if [[ -e $1 ]]; then
    cat >/dev/null
    return
  fi
  cat >"$1.new"
  chmod 444 "$1.new"
  mv "$1.new" "$1"
  echo "made $folder/$1"
}

openssl rand -hex 32 | make master_key
openssl rand -hex 24 | make database_password
openssl rand -hex 24 | make redis_password
openssl rand -hex 24 | make grafana_admin_password
openssl rand -hex 24 | make grafana_database_password
openssl rand -hex 24 | make exporter_database_password
# printf is the shell's own: no other process is told what it prints.
printf 'postgres://gapin:%s@postgres:5432/gapin\n' "$(<database_password)" | make database_url
printf 'redis://:%s@redis:6379/0\n' "$(<redis_password)" | make redis_url
