//! The gateway's addresses and bounds, one small struct per concern.

mod providers;

use std::{net::SocketAddr, time::Duration};

use aibbar::{SigningSecret, event::TimeWindow};
use bus::TopicSpec;
use dashboard::Dashboard;
use ipnet::IpNet;
use store::{InstallationRetention, Limit, Limits};
use url::Url;

pub use self::providers::{GitHubSettings, GoogleSettings, ProviderClient, ProviderSettings};

/// Everything a gateway can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name in records and logs, 1–64 characters.
    pub name: String,
    /// The topics that are made when they are missing, as soon as the log can be reached.
    pub topics: Vec<TopicSpec>,
    /// The group of the consumers that store events: how far they are behind is told.
    pub store_group: String,
    /// Addresses, connections and time-outs.
    pub http: HttpSettings,
    /// What may come in through the door of events.
    pub record: RecordSettings,
    /// How long events are kept, where their organisation does not say.
    pub retention: InstallationRetention,
    /// How much each key, person and address may do.
    pub limits: LimitSettings,
    /// Live streams.
    pub live: LiveSettings,
    /// Readers of topics.
    pub read: ReadSettings,
    /// People and their sessions.
    pub accounts: AccountSettings,
    /// How e-mail leaves.
    pub email: EmailSettings,
    /// Who else people sign in with.
    pub providers: ProviderSettings,
    /// The dashboard that browsers are given; `None`: none.
    pub dashboard: Option<Dashboard>,
    /// `/metrics` and `/health*`.
    pub operations: OperationsSettings,
    /// How often the identities' version is asked for: the bound on how long a revoked key goes on working.
    pub identity_poll: Duration,
    /// Verifies events that name no key, of the organisation that was made first, beside its default key in the store.
    pub default_signing_secret: Option<SigningSecret>,
}

/// Addresses, connections and time-outs.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Threads that serve connections.
    pub workers: usize,
    /// Connections at once, over all workers; more wait in the kernel's queue.
    pub connections_max: usize,
    /// Connections at once of one address, a trusted proxy's excepted; one more is closed at once.
    pub connections_per_address_max: usize,
    /// How long what was sent may stay unread or unacknowledged before the connection is cut off.
    pub unread_max: Duration,
    /// For the request line and headers to arrive.
    pub headers_max_wait: Duration,
    /// How long an idle connection is kept.
    pub idle_max: Duration,
    /// How long what is in flight may take when the gateway stops.
    pub drain_max: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

/// What may come in through the door of events.
#[derive(Clone, Debug)]
pub struct RecordSettings {
    /// A body as sent, and as expanded when it is compressed.
    pub body_bytes_max: usize,
    /// For the whole body to arrive.
    pub body_max_wait: Duration,
    /// Events in one batch.
    pub batch_events_max: usize,
    /// Requests that are worked on at once, their bodies whole; one more is answered 503 at once.
    pub requests_in_flight_max: usize,
    /// How long a request may have to wait for what was let in before it; past it it is answered 503 at once.
    pub queue_max_wait: Duration,
    /// Bytes of bodies held at once over all requests and large answers; past it a request is answered 503.
    pub bytes_in_flight_max: usize,
    /// How long the log may take before the outcome is called unknown; longer than the log's own time-out.
    pub append_max_wait: Duration,
    /// How far an event's time may lie from now.
    pub time_window: TimeWindow,
}

/// How much each key, person and address may do; keys and plans may have limits of their own.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Requests of a key or a person in any 60 seconds and events of a key in one day, UTC, where neither the key nor its
    /// organisation's plan says it.
    pub by_default: Limits,
    /// Requests of one address without credentials or with wrong ones, each gateway by itself.
    pub anonymous_requests_per_minute: Limit,
    /// How long Redis may take to answer before this gateway counts by itself; at most the life of a lease, a second.
    pub redis_max_wait: Duration,
}

