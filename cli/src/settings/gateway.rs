//! Where a process listens, and what it takes.

use std::{net::SocketAddr, time::Duration};

use ::gateway::settings::{EmailOutlet, HttpSettings, OperationsSettings, RecordSettings};
use aibbar::{SigningSecret, event::TimeWindow};
use bus::TopicSpec;
use clap::{Args, ValueEnum};

use crate::exit::Failure;

use super::accounts::PeopleSettings;
use super::email::MailSettings;
use super::event_log::EventLogSettings;
use super::event_store::RetentionSettings;
use super::limits::LimitSettings;
use super::providers::ProviderSettings;
use super::secrets::DefaultSigningSettings;
use super::values::{Secret, address, bytes, count, milliseconds, name, redis_url, seconds, token};

/// Where the gateway listens.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct ListenSettings {
    /// Address and port of the HTTP API; port 0 takes a free one
    #[arg(long, env = "GAPIN_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,
}

/// What browsers are given.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct DashboardSettings {
    /// Whether browsers are given the dashboard, at the gateway's own address
    #[arg(long, env = "GAPIN_DASHBOARD", value_name = "ON_OR_OFF", default_value = "on", hide_possible_values = true)]
    dashboard: Switch,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    /// It is
    On,
    /// It is not
    Off,
}

/// What the gateway is called.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct NameSettings {
    /// The gateway's name in records and logs. Absent: the name of the host
    #[arg(long, env = "GAPIN_GATEWAY_NAME", value_name = "NAME", value_parser = name::<64>)]
    gateway_name: Option<String>,
}

/// Connections and their time-outs.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connections")]
pub(crate) struct ConnectionSettings {
    /// Threads that serve connections. Absent: one per processor
    #[arg(long, env = "GAPIN_WORKERS", value_name = "N", value_parser = count::<1, 1_024>)]
    pub(crate) workers: Option<usize>,

    /// Connections at once; more wait
    #[arg(long, env = "GAPIN_CONNECTIONS_MAX", value_name = "N", default_value = "25000", value_parser = count::<1, 1_000_000>)]
    pub(crate) connections_max: usize,

    /// Connections of one address at once; one more is closed at once. Absent: half of all. Proxies named in
    /// GAPIN_TRUSTED_PROXIES may have any number
    #[arg(long, env = "GAPIN_CONNECTIONS_PER_ADDRESS_MAX", value_name = "N", value_parser = count::<1, 1_000_000>)]
    pub(crate) connections_per_address_max: Option<usize>,

    /// How long what a client was sent may stay unread before its connection is cut off, in milliseconds
    #[arg(long, env = "GAPIN_UNREAD_WAIT_MAX_MS", value_name = "MS", default_value = "30000", value_parser = milliseconds::<100, 600_000>)]
    pub(crate) unread_wait_max_ms: Duration,

    /// How long a request's headers may take to arrive, in milliseconds
    #[arg(long, env = "GAPIN_HEADERS_WAIT_MAX_MS", value_name = "MS", default_value = "10000", value_parser = milliseconds::<100, 600_000>)]
    pub(crate) headers_wait_max_ms: Duration,

    /// How long a request's body may take to arrive, in milliseconds
    #[arg(long, env = "GAPIN_BODY_WAIT_MAX_MS", value_name = "MS", default_value = "30000", value_parser = milliseconds::<100, 600_000>)]
    pub(crate) body_wait_max_ms: Duration,

    /// How long an idle connection is kept, in milliseconds
    #[arg(long, env = "GAPIN_IDLE_MAX_MS", value_name = "MS", default_value = "75000", value_parser = milliseconds::<100, 3_600_000>)]
    pub(crate) idle_max_ms: Duration,
}

/// What the gateway accepts.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Door")]
pub(crate) struct DoorSettings {
    /// Largest body, as sent and as expanded when it is compressed, in bytes
    #[arg(long, env = "GAPIN_BODY_BYTES_MAX", value_name = "BYTES", default_value = "10485760", value_parser = bytes::<262_144, 1_073_741_824>)]
    pub(crate) body_bytes_max: usize,

    /// Most events in one batch
    #[arg(long, env = "GAPIN_BATCH_EVENTS_MAX", value_name = "N", default_value = "5000", value_parser = count::<1, 100_000>)]
    pub(crate) batch_events_max: usize,

    /// Requests with events that are worked on at once, their bodies whole; one more is answered 503. Absent: 128 for each
    /// processor, and no fewer than 256
    #[arg(long, env = "GAPIN_REQUESTS_IN_FLIGHT_MAX", value_name = "N", value_parser = count::<1, 100_000>)]
    pub(crate) requests_in_flight_max: Option<usize>,

