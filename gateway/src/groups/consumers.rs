//! Who reads a topic, and how far they are: `GET /api/v1/topics/{name}/consumers`.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use actix_web::{HttpRequest, web};
use aibbar::topic::groups_prefix;
use bus::{EventLog, GroupDescription, LogError, Partition, PartitionLag, Positions};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::Caller,
    clock,
    page::{Listed, Page, PageParameters},
    problem::Problem,
    query::Parameters,
    streams::topic::{self, FoundTopic, log_failed},
};

/// Groups that the log is asked about at once.
const ASKED_AT_ONCE: usize = 4;

/// How long the log may take to say since when the groups of a page are behind; of those that it did not come to by then
/// nothing is told.
const SINCE_MAX_WAIT: Duration = Duration::from_secs(3);

/// A group of readers of a topic.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsumerGroup)]
pub(crate) struct GroupShown {
    /// Its name.
    #[schema(example = "billing")]
    group: String,
    /// What the log calls it: what to ask Kafka's own tools for.
    #[schema(example = "01980a5e7d7a7c1eb5f83f1c2a9d4e60.orders/billing")]
    name_in_log: String,
    /// Who is in it now.
    members: Vec<MemberShown>,
    /// Messages that the group has not committed. Absent of `aibbar.events`, whose events are of all organisations.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lag: Option<u64>,
    /// How long ago the log took the oldest of them, in seconds; `null` when there is none, or the log did not show it in time.
    lag_seconds: Option<u64>,
    /// The same of each partition.
    partitions: Vec<PartitionShown>,
}

/// A member of a group.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsumerGroupMember)]
pub(crate) struct MemberShown {
    /// The reader, as it named itself.
    #[schema(example = "worker-1")]
    reader: String,
    /// The partitions that it holds.
    partitions: Vec<Partition>,
}

/// How far a group is in one partition.
#[derive(Serialize, ToSchema)]
#[schema(as = ConsumerGroupPartition)]
pub(crate) struct PartitionShown {
    /// The partition.
    partition: Partition,
    /// The next message that the group wants; `null`: it never committed.
    committed: Option<u64>,
    /// The oldest message that is kept. Absent of `aibbar.events`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    earliest: Option<u64>,
    /// One past the newest. Absent of `aibbar.events`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    end: Option<u64>,
    /// Messages that the group has not committed. Absent of `aibbar.events`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    lag: Option<u64>,
    /// How long ago the log took the oldest of them, in seconds; `null` when there is none, or the log did not show it.
    lag_seconds: Option<u64>,
}

/// The groups that read a topic: their members, how far they are, and how far behind, by name.
#[utoipa::path(
    get, path = "/api/v1/topics/{name}/consumers", tag = "Topics",
    params(("name" = String, Path, description = "The topic, as the organisation calls it."), PageParameters),
    responses(
        (status = 200, description = "A page of groups.", body = Listed<GroupShown>),
        (status = 400, description = "`invalid_parameter`: a parameter is unknown or wrong."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 503, description = "`log_unavailable`: the log can't be asked now. `store_unavailable`: the topic can't be looked up."),
    ),
)]
pub(crate) async fn list(
    caller: Caller,
    name: web::Path<String>,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<GroupShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let topic = topic::named_in_path(&app, caller.org_id(), &name).await?;
    let after = page.after_name()?;

    let prefix = groups_prefix(topic.org_id, &topic.name);
    let mut groups = app.log.groups(&topic.in_log, &prefix).await.map_err(log_failed)?;
    groups.retain(|group| after.as_deref().is_none_or(|after| own_name(group, &prefix) > after));
    groups.sort_by(|one, other| one.group.cmp(&other.group));
    groups.truncate(page.asked() as usize);
    let until = Instant::now() + SINCE_MAX_WAIT;
    let shown = groups.into_iter().map(|group| show(&*app.log, &topic, &prefix, group, until));
    let shown: Vec<_> = stream::iter(shown).buffered(ASKED_AT_ONCE).try_collect().await.map_err(log_failed)?;
    Ok(web::Json(page.of_named(shown, |group| &group.group, |group| group)))
}

fn own_name<'g>(group: &'g GroupDescription, prefix: &str) -> &'g str {
    group.group.strip_prefix(prefix).unwrap_or(&group.group)
}

async fn show(
    log: &dyn EventLog,
    topic: &FoundTopic,
    prefix: &str,
    group: GroupDescription,
    until: Instant,
) -> Result<GroupShown, LogError> {
    let lags = log.lag(&topic.in_log, &group.group).await?;
    let behind = lags.iter().filter(|lag| lag.records() > 0).map(|lag| (lag.partition, first_wanted(lag)));
    let behind: Positions = behind.collect();
    let since = timeout_at(until, log.appended_at(&topic.in_log, &behind)).await.unwrap_or(Ok(BTreeMap::new()))?;
    // How many events there are is of all organisations: nobody's to know.
    let is_own = !topic.name.is_events();
    let partitions: Vec<_> = lags.iter().map(|lag| partition(lag, &since, is_own)).collect();
    Ok(GroupShown {
        group: own_name(&group, prefix).to_owned(),
        members: group
            .members
            .into_iter()
            .map(|member| MemberShown { reader: member.name, partitions: member.partitions })
            .collect(),
        name_in_log: group.group,
        lag: is_own.then(|| lags.iter().map(PartitionLag::records).sum()),
        lag_seconds: partitions.iter().filter_map(|partition| partition.lag_seconds).max(),
        partitions,
    })
}

fn first_wanted(lag: &PartitionLag) -> u64 {
    lag.committed.unwrap_or(0).max(lag.bounds.earliest)
}

fn partition(lag: &PartitionLag, since: &BTreeMap<Partition, i64>, is_own: bool) -> PartitionShown {
    let now_ms = i64::try_from(clock::unix_ms()).unwrap_or(i64::MAX);
    let seconds =
        since.get(&lag.partition).map(|since_ms| now_ms.saturating_sub(*since_ms).max(0).unsigned_abs() / 1_000);
    PartitionShown {
        partition: lag.partition,
        committed: lag.committed,
        earliest: is_own.then_some(lag.bounds.earliest),
        end: is_own.then_some(lag.bounds.end),
        lag: is_own.then(|| lag.records()),
        lag_seconds: seconds,
    }
}
