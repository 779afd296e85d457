//! A topic as it is shown.

use serde::Serialize;
use serde_json::value::RawValue;
use store::Topic;
use utoipa::ToSchema;

use super::statistics::Statistics;

const HOURS_PER_DAY: u32 = 24;

/// A topic.
#[derive(Serialize, ToSchema)]
#[schema(as = Topic)]
pub(crate) struct TopicShown {
    /// Its name.
    #[schema(example = "orders")]
    name: String,
    /// How many partitions it has.
    partitions: u32,
    /// How many days messages are kept; `null`: until they are deleted.
    retention_days: Option<u32>,
    /// Whether of each key the newest message alone is kept.
    compacted: bool,
    /// The JSON Schema that messages must meet.
    #[schema(value_type = Option<Object>)]
    schema: Option<Box<RawValue>>,
    /// Whether it is GAPIN's own: there for everybody, and changed by nobody.
    reserved: bool,
    /// Who made it.
    created_by: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: Option<String>,
    /// When something of it last changed.
    #[schema(format = DateTime)]
    updated_at: Option<String>,
}

/// A topic, and what is in it now.
#[derive(Serialize, ToSchema)]
pub(crate) struct TopicDescribed {
    #[serde(flatten)]
    pub(super) topic: TopicShown,
    /// What is in it now.
    pub(super) statistics: Statistics,
}

impl TopicShown {
    pub(super) fn of(topic: Topic) -> Self {
        Self {
            name: topic.name.to_string(),
            partitions: topic.partitions,
            retention_days: topic.retention_hours.map(|hours| hours.div_ceil(HOURS_PER_DAY)),
            compacted: topic.compacted,
            schema: topic.schema.and_then(|text| RawValue::from_string(text).ok()),
            reserved: false,
            created_by: Some(topic.created_by),
            created_at: Some(topic.created_at.to_string()),
            updated_at: Some(topic.updated_at.to_string()),
        }
    }

    pub(super) fn of_events(name: &str, partitions: u32, retention_hours: Option<u32>) -> Self {
        Self {
            name: name.to_owned(),
            partitions,
            retention_days: retention_hours.map(|hours| hours.div_ceil(HOURS_PER_DAY)),
            compacted: false,
            schema: None,
            reserved: true,
            created_by: None,
            created_at: None,
            updated_at: None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}
