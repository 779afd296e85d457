"""Kafka: what GAPIN sees of it, whether its replicas are whole, and how much goes through."""

from .event import SPOOL_STATE, SPOOL_STATES, quantiles
from .panels import GREEN, RED, YELLOW, choice, dashboard, lines, row, rows_of, source, stat, states, table

BROKER = 'job="kafka",instance=~"$broker"'

KAFKA = dashboard(
    "gapin-kafka",
    "GAPIN: Kafka",
    "The log at scale. The first rows are told by GAPIN itself, and hold for Redpanda too; those of brokers and replicas are "
    "told by Apache Kafka's brokers, through the JMX exporter (deploy/prometheus/kafka-jmx.yml).",
    [
        source("prometheus", "prometheus", "Prometheus"),
        choice("instance", "Process", "Gateways and consumers, as Prometheus names them", 'label_values(up{job=~"gapin-gateway|gapin-consumer"}, instance)'),
        choice("broker", "Broker", "Brokers, as Prometheus names them", 'label_values(up{job="kafka"}, instance)'),
    ],
    row(
        "Are all replicas there?",
        stat(
            "Brokers", {"answer": 'sum(up{job="kafka"})', "are known": 'count(up{job="kafka"})'},
            "Brokers whose JMX exporter Prometheus reaches, of those that it knows.", width=3,
        ),
        stat(
            "Active controllers", "sum(kafka_controller_activecontrollercount)",
            "Exactly one broker or controller leads the cluster. None: nothing can be changed. More: they are split.",
            width=3, steps=[RED, (1, GREEN), (2, RED)],
        ),
        stat(
            "Fenced brokers", "max(kafka_controller_fencedbrokercount)",
            "Brokers that are known and not heard of: they ended, or are cut off.", width=3, steps=[GREEN, (1, RED)],
        ),
        stat(
            "Partitions without a leader", "max(kafka_controller_offlinepartitionscount)",
            "Nobody can write to them or read them: gateways spool, consumers wait.", width=3, steps=[GREEN, (1, RED)],
            runbooks=["GapinLogAway", "GapinSpoolInUse"],
        ),
        stat(
            "Under-replicated partitions", "sum(kafka_broker_underreplicatedpartitions)",
            "Partitions of which a replica is behind or gone. What is acknowledged is safe, with less to spare.",
            width=3, steps=[GREEN, (1, YELLOW)],
        ),
        stat(
            "Under min.insync.replicas", "sum(kafka_broker_underminisrpartitioncount)",
            "Partitions that take no more writes, since too few replicas are in sync: gateways spool.",
            width=3, steps=[GREEN, (1, RED)], runbooks=["GapinSpoolInUse"],
        ),
        stat(
            "Disks that failed", "sum(kafka_broker_offline_log_directories)",
            "Log directories that brokers gave up.", width=3, steps=[GREEN, (1, RED)],
        ),
        stat(
            "Not at the preferred leader", "max(kafka_controller_preferredreplicaimbalancecount)",
            "Partitions that another broker leads than the one that should: load lies unevenly until they are moved back.",
            width=3, steps=[GREEN, (1, YELLOW)],
        ),
        lines(
            "Replicas in sync, at least", {
                "{{topic}}, in sync": "min by (topic) (kafka_partition_insyncreplicas > 0)",
                "{{topic}}, replicas": "max by (topic) (kafka_partition_replicas)",
            },
            "Of GAPIN's own topics: the partition with the fewest replicas in sync, and how many it should have. A 202 means that "
            "all in-sync replicas have the event, so more than one must be.", "count",
        ),
        lines(
            "Replicas that fell behind and came back", {
                "{{instance}}: behind": f"increase(kafka_broker_isrshrinks_total{{{BROKER}}}[$__rate_interval])",
                "{{instance}}: back": f"increase(kafka_broker_isrexpands_total{{{BROKER}}}[$__rate_interval])",
            },
            "How often a replica left the ones in sync, and joined them again. More than now and then: a slow disk or network.", "count",
        ),
        lines(
            "Partitions and leaders", {
                "{{instance}}: partitions": f"kafka_broker_partitioncount{{{BROKER}}}",
                "{{instance}}: leads": f"kafka_broker_leadercount{{{BROKER}}}",
            },
            "What each broker keeps, and what it leads: organisations' topics too.", "count",
        ),
    ),
    row(
        "What GAPIN sees of it",
        lines(
            "Time of the log", quantiles("gapin_log_append_duration_seconds", 'instance=~"$instance"', (50, 95, 99)),
            "How long it took until all in-sync replicas had the events of a request; with the brokers away, until the spool had them.",
            "seconds", width=6, runbooks=["GapinRecordingIsSlow"],
        ),
        states(
            "Spools", {"{{instance}}": SPOOL_STATE},
            "Spooling: this gateway's brokers do not take events. Draining: they take what waited.", SPOOL_STATES, width=6,
            runbooks=["GapinSpoolInUse", "GapinSpoolFills"],
        ),
        lines(
            "Waiting in spools", {"{{instance}}": 'gapin_spool_records{instance=~"$instance"}'},
            "What the brokers did not take.", "count", width=6, runbooks=["GapinSpoolInUse"],
        ),
        lines(
            "Calls of consumers that failed", {"{{instance}}": 'rate(gapin_consumer_failures_total{instance=~"$instance",dependency="log"}[$__rate_interval])'},
            "Calls to the log that failed, and are tried again.", "times/s", width=6, runbooks=["GapinLogAway"],
        ),
        lines(
            "Lag of partitions", {"partition {{partition}}": "max by (partition) (gapin_consumer_lag_records)"},
            "Records of aibbar.events that no consumer has stored.", "count", width=12,
            runbooks=["GapinLagGrows", "GapinNothingIsStored"],
        ),
        states(
            "Consumers reach the log", {"{{instance}}": 'gapin_consumer_log_up{instance=~"$instance"}'},
            "Whether a consumer's last call to the log went well.", {"1": ("yes", GREEN), "0": ("no", RED)},
            runbooks=["GapinLogAway", "GapinConsumersDown"],
        ),
    ),
    row(
        "What goes through",
        lines(
            "Records in", {
                "{{topic}}": "sum by (topic) (rate(kafka_topic_messages_in_total[$__rate_interval]))",
                "all topics": "sum(rate(kafka_broker_messagesin_total[$__rate_interval]))",
            },
            "Of GAPIN's own topics, and of all with those of organisations.", "records/s",
        ),
        lines(
            "Bytes in and out", {
                "{{instance}}: in": f"rate(kafka_broker_bytesin_total{{{BROKER}}}[$__rate_interval])",
                "{{instance}}: out": f"rate(kafka_broker_bytesout_total{{{BROKER}}}[$__rate_interval])",
            },
            "As producers send them and clients read them, compressed; without what brokers copy of each other.", "bytes/s",
        ),
        lines(
            "Requests that failed", {
                "{{instance}}: to write": f"rate(kafka_broker_failedproducerequests_total{{{BROKER}}}[$__rate_interval])",
                "{{instance}}: to read": f"rate(kafka_broker_failedfetchrequests_total{{{BROKER}}}[$__rate_interval])",
            },
            "What brokers refused: rights, a topic that is gone, too few replicas in sync.", "requests/s",
        ),
        lines(
            "Time of requests", {"{{request}}, 99 of 100": f'max by (request) (kafka_broker_request_milliseconds{{{BROKER},quantile="0.99"}})'},
            "The slowest broker's. FetchConsumer waits for records, for up to half a second, where there are none.", "milliseconds",
        ),
        lines(
            "Threads that have nothing to do", {
                "{{instance}}: requests": f"kafka_broker_request_handlers_idle{{{BROKER}}}",
                "{{instance}}: network": f"kafka_broker_network_threads_idle{{{BROKER}}}",
            },
            "Below a third a broker is near its end.", "share",
        ),
        lines(
            "Size of topics", {"{{topic}}": f"sum by (topic) (kafka_partition_bytes{{{BROKER}}})"},
            "Bytes on the brokers' disks, all replicas together. GAPIN_LOG_RETENTION_DAYS bounds them.", "bytes", runbooks=["GapinDiskFills"],
        ),
        table(
            "Partitions", [
                rows_of(f"min by (topic, partition) (kafka_partition_insyncreplicas{{{BROKER}}} > 0)"),
                rows_of(f"max by (topic, partition) (kafka_partition_replicas{{{BROKER}}})"),
                rows_of(f"max by (topic, partition) (kafka_partition_bytes{{{BROKER}}})"),
            ],
            "GAPIN's own topics, partition by partition.", width=16,
            names={"topic": "topic", "partition": "partition", "Value #A": "in sync", "Value #B": "replicas", "Value #C": "size"},
            units={"Value #C": "bytes"},
        ),
        lines(
            "Memory of brokers", {"{{instance}}": f'sum by (instance) (jvm_memory_used_bytes{{{BROKER},area="heap"}})'},
            "The Java heap that is in use. The rest of a broker's memory is the system's cache of its files.", "bytes",
        ),
    ),
)  # fmt: skip
