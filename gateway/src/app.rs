//! The table of contents: every route on one page, and what they share.

use std::sync::Arc;

use actix_web::web;
use bus::EventLog;
use ipnet::IpNet;
use store::{
    AccountStore, AiSystemStore, AuditStore, IdentityStore, InstallationRetention, LegalHoldStore, OrganisationStore,
    PublicationStore, RedactionStore, RetentionStore, SavedViewStore, Scope, StatisticsStore, TopicStore,
    events::EventStore, vault::Vault,
};
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{
        self, Accounts,
        providers::{self, Providers},
    },
    ai_systems, audit,
    auth::{identities::Identities, sessions::Sessions, tickets::Tickets},
    background::Background,
    bytes_budget::BytesBudget,
    dead_letters::{self, tail::DeadLetters},
    door::Door,
    email::Email,
    export::{self, Exports},
    groups::{self, Groups},
    keys,
    limits::Limiter,
    live::{self, hub::Hub, line::Line},
    metrics::Metrics,
    notices::Notices,
    openapi, operations, organisations,
    pages::{self, Pages},
    publish, query,
    read::{self, readers::Readers},
    record, redaction, retention,
    routes::{Access, OpenPaths, Routes},
    schemas,
    settings::LiveSettings,
    signing_keys,
    statistics::{self, behind::Behind, counting::Counting},
    topics::{self, Topics},
    views,
};

/// What the handlers share.
pub(crate) struct App {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) identities: Arc<Identities>,
    pub(crate) sessions: Sessions,
    pub(crate) stores: Stores,
    /// How long events are kept, where their organisation does not say.
    pub(crate) retention: InstallationRetention,
    /// How other gateways are told of changed keys.
    pub(crate) notices: Option<Notices>,
    /// What a key may where neither it nor its plan says it.
    pub(crate) key_limits: store::Limits,
    pub(crate) accounts: Accounts,
    pub(crate) providers: Providers,
    pub(crate) email: Email,
    pub(crate) background: Background,
    pub(crate) vault: Arc<Vault>,
    pub(crate) limits: Arc<Limiter>,
    /// The way in for events and for messages.
    pub(crate) door: Door,
    pub(crate) record: record::RecordDoor,
    pub(crate) topics: Arc<Topics>,
    /// Bytes of bodies, of requests and of answers, over all connections.
    pub(crate) bytes: BytesBudget,
    pub(crate) hub: Arc<Hub>,
    /// Which tickets of streams were used.
    pub(crate) tickets: Tickets,
    /// What could never be stored, as far as it is known here.
    pub(crate) dead_letters: Arc<DeadLetters>,
    pub(crate) live: LiveSettings,
    /// The live clients that read older records from the log.
    pub(crate) line: Line,
    /// Who reads topics now, and where their next pages begin.
    pub(crate) readers: Arc<Readers>,
    /// Readers of groups that this gateway holds.
    pub(crate) groups: Arc<Groups>,
    /// Places for exports.
    pub(crate) exports: Exports,
    /// Proxies whose word on the client's address is taken.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// What nobody needs credentials for.
    pub(crate) open_paths: OpenPaths,
    /// What browsers are given.
    pub(crate) pages: Pages,
    pub(crate) metrics: Arc<Metrics>,
    /// What organisations are told of their own.
    pub(crate) counting: Arc<Counting>,
    pub(crate) behind: Behind,
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
    /// What organisations say of redaction.
    pub redaction: Arc<dyn RedactionStore>,
    /// How long organisations want their events kept.
    pub retention: Arc<dyn RetentionStore>,
    /// What is not dropped, however old it is.
    pub legal_holds: Arc<dyn LegalHoldStore>,
    /// What people look at again.
    pub saved_views: Arc<dyn SavedViewStore>,
    /// The topics of organisations.
    pub topics: Arc<dyn TopicStore>,
    /// The idempotency keys of what is published.
    pub publications: Arc<dyn PublicationStore>,
    /// What is counted of organisations.
    pub statistics: Arc<dyn StatisticsStore>,
    /// The audit trail.
    pub audit: Arc<dyn AuditStore>,
}

impl App {
    /// A key, an organisation or an AI system was changed here: this gateway knows it before it answers, and others are
    /// told. One that was not told finds out at its next poll.
    pub(crate) async fn identities_changed(&self) {
        self.identities.catch_up().await;
        if let Some(notices) = self.notices.clone() {
            let told = self.background.begin(async move {
                if let Err(error) = notices.announce().await {
                    tracing::warn!(%error, "other gateways could not be told of a change; they see it at their next poll");
                }
            });
            if told.is_err() {
                tracing::debug!("too much goes on in the background to tell other gateways of a change");
            }
        }
    }
}