    /// How long a request with events may have to wait for those before it, in milliseconds, as foretold by how fast
    /// events are finished; past it, it is answered 503 at once
    #[arg(long, env = "GAPIN_QUEUE_WAIT_MAX_MS", value_name = "MS", default_value = "2000", value_parser = milliseconds::<10, 60_000>)]
    pub(crate) queue_wait_max_ms: Duration,

    /// Bytes of bodies in memory at once, over all requests; past it a request is answered 503.
    /// At least twice the largest body
    #[arg(long, env = "GAPIN_BYTES_IN_FLIGHT_MAX", value_name = "BYTES", default_value = "268435456", value_parser = bytes::<2_048, 1_099_511_627_776>)]
    pub(crate) bytes_in_flight_max: usize,

    /// How long the log may take to acknowledge, in milliseconds; then the outcome is unknown (503)
    #[arg(long, env = "GAPIN_APPEND_WAIT_MAX_MS", value_name = "MS", default_value = "15000", value_parser = milliseconds::<100, 600_000>)]
    pub(crate) append_wait_max_ms: Duration,

    /// How far ahead of the gateway's clock an event's timestamp may be, in seconds
    #[arg(
        long,
        env = "GAPIN_TIMESTAMP_AHEAD_MAX_SECONDS",
        value_name = "SECONDS",
        default_value = "300",
        value_parser = seconds::<0, 86_400>
    )]
    pub(crate) timestamp_ahead_max_seconds: Duration,

    /// How long a revoked key may go on working, in milliseconds
    #[arg(long, env = "GAPIN_IDENTITY_POLL_MS", value_name = "MS", default_value = "250", value_parser = milliseconds::<10, 60_000>)]
    pub(crate) identity_poll_ms: Duration,
}

/// Live streams.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Live streams")]
pub(crate) struct LiveSettings {
    /// Live clients at once; one more is answered 503
    #[arg(long, env = "GAPIN_LIVE_CLIENTS_MAX", value_name = "N", default_value = "10000", value_parser = count::<1, 1_000_000>)]
    pub(crate) live_clients_max: usize,

    /// Live clients of one organisation at once; one more is answered 429
    #[arg(long, env = "GAPIN_LIVE_ORGANISATION_CLIENTS_MAX", value_name = "N", default_value = "2500", value_parser = count::<1, 1_000_000>)]
    pub(crate) live_organisation_clients_max: usize,

    /// Topics of organisations that are watched live at once; one more is answered 503
    #[arg(long, env = "GAPIN_LIVE_TOPICS_MAX", value_name = "N", default_value = "1000", value_parser = count::<1, 100_000>)]
    pub(crate) live_topics_max: usize,

    /// Records that wait for one client, which is slow, or handed what came in 20 ms; past it the client is told how many it missed
    #[arg(long, env = "GAPIN_LIVE_QUEUE_RECORDS_MAX", value_name = "N", default_value = "4096", value_parser = count::<1, 1_000_000>)]
    pub(crate) live_queue_records_max: usize,

    /// Bytes of records that wait for one slow client
    #[arg(long, env = "GAPIN_LIVE_QUEUE_BYTES_MAX", value_name = "BYTES", default_value = "8388608", value_parser = bytes::<65_536, 1_073_741_824>)]
    pub(crate) live_queue_bytes_max: usize,

    /// Bytes of records that wait for all live clients, each record once; past it the slowest let go of theirs
    #[arg(long, env = "GAPIN_LIVE_BYTES_MAX", value_name = "BYTES", default_value = "268435456", value_parser = bytes::<65_536, 1_099_511_627_776>)]
    pub(crate) live_bytes_max: usize,

    /// Live clients that read older records from the log at once; one more waits for its turn
    #[arg(long, env = "GAPIN_LIVE_REPLAYS_MAX", value_name = "N", default_value = "16", value_parser = count::<1, 10_000>)]
    pub(crate) live_replays_max: usize,

    /// Live clients of one organisation that read older records at once; one more waits for its turn
    #[arg(long, env = "GAPIN_LIVE_ORGANISATION_REPLAYS_MAX", value_name = "N", default_value = "8", value_parser = count::<1, 10_000>)]
    pub(crate) live_organisation_replays_max: usize,
}

/// Readers of topics.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Reading topics")]
pub(crate) struct ReadSettings {
    /// Reads of topics that are answered at once, those that wait for messages included; one more is answered 503
    #[arg(long, env = "GAPIN_READS_MAX", value_name = "N", default_value = "256", value_parser = count::<1, 100_000>)]
    pub(crate) reads_max: usize,

    /// Reads of one organisation at once; one more is answered 503
    #[arg(long, env = "GAPIN_READS_PER_ORGANISATION_MAX", value_name = "N", default_value = "64", value_parser = count::<1, 100_000>)]
    pub(crate) reads_per_organisation_max: usize,

