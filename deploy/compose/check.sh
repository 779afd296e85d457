#!/usr/bin/env bash
# Whether the compose files hold: their schema, by Debian's docker-compose; pinned images, limits, networks, secrets and variables, by
# check.py; the scripts beside them. No engine is needed, and none is asked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

command -v docker-compose >/dev/null || want docker-compose
command -v shellcheck >/dev/null || want shellcheck
command -v openssl >/dev/null || want openssl
/usr/bin/python3 -c 'import yaml' 2>/dev/null || want python3-yaml
install_wanted

shellcheck -x deploy/compose/*.sh
cd deploy/compose
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
config() { docker-compose --env-file .env.example "$@" config; }
config -f docker-compose.dev.yml >"$told/dev.yml"
config -f docker-compose.prod.yml >"$told/prod.yml"
config -f docker-compose.prod.yml -f docker-compose.mail.yml >"$told/mail.yml"
/usr/bin/python3 -B check.py "$told"/{dev,prod,mail}.yml

# A file that is not as the schema has it is refused: what follows stands on that.
sed 's/^    restart: .*/    restartt: always/; s/^  restart: .*/  restartt: always/' docker-compose.prod.yml >"$told/broken.yml"
if config -f "$told/broken.yml" >/dev/null 2>&1; then
  echo "docker-compose takes whatever it is given" >&2
  exit 1
fi

# The secrets: each is made once, and they fit together.
./secrets.sh "$told/secrets" >/dev/null
cp -r "$told/secrets" "$told/before"
[[ -z $(./secrets.sh "$told/secrets") ]]
diff -r "$told/secrets" "$told/before"
[[ $(<"$told/secrets/master_key") =~ ^[0-9a-f]{64}$ ]]
grep -qF "$(<"$told/secrets/database_password")@postgres" "$told/secrets/database_url"
[[ $(stat -c %a "$told/secrets") == 700 ]]
