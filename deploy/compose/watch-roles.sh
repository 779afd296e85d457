#!/usr/bin/env bash
# Makes the roles that Grafana and postgres_exporter read the database as (deploy/grafana/roles.sql), with the passwords of their
# secrets. Again and again: it changes nothing but a password that is another now. Settings: PGHOST, PGUSER, PGDATABASE, and
# PASSWORD_FILE, ROLES_FILE, GRAFANA_PASSWORD_FILE, EXPORTER_PASSWORD_FILE.
set -euo pipefail

PGPASSWORD=$(<"$PASSWORD_FILE")
export PGPASSWORD
# psql reads the passwords itself, so that none stands in an argv; the statements are not told to the server's log.
psql -X -q -v ON_ERROR_STOP=1 -v roles="$ROLES_FILE" -v grafana="$GRAFANA_PASSWORD_FILE" -v exporter="$EXPORTER_PASSWORD_FILE" <<'SQL'
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
\i :roles
\set grafana_password `cat :'grafana'`
\set exporter_password `cat :'exporter'`
ALTER ROLE gapin_grafana PASSWORD :'grafana_password';
ALTER ROLE gapin_exporter PASSWORD :'exporter_password';
SQL
echo '{"level":"INFO","target":"watch-roles","message":"the roles that watch the database are there"}'
