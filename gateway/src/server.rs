//! A gateway's life: built from its parts, started, drained, stopped.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpServer, dev::ServerHandle, middleware::from_fn, web};
use async_trait::async_trait;
use bus::{EventLog, spool::SpooledLog};
use store::{events::EventStore, vault::Vault};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{Accounts, housekeeping, providers::Providers},
    app::{self, App, Stores},
    auth::{identities::Identities, sessions::Sessions, tickets::Tickets},
    background::Background,
    bytes_budget::BytesBudget,
    connections::Connections,
    dead_letters::tail::DeadLetters,
    door::Door,
    email::Email,
    export::{DRAIN_MAX, Exports},
    groups::Groups,
    limits::Limiter,
    live::{hub::Hub, line::Line},
    metrics::Metrics,
    notices::Notices,
    operations::{self, Dependency, MetricsDoor, NotUp, Probe, Readiness, SpoolView},
    pages::Pages,
    public_url::PublicUrl,
    read::readers::Readers,
    record::RecordDoor,
    request,
    settings::Settings,
    statistics::{behind::Behind, counting::Counting, writer},
    topics::{self, Topics},
};

/// How long the server itself may take to close its connections once nothing is in flight.
const CLOSE_MAX_S: u64 = 1;

/// What is left for works in the background when requests took all of the time.
const LAST_WORDS_MAX: Duration = Duration::from_secs(2);

/// What a gateway is made of.
pub struct Parts {
    /// Where events are appended and tailed.
    pub log: Arc<dyn EventLog>,
    /// `kafka` or `local`, for `/health/ready`.
    pub log_kind: &'static str,
    /// The same log, when a spool stands behind it: what it tells of itself is shown.
    pub spool: Option<Arc<SpooledLog>>,
    /// Where records are queried.
    pub events: Arc<dyn EventStore>,
    /// Where organisations, people and keys are kept.
    pub stores: Stores,
    /// `postgres` or `sqlite`, for `/health/ready`.
    pub store_kind: &'static str,
    /// What hashes API keys and signs access tokens.
    pub vault: Arc<Vault>,
    /// How gateways tell each other of changed keys; without it they only poll.
    pub notices: Option<Notices>,
    /// Where the gateway's metrics are registered, and what `/metrics` answers.
    pub registry: prometheus::Registry,
}

/// A running gateway.
pub struct Gateway {
    address: SocketAddr,
    handle: ServerHandle,
    operations: Option<operations::Server>,
    app: Arc<App>,
    drain_max: Duration,
    /// The tail and the watch over identities.
    stop_tasks: CancellationToken,
    tasks: JoinSet<()>,
}