/// Every route, and what it asks of its caller.
pub(crate) fn table() -> Routes {
    use Access::{Member, Open, Person, Scope as Needs};
    Routes::default()
        // Record and query
        .post("/aibbar/events", Needs(Scope::EventsWrite), record::record)
        .get("/aibbar/events", Needs(Scope::EventsRead), query::list)
        .get("/aibbar/events/export", Needs(Scope::EventsRead), export::export)
        .get("/aibbar/events/{event_id}", Needs(Scope::EventsRead), query::get)
        // Topics
        .post("/api/v1/topics", Needs(Scope::TopicsManage), topics::create)
        .get("/api/v1/topics", Needs(Scope::EventsRead), topics::list)
        .get("/api/v1/topics/{name}", Needs(Scope::EventsRead), topics::get)
        .patch("/api/v1/topics/{name}", Needs(Scope::TopicsManage), topics::update)
        .delete("/api/v1/topics/{name}", Needs(Scope::TopicsManage), topics::delete)
        // Messages
        .post("/events/publish", Needs(Scope::EventsWrite), publish::publish)
        .get("/events/read", Needs(Scope::EventsRead), read::read)
        .post("/events/commit", Needs(Scope::EventsRead), groups::commit::commit)
        .post("/events/leave", Needs(Scope::EventsRead), groups::commit::leave)
        .get("/api/v1/topics/{name}/consumers", Needs(Scope::EventsRead), groups::consumers::list)
        .post("/api/v1/topics/{name}/consumers/{group}/reset", Needs(Scope::TopicsManage), groups::reset::reset)
        // Live
        .get("/ws/events", Needs(Scope::EventsRead), live::websocket::open)
        .get("/sse/events", Needs(Scope::EventsRead), live::sse::open)
        .post("/api/v1/stream-tickets", Needs(Scope::EventsRead), live::tickets::create)
        // People and sessions
        .post("/auth/register", Open, accounts::register::register)
        .post("/auth/verify-email", Open, accounts::register::verify_email)
        .post("/auth/login", Open, accounts::login::login)
        .post("/auth/refresh", Open, accounts::refresh::refresh)
        .post("/auth/logout", Person, accounts::sessions::logout)
        .post("/auth/logout-all", Person, accounts::sessions::logout_all)
        .post("/auth/password/forgot", Open, accounts::reset::forgot_password)
        .post("/auth/password/reset", Open, accounts::reset::reset_password)
        .get("/auth/providers", Open, providers::routes::list)
        .get("/auth/oauth/{provider}/start", Open, providers::routes::start)
        .get("/auth/oauth/{provider}/callback", Open, providers::routes::callback)
        .get("/me", Person, accounts::me::me)
        .patch("/me", Person, accounts::me::change_me)
        .post("/me/password", Person, accounts::me::change_password)
        .post("/me/organisation", Person, accounts::me::use_organisation)
        .get("/me/sessions", Person, accounts::sessions::my_sessions)
        .delete("/me/sessions/{id}", Person, accounts::sessions::end_my_session)
        // API keys
        .post("/api/v1/keys", Needs(Scope::KeysManage), keys::create)
        .get("/api/v1/keys", Needs(Scope::KeysManage), keys::list)
        .get("/api/v1/keys/{id}", Needs(Scope::KeysManage), keys::get)
        .patch("/api/v1/keys/{id}", Needs(Scope::KeysManage), keys::update)
        .delete("/api/v1/keys/{id}", Needs(Scope::KeysManage), keys::revoke)
        .post("/api/v1/keys/{id}/rotate", Needs(Scope::KeysManage), keys::rotate)
        .get("/api/v1/keys/{id}/usage", Needs(Scope::KeysManage), keys::usage::usage)
        // Signing keys
        .post("/api/v1/signing-keys", Needs(Scope::KeysManage), signing_keys::create)
        .get("/api/v1/signing-keys", Needs(Scope::KeysManage), signing_keys::list)
        .get("/api/v1/signing-keys/{key_id}", Needs(Scope::KeysManage), signing_keys::get)
        .patch("/api/v1/signing-keys/{key_id}", Needs(Scope::KeysManage), signing_keys::update)
        .delete("/api/v1/signing-keys/{key_id}", Needs(Scope::KeysManage), signing_keys::revoke)
        .post("/api/v1/signing-keys/{key_id}/rotate", Needs(Scope::KeysManage), signing_keys::rotate)
        // AI systems
        .post("/api/v1/ai-systems", Needs(Scope::KeysManage), ai_systems::create)
        .get("/api/v1/ai-systems", Needs(Scope::EventsRead), ai_systems::list)
        .get("/api/v1/ai-systems/{ai_id}", Needs(Scope::EventsRead), ai_systems::get)
        .patch("/api/v1/ai-systems/{ai_id}", Needs(Scope::KeysManage), ai_systems::update)
        .delete("/api/v1/ai-systems/{ai_id}", Needs(Scope::KeysManage), ai_systems::delete)
        // Organisations: every role reads its members, so whoever belongs may leave
        .get("/api/v1/organisation", Needs(Scope::MembersRead), organisations::settings::get)
        .patch("/api/v1/organisation", Needs(Scope::OrganisationManage), organisations::settings::update)
        .post("/api/v1/organisation/transfer", Needs(Scope::OrganisationManage), organisations::settings::transfer)
        .post("/api/v1/organisation/leave", Needs(Scope::MembersRead), organisations::settings::leave)
        .get("/api/v1/organisations", Person, organisations::membership::list)
        .post("/api/v1/organisations", Person, organisations::membership::create)
        // Members and invitations
        .post("/users", Needs(Scope::MembersManage), organisations::invitations::invite)
        .get("/users", Needs(Scope::MembersRead), organisations::members::list)
        .get("/users/{id}", Needs(Scope::MembersRead), organisations::members::get)
        .patch("/users/{id}", Needs(Scope::MembersManage), organisations::members::update)
        .delete("/users/{id}", Needs(Scope::MembersManage), organisations::members::remove)
        .get("/api/v1/invitations", Needs(Scope::MembersRead), organisations::invitations::list)
        .delete("/api/v1/invitations/{id}", Needs(Scope::MembersManage), organisations::invitations::withdraw)
        .post("/auth/invitations/accept", Person, organisations::invitations::accept)
        // Saved views: people's own, and what they share
        .post("/api/v1/views", Member, views::create)
        .get("/api/v1/views", Member, views::list)
        .patch("/api/v1/views/{id}", Member, views::update)
        .delete("/api/v1/views/{id}", Member, views::delete)
        // Dead letters
        .get("/api/v1/dead-letters", Needs(Scope::TopicsManage), dead_letters::routes::list)
        .post("/api/v1/dead-letters/redrive", Needs(Scope::TopicsManage), dead_letters::routes::redrive_many)
        .get("/api/v1/dead-letters/{id}", Needs(Scope::TopicsManage), dead_letters::routes::get)
        .post("/api/v1/dead-letters/{id}/redrive", Needs(Scope::TopicsManage), dead_letters::routes::redrive_one)
        // Metrics
        .get("/api/v1/metrics/throughput", Needs(Scope::MetricsRead), statistics::throughput::throughput)
        .get("/api/v1/metrics/errors", Needs(Scope::MetricsRead), statistics::errors::errors)
        .get("/api/v1/metrics/latency", Needs(Scope::MetricsRead), statistics::latency::latency)
        .get("/api/v1/metrics/lag", Needs(Scope::MetricsRead), statistics::lag::lag)
        .get("/api/v1/metrics/topics/{name}", Needs(Scope::MetricsRead), statistics::topic::topic)
        .get("/api/v1/metrics/top-topics", Needs(Scope::MetricsRead), statistics::top::topics)
        .get("/api/v1/metrics/top-ai-systems", Needs(Scope::MetricsRead), statistics::top::ai_systems)
        .get("/api/v1/metrics/top-error-types", Needs(Scope::MetricsRead), statistics::top::error_types)
        .get("/api/v1/metrics/redactions", Needs(Scope::MetricsRead), statistics::redactions::redactions)
        // Redaction: whoever reads events may know what was hidden of them
        .get("/api/v1/redaction", Needs(Scope::EventsRead), redaction::get)
        .put("/api/v1/redaction", Needs(Scope::OrganisationManage), redaction::update)
        .post("/api/v1/redaction/pseudonym-key/erase", Needs(Scope::OrganisationManage), redaction::erase_key)
        .post("/api/v1/redaction/preview", Needs(Scope::EventsRead), redaction::preview)
        // Retention: whoever reads events may know how long they are there; why they are held is for few
        .get("/api/v1/retention", Needs(Scope::EventsRead), retention::get)
        .put("/api/v1/retention", Needs(Scope::OrganisationManage), retention::update)
        .post("/api/v1/legal-holds", Needs(Scope::OrganisationManage), retention::place_hold)
        .get("/api/v1/legal-holds", Needs(Scope::AuditRead), retention::list_holds)
        .get("/api/v1/legal-holds/{id}", Needs(Scope::AuditRead), retention::get_hold)
        .post("/api/v1/legal-holds/{id}/release", Needs(Scope::OrganisationManage), retention::release_hold)
        // Audit trail
        .get("/api/v1/audit", Needs(Scope::AuditRead), audit::list)
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
    // The dashboard, or nothing
    config.default_service(web::to(pages::serve));
}
