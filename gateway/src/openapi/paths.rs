//! Every annotated handler. A route that is missing here, or has no annotation, fails a test by name.

use utoipa::OpenApi;

use super::serve;
use crate::{
    accounts, ai_systems, audit, dead_letters, export, groups, keys, live, operations, organisations, publish, query,
    read, record, redaction, retention, schemas, signing_keys, statistics, topics, views,
};

const ABOUT: &str = "\
The flight recorder for AI systems: it takes signed AIBBAR events, verifies and redacts them, keeps them, and shows \
them as they come.

- **Who calls.** An API key (`Authorization: Bearer sk_…`), a session's access token (`Authorization: Bearer …`), or a \
browser's session cookies; a request by cookie that changes something also sends `X-CSRF-Token`. `X-Org-Id` names the \
organisation in use, where a person belongs to several. `x-gapin-scope` is the scope that an operation needs.
- **Failures** are problems (RFC 9457, `application/problem+json`) with a stable `code`. A known path with another \
method is answered 405 and `Allow`; an unknown path 404, but a browser that goes there is given the dashboard. What is \
not HTTP at all is closed with a bare 400.
- **Every answer** has `X-Request-Id`: the request's own when it is short and plain, else a new one.
- **Lists** come in pages: `{items, next_cursor}`, with `limit` and `cursor`; `next_cursor: null` is the end.
- **Limits.** See `X-RateLimit-*` and `RateLimit`; past them 429 with `Retry-After`.";

#[derive(OpenApi)]
#[openapi(
    info(title = "GAPIN", description = ABOUT, license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "Events", description = "Record events, and query what was recorded."),
        (name = "Topics", description = "Topics of an organisation's own messages, and that of all its events."),
        (name = "Messages", description = "Publish any JSON to a topic, read it, and share the reading among a group."),
        (name = "Live", description = "Events as they come."),
        (name = "Accounts", description = "People, how they sign in, and where they are signed in."),
        (name = "API keys", description = "What programs call with. A key is shown once, when it is made or rotated."),
        (name = "Signing keys", description = "What events are signed with. A secret is shown once, when it is made."),
        (name = "AI systems", description = "The register of AI systems."),
        (name = "Organisations", description = "Organisations, and what is set for them."),
        (name = "Members", description = "Who belongs to an organisation, as what, and who is invited."),
        (name = "Saved views", description = "What people look at again and again, for themselves or shared."),
        (name = "Dead letters", description = "What could never be stored: an id that was there, a record that the store refuses, what is no record."),
        (name = "Metrics", description = "What an organisation's events and messages come to, of all gateways and consumers together."),
        (name = "Redaction", description = "What is hidden of events before they are kept, and how."),
        (name = "Retention", description = "How long events are kept, and what is kept however old it is."),
        (name = "Audit trail", description = "Who did what to what, from where, with what result."),
        (name = "Contract", description = "What this API and its events look like, for programs."),
        (name = "Operations", description = "For those who run it. Never limited."),
    ),
    paths(
        // Record and query
        record::record,
        query::list,
        export::export,
        query::get,
        // Topics
        topics::create,
        topics::list,
        topics::get,
        topics::update,
        topics::delete,
        groups::consumers::list,
        groups::reset::reset,
        // Live
        live::websocket::open,
        live::sse::open,
        live::tickets::create,
        // Messages
        publish::publish,
        read::read,
        groups::commit::commit,
        groups::commit::leave,
        // People and sessions
        accounts::register::register,
        accounts::register::verify_email,
        accounts::login::login,
        accounts::refresh::refresh,
        accounts::sessions::logout,
        accounts::sessions::logout_all,
        accounts::reset::forgot_password,
        accounts::reset::reset_password,
        accounts::providers::routes::list,
        accounts::providers::routes::start,
        accounts::providers::routes::callback,
        accounts::me::me,
        accounts::me::change_me,
        accounts::me::change_password,
        accounts::me::use_organisation,
        accounts::sessions::my_sessions,
        accounts::sessions::end_my_session,
        // API keys
        keys::create,
        keys::list,
        keys::get,
        keys::update,
        keys::revoke,
        keys::rotate,
        keys::usage::usage,
        // Signing keys
        signing_keys::create,
        signing_keys::list,
        signing_keys::get,
        signing_keys::update,
        signing_keys::revoke,
        signing_keys::rotate,
        // AI systems
        ai_systems::create,
        ai_systems::list,
        ai_systems::get,
        ai_systems::update,
        ai_systems::delete,
        // Organisations
        organisations::settings::get,
        organisations::settings::update,
        organisations::settings::transfer,
        organisations::settings::leave,
        organisations::membership::list,
        organisations::membership::create,
        // Members and invitations
        organisations::invitations::invite,
        organisations::members::list,
        organisations::members::get,
        organisations::members::update,
        organisations::members::remove,
        organisations::invitations::list,
        organisations::invitations::withdraw,
        organisations::invitations::accept,
        // Saved views
        views::create,
        views::list,
        views::update,
        views::delete,
        // Dead letters
        dead_letters::routes::list,
        dead_letters::routes::redrive_many,
        dead_letters::routes::get,
        dead_letters::routes::redrive_one,
        // Metrics
        statistics::throughput::throughput,
        statistics::errors::errors,
        statistics::latency::latency,
        statistics::lag::lag,
        statistics::topic::topic,
        statistics::top::topics,
        statistics::top::ai_systems,
        statistics::top::error_types,
        statistics::redactions::redactions,
        // Redaction
        redaction::get,
        redaction::update,
        redaction::erase_key,
        redaction::preview,
        // Retention
        retention::get,
        retention::update,
        retention::place_hold,
        retention::list_holds,
        retention::get_hold,
        retention::release_hold,
        // Audit trail
        audit::list,
        // Contract
        schemas::aibbar_event,
        serve::json,
        serve::page,
        serve::page_file,
        // Operations
        operations::health::summary,
        operations::health::live,
        operations::health::ready,
        operations::metrics::metrics,
    ),
)]
pub(super) struct Annotated;