impl Gateway {
    /// Binds, starts the live tail and serves.
    pub async fn start(parts: Parts, settings: Settings) -> std::io::Result<Gateway> {
        settings.check().map_err(|wrong| std::io::Error::new(std::io::ErrorKind::InvalidInput, wrong))?;
        let draining = CancellationToken::new();
        let metrics = Arc::new(Metrics::register(&parts.registry).map_err(std::io::Error::other)?);
        let identities = Arc::new(Identities::new(
            parts.stores.identity.clone(),
            parts.stores.redaction.clone(),
            parts.stores.topics.clone(),
            parts.stores.retention.clone(),
            parts.vault.clone(),
            settings.default_signing_secret.clone(),
        ));

        let mut dependencies = vec![
            Dependency {
                name: operations::LOG,
                kind: parts.log_kind,
                required: true,
                probe: match parts.spool.clone() {
                    Some(spool) => Box::new(SpooledLogProbe(spool)),
                    None => Box::new(LogProbe(parts.log.clone())),
                },
            },
            Dependency {
                name: "store",
                kind: parts.store_kind,
                required: false,
                probe: Box::new(StoreProbe(parts.events.clone())),
            },
        ];
        if let Some(notices) = &parts.notices {
            let probe = Box::new(notices.clone());
            dependencies.push(Dependency { name: "redis", kind: "redis", required: false, probe });
        }
        let spool = parts.spool.map(|spool| -> SpoolView { Arc::new(move || spool.status()) });
        if let Some(spool) = spool.clone() {
            operations::spool::register(&parts.registry, spool).map_err(std::io::Error::other)?;
        }
        let readiness = Arc::new(Readiness::new(dependencies, draining.clone()).with_spool(spool));

        let redis = parts.notices.as_ref().map(Notices::client);
        let limits = Limiter::new(&settings.limits, redis.clone(), &parts.registry).map_err(std::io::Error::other)?;
        limits.connect().await;

        let stop_tasks = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(limits.clone().tend(stop_tasks.clone()));
        let hub = Hub::start(
            parts.log.clone(),
            parts.stores.topics.clone(),
            settings.topics.clone(),
            metrics.clone(),
            settings.live.clone(),
            stop_tasks.clone(),
        );
        let dead_letters = Arc::new(DeadLetters::new(&parts.registry).map_err(std::io::Error::other)?);
        tasks.spawn(dead_letters.clone().follow(parts.log.clone(), stop_tasks.clone()));
        let (watched, stop, every) = (identities.clone(), stop_tasks.clone(), settings.identity_poll);
        tasks.spawn(async move { watched.follow(every, stop).await });
        let (used, stop) = (identities.clone(), stop_tasks.clone());
        tasks.spawn(async move { used.keep_last_used(stop).await });
        if let Some(notices) = parts.notices.clone() {
            tasks.spawn(notices.follow(identities.clone(), stop_tasks.clone()));
        }

        let readers = Arc::new(Readers::new(&settings.read, &parts.registry).map_err(std::io::Error::other)?);
        tasks.spawn(readers.clone().tend(stop_tasks.clone()));
        let groups = Groups::new(parts.log.clone(), &settings.read, &parts.registry).map_err(std::io::Error::other)?;
        let groups = Arc::new(groups);
        tasks.spawn(groups.clone().tend(stop_tasks.clone()));

        let background = Background::new();
        let public_url = PublicUrl::new(settings.accounts.public_url.clone(), settings.http.listen);
        let email = Email::new(&settings.email, public_url.clone(), background.clone(), metrics.clone())
            .map_err(|wrong| std::io::Error::new(std::io::ErrorKind::InvalidInput, wrong))?;
        let accounts = Accounts::new(&settings.accounts, public_url.clone(), &metrics);
        let providers = Providers::new(settings.providers.clone()).map_err(std::io::Error::other)?;
        tasks.spawn(housekeeping::sweep(parts.stores.accounts.clone(), stop_tasks.clone()));

        let topics = Arc::new(Topics::new(parts.log.clone(), parts.stores.topics.clone(), &settings.topics));
        let (kept, stop) = (topics.clone(), stop_tasks.clone());
        let publications = parts.stores.publications.clone();
        tasks.spawn(async move { topics::housekeeping::follow(kept, publications, stop).await });

        let counting = Arc::new(Counting::new(metrics.statistics_lost.clone()));
        let (name, stop) = (settings.name.clone(), stop_tasks.clone());
        tasks.spawn(writer::write(counting.clone(), parts.stores.statistics.clone(), name, stop));

        let bytes = BytesBudget::new(settings.record.bytes_in_flight_max, metrics.bytes_in_flight.clone());
        let app = Arc::new(App {
            door: Door::new(parts.log.clone(), metrics.clone(), bytes.clone(), draining.clone(), &settings),
            record: RecordDoor::new(identities.clone(), metrics.clone(), &settings),
            topics,
            bytes,
            log: parts.log.clone(),
            events: parts.events,
            identities,
            sessions: Sessions::new(parts.stores.accounts.clone(), parts.vault.clone()),
            stores: parts.stores,
            retention: settings.retention,
            notices: parts.notices,
            key_limits: settings.limits.by_default,
            accounts,
            providers,
            email,
            background,
            vault: parts.vault,
            limits,
            open_paths: app::table().open_paths(),
            pages: Pages::new(settings.dashboard.clone(), &[app::table(), operations::table()]),
            trusted_proxies: settings.http.trusted_proxies.clone(),
            hub,
            tickets: Tickets::new(redis),
            dead_letters,
            exports: Exports::new(&metrics),
            line: Line::new(settings.live.replays_max, settings.live.organisation_replays_max),
            live: settings.live.clone(),
            behind: Behind::new(parts.log.clone(), settings.store_group.clone()),
            counting,
            readers,
            groups,
            metrics,
            draining,
        });

        let operations = match settings.operations.listen {
            Some(listen) => Some(operations::serve(listen, parts.registry.clone(), readiness.clone()).await?),
            None => None,
        };
        let door = match &settings.operations.metrics_token {
            Some(token) => MetricsDoor::Token(parts.registry, token.clone()),
            // Without a token the main port shows metrics only where nobody else can come.
            None if operations.is_none() && settings.http.listen.ip().is_loopback() => {
                MetricsDoor::Open(parts.registry)
            }
            None => MetricsDoor::Elsewhere,
        };
        let (address, handle) = serve(app.clone(), readiness, door, &settings)?;
        public_url.bound(address);
        Ok(Gateway { address, handle, operations, app, drain_max: settings.http.drain_max, stop_tasks, tasks })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` and `/health*` are served besides.
    pub fn operations_addr(&self) -> Option<SocketAddr> {
        self.operations.as_ref().map(operations::Server::local_addr)
    }

    /// Stops accepting, answers what is in flight (at most `drain_max`), says goodbye to live clients.
    pub async fn stop(mut self) {
        self.app.draining.cancel();
        self.handle.pause().await;
        let began = Instant::now();
        let deadline = began + self.drain_max;
        let exporting = || began.elapsed() < DRAIN_MAX && self.app.exports.running() > 0;
        while (self.in_flight() || exporting()) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.handle.stop(true).await;
        self.app.background.finish(deadline.saturating_duration_since(Instant::now()).max(LAST_WORDS_MAX)).await;
        self.stop_tasks.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.app.hub.stopped().await;
        if let Some(operations) = self.operations {
            operations.stop().await;
        }
    }

    fn in_flight(&self) -> bool {
        self.app.metrics.requests_in_flight.get() > 0
            || self.app.metrics.events_in_flight.get() > 0
            || self.app.metrics.live_clients.get() > 0
            || self.app.readers.active() > 0
    }
}

fn serve(
    app: Arc<App>,
    readiness: Arc<Readiness>,
    door: MetricsDoor,
    settings: &Settings,
) -> std::io::Result<(SocketAddr, ServerHandle)> {
    let metrics = app.metrics.clone();
    let app = web::Data::new(app);
    let readiness = web::Data::new(readiness);
    let door = web::Data::new(door);
    let http = &settings.http;
    let connections = Connections::new(http, metrics.connections.clone(), metrics.connections_refused.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .app_data(readiness.clone())
            .app_data(door.clone())
            .wrap(from_fn(request::around))
            .configure(app::routes)
    })
    .on_connect(move |stream, extensions| connections.came(stream, extensions))
    .workers(http.workers)
    .max_connections(http.connections_max.div_ceil(http.workers))
    .client_request_timeout(http.headers_max_wait)
    .client_disconnect_timeout(Duration::from_secs(2))
    // An answer of several pieces, whose last one Nagle would hold back until the client confirmed the others: 40 ms.
    .tcp_nodelay(true)
    .keep_alive(http.idle_max)
    // Whoever hangs up waits for no answer: a read that waits for messages gives its place back, and the reader of a group
    // that was started again is not kept from its partitions by the one before.
    .h1_allow_half_closed(false)
    .shutdown_timeout(CLOSE_MAX_S)
    .disable_signals()
    .bind(http.listen)?;
    let address = server.addrs().first().copied().unwrap_or(http.listen);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok((address, handle))
}

struct LogProbe(Arc<dyn EventLog>);

#[async_trait]
impl Probe for LogProbe {
    async fn probe(&self) -> Result<(), NotUp> {
        self.0.check().await.map_err(|error| NotUp::Down(error.to_string()))
    }
}

/// Asks the log itself: the spool before it is always asked besides.
struct SpooledLogProbe(Arc<SpooledLog>);

#[async_trait]
impl Probe for SpooledLogProbe {
    async fn probe(&self) -> Result<(), NotUp> {
        self.0.check_log().await.map_err(|error| NotUp::Down(error.to_string()))
    }
}

struct StoreProbe(Arc<dyn EventStore>);

#[async_trait]
impl Probe for StoreProbe {
    async fn probe(&self) -> Result<(), NotUp> {
        self.0.check().await.map_err(|error| NotUp::Down(error.to_string()))
    }
}
