//! A group that is to read again, or to skip: `POST /api/v1/topics/{name}/consumers/{group}/reset`.

use std::sync::Arc;

use actix_web::web;
use aibbar::Fault;
use bus::{GroupDescription, LogError, Partition};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    problem::{Kind, Problem},
    read::{
        reading::sought,
        wanted::{self, Seek, seek},
    },
    streams::topic::{self, log_failed},
};

/// Where a group is to go on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reset {
    /// `earliest`, `latest`, or the first message that the log took at this time or later (RFC 3339).
    #[schema(min_length = 1, max_length = 64, example = "earliest")]
    to: String,
    /// `true`: says what would be done, and does nothing.
    dry_run: Option<bool>,
}

impl Checked for Reset {
    fn faults(&self) -> Vec<Fault> {
        let detail = "`earliest`, `latest` or an RFC 3339 time with offset, like 2026-01-31T12:00:00Z";
        let wrong = Fault { pointer: "/to".into(), code: "format", detail: detail.into() };
        if seek(&self.to).is_none() { vec![wrong] } else { Vec::new() }
    }
}

/// Where a group went on, and where it goes on.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResetDone {
    /// Whether this only says what would be done.
    dry_run: bool,
    /// Every partition of the topic.
    partitions: Vec<ResetPartition>,
}

/// One partition of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResetPartition {
    /// The partition.
    partition: Partition,
    /// The message that the group wanted next; `null`: it never committed.
    from: Option<u64>,
    /// The one that it wants from now on. Absent of `aibbar.events`: where the log begins and ends, and how many events came
    /// by when, is of all organisations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<u64>,
}

/// Sets where a group goes on. Nobody may be in it: its readers leave first, or their leases end. A group that never
/// committed begins there.
#[utoipa::path(
    post, path = "/api/v1/topics/{name}/consumers/{group}/reset", tag = "Topics",
    params(
        ("name" = String, Path, description = "The topic, as the organisation calls it."),
        ("group" = String, Path, description = "The group.", min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$", example = "archive"),
    ),
    request_body(content = Reset, examples(
        ("dry_run" = (summary = "What reading all again would mean", value = json!({ "to": "earliest", "dry_run": true }))),
        ("time" = (summary = "From a time on", value = json!({ "to": "2026-01-31T12:00:00Z" }))),
    )),
    responses(
        (status = 200, description = "Where the group goes on.", body = ResetDone, example = json!({
            "dry_run": false, "partitions": [{ "partition": 0, "from": 83, "to": 41 }],
        })),
        (status = 400, description = "`invalid_body`: `to` is no place. `invalid_parameter`: the group's name is none."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 409, description = "`group_active`: the group has members."),
        (status = 503, description = "`log_unavailable`: the log can't do it now. `store_unavailable`: the audit trail can't be written."),
    ),
)]
pub(crate) async fn reset(
    caller: Caller,
    path: web::Path<(String, String)>,
    body: Body<Reset>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<ResetDone>, Problem> {
    let (name, group) = path.into_inner();
    let Body(Reset { to, dry_run }) = body;
    let dry_run = dry_run.unwrap_or(false);
    let topic = topic::named_in_path(&app, caller.org_id(), &name).await?;
    let group = wanted::group(&group)?;
    let in_log = topic.group_in_log(&group);

    let lags = app.log.lag(&topic.in_log, &in_log).await.map_err(log_failed)?;
    let bounds = lags.iter().map(|lag| (lag.partition, lag.bounds)).collect();
    let next = sought(&*app.log, &topic, &bounds, seek(&to).unwrap_or(Seek::Earliest)).await.map_err(log_failed)?;
    let has_members = |found: &GroupDescription| found.group == in_log && !found.members.is_empty();
    if app.log.groups(&topic.in_log, &in_log).await.map_err(log_failed)?.iter().any(has_members) {
        return Err(active());
    }
    if !dry_run {
        let target = format!("{}/{group}", topic.name);
        let entry = || caller.entry("consumer_group.reset", "consumer_group", &target).with("to", to.as_str());
        // Before it is done, so that none is done untold; one that came to nothing has a second entry.
        app.stores.audit.append_audit(&entry()).await?;
        if let Err(error) = app.log.reset_group(&topic.in_log, &in_log, &next).await {
            if let Err(error) = app.stores.audit.append_audit(&entry().failed()).await {
                tracing::error!(%error, group = in_log, "the trail says that a group was reset, and it was not");
            }
            return Err(match error {
                LogError::GroupActive(_) => active(),
                error => log_failed(error),
            });
        }
    }
    let is_own = !topic.name.is_events();
    let partitions = lags.iter().filter_map(|lag| {
        let to = *next.get(&lag.partition)?;
        Some(ResetPartition { partition: lag.partition, from: lag.committed, to: is_own.then_some(to) })
    });
    Ok(web::Json(ResetDone { dry_run, partitions: partitions.collect() }))
}

fn active() -> Problem {
    Problem::new(
        Kind::GroupActive,
        "The group has members: let its readers leave (POST /events/leave), or wait for their leases to end.",
    )
}
