//! The table of contents: every route on one page, and what they share.

use std::sync::Arc;

use actix_web::web;
use bus::EventLog;
use ipnet::IpNet;
use store::{
    AccountStore, AiSystemStore, AuditStore, IdentityStore, OrganisationStore, Scope, events::EventStore, vault::Vault,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{self, Accounts},
    auth::{identities::Identities, sessions::Sessions},
    background::Background,
    email::Email,
    limits::Limits,
    live::{hub::Hub, socket},
    metrics::Metrics,
    openapi, operations, query, record,
    routes::{Access, OpenPaths, Routes, nothing_here},
    schemas,
    settings::LiveSettings,
};

/// What the handlers share.
pub(crate) struct App {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) identities: Arc<Identities>,
    pub(crate) sessions: Sessions,
    pub(crate) stores: Stores,
    pub(crate) accounts: Accounts,
    pub(crate) email: Email,
    pub(crate) background: Background,
    pub(crate) vault: Arc<Vault>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) record: record::RecordDoor,
    pub(crate) hub: Arc<Hub>,
    pub(crate) live: LiveSettings,
    /// Places for clients that read older records from the log.
    pub(crate) replays: Arc<Semaphore>,
    /// Proxies whose word on the client's address is taken.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// What nobody needs credentials for.
    pub(crate) open_paths: OpenPaths,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) draining: CancellationToken,
}

/// What is kept of organisations and people, for the routes that manage it.
#[derive(Clone)]
pub struct Stores {
    /// API keys and signing keys.
    pub identity: Arc<dyn IdentityStore>,
    /// People and their sessions.
    pub accounts: Arc<dyn AccountStore>,
    /// Organisations, members, invitations.
    pub organisations: Arc<dyn OrganisationStore>,
    /// The register of AI systems.
    pub ai_systems: Arc<dyn AiSystemStore>,
    /// The audit trail.
    pub audit: Arc<dyn AuditStore>,
}

/// Every route, and what it asks of its caller.
pub(crate) fn table() -> Routes {
    use Access::{Open, Person, Scope as Needs};
    Routes::default()
        // Record and query
        .post("/aibbar/events", Needs(Scope::EventsWrite), record::record)
        .get("/aibbar/events", Needs(Scope::EventsRead), query::list)
        .get("/aibbar/events/{event_id}", Needs(Scope::EventsRead), query::get)
        // Live
        .get("/ws/events", Needs(Scope::EventsRead), socket::open)
        // People and sessions
        .post("/auth/register", Open, accounts::register::register)
        .post("/auth/verify-email", Open, accounts::register::verify_email)
        .post("/auth/login", Open, accounts::login::login)
        .post("/auth/refresh", Open, accounts::refresh::refresh)
        .post("/auth/logout", Person, accounts::sessions::logout)
        .post("/auth/logout-all", Person, accounts::sessions::logout_all)
        .post("/auth/password/forgot", Open, accounts::reset::forgot_password)
        .post("/auth/password/reset", Open, accounts::reset::reset_password)
        .get("/me", Person, accounts::me::me)
        .patch("/me", Person, accounts::me::change_me)
        .post("/me/password", Person, accounts::me::change_password)
        .post("/me/organisation", Person, accounts::me::use_organisation)
        .get("/me/sessions", Person, accounts::sessions::my_sessions)
        .delete("/me/sessions/{id}", Person, accounts::sessions::end_my_session)
        // Contract
        .get("/api/schemas/aibbar-event.json", Open, schemas::aibbar_event)
        .get("/api/openapi.json", Open, openapi::json)
        .get("/api/docs", Open, openapi::page)
        .get("/api/docs/{file}", Open, openapi::page_file)
}

/// The table, served.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    table().serve(config);
    // /health, /health/live, /health/ready, /metrics
    operations::table().serve(config);
    config.default_service(web::to(nothing_here));
}
