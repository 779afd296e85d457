"""Organisations: who sends how much, what is refused and hidden, how long theirs takes. From the store's own statistics,
which count by organisation; metrics do not, so that their number does not grow with the customers."""

from .panels import BLUE, POSTGRESQL, choice, dashboard, lines, row, source, sql, stat, table

# The numbers of measures in the table `statistics`, as store/src/statistics/mod.rs has them; the check holds them to it.
EVENTS, AI_SYSTEMS, REDACTIONS, STORE_DELAY, REFUSED, REFUSED_REQUESTS, ACKNOWLEDGEMENT, MESSAGES, REFUSED_MESSAGES, ERROR_CODES = range(1, 11)

WHOSE = "JOIN organisations ON organisations.id = statistics.org_id"
OF_THE_CHOSEN = "WHERE organisations.id IN (${organisation:sqlstring}) AND $__unixEpochFilter(at_s)"
STEP = 'at_s - at_s % $step AS "time"'


def series(what, of, by):
    """So much a second, over time, by organisation or by label."""
    return sql(f"SELECT {STEP}, {by} AS metric, {what}::float8 / $step AS per_second FROM statistics {WHOSE} {OF_THE_CHOSEN} AND measure IN ({of}) GROUP BY 1, 2 ORDER BY 1, 2", series=True)


def total(what, *measures):
    """One number over the whole time."""
    of = ", ".join(str(measure) for measure in measures)
    return sql(f"SELECT COALESCE({what}, 0)::float8 AS value FROM statistics {WHOSE} {OF_THE_CHOSEN} AND measure IN ({of})")


def percentile(measure, share, by="organisations.name"):
    """The bucket's bound below which this share of the durations lies, in seconds: see store/src/statistics/durations.rs."""
    return sql(f"""
        WITH buckets AS (
            SELECT {STEP}, {by} AS metric, label::int AS bucket, sum(counted) AS counted
            FROM statistics {WHOSE} {OF_THE_CHOSEN} AND measure = {measure} GROUP BY 1, 2, 3),
        summed AS (
            SELECT *, sum(counted) OVER (PARTITION BY "time", metric ORDER BY bucket) AS below,
                   sum(counted) OVER (PARTITION BY "time", metric) AS of_all FROM buckets)
        SELECT "time", metric, min(0.0001 * 2 ^ (bucket / 4.0)) AS seconds FROM summed
        WHERE below >= {share} * of_all GROUP BY 1, 2 ORDER BY 1, 2""", series=True)


def most(label, *measures, more="", joined=""):
    """The labels of which there was most."""
    of = ", ".join(str(measure) for measure in measures)
    return sql(f"""SELECT organisations.name AS "organisation", {label}, sum(counted)::bigint AS "count"{more}
        FROM statistics {WHOSE} {joined} {OF_THE_CHOSEN} AND measure IN ({of}) GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 25""")


BYTES = ', sum(total)::bigint AS "bytes"'
NAMED = "LEFT JOIN ai_systems ON ai_systems.org_id = statistics.org_id AND ai_systems.ai_id::text = statistics.label"

STEPS = {
    "type": "custom", "name": "step", "label": "Step", "description": "How long one step is; what is older than a day is there by the hour",
    "query": "1 minute : 60, 5 minutes : 300, 15 minutes : 900, 1 hour : 3600",
    "current": {"selected": True, "text": "1 minute", "value": "60"}, "includeAll": False, "multi": False, "hide": 0, "skipUrlSync": False,
    "options": [
        {"selected": value == "60", "text": said, "value": value}
        for said, value in (("1 minute", "60"), ("5 minutes", "300"), ("15 minutes", "900"), ("1 hour", "3600"))
    ],
}  # fmt: skip