    /// Bytes of messages that all reads of topics hold at once, until they are sent; past it a read is answered 503. What
    /// waits for messages holds none, and none are taken from events that come in
    #[arg(long, env = "GAPIN_READ_BYTES_MAX", value_name = "BYTES", default_value = "134217728", value_parser = bytes::<16_777_216, 1_099_511_627_776>)]
    pub(crate) read_bytes_max: usize,

    /// Readers that are kept for half a minute, for the next page of whoever had the last one; on Kafka each is a client of
    /// its own
    #[arg(long, env = "GAPIN_KEPT_READERS_MAX", value_name = "N", default_value = "32", value_parser = count::<0, 10_000>)]
    pub(crate) kept_readers_max: usize,

    /// Readers of groups that a gateway holds at once; one more is answered 503. On Kafka each is a client of its own
    #[arg(long, env = "GAPIN_GROUP_READERS_MAX", value_name = "N", default_value = "256", value_parser = count::<1, 10_000>)]
    pub(crate) group_readers_max: usize,

    /// Readers of one organisation's groups that a gateway holds at once; one more is answered 503
    #[arg(long, env = "GAPIN_GROUP_READERS_PER_ORGANISATION_MAX", value_name = "N", default_value = "64", value_parser = count::<1, 10_000>)]
    pub(crate) group_readers_per_organisation_max: usize,
}

/// Metrics and health on a port of their own.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub(crate) struct MetricsListenSettings {
    /// Address and port that serve /metrics and /health openly; a gateway serves /health at its API too
    #[arg(long, env = "GAPIN_METRICS_LISTEN", value_name = "ADDRESS", value_parser = address)]
    pub(crate) metrics_listen: Option<SocketAddr>,
}

/// Metrics at the API's port.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub(crate) struct MetricsTokenSettings {
    /// What a scraper of /metrics at the API's own port sends as `Authorization: Bearer`. Absent: /metrics is
    /// served there only when the port is on loopback and GAPIN_METRICS_LISTEN is absent
    #[arg(long, env = "GAPIN_METRICS_TOKEN", hide_env_values = true, hide = true, value_name = "TOKEN", value_parser = token)]
    pub(crate) metrics_token: Option<Secret>,
}

/// How a process ends.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub(crate) struct DrainSettings {
    /// How long a process that was told to stop may take to finish what it took, in milliseconds
    #[arg(
        long,
        env = "GAPIN_DRAIN_MAX_MS",
        value_name = "MS",
        default_value = "25000",
        value_parser = milliseconds::<100, 600_000>
    )]
    pub(crate) drain_max_ms: Duration,
}

/// What gateways share.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Redis")]
pub(crate) struct RedisSettings {
    /// Redis, as redis://:password@host:6379/0. Through it gateways hear at once of a key that changed. Absent: they look by
    /// themselves, every GAPIN_IDENTITY_POLL_MS
    #[arg(long, env = "REDIS_URL", hide_env_values = true, hide = true, value_name = "URL", value_parser = redis_url)]
    pub(crate) redis_url: Option<Secret>,
}

/// Everything that a process with a gateway can be told about it.
#[derive(Args, Clone, Debug)]
pub(crate) struct GatewaySettings {
    #[command(flatten)]
    listen: ListenSettings,
    #[command(flatten)]
    dashboard: DashboardSettings,
    #[command(flatten)]
    name: NameSettings,
    #[command(flatten)]
    connections: ConnectionSettings,
    #[command(flatten)]
    door: DoorSettings,
    #[command(flatten)]
    limits: LimitSettings,
    #[command(flatten)]
    live: LiveSettings,
    #[command(flatten)]
    read: ReadSettings,
    #[command(flatten)]
    metrics_listen: MetricsListenSettings,
    #[command(flatten)]
    metrics_token: MetricsTokenSettings,
    #[command(flatten)]
    drain: DrainSettings,
    #[command(flatten)]
    default_signing: DefaultSigningSettings,
    #[command(flatten)]
    providers: ProviderSettings,
    #[command(flatten)]
    people: PeopleSettings,
    #[command(flatten)]
    mail: MailSettings,
}

/// What an append may take beyond the wait for Kafka: giving up what it was asked to take, and the disk.
const SPOOLING_MAX: Duration = Duration::from_secs(3);

