//! `/api/v1/retention`: how long events are kept.

use std::sync::Arc;

use actix_web::web;
use aibbar::Fault;
use serde::{Deserialize, Serialize};
use store::{InstallationRetention, legal_holds::HeldNow, retention::OwnRetention};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    clock,
    problem::{Kind, Problem},
};

/// What an organisation says of retention.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RetentionSettings)]
pub(crate) struct NewRetention {
    /// Days that its events are kept; `null`: as long as the installation says. What is past it is dropped for good.
    #[schema(required, minimum = 1, maximum = 36_500)]
    events_days: Option<u32>,
}

impl Checked for NewRetention {}

/// How long events are kept.
#[derive(Serialize, ToSchema)]
#[schema(as = Retention)]
pub(crate) struct RetentionShown {
    /// What the organisation says, in days; `null`: nothing.
    events_days: Option<u32>,
    /// How long events are kept where their organisation says nothing, in days.
    #[schema(example = 400)]
    installation_days: u32,
    /// The most that an organisation may say, in days.
    #[schema(example = 36_500)]
    events_days_max: u32,
    /// What holds, in days.
    #[schema(example = 90)]
    effective_days: u32,
    /// Events older than this are dropped, unless they are held.
    #[schema(format = DateTime)]
    oldest_kept: String,
    /// What legal holds keep, however old it is.
    held: HeldShown,
    /// Who said last what the organisation says.
    updated_by: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    updated_at: Option<String>,
}

/// What active legal holds cover.
#[derive(Serialize, ToSchema)]
#[schema(as = Held)]
pub(crate) struct HeldShown {
    /// Whether they cover everything that the organisation has.
    everything: bool,
    /// How many AI systems are covered by holds of their own.
    ai_systems: u64,
}

/// How long the organisation's events are kept.
#[utoipa::path(
    get, path = "/api/v1/retention", tag = "Retention",
    responses((status = 200, description = "What holds.", body = RetentionShown)),
)]
pub(crate) async fn get(caller: Caller, app: web::Data<Arc<App>>) -> Result<web::Json<RetentionShown>, Problem> {
    let own = app.stores.retention.retention(caller.org_id()).await?;
    let held = app.stores.legal_holds.held_now(caller.org_id()).await?;
    Ok(web::Json(RetentionShown::of(own, app.retention, held)))
}

/// Says how long the organisation's events are kept.
///
/// Events that are past it leave when house is next kept, an hour later at most, and are refused from now on. Statistics stay.
#[utoipa::path(
    put, path = "/api/v1/retention", tag = "Retention",
    request_body(content = NewRetention, examples(
        ("own" = (summary = "Ninety days", value = json!({ "events_days": 90 }))),
        ("none" = (summary = "As long as the installation says", value = json!({ "events_days": null }))),
    )),
    responses((status = 200, description = "What holds now.", body = RetentionShown)),
)]
pub(crate) async fn update(
    caller: Caller,
    body: Body<NewRetention>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<RetentionShown>, Problem> {
    let Body(NewRetention { events_days }) = body;
    let days_max = app.retention.days_max;
    if events_days.is_some_and(|days| days > days_max) {
        let detail = format!("is at most {days_max}: the operator lets no organisation keep events for longer");
        let fault = Fault { pointer: "/events_days".to_owned(), code: "maximum", detail };
        return Err(Problem::with_faults(Kind::InvalidBody, "Events are not kept for so long here.", vec![fault]));
    }
    let entry = caller.entry("retention.update", "retention", caller.org_id()).with("events_days", events_days);
    app.stores.retention.set_retention(caller.org_id(), events_days, clock::now(), &entry).await?;
    app.identities_changed().await;
    get(caller, app).await
}

impl RetentionShown {
    fn of(own: Option<OwnRetention>, installation: InstallationRetention, held: HeldNow) -> Self {
        let events_days = own.as_ref().map(|own| own.events_days);
        let (updated_by, updated_at) = own.map(|own| (own.updated_by, own.updated_at.to_string())).unzip();
        Self {
            events_days,
            installation_days: installation.days,
            events_days_max: installation.days_max,
            effective_days: installation.effective_days(events_days),
            oldest_kept: installation.oldest_kept(events_days, clock::now()).to_string(),
            held: HeldShown { everything: held.everything, ai_systems: held.ai_systems },
            updated_by,
            updated_at,
        }
    }
}