/// Live streams.
#[derive(Clone, Debug)]
pub struct LiveSettings {
    /// Clients at once; one more is answered 503.
    pub clients_max: usize,
    /// Clients of one organisation at once; one more is answered 429.
    pub organisation_clients_max: usize,
    /// Topics of organisations that are watched at once; one more is answered 503.
    pub topics_max: usize,
    /// Records that wait for one client; past it the client is told how many it missed.
    pub queue_records_max: usize,
    /// Bytes of records that wait for one client.
    pub queue_bytes_max: usize,
    /// Bytes of records that wait for all clients, each record once; past it the slowest clients let go of theirs.
    pub bytes_max: usize,
    /// Clients that read older records from the log at once; one more waits for its turn.
    pub replays_max: usize,
    /// Clients of one organisation that do.
    pub organisation_replays_max: usize,
    /// Time between two pings; a client that answers neither of two is gone.
    pub ping_every: Duration,
    /// How long one frame may wait for a client that doesn't read.
    pub stalled_max: Duration,
}

/// Readers of topics.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Reads that are answered at once, those that wait for messages included; one more is answered 503.
    pub reads_max: usize,
    /// The same of one organisation.
    pub reads_per_organisation_max: usize,
    /// Bytes of messages that all reads hold at once, until they are sent; past it a read is answered 503.
    pub read_bytes_max: usize,
    /// Readers that are kept for the next page of whoever had the last one.
    pub kept_readers_max: usize,
    /// Readers of groups that are held at once; one more is answered 503.
    pub group_readers_max: usize,
    /// The same of one organisation.
    pub group_readers_per_organisation_max: usize,
}

/// People and their sessions.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// Where people reach the gateway: what links begin with, and whose pages may speak for them. `None`: the address
    /// that it listens on.
    pub public_url: Option<Url>,
    /// Who may make an account.
    pub registration: Registration,
    /// Passwords that are hashed at once; each takes a processor and 19 MiB.
    pub hashes_at_once: usize,
    /// Passwords that wait to be hashed; one more is answered 503.
    pub hashes_waiting_max: usize,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Everyone.
    Open,
    /// Who was invited.
    Closed,
}

/// How e-mail leaves.
#[derive(Clone, Debug)]
pub struct EmailSettings {
    /// By which way.
    pub outlet: EmailOutlet,
}

/// The ways of an e-mail.
#[derive(Clone)]
pub enum EmailOutlet {
    /// None: what needs an e-mail is answered 503.
    Nowhere,
    /// Its link is written to the log. Whoever reads the log can sign in as anyone: for `gapin dev` alone.
    Log,
    /// SMTP.
    Smtp {
        /// `smtp://user:password@host:port?tls=required`, or `smtps://…`.
        url: String,
        /// The sender, `Name <address>`.
        from: String,
    },
}

impl std::fmt::Debug for EmailOutlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EmailOutlet::Nowhere => f.write_str("Nowhere"),
            EmailOutlet::Log => f.write_str("Log"),
            EmailOutlet::Smtp { from, .. } => f.debug_struct("Smtp").field("from", from).finish_non_exhaustive(),
        }
    }
}

/// `/metrics` and `/health*`.
#[derive(Clone, Default)]
pub struct OperationsSettings {
    /// A port of its own for `/metrics` and `/health*`, open; `/metrics` is then there alone.
    pub listen: Option<SocketAddr>,
    /// What `/metrics` asks for as `Authorization: Bearer …` on the main port.
    pub metrics_token: Option<String>,
}

impl std::fmt::Debug for OperationsSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.metrics_token.as_ref().map(|_| "…");
        f.debug_struct("OperationsSettings").field("listen", &self.listen).field("metrics_token", &token).finish()
    }
}