impl GatewaySettings {
    /// As the gateway takes them; one sentence when two of them contradict each other.
    pub(crate) fn build(
        &self,
        retention: &RetentionSettings,
        event_log: &EventLogSettings,
        topics: Vec<TopicSpec>,
        without_smtp: EmailOutlet,
    ) -> Result<gateway::Settings, Failure> {
        let Self { listen, name, connections, door, live, read, metrics_listen, metrics_token, drain, .. } = self;
        let email = self.mail.build(without_smtp)?;
        let bytes_in_flight_min = door.body_bytes_max.saturating_mul(2);
        if door.bytes_in_flight_max < bytes_in_flight_min {
            return Err(Failure::usage(format!(
                "GAPIN_BYTES_IN_FLIGHT_MAX (--bytes-in-flight-max) is {}; it must be at least twice \
                 GAPIN_BODY_BYTES_MAX (--body-bytes-max), which makes {bytes_in_flight_min}",
                door.bytes_in_flight_max
            )));
        }
        if live.live_bytes_max < live.live_queue_bytes_max {
            return Err(Failure::usage(format!(
                "GAPIN_LIVE_BYTES_MAX (--live-bytes-max) is {}; it must be at least GAPIN_LIVE_QUEUE_BYTES_MAX \
                 (--live-queue-bytes-max), which is {}",
                live.live_bytes_max, live.live_queue_bytes_max
            )));
        }
        let append_wait_min = event_log.kafka_message_timeout_ms + SPOOLING_MAX;
        if event_log.kafka_brokers.is_some() && door.append_wait_max_ms < append_wait_min {
            return Err(Failure::usage(format!(
                "GAPIN_APPEND_WAIT_MAX_MS (--append-wait-max-ms) is {}; it must be {} longer than \
                 KAFKA_MESSAGE_TIMEOUT_MS (--kafka-message-timeout-ms), which is {}, for what Kafka did not take goes \
                 to the spool",
                door.append_wait_max_ms.as_millis(),
                SPOOLING_MAX.as_millis(),
                event_log.kafka_message_timeout_ms.as_millis()
            )));
        }
        let usual = gateway::Settings::default();
        Ok(gateway::Settings {
            store_group: usual.store_group,
            name: name.gateway_name.clone().unwrap_or_else(host_name),
            topics,
            http: HttpSettings {
                listen: listen.listen,
                workers: connections.workers.unwrap_or(usual.http.workers),
                connections_max: connections.connections_max,
                connections_per_address_max: connections
                    .connections_per_address_max
                    .unwrap_or(connections.connections_max.div_ceil(2)),
                unread_max: connections.unread_wait_max_ms,
                headers_max_wait: connections.headers_wait_max_ms,
                idle_max: connections.idle_max_ms,
                drain_max: drain.drain_max_ms,
                trusted_proxies: self.limits.trusted_proxies.clone(),
            },
            record: RecordSettings {
                body_bytes_max: door.body_bytes_max,
                body_max_wait: connections.body_wait_max_ms,
                batch_events_max: door.batch_events_max,
                requests_in_flight_max: door
                    .requests_in_flight_max
                    .unwrap_or_else(|| RecordSettings::default().requests_in_flight_max),
                queue_max_wait: door.queue_wait_max_ms,
                bytes_in_flight_max: door.bytes_in_flight_max,
                append_max_wait: door.append_wait_max_ms,
                time_window: TimeWindow {
                    ahead_ms_max: whole_ms(door.timestamp_ahead_max_seconds),
                    age_ms_max: whole_ms(retention.retention_days),
                },
            },
            retention: retention.build(),
            limits: self.limits.build(),
            live: gateway::settings::LiveSettings {
                clients_max: live.live_clients_max,
                organisation_clients_max: live.live_organisation_clients_max,
                topics_max: live.live_topics_max,
                queue_records_max: live.live_queue_records_max,
                queue_bytes_max: live.live_queue_bytes_max,
                bytes_max: live.live_bytes_max,
                stalled_max: connections.unread_wait_max_ms,
                replays_max: live.live_replays_max,
                organisation_replays_max: live.live_organisation_replays_max,
                ..usual.live
            },
            read: gateway::settings::ReadSettings {
                reads_max: read.reads_max,
                reads_per_organisation_max: read.reads_per_organisation_max,
                read_bytes_max: read.read_bytes_max,
                kept_readers_max: read.kept_readers_max,
                group_readers_max: read.group_readers_max,
                group_readers_per_organisation_max: read.group_readers_per_organisation_max,
            },
            operations: OperationsSettings {
                listen: metrics_listen.metrics_listen,
                metrics_token: metrics_token.metrics_token.as_ref().map(|token| token.expose().to_owned()),
            },
            providers: self.providers.build()?,
            dashboard: match self.dashboard.dashboard {
                Switch::On => usual.dashboard,
                Switch::Off => None,
            },
            identity_poll: door.identity_poll_ms,
            accounts: self.people.build(!matches!(email.outlet, EmailOutlet::Nowhere)),
            email,
            default_signing_secret: self
                .default_signing
                .aibbar_signing_secret
                .as_ref()
                .map(|secret| SigningSecret::new(secret.expose())),
        })
    }
}

/// The host's name, where the system tells it.
fn host_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name::<64>(told.trim()).unwrap_or_else(|_| "gateway".to_owned())
}

fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
