-- Two roles for watching, each with no more than it needs. Run once, as the owner of GAPIN's database, after `gapin migrate`:
--   psql -v ON_ERROR_STOP=1 -f deploy/grafana/roles.sql "$DATABASE_URL"
-- and give each a password of its own, which psql asks for and sends as a hash:
--   psql "$DATABASE_URL" -c '\password gapin_grafana' -c '\password gapin_exporter'
-- Statements are told only where postgresql.conf says shared_preload_libraries = 'pg_stat_statements'.
BEGIN;

CREATE EXTENSION IF NOT EXISTS pg_stat_statements;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gapin_grafana') THEN
        CREATE ROLE gapin_grafana LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gapin_exporter') THEN
        CREATE ROLE gapin_exporter LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
    END IF;
END
$$;

-- Grafana: counts by organisation, and what the server tells of itself. No event, no key, no person.
ALTER ROLE gapin_grafana SET default_transaction_read_only = on;
ALTER ROLE gapin_grafana SET statement_timeout = '15s';
GRANT SELECT ON statistics TO gapin_grafana;
GRANT SELECT (id, name, plan) ON organisations TO gapin_grafana;
GRANT SELECT (org_id, ai_id, name) ON ai_systems TO gapin_grafana;
GRANT SELECT (org_id, events_days) ON retention TO gapin_grafana;
GRANT SELECT (org_id, released_at_ns) ON legal_holds TO gapin_grafana;
GRANT pg_read_all_stats TO gapin_grafana;

-- postgres_exporter: what the server tells of itself, and no table at all.
ALTER ROLE gapin_exporter SET default_transaction_read_only = on;
GRANT pg_monitor TO gapin_exporter;

COMMIT;
