//! The topic that a request names.

use aibbar::topic::{GroupName, TopicName};
use bus::{LogError, LogRecord};
use store::OrgId;
use uuid::Uuid;

use super::cursor::EVENTS_TOPIC_ID;
use crate::{
    app::App,
    live::hub::org_of,
    problem::{Kind, Problem},
};

pub(crate) use crate::topics::no_such_topic;

/// A topic of the caller's organisation, or the one that everybody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundTopic {
    /// What its cursors are of.
    pub(crate) id: Uuid,
    /// As the organisation calls it.
    pub(crate) name: TopicName,
    /// As the log calls it.
    pub(crate) in_log: String,
    /// Who asks: in the topic of all, only their records are theirs.
    pub(crate) org_id: OrgId,
}

impl FoundTopic {
    /// The topic of this id and name.
    pub(crate) fn of(id: Uuid, org_id: OrgId, name: TopicName) -> Self {
        Self { id, in_log: name.in_log(org_id), org_id, name }
    }

    /// What the log calls this group of its readers.
    pub(crate) fn group_in_log(&self, group: &GroupName) -> String {
        group.in_log(self.org_id, &self.name)
    }

    /// Whether the organisation may read a record of it.
    pub(crate) fn shows(&self, record: &LogRecord) -> bool {
        !self.name.is_events() || org_of(record) == Some(self.org_id)
    }
}

/// The caller's topic of this name.
///
/// # Errors
/// `invalid_parameter` with the rule for what is no name, `not_found` for a topic that the organisation does not have.
pub(crate) async fn find(app: &App, org_id: OrgId, name: &str) -> Result<FoundTopic, Problem> {
    let name = TopicName::parse(name)
        .map_err(|rule| Problem::new(Kind::InvalidParameter, format!("The topic has no such name: {rule}.")))?;
    if name.is_events() {
        return Ok(FoundTopic::of(EVENTS_TOPIC_ID, org_id, name));
    }
    let known = app.identities.topic(org_id, &name).await?.ok_or_else(no_such_topic)?;
    Ok(FoundTopic::of(known.topic.id, org_id, name))
}

/// Whether the topic was deleted since it was found: a log may go on reading one that was made again under its name.
pub(crate) async fn is_gone(app: &App, topic: &FoundTopic) -> bool {
    match find(app, topic.org_id, topic.name.as_str()).await {
        Ok(found) => found.id != topic.id,
        // What can't be asked now is asked again.
        Err(problem) => problem.kind() == Kind::NotFound,
    }
}

/// The caller's topic that a path names: one that could have no such name is not there either.
pub(crate) async fn named_in_path(app: &App, org_id: OrgId, name: &str) -> Result<FoundTopic, Problem> {
    match TopicName::parse(name) {
        Ok(_) => find(app, org_id, name).await,
        Err(_) => Err(no_such_topic()),
    }
}

/// The log could not do it.
pub(crate) fn log_failed(error: LogError) -> Problem {
    match error {
        LogError::NoSuchTopic(_) => no_such_topic(),
        error => {
            tracing::warn!(%error, "the log does not do what is asked of a topic");
            Problem::new(Kind::LogUnavailable, "The log can't be asked now; try again shortly.")
        }
    }
}
