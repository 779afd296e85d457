"""The first page: is it well, what comes in, what is kept, what is it made of."""

from .panels import GOOD_OR_BAD, GREEN, RED, YELLOW, choice, dashboard, lines, logs, row, rows_of, source, stat, table

OVERVIEW = dashboard(
    "gapin-overview",
    "GAPIN: overview",
    "Is what was promised kept, and by how much. From here to the other pages of GAPIN, which say where.",
    [
        source("prometheus", "prometheus", "Prometheus"),
        source("loki", "loki", "Loki"),
        choice(
            "instance", "Process", "Gateways and consumers, as Prometheus names them",
            'label_values(up{job=~"gapin-gateway|gapin-consumer"}, instance)',
        ),
    ],
    row(
        "Is it well?",
        stat(
            "Alerts firing", 'count(ALERTS{alertname=~"Gapin.+",alertstate="firing"}) or vector(0)',
            "Alerts of deploy/prometheus/gapin.rules.yml that fire now: the table below names them.",
            steps=[GREEN, (1, RED)],
        ),
        stat(
            "Gateways", {"answer": 'sum(up{job="gapin-gateway"})', "are known": 'count(up{job="gapin-gateway"})'},
            "Gateways that Prometheus reaches, of those that it knows.", runbooks=["GapinGatewayDown"],
        ),
        stat(
            "Consumers", {"answer": 'sum(up{job="gapin-consumer"})', "are known": 'count(up{job="gapin-consumer"})'},
            "Consumers that Prometheus reaches, of those that it knows.", runbooks=["GapinConsumersDown"],
        ),
        stat(
            "Requests that fail, in an hour", "gapin:record_errors:ratio_rate1h",
            "Of the requests to record events and to publish messages the share that the installation is to blame for (5xx). "
            "The budget is one in a thousand over 30 days: yellow uses it up in five days, red in two.",
            unit="share", steps=[GREEN, (0.006, YELLOW), (0.0144, RED)],
            runbooks=["GapinErrorBudgetBurnsFast", "GapinErrorBudgetBurnsSlowly"],
        ),
        stat(
            "Acknowledged within", "gapin:record_seconds:p99_5m",
            "99 of 100 requests to record are answered within this time: events are on disk in the log then.",
            unit="seconds", steps=[GREEN, (0.5, YELLOW), (1, RED)], runbooks=["GapinRecordingIsSlow"],
        ),
        stat(
            "Wait to be stored", "gapin:lag_records:sum", "Records in the log that no consumer has stored yet.",
            steps=[GREEN, (10_000, YELLOW), (100_000, RED)], runbooks=["GapinLagGrows", "GapinNothingIsStored"],
        ),
        stat(
            "Wait in spools", "sum(gapin_spool_records)",
            "Records that gateways acknowledged and keep on their own disks, since the brokers did not take them.",
            steps=[GREEN, (1, YELLOW)], runbooks=["GapinSpoolInUse", "GapinSpoolFills"],
        ),
        stat(
            "Dead letters open", "sum(max by (reason) (gapin_dead_letters_open))",
            "Records that can never be stored, and that nobody redrove. Every gateway knows all of them.",
            steps=[GREEN, (1, YELLOW)], runbooks=["GapinDeadLetters"],
        ),
        stat(
            "Log and store answer", {"log": "min(gapin_consumer_log_up)", "store": "min(gapin_consumer_store_up)"},
            "Whether every consumer's last call to the log and to the store went well.",
            unit="plain", words=GOOD_OR_BAD, runbooks=["GapinLogAway", "GapinStoreAway"],
        ),
        stat(
            "Limits are shared", "min(gapin_limits_shared)",
            "Whether all gateways count limits together, over Redis. Without Redis each counts by itself.",
            unit="plain", words=GOOD_OR_BAD, runbooks=["GapinLimitsNotShared"],
        ),
        stat(
            "Fullest disk",
            'max(1 - node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"} / node_filesystem_size_bytes)',
            "Of the disks that node_exporter knows the one with the least left.",
            unit="share", steps=[GREEN, (0.8, YELLOW), (0.9, RED)], runbooks=["GapinDiskFills"],
        ),
        stat(
            "Processes of version", {"{{version}}": "count by (version) (gapin_build_info)"},
            "How many gateways run which version. Two at once are an update that is under way, or one that was forgotten.",
        ),
    ),
    row(
        "Alerts",
        table(
            "Firing, and about to", rows_of('ALERTS{alertname=~"Gapin.+"}'),
            "Every alert of GAPIN that fires, or will when it lasts (pending). Each has a page in docs/runbooks that says what to do.",
            width=24, height=6, hidden=("Value", "job"),
            names={"alertname": "alert", "alertstate": "state", "severity": "severity", "instance": "process", "reason": "reason"},
        ),
    ),
    row(
        "What comes in",
        lines(
            "Acknowledged", {
                "events": 'sum(rate(gapin_events_accepted_total{instance=~"$instance"}[$__rate_interval]))',
                "messages": 'sum(rate(gapin_messages_accepted_total{instance=~"$instance"}[$__rate_interval]))',
            },
            "Events and messages that are on disk in the log, or in the spool.", "events/s",
        ),
        lines(
            "Refused", {
                "event: {{code}}": 'sum by (code) (rate(gapin_events_rejected_total{instance=~"$instance"}[$__rate_interval])) > 0',
                "message: {{code}}": 'sum by (code) (rate(gapin_messages_rejected_total{instance=~"$instance"}[$__rate_interval])) > 0',
            },
            "Events and messages that were refused, by the code that their sender was told. `internal` is a fault of GAPIN's own.",
            "events/s", stacked=True, runbooks=["GapinFailsInside"],
        ),
        lines(
            "Answers", {"{{status}}": 'sum by (status) (rate(gapin_http_requests_total{instance=~"$instance"}[$__rate_interval]))'},
            "Requests of every route, by the status that they were answered with.", "requests/s", stacked=True,
        ),
        lines(
            "Requests to record that fail", {
                "5 minutes": "gapin:record_errors:ratio_rate5m", "half an hour": "gapin:record_errors:ratio_rate30m",
                "an hour": "gapin:record_errors:ratio_rate1h", "six hours": "gapin:record_errors:ratio_rate6h",
            },
            "The share of requests to record that were answered with 5xx, over the windows that the alerts go by. "
            "At the first line the month's budget is gone in five days, at the second in two.",
            "share", steps=[GREEN, (0.006, YELLOW), (0.0144, RED)],
            runbooks=["GapinErrorBudgetBurnsFast", "GapinErrorBudgetBurnsSlowly"],
        ),
        lines(
            "Time to answer, to record", {
                f"{share} of 100": f"histogram_quantile({share / 100}, sum by (le) (rate(gapin_http_request_duration_seconds_bucket"
                '{instance=~"$instance",route=~"/aibbar/events|/events/publish"}[$__rate_interval])))'
                for share in (50, 95, 99)
            },
            "Within which time so many of a hundred requests to record or to publish were answered.",
            "seconds", runbooks=["GapinRecordingIsSlow"],
        ),
        lines(
            "Over a limit", {"{{limit}}": 'sum by (limit) (rate(gapin_limits_refused_total{instance=~"$instance"}[$__rate_interval]))'},
            "Refused because of a limit: requests of a key or a person (minute) and of an address, events of a key (day).",
            "times/s",
        ),
    ),
    row(
        "What is kept",
        lines(
            "Acknowledged and stored", {"acknowledged": "gapin:events_accepted:rate5m", "stored": "gapin:stored_records:rate5m"},
            "Over five minutes. Where the lower line stays below the upper, a lag grows.", "events/s", runbooks=["GapinLagGrows"],
        ),
        lines(
            "Waiting", {"in the log": "gapin:lag_records:sum", "in spools": "sum(gapin_spool_records)"},
            "Records that are acknowledged and not stored yet: in the log for a consumer, in spools for the log.",
            "count", runbooks=["GapinLagGrows", "GapinNothingIsStored", "GapinSpoolInUse"],
        ),
        lines(
            "Never to be stored", {"{{reason}}": "sum by (reason) (increase(gapin_consumer_dead_letters_total[$__rate_interval]))"},
            "Dead letters as they were written, by reason.", "count", stacked=True, runbooks=["GapinDeadLetters"],
        ),
        lines(
            "Hidden", {"{{kind}}": 'sum by (kind) (rate(gapin_redactions_total{instance=~"$instance"}[$__rate_interval]))'},
            "Personal data and secrets that redaction hid, by kind. A line that ends while events go on is a sign of a rule that was lost.",
            "times/s", stacked=True, runbooks=["GapinRedactsNothing"],
        ),
        lines(
            "Dropped past their retention", {"{{by}}": "sum by (by) (increase(gapin_consumer_dropped_events_total[$__rate_interval]))"},
            "Events that were dropped since their organisation's retention is over: whole months at once, or row by row.",
            "count", stacked=True, runbooks=["GapinRetentionPaused"],
        ),
        lines(
            "E-mails", {"{{kind}}: {{outcome}}": "sum by (kind, outcome) (increase(gapin_emails_total[$__rate_interval]))"},
            "What became of confirmations, invitations and links for new passwords.", "count", runbooks=["GapinEmailsFail"],
        ),
    ),
    row(
        "What it runs on",
        lines(
            "Processors in use", {"{{instance}}": 'rate(process_cpu_seconds_total{job=~"gapin-.+",instance=~"$instance"}[$__rate_interval])'},
            "Processor time of each process: 1 is one processor.", "plain",
        ),
        lines(
            "Memory", {"{{instance}}": 'process_resident_memory_bytes{job=~"gapin-.+",instance=~"$instance"}'},
            "Resident memory of each process. It is bounded: see docs/overload.md.", "bytes",
        ),
        lines(
            "Open files, of those allowed", {
                "{{instance}}": 'process_open_fds{job=~"gapin-.+",instance=~"$instance"} / process_max_fds{job=~"gapin-.+",instance=~"$instance"}'
            },
            "Each connection is a file. A gateway takes no more connections than it may have files.", "share",
        ),
        lines(
            "Disks, in use", {
                "{{instance}} {{mountpoint}}": '1 - node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs"} / node_filesystem_size_bytes'
            },
            "The disks of gateways (spool), brokers and the database.", "share", width=12,
            steps=[GREEN, (0.8, YELLOW), (0.9, RED)], runbooks=["GapinDiskFills"],
        ),
        lines(
            "Connections", {"{{instance}}": 'gapin_http_connections{instance=~"$instance"}'},
            "Open connections of each gateway; GAPIN_CONNECTIONS_MAX bounds them.", "count", width=12,
        ),
    ),
    row(
        "Errors and warnings",
        logs(
            "Log lines", '{service_name=~"gapin.*"} | json | level=~"ERROR|WARN"',
            "What gateways and consumers warned of. They hold no secret and nothing of an event.",
        ),
    ),
)  # fmt: skip
