//! The table of contents: every route on one page, and what they share.

use std::sync::Arc;

use actix_web::{Resource, Route, guard, web};
use bus::EventLog;
use store::events::EventStore;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    auth::identities::Identities,
    live::{hub::Hub, socket},
    metrics::Metrics,
    operations,
    problem::{Kind, Problem},
    query, record, schemas,
    settings::LiveSettings,
};

/// What the handlers share.
pub(crate) struct App {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) identities: Arc<Identities>,
    pub(crate) record: record::RecordDoor,
    pub(crate) hub: Arc<Hub>,
    pub(crate) live: LiveSettings,
    /// Places for clients that read older records from the log.
    pub(crate) replays: Arc<Semaphore>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) draining: CancellationToken,
}

/// Every route.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        // Record and query
        .service(
            web::resource("/aibbar/events")
                .route(web::post().to(record::record))
                .route(get().to(query::list))
                .default_service(others("GET, HEAD, POST")),
        )
        .service(read_only("/aibbar/events/{event_id}", get().to(query::get)))
        // Live
        .service(read_only("/ws/events", get().to(socket::open)))
        // Contract
        .service(read_only("/api/schemas/aibbar-event.json", get().to(schemas::aibbar_event)))
        // Operations: /health, /health/live, /health/ready, /metrics
        .configure(operations::routes)
        .default_service(web::to(nothing_here));
}

/// GET, and HEAD, which is GET without the body.
pub(crate) fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// A resource that can only be read.
pub(crate) fn read_only(path: &str, get: Route) -> Resource {
    web::resource(path).route(get).default_service(others("GET, HEAD"))
}

/// Answers every other method with 405 and those that there are.
fn others(methods: &'static str) -> Route {
    let problem = move || Problem::new(Kind::MethodNotAllowed(methods), format!("This path takes {methods}."));
    web::to(move || std::future::ready(Err::<&'static str, _>(problem())))
}

async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::new(Kind::NotFound, "There is nothing at this path."))
}
