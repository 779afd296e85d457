//! The audit trail: `GET /api/v1/audit`. Read here and nowhere changed.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{AuditEntry, audit::AuditFilter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    auth::Caller,
    page::{Listed, Page, PageParameters},
    problem::Problem,
    query::Parameters,
};

/// The longest text that is filtered by, in bytes; no actor, action or target is longer.
const FILTER_BYTES_MAX: usize = 1_024;

/// What the trail is filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `filter` reads")]
pub(crate) struct AuditParameters {
    /// The actor's id, or its name (an e-mail address, a key's name).
    actor: Option<String>,
    /// An action (`api_key.create`), or all of a noun (`api_key`).
    action: Option<String>,
    /// The target's id.
    target: Option<String>,
    /// At or after this time (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

/// One entry of the trail.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct EntryShown {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Who.
    actor: ActorShown,
    /// What, as `noun.verb`.
    #[schema(example = "api_key.create")]
    action: String,
    /// To what.
    target: TargetShown,
    /// `success` or `failure`.
    #[schema(example = "success")]
    result: &'static str,
    /// From where, when it came over the network.
    #[schema(example = "203.0.113.9")]
    address: Option<String>,
    /// The request, as in `X-Request-Id`.
    request_id: Option<String>,
    /// What changed.
    #[schema(value_type = Object, additional_properties)]
    detail: Map<String, Value>,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub(crate) struct ActorShown {
    /// `user`, `api_key`, `operator`, `system` or `anonymous`.
    #[schema(example = "user")]
    kind: &'static str,
    /// The id of the person or of the key; a word for the others.
    id: String,
    /// An e-mail address, a key's name.
    name: String,
}

/// To what something was done.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditTarget)]
pub(crate) struct TargetShown {
    /// `api_key`, `user`, `organisation`, ….
    #[schema(example = "api_key")]
    kind: String,
    /// Its id, or its name where that is the id.
    id: String,
}

/// The organisation's audit trail, newest first.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "Audit trail",
    params(AuditParameters, PageParameters),
    responses((status = 200, description = "A page of the trail.", body = Listed<EntryShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<EntryShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    let filter = filter(&mut parameters)?;
    parameters.end(&["actor", "action", "target", "from", "to", "limit", "cursor"])?;
    let found = app.stores.audit.audit(caller.org_id(), &filter, page.after()?, page.limit()).await?;
    Ok(web::Json(Listed::new(found.entries.into_iter().map(EntryShown::of).collect(), found.next_before)))
}

fn filter(parameters: &mut Parameters) -> Result<AuditFilter, Problem> {
    Ok(AuditFilter {
        actor: parameters.text("actor", FILTER_BYTES_MAX)?,
        action: parameters.text("action", FILTER_BYTES_MAX)?,
        target: parameters.text("target", FILTER_BYTES_MAX)?,
        from: parameters.time("from")?,
        to: parameters.time("to")?,
    })
}

impl EntryShown {
    fn of(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at.to_string(),
            actor: ActorShown { kind: entry.actor.kind.as_str(), id: entry.actor.id, name: entry.actor.name },
            action: entry.action,
            target: TargetShown { kind: entry.target_kind, id: entry.target_id },
            result: entry.result.as_str(),
            address: entry.address.map(|address| address.to_string()),
            request_id: entry.request_id,
            detail: entry.detail,
        }
    }
}
