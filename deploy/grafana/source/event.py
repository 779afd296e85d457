"""One event's way, step by step, as ARCHITECTURE.md walks it: through the door, into the log, into the store, out again."""

from .panels import BLUE, GREEN, RED, YELLOW, choice, dashboard, heat, lines, logs, row, source, stat, states, text

DOORS = 'route=~"/aibbar/events|/events/publish"'
HERE = 'instance=~"$instance"'


def quantiles(histogram, of="", shares=(50, 99)):
    """Within which time so many of a hundred."""
    return {
        f"{share} of 100": f"histogram_quantile({share / 100}, sum by (le) (rate({histogram}_bucket{{{of}}}[$__rate_interval])))"
        for share in shares
    }


def median(histogram, of=""):
    return f"histogram_quantile(0.5, sum by (le) (rate({histogram}_bucket{{{of}}}[$__rate_interval])))"


SPOOL_STATES = {"1": ("idle", GREEN), "2": ("spooling", RED), "3": ("draining", BLUE), "4": ("full", RED), "5": ("unavailable", RED)}
SPOOL_STATE = " + on (instance) ".join(
    f'{number} * sum by (instance) (gapin_spool_state{{{HERE},state="{state}"}})' for number, (state, _) in SPOOL_STATES.items()
)

EVENT = dashboard(
    "gapin-event",
    "GAPIN: one event's way",
    "Where events are, how long each step takes, and where they are held up. The steps are those of ARCHITECTURE.md.",
    [
        source("prometheus", "prometheus", "Prometheus"),
        source("loki", "loki", "Loki"),
        choice("instance", "Process", "Gateways and consumers, as Prometheus names them", 'label_values(up{job=~"gapin-gateway|gapin-consumer"}, instance)'),
        text("request", "Request", "An answer's X-Request-Id: the log lines of that request alone are shown"),
    ],
    row(
        "Where the time goes",
        lines(
            "Half of the events, step by step", {
                "answered after": median("gapin_http_request_duration_seconds", f"{DOORS},{HERE}"),
                "of that, the log": median("gapin_log_append_duration_seconds", HERE),
                "from the log into the store": median("gapin_consumer_delay_seconds"),
                "of that, the store": median("gapin_consumer_write_seconds"),
            },
            "Medians. The first is what a recorder waits for; after the third the event can be found by a query.",
            "seconds", width=12,
        ),
        heat(
            "Time to answer, to record", f"sum by (le) (increase(gapin_http_request_duration_seconds_bucket{{{DOORS},{HERE}}}[$__rate_interval]))",
            "How many requests were answered within which time.", "seconds",
        ),
    ),
    row(
        "1. The door",
        lines(
            "Requests with events", {"{{instance}}": f"gapin_record_requests_in_flight{{{HERE}}}"},
            "Requests that arrive or are worked on now. GAPIN_REQUESTS_IN_FLIGHT_MAX bounds those that are worked on.", "count", width=6,
        ),
        lines(
            "Events in work", {"{{instance}}": f"gapin_record_events_in_flight{{{HERE}}}"},
            "Events that are checked, or wait for the log. How long the next would wait follows from this: past "
            "GAPIN_QUEUE_WAIT_MAX_MS it is refused.", "count", width=6,
        ),
        lines(
            "Bytes held", {"{{instance}}": f"gapin_record_in_flight_bytes{{{HERE}}}"},
            "Bodies of requests and large answers, in memory. GAPIN_BYTES_IN_FLIGHT_MAX bounds them.", "bytes", width=6,
        ),
        lines(
            "Events of a request", quantiles("gapin_batch_events", HERE, (50, 95)),
            "How large batches are. Larger ones cost less for each event.", "count", width=6,
        ),
        lines(
            "Answers at the doors", {"{{route}} {{status}}": f"sum by (route, status) (rate(gapin_http_requests_total{{{DOORS},{HERE}}}[$__rate_interval]))"},
            "202: all are kept; 207: some; 401, 403: the key; 429: a limit; 503: overload, or neither log nor spool takes them.",
            "requests/s", stacked=True, runbooks=["GapinErrorBudgetBurnsFast"],
        ),
        lines(
            "Turned away", {
                "over a limit: {{limit}}": f"sum by (limit) (rate(gapin_limits_refused_total{{{HERE}}}[$__rate_interval]))",
                "503": f'sum(rate(gapin_http_requests_total{{{DOORS},{HERE},status="503"}}[$__rate_interval]))',
                "connections of one address": f"sum(rate(gapin_http_connections_refused_total{{{HERE}}}[$__rate_interval]))",
            },
            "What was refused before it was looked into: see docs/limits.md and docs/overload.md.", "times/s",
        ),
        lines(
            "Limits", {
                "questions to Redis": f"sum(rate(gapin_limits_asked_total{{{HERE}}}[$__rate_interval]))",
                "Redis was lost": f"sum(rate(gapin_limits_fallbacks_total{{{HERE}}}[$__rate_interval]))",
            },
            "Gateways take limits from Redis in leases, so there are far fewer questions than requests.",
            "times/s", runbooks=["GapinLimitsNotShared"],
        ),
    ),
    row(
        "2. Checked, verified, redacted",
        lines(
            "Refused events", {"{{code}}": f"sum by (code) (rate(gapin_events_rejected_total{{{HERE}}}[$__rate_interval]))"},
            "By the code that the sender was told: no JSON, against the schema, a wrong signature or time, …",
            "events/s", width=12, stacked=True, runbooks=["GapinFailsInside"],
        ),
        lines(
            "Hidden", {"{{kind}}": f"sum by (kind) (rate(gapin_redactions_total{{{HERE}}}[$__rate_interval]))"},
            "What redaction found, by kind: nothing unredacted goes on from here.", "times/s", width=12, stacked=True,
            runbooks=["GapinRedactsNothing"],
        ),
    ),
    row(
        "3. Into the log, or the spool",
        lines(
            "Time of the log", quantiles("gapin_log_append_duration_seconds", HERE, (50, 95, 99)),
            "How long the log took to acknowledge the events of a request: all in-sync replicas, or an fsync. With the "
            "brokers away this is the time until the spool has them.", "seconds", runbooks=["GapinRecordingIsSlow"],
        ),
        states(
            "Spools", {"{{instance}}": SPOOL_STATE},
            "Idle: the log takes everything. Spooling: it is away, and events are kept on the gateway's disk. Draining: it is "
            "back. Full, unavailable: events are refused.", SPOOL_STATES, width=8,
            runbooks=["GapinSpoolInUse", "GapinSpoolFills"],
        ),
        lines(
            "Acknowledged", {
                "events": f"sum(rate(gapin_events_accepted_total{{{HERE}}}[$__rate_interval]))",
                "messages": f"sum(rate(gapin_messages_accepted_total{{{HERE}}}[$__rate_interval]))",
            },
            "Kept: on disk in the log or the spool.", "events/s",
        ),
        lines(
            "Waiting in spools", {"{{instance}}": f"gapin_spool_records{{{HERE}}}"},
            "Records that are nowhere else: never delete that disk.", "count", width=6, runbooks=["GapinSpoolInUse"],
        ),
        lines(
            "Spools, in use", {"{{instance}}": f"gapin_spool_bytes{{{HERE}}} / (gapin_spool_bytes_max{{{HERE}}} > 0)"},
            "Of what GAPIN_SPOOL_BYTES_MAX allows. At half of it somebody is woken.", "share", width=6,
            steps=[GREEN, (0.5, RED)], runbooks=["GapinSpoolFills"],
        ),
        lines(
            "Oldest in the spool", {"{{instance}}": f"gapin_spool_oldest_age_seconds{{{HERE}}}"},
            "How long the oldest record has waited for the log.", "seconds", width=6, runbooks=["GapinSpoolInUse"],
        ),
        lines(
            "Handed on by spools", {"{{instance}}": f"rate(gapin_spool_drained_records_total{{{HERE}}}[$__rate_interval])"},
            "Records that the log took out of the spool.", "records/s", width=6, runbooks=["GapinSpoolInUse"],
        ),
        stat(
            "In spools, for a person", {
                "refused by the log": f"sum(gapin_spool_refused_records{{{HERE}}})",
                "unreadable slots": f"sum(gapin_spool_unreadable_slots{{{HERE}}})",
            },
            "What no spool can hand on by itself. `gapin spool list` says what it is.", width=24,
            steps=[GREEN, (1, RED)], runbooks=["GapinSpoolDamaged"],
        ),
    ),
    row(
        "4. Into the store",
        lines(
            "Waiting in the log", {"partition {{partition}}": "max by (partition) (gapin_consumer_lag_records)"},
            "Records that no consumer has stored, by partition. One partition alone: one AI system sends most of it, or one "
            "consumer stands still.", "count", runbooks=["GapinLagGrows", "GapinNothingIsStored"],
        ),
        lines(
            "What became of records", {"{{outcome}}": f"sum by (outcome) (rate(gapin_consumer_records_total{{{HERE}}}[$__rate_interval]))"},
            "Stored; already stored (sent or read again, kept once); dead letters.", "records/s", stacked=True,
        ),
        lines(
            "From the log into the store", quantiles("gapin_consumer_delay_seconds", HERE),
            "How long the oldest record of a batch had been in the log when the batch was stored.", "seconds",
            runbooks=["GapinLagGrows"],
        ),
        lines(
            "Time of the store", quantiles("gapin_consumer_write_seconds", HERE),
            "How long PostgreSQL took for a batch, its transaction included.", "seconds", width=6,
        ),
        lines(
            "Records of a batch", quantiles("gapin_consumer_batch_records", HERE),
            "GAPIN_CONSUMER_BATCH_RECORDS_MAX bounds them. Full batches mean that consumers have no rest.", "count", width=6,
        ),
        lines(
            "Calls that failed", {"{{dependency}}": f"sum by (dependency) (rate(gapin_consumer_failures_total{{{HERE}}}[$__rate_interval]))"},
            "Calls of consumers to the log or the store that failed, and are tried again until they go well.", "times/s", width=6,
            runbooks=["GapinLogAway", "GapinStoreAway"],
        ),
        lines(
            "Dead letters written", {"{{reason}}": f"sum by (reason) (rate(gapin_consumer_dead_letters_total{{{HERE}}}[$__rate_interval]))"},
            "Records that can never be stored: what is behind them goes on.", "records/s", width=6, runbooks=["GapinDeadLetters"],
        ),
        stat(
            "Dead letters open", {"{{reason}}": "max by (reason) (gapin_dead_letters_open)"},
            "By reason, as gateways know them. `gapin dlq list --state open` names them.", width=8, steps=[GREEN, (1, YELLOW)],
            runbooks=["GapinDeadLetters"],
        ),
        stat(
            "The oldest waits since", "min(gapin_dead_letters_oldest_open_timestamp_seconds > 0) * 1000",
            "When the oldest open dead letter was kept. Letters are kept for 90 days.", unit="time", width=8,
            runbooks=["GapinDeadLetters"],
        ),
        stat(
            "Dropping stands still", "max(gapin_consumer_retention_paused)",
            "Whether nothing is dropped past its retention, since a clock is not trusted.", unit="plain", width=8,
            words={"1": ("yes", RED), "0": ("no", GREEN)}, runbooks=["GapinRetentionPaused"],
        ),
    ),
    row(
        "5. Out again",
        lines(
            "Live clients", {"{{instance}}": f"gapin_live_clients{{{HERE}}}"},
            "Connected over WebSocket or server-sent events.", "count", width=6,
        ),
        lines(
            "Live records", {
                "delivered": f"sum(rate(gapin_live_delivered_total{{{HERE}}}[$__rate_interval]))",
                "missed by slow clients": f"sum(rate(gapin_live_missed_total{{{HERE}}}[$__rate_interval]))",
            },
            "A slow client is told how many it missed, and can read them again.", "records/s", width=6,
        ),
        lines(
            "Held for readers", {
                "live": f"sum(gapin_live_held_bytes{{{HERE}}})", "reads of topics": f"sum(gapin_read_held_bytes{{{HERE}}})",
            },
            "Bytes of records that wait to be sent. GAPIN_LIVE_BYTES_MAX and GAPIN_READ_BYTES_MAX bound them.", "bytes", width=6,
        ),
        lines(
            "Reads of topics", {"reader {{reader}}": f"sum by (reader) (rate(gapin_reads_total{{{HERE}}}[$__rate_interval]))"},
            "By where their reader came from: made anew, or kept from the page before.", "requests/s", width=6,
        ),
        lines(
            "Time of queries and reads", {
                "{{route}}": "histogram_quantile(0.95, sum by (le, route) (rate(gapin_http_request_duration_seconds_bucket"
                f'{{{HERE},route=~"/aibbar/events/.*|/events/read|/api/v1/.*"}}[$__rate_interval])))'
            },
            "95 of 100 requests of each route. Exports and reads that wait for messages take as long as they are asked to.", "seconds",
        ),
        lines(
            "Exports", {
                "at work": f"sum(gapin_exports{{{HERE}}})",
                "{{outcome}}": f"sum by (outcome) (increase(gapin_exports_ended_total{{{HERE}}}[$__rate_interval]))",
            },
            "One that broke off was cut where it was: its client knows.", "count",
        ),
        lines(
            "Readers now", {
                "reads of topics": f"sum(gapin_reads{{{HERE}}})", "readers of groups": f"sum(gapin_group_readers{{{HERE}}})",
                "records queued for live clients": f"sum(gapin_live_queued_records{{{HERE}}})",
            },
            "Reads that are answered, readers of groups that a gateway holds, and what waits for live clients.", "count",
        ),
        lines(
            "Dead letters redriven", {"{{instance}}": f"increase(gapin_dead_letters_redriven_total{{{HERE}}}[$__rate_interval])"},
            "Letters whose record was appended to the log again.", "count", width=12, runbooks=["GapinDeadLetters"],
        ),
        lines(
            "Statistics lost", {"{{instance}}": f"increase(gapin_statistics_lost_total{{{HERE}}}[$__rate_interval])"},
            "What went uncounted in organisations' statistics since the store was away for long; events are never lost by it.",
            "count", width=12,
        ),
    ),
    row(
        "One request",
        logs(
            "Log lines of a request", '{service_name=~"gapin.*"} | json | span_id=~"${request:regex}.*"',
            "What was written while this request was answered: put the answer's X-Request-Id into the field above. Empty: all lines "
            "of requests.",
        ),
    ),
)  # fmt: skip