impl Settings {
    /// Whether the bounds fit together; the sentence says which do not.
    pub fn check(&self) -> Result<(), String> {
        let record = &self.record;
        if record.bytes_in_flight_max < 2 * record.body_bytes_max {
            return Err(format!(
                "the bytes in flight ({}) must hold a body as sent and as expanded, twice the largest body ({})",
                record.bytes_in_flight_max, record.body_bytes_max
            ));
        }
        if record.body_bytes_max < aibbar::event::EVENT_BYTES_MAX {
            return Err(format!(
                "the largest body ({}) must hold the largest event ({})",
                record.body_bytes_max,
                aibbar::event::EVENT_BYTES_MAX
            ));
        }
        let hashes = self.accounts.hashes_at_once;
        let counts = [record.batch_events_max, record.requests_in_flight_max, self.http.workers, hashes];
        if counts.contains(&0) || self.http.connections_max == 0 || self.http.connections_per_address_max == 0 {
            return Err(
                "batches, requests in flight, connections, workers and passwords hashed at once are at least 1".into(),
            );
        }
        if self.live.bytes_max < self.live.queue_bytes_max {
            return Err(format!(
                "the bytes that wait for all live clients ({}) must hold those of one ({})",
                self.live.bytes_max, self.live.queue_bytes_max
            ));
        }
        if self.limits.redis_max_wait > crate::limits::LEASE {
            return Err("an answer of Redis is waited for a second at most: a lease lives no longer".into());
        }
        Ok(())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "gapin".into(),
            topics: Vec::new(),
            store_group: "gapin-store".into(),
            http: HttpSettings::default(),
            record: RecordSettings::default(),
            retention: InstallationRetention::default(),
            limits: LimitSettings::default(),
            live: LiveSettings::default(),
            read: ReadSettings::default(),
            accounts: AccountSettings::default(),
            email: EmailSettings { outlet: EmailOutlet::Nowhere },
            providers: ProviderSettings::default(),
            dashboard: Some(Dashboard::built_in()),
            operations: OperationsSettings::default(),
            identity_poll: Duration::from_millis(250),
            default_signing_secret: None,
        }
    }
}

/// Requests with events that are worked on at once, for each processor. With fewer the processors have to wait when the log
/// takes its time; with more nothing is finished sooner, and everyone waits for longer: on two processors, 512 instead of 256
/// doubled the time of an answer at the same rate (adr/0051).
const REQUESTS_PER_PROCESSOR: usize = 128;
const REQUESTS_MIN: usize = 256;

/// Those that this process may use.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get())
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: processors(),
            connections_max: 25_000,
            connections_per_address_max: 12_500,
            unread_max: Duration::from_secs(30),
            headers_max_wait: Duration::from_secs(10),
            idle_max: Duration::from_secs(75),
            drain_max: Duration::from_secs(25),
            trusted_proxies: Vec::new(),
        }
    }
}

impl Default for RecordSettings {
    fn default() -> Self {
        Self {
            body_bytes_max: 10 * 1024 * 1024,
            body_max_wait: Duration::from_secs(30),
            batch_events_max: 5_000,
            requests_in_flight_max: (processors() * REQUESTS_PER_PROCESSOR).max(REQUESTS_MIN),
            queue_max_wait: Duration::from_secs(2),
            bytes_in_flight_max: 256 * 1024 * 1024,
            append_max_wait: Duration::from_secs(15),
            time_window: TimeWindow { ahead_ms_max: 5 * 60 * 1_000, age_ms_max: 400 * 24 * 3_600 * 1_000 },
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            by_default: Limits { requests_per_minute: Limit::AtMost(1_000), events_per_day: Limit::AtMost(100_000) },
            anonymous_requests_per_minute: Limit::AtMost(1_000),
            redis_max_wait: Duration::from_millis(100),
        }
    }
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            public_url: None,
            registration: Registration::Closed,
            hashes_at_once: (processors() / 2).max(1),
            hashes_waiting_max: 64,
        }
    }
}

impl Default for ReadSettings {
    fn default() -> Self {
        Self {
            reads_max: 256,
            reads_per_organisation_max: 64,
            read_bytes_max: 128 * 1024 * 1024,
            kept_readers_max: 32,
            group_readers_max: 256,
            group_readers_per_organisation_max: 64,
        }
    }
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            clients_max: 10_000,
            organisation_clients_max: 2_500,
            topics_max: 1_000,
            queue_records_max: 4_096,
            queue_bytes_max: 8 * 1024 * 1024,
            bytes_max: 256 * 1024 * 1024,
            replays_max: 16,
            organisation_replays_max: 8,
            ping_every: Duration::from_secs(20),
            stalled_max: Duration::from_secs(30),
        }
    }
}