TENANTS = dashboard(
    "gapin-organisations",
    "GAPIN: organisations",
    "What each organisation sends, and what becomes of it. It asks the store's statistics (docs/metrics.md) through the "
    "read-only role of deploy/grafana/roles.sql, which sees no event. Who may open this page sees all organisations.",
    [
        source("postgresql", "grafana-postgresql-datasource", "Database of GAPIN"),
        choice("organisation", "Organisation", "Whose figures", "SELECT name AS __text, id::text AS __value FROM organisations ORDER BY name", at=POSTGRESQL),
        STEPS,
    ],
    row(
        "In all this time",
        stat(
            "Events stored", total("sum(counted)", EVENTS),
            "Events of the chosen organisations that were received in this time and are stored.", steps=[BLUE],
        ),
        stat("Their bytes", total("sum(total)", EVENTS), "The records' bytes, as they are stored.", unit="bytes", steps=[BLUE]),
        stat("Messages", total("sum(counted)", MESSAGES), "Messages that were acknowledged.", steps=[BLUE]),
        stat("Refused", total("sum(counted)", REFUSED, REFUSED_REQUESTS), "Events and messages one by one, and requests as a whole.", steps=[BLUE]),
        stat("Things hidden", total("sum(counted)", REDACTIONS), "Personal data and secrets that redaction hid.", steps=[BLUE]),
        stat(
            "Organisations that send", sql(f"SELECT count(DISTINCT org_id)::float8 AS value FROM statistics {WHOSE} {OF_THE_CHOSEN} AND measure IN ({EVENTS}, {MESSAGES})"),
            "Of the chosen ones those of which anything came in this time.", steps=[BLUE],
        ),
    ),
    row(
        "Who sends how much",
        lines("Events", series("sum(counted)", EVENTS, "organisations.name"), "Events stored, by organisation.", "events/s", stacked=True),
        lines("Bytes of events", series("sum(total)", EVENTS, "organisations.name"), "Bytes of their records.", "bytes/s", stacked=True),
        lines(
            "Messages", series("sum(counted)", MESSAGES, "organisations.name"), "Messages acknowledged, by organisation.",
            "events/s", stacked=True,
        ),
        table(
            "Organisations", sql(f"""
                SELECT organisations.name AS "organisation", organisations.plan AS "plan",
                       COALESCE(sum(counted) FILTER (WHERE measure = {EVENTS}), 0)::bigint AS "events",
                       COALESCE(sum(total) FILTER (WHERE measure = {EVENTS}), 0)::bigint AS "bytes",
                       COALESCE(sum(counted) FILTER (WHERE measure = {MESSAGES}), 0)::bigint AS "messages",
                       COALESCE(sum(counted) FILTER (WHERE measure IN ({REFUSED}, {REFUSED_REQUESTS})), 0)::bigint AS "refused",
                       COALESCE(sum(counted) FILTER (WHERE measure = {REDACTIONS}), 0)::bigint AS "hidden",
                       to_timestamp(max(at_s) FILTER (WHERE measure IN ({EVENTS}, {MESSAGES}))) AS "sent last"
                FROM statistics {WHOSE} {OF_THE_CHOSEN} GROUP BY organisations.id ORDER BY 4 DESC LIMIT 100"""),
            "By bytes, most first.", unit="plain", width=24, units={"events": "count", "bytes": "bytes", "messages": "count", "refused": "count", "hidden": "count"},
        ),
    ),
    row(
        "How theirs goes",
        lines(
            "Acknowledged, 95 of 100", percentile(ACKNOWLEDGEMENT, 0.95),
            "Within which time requests were acknowledged: never too short, at most 19 % too long.", "seconds",
        ),
        lines("Stored, 95 of 100", percentile(STORE_DELAY, 0.95), "How long it took from being received to being stored.", "seconds"),
        lines(
            "Refused", series("sum(counted)", f"{REFUSED}, {REFUSED_REQUESTS}", "label"),
            "By code, of all chosen organisations: requests as a whole, events and messages.", "events/s", stacked=True,
        ),
        table(
            "Refused most", most('label AS "code"', REFUSED, REFUSED_REQUESTS),
            "Who is refused what. A wrong signature or key that comes all the time is a recorder that was set up wrongly, or somebody who tries.",
        ),
        table("Topics", most('label AS "topic"', MESSAGES, more=BYTES), "Where most messages go.", units={"bytes": "bytes"}),
        table(
            "Hidden most", most('label AS "kind"', REDACTIONS),
            "What redaction finds, by kind: of a kind that jumps somebody sends what they did not send before.",
        ),
        table(
            "AI systems", most('COALESCE(ai_systems.name, label) AS "AI system"', AI_SYSTEMS, more=BYTES, joined=NAMED),
            "Which record most. Those past 200 in a minute are counted together, as `other`.", units={"bytes": "bytes"},
        ),
        table("Errors of AI systems", most('ltrim(label, \':\') AS "error"', ERROR_CODES), "The codes of `ai.error` events."),
        table(
            "Retention and holds", sql("""
                SELECT organisations.name AS "organisation", retention.events_days AS "days kept",
                       (SELECT count(*) FROM legal_holds WHERE legal_holds.org_id = organisations.id AND released_at_ns IS NULL) AS "holds"
                FROM organisations LEFT JOIN retention ON retention.org_id = organisations.id
                WHERE organisations.id IN (${organisation:sqlstring}) ORDER BY 3 DESC, 1 LIMIT 100"""),
            "How long each wants its events kept (empty: GAPIN_RETENTION_DAYS), and legal holds that nobody released.", unit="plain",
        ),
    ),
)  # fmt: skip
