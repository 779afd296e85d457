//! What a group's reader says: that it is done with what it was given, and that it goes.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use aibbar::{Fault, topic::GroupName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{member::NotCommitted, registry::lease_lost};
use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    problem::Problem,
    read::wanted,
    streams::{
        cursor::{Cursor, invalid},
        topic::{self, FoundTopic, log_failed},
    },
};

/// How far a group's reader is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Commit {
    /// The topic, as the organisation calls it.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    topic: String,
    /// The group.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    group: String,
    /// Which of its readers.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    reader: String,
    /// `next_cursor` of a page, or the `cursor` of the last message that is done.
    #[schema(min_length = 1, max_length = 60000)]
    cursor: String,
}

/// Who leaves a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leave {
    /// The topic, as the organisation calls it.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    topic: String,
    /// The group.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    group: String,
    /// Which of its readers.
    #[schema(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    reader: String,
}

impl Checked for Commit {
    fn faults(&self) -> Vec<Fault> {
        faults_of_names(&self.group)
    }
}

impl Checked for Leave {
    fn faults(&self) -> Vec<Fault> {
        faults_of_names(&self.group)
    }
}

/// What no pattern says: `.` and `..` are no names.
fn faults_of_names(group: &str) -> Vec<Fault> {
    let refused = GroupName::parse(group).err();
    refused
        .map(|rule| Fault { pointer: "/group".into(), code: "format", detail: rule.to_string() })
        .into_iter()
        .collect()
}

/// What the group committed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Committed {
    /// Of each partition of the cursor the offset of the next message that the group wants.
    committed: Vec<CommittedPartition>,
}

/// How far a group is in one partition.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommittedPartition {
    /// The partition.
    partition: u32,
    /// The next message that the group wants of it.
    offset: u64,
}

/// Commits what a group's reader is done with: everything up to a cursor that it was given.
///
/// What is not committed comes again when the reader's lease ends, to this reader or to another. A commit renews the lease.
/// Where the partitions have moved on, nothing is committed: read again.
#[utoipa::path(
    post, path = "/events/commit", tag = "Messages",
    request_body(content = Commit, example = json!({
        "topic": "aibbar.events", "group": "archive", "reader": "worker-1",
        "cursor": "AwAAAAAAAAAAAAAAAAAAAAABmApefXp8HgBU",
    })),
    responses(
        (status = 200, description = "It is committed.", body = Committed, example = json!({
            "committed": [{ "partition": 0, "offset": 83 }],
        })),
        (status = 400, description = "`invalid_cursor`: it is none that a reader of this topic was given. `invalid_body`, `invalid_parameter`: a name is none."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 409, description = "`lease_lost`: the reader does not hold these partitions any more. `reader_busy`: another request of it is being answered."),
        (status = 503, description = "`log_unavailable`: the log can't do it now. `store_unavailable`: the topic can't be looked up."),
    ),
)]
pub(crate) async fn commit(
    caller: Caller,
    body: Body<Commit>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Committed>, Problem> {
    let Body(Commit { topic, group, reader, cursor }) = body;
    let (topic, group, reader) = named(&app, &caller, &topic, &group, &reader).await?;
    let cursor = Cursor::decode(&cursor, topic.id)?;
    if cursor.hold.is_none() {
        return Err(invalid(
            "This cursor was not given to a group's reader; commit one that a read with `group` gave.",
        ));
    }
    let mut held = app.groups.find(&topic, &group, &reader).await?.ok_or_else(lease_lost)?;
    held.member()?.commit(&cursor).await.map_err(|refused| match refused {
        NotCommitted::Lost => lease_lost(),
        NotCommitted::NeverGiven => invalid("The cursor lies behind what the reader was given."),
        NotCommitted::Log(error) => log_failed(error),
    })?;
    let committed = cursor.positions.into_iter().map(|(partition, offset)| CommittedPartition { partition, offset });
    Ok(web::Json(Committed { committed: committed.collect() }))
}

/// Takes a reader out of its group, so that others take over its partitions at once. One that is not in it is out of it.
#[utoipa::path(
    post, path = "/events/leave", tag = "Messages",
    request_body(content = Leave, example = json!({
        "topic": "aibbar.events", "group": "archive", "reader": "worker-1",
    })),
    responses(
        (status = 204, description = "It is not in the group through this gateway."),
        (status = 400, description = "`invalid_body`, `invalid_parameter`: a name is none."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 409, description = "`reader_busy`: another request of it is being answered."),
        (status = 503, description = "`store_unavailable`: the topic can't be looked up."),
    ),
)]
pub(crate) async fn leave(
    caller: Caller,
    body: Body<Leave>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(Leave { topic, group, reader }) = body;
    let (topic, group, reader) = named(&app, &caller, &topic, &group, &reader).await?;
    app.groups.leave(&topic, &group, &reader).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn named(
    app: &App,
    caller: &Caller,
    topic: &str,
    group: &str,
    reader: &str,
) -> Result<(FoundTopic, GroupName, String), Problem> {
    let topic = topic::find(app, caller.org_id(), topic).await?;
    Ok((topic, wanted::group(group)?, wanted::reader(reader)?))
}
