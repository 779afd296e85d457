"""PostgreSQL: what GAPIN sees of the store, connections and locks, what takes time, tables and what is dead in them."""

from .event import quantiles
from .panels import GREEN, RED, YELLOW, choice, dashboard, lines, row, rows_of, source, sql, stat, states, table

SERVER = 'instance=~"$server"'
DATABASE = f'{SERVER},datname=~"$database"'
# Partitions of the events are tables of their own, one for each month: here they are one.
FAMILY = '"table", "$1", "relname", "(.+?)(_[0-9]{4}_[0-9]{2}|_before_2020|_from_2100)?"'


def by_table(metric):
    return f"sum by (table) (label_replace({metric}{{{DATABASE}}}, {FAMILY}))"


POSTGRES = dashboard(
    "gapin-postgresql",
    "GAPIN: PostgreSQL",
    "The store at scale. Told by GAPIN itself and by postgres_exporter; sizes and statements by the database, through the "
    "read-only role of deploy/grafana/roles.sql.",
    [
        source("prometheus", "prometheus", "Prometheus"),
        source("postgresql", "grafana-postgresql-datasource", "Database of GAPIN"),
        choice("server", "Server", "Servers, as Prometheus names their postgres_exporter", "label_values(pg_up, instance)"),
        choice("database", "Database", "Databases of these servers", 'label_values(pg_stat_database_numbackends{instance=~"$server",datname!~"template.*|postgres|"}, datname)'),
    ],
    row(
        "Is it well?",
        stat(
            "Servers", {"answer": "sum(pg_up)", "are known": 'count(up{job="postgresql"})'},
            "Servers that postgres_exporter reaches, of those that Prometheus knows.", runbooks=["GapinStoreAway"],
        ),
        stat(
            "Connections, of those allowed", f"max(sum by (instance) (pg_stat_database_numbackends{{{SERVER}}}) / on (instance) pg_settings_max_connections{{{SERVER}}})",
            "Of max_connections. Each GAPIN process takes DATABASE_POOL_SIZE_MAX of them at most.", unit="share",
            steps=[GREEN, (0.7, YELLOW), (0.9, RED)],
        ),
        stat(
            "Longest transaction", f"max(pg_stat_activity_max_tx_duration{{{DATABASE}}})",
            "What one transaction holds, nobody can clear away: one that is open for long lets tables grow.", unit="seconds",
            steps=[GREEN, (60, YELLOW), (600, RED)],
        ),
        stat(
            "From memory",
            f"sum(rate(pg_stat_database_blks_hit{{{DATABASE}}}[5m])) / (sum(rate(pg_stat_database_blks_hit{{{DATABASE}}}[5m])) + sum(rate(pg_stat_database_blks_read{{{DATABASE}}}[5m])))",
            "Blocks that were found in PostgreSQL's own memory, of all that were asked for.", unit="share",
            steps=[RED, (0.8, YELLOW), (0.95, GREEN)],
        ),
        stat(
            "Deadlocks, in an hour", f"sum(increase(pg_stat_database_deadlocks{{{DATABASE}}}[1h]))",
            "Transactions that waited for each other: PostgreSQL ended one of them, and GAPIN tried it again.",
            steps=[GREEN, (1, YELLOW)],
        ),
        stat(
            "Size", f"sum(pg_database_size_bytes{{{DATABASE}}})", "Of the chosen databases, indexes included.", unit="bytes",
            runbooks=["GapinDiskFills"],
        ),
    ),
    row(
        "What GAPIN sees of it",
        states(
            "Consumers reach the store", {"{{instance}}": "gapin_consumer_store_up"}, "Whether a consumer's last call to the store went well.",
            {"1": ("yes", GREEN), "0": ("no", RED)}, width=6, runbooks=["GapinStoreAway"],
        ),
        lines(
            "Time of a batch", quantiles("gapin_consumer_write_seconds"),
            "How long the store took to write a batch, its transaction included.", "seconds", width=6,
        ),
        lines(
            "Stored", {"{{outcome}}": "sum by (outcome) (rate(gapin_consumer_records_total[$__rate_interval]))"},
            "Records that consumers are done with, by what became of them.", "records/s", width=6, stacked=True,
        ),
        lines(
            "Calls of consumers that failed",
            {"{{instance}}": 'rate(gapin_consumer_failures_total{dependency="store"}[$__rate_interval])'},
            "Calls to the store that failed, and are tried again.", "times/s", width=6, runbooks=["GapinStoreAway"],
        ),
    ),
    row(
        "Connections, transactions, locks",
        lines(
            "Connections", {"{{state}}": f"sum by (state) (pg_stat_activity_count{{{DATABASE}}}) > 0", "allowed": f"sum(pg_settings_max_connections{{{SERVER}}})"},
            "By what they do now. Idle in transaction: somebody began, and does not go on.", "count",
        ),
        lines(
            "Transactions", {
                "committed": f"sum(rate(pg_stat_database_xact_commit{{{DATABASE}}}[$__rate_interval]))",
                "rolled back": f"sum(rate(pg_stat_database_xact_rollback{{{DATABASE}}}[$__rate_interval]))",
            },
            "Ended, for better or worse.", "times/s",
        ),
        lines(
            "Longest transaction", {"{{state}}": f"max by (state) (pg_stat_activity_max_tx_duration{{{DATABASE}}}) > 0"},
            "How long the oldest open transaction is open, by what its connection does.", "seconds",
        ),
        lines(
            "Locks", {"{{mode}}": f"sum by (mode) (pg_locks_count{{{DATABASE}}}) > 0"},
            "Locks that are held or waited for. AccessExclusiveLock keeps everybody out of a table: migrations, and dropping a month.",
            "count",
        ),
        table(
            "Who waits for whom", sql("""
                SELECT waits.pid AS "waits", left(waits.query, 80) AS "with", holds.pid AS "for",
                       holds.application_name AS "of", left(holds.query, 80) AS "which did last",
                       EXTRACT(EPOCH FROM now() - waits.query_start) AS "for so long"
                FROM pg_stat_activity AS waits
                CROSS JOIN LATERAL unnest(pg_blocking_pids(waits.pid)) AS blocking (pid)
                JOIN pg_stat_activity AS holds ON holds.pid = blocking.pid
                ORDER BY 6 DESC LIMIT 20"""),
            "Statements that wait for a lock now, and who holds it. Empty is good.", unit="plain", width=16, units={"for so long": "seconds"},
        ),
    ),
    row(
        "What takes time",
        table(
            "Statements", sql("""
                SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 160) AS "statement", calls AS "calls",
                       total_exec_time / 1000 AS "in all", mean_exec_time / 1000 AS "each", max_exec_time / 1000 AS "slowest", rows AS "rows"
                FROM pg_stat_statements
                WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                ORDER BY total_exec_time DESC LIMIT 25"""),
            "The statements that took most time since pg_stat_statements counts, without what they were given.",
            unit="plain", width=24, height=10, units={"in all": "seconds", "each": "seconds", "slowest": "seconds", "calls": "count", "rows": "count"},
        ),
        lines(
            "Rows", {
                "inserted": f"sum(rate(pg_stat_database_tup_inserted{{{DATABASE}}}[$__rate_interval]))",
                "updated": f"sum(rate(pg_stat_database_tup_updated{{{DATABASE}}}[$__rate_interval]))",
                "deleted": f"sum(rate(pg_stat_database_tup_deleted{{{DATABASE}}}[$__rate_interval]))",
                "fetched": f"sum(rate(pg_stat_database_tup_fetched{{{DATABASE}}}[$__rate_interval]))",
            },
            "What was written and read by indexes.", "rows/s",
        ),
        lines(
            "Blocks read from disk", {"{{datname}}": f"rate(pg_stat_database_blks_read{{{DATABASE}}}[$__rate_interval])"},
            "Blocks that were not in PostgreSQL's memory; the system's cache may have had them.", "times/s",
        ),
        lines(
            "Whole tables read",
            {"{{table}}": f"sum by (table) (label_replace(rate(pg_stat_user_tables_seq_scan{{{DATABASE}}}[$__rate_interval]), {FAMILY})) > 0"},
            "Sequential scans. Of a large table none should happen: an index is missing, or was not used.", "times/s",
        ),
    ),
    row(
        "Tables, and what is dead in them",
        table(
            "Tables", sql("""
                WITH family AS (
                    SELECT COALESCE(parent.relname, child.relname) AS name,
                           CASE WHEN EXISTS (SELECT FROM pg_locks WHERE relation = child.oid AND mode = 'AccessExclusiveLock')
                                THEN NULL ELSE child.oid END AS measurable,
                           stats.n_live_tup, stats.n_dead_tup, GREATEST(stats.last_vacuum, stats.last_autovacuum) AS vacuumed
                    FROM pg_class AS child
                    JOIN pg_stat_user_tables AS stats ON stats.relid = child.oid
                    LEFT JOIN pg_inherits AS of ON of.inhrelid = child.oid
                    LEFT JOIN pg_class AS parent ON parent.oid = of.inhparent)
                SELECT name AS "table", count(*) AS "parts", sum(pg_total_relation_size(measurable))::bigint AS "size",
                       sum(pg_indexes_size(measurable))::bigint AS "of that, indexes", sum(n_live_tup)::bigint AS "rows",
                       sum(n_dead_tup)::bigint AS "dead", max(vacuumed) AS "vacuumed"
                FROM family GROUP BY name ORDER BY 3 DESC NULLS LAST LIMIT 25"""),
            "The largest tables; partitions of one table are one row. The size of what is locked against everybody is not known.", unit="plain", width=24, height=9,
            units={"size": "bytes", "of that, indexes": "bytes", "rows": "count", "dead": "count", "parts": "count"},
        ),
        lines(
            "Rows, alive", {"{{table}}": f"topk(10, {by_table('pg_stat_user_tables_n_live_tup')})"},
            "As PostgreSQL estimates them; the ten largest tables.", "count",
        ),
        lines(
            "Rows, dead", {"{{table}}": f"topk(10, {by_table('pg_stat_user_tables_n_dead_tup')})"},
            "Rows that were changed or deleted, and not cleared away by vacuum yet.", "count",
        ),
        lines(
            "Dead, of all rows", {"{{table}}": f"topk(10, {by_table('pg_stat_user_tables_n_dead_tup')} / ({by_table('pg_stat_user_tables_n_live_tup')} + {by_table('pg_stat_user_tables_n_dead_tup')} > 1000))"},
            "Of tables with more than a thousand rows. Above a fifth for long: vacuum does not keep up, or a transaction stays open.", "share", steps=[GREEN, (0.2, YELLOW)],
        ),
        lines(
            "Size of databases", {"{{datname}}": f"pg_database_size_bytes{{{DATABASE}}}"},
            "With indexes; without the write-ahead log.", "bytes", runbooks=["GapinDiskFills"],
        ),
        lines(
            "Write-ahead log", {"{{instance}}": f"pg_wal_size_bytes{{{SERVER}}}"},
            "On disk. It grows where an archive or a replica does not take it.", "bytes", runbooks=["GapinDiskFills"],
        ),
        lines(
            "Behind the primary", {"{{instance}}": f"pg_replication_lag_seconds{{{SERVER}}}"},
            "How far a replica is behind; of a primary 0.", "seconds",
        ),
        table(
            "Primaries and replicas", [
                rows_of(f"max by (instance, short_version) (pg_static{{{SERVER}}})"),
                rows_of(f"max by (instance) (pg_replication_is_replica{{{SERVER}}})"),
                rows_of(f"max by (instance) (pg_settings_max_connections{{{SERVER}}})"),
            ],
            "The servers, their versions, which of them are replicas (1), and how many connections each allows.", width=24, height=5,
            hidden=("Value #A",), names={"instance": "server", "short_version": "version", "Value #B": "replica", "Value #C": "connections"},
        ),
    ),
)  # fmt: skip
