//! The table of contents: every route on one page, and what they share.

use std::sync::Arc;

use actix_web::{Resource, web};
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
        // Record
        .service(at("/aibbar/events").route(web::post().to(record::record)).route(web::get().to(query::list)))
        // Query
        .service(at("/aibbar/events/{event_id}").route(web::get().to(query::get)))
        // Live
        .service(at("/ws/events").route(web::get().to(socket::open)))
        // Contract
        .service(at("/api/schemas/aibbar-event.json").route(web::get().to(schemas::aibbar_event)))
        // Operations: /health, /health/live, /health/ready, /metrics
        .configure(operations::routes)
        .default_service(web::to(nothing_here));
}

/// A resource that answers other methods with 405.
fn at(path: &str) -> Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::new(Kind::NotFound, "There is nothing at this path."))
}

async fn wrong_method() -> Result<&'static str, Problem> {
    Err(Problem::new(Kind::MethodNotAllowed, "This path has other methods."))
}
