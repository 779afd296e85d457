//! What the routes of topics take.

use aibbar::{Fault, topic::TopicName};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::{
    AuditEntry,
    topics::{PARTITIONS_PER_TOPIC_MAX, SCHEMA_BYTES_MAX, TopicChanges},
};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

use super::message_schema::MessageSchema;
use crate::{body::Checked, words::nullable};

/// Partitions of a topic, where nobody says how many.
const PARTITIONS_DEFAULT: u32 = 10;

/// Days that messages are kept, where nobody says how long; those of compacted topics stay.
const RETENTION_DAYS_DEFAULT: u32 = 7;

/// A hundred years.
const RETENTION_DAYS_MAX: u32 = 36_500;

const HOURS_PER_DAY: u32 = 24;

/// A topic to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTopic {
    /// 1 to 200 of `A–Z a–z 0–9 . _ -`, neither `.` nor `..`, and not beginning with `aibbar.`
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
    /// How many partitions; 10 when absent.
    #[schema(schema_with = partitions)]
    partitions: Option<u32>,
    /// How many days messages are kept; `null`: until they are deleted. 7 when absent, and for ever when the topic is compacted.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = retention_days)]
    retention_days: Option<Option<u32>>,
    /// Whether of each key the newest message alone is kept. Every message then has a key.
    #[serde(default)]
    pub(super) compacted: bool,
    /// The JSON Schema that messages must meet. It refers to nothing outside of it, and not back to itself.
    #[schema(schema_with = schema)]
    schema: Option<Map<String, Value>>,
}

/// What changes of a topic.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedTopic {
    /// How many partitions there shall be; not fewer than there are.
    #[schema(schema_with = partitions)]
    partitions: Option<u32>,
    /// How many days messages are kept; `null`: until they are deleted.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = retention_days)]
    retention_days: Option<Option<u32>>,
    /// Whether of each key the newest message alone is kept; what was made without stays without.
    #[schema(nullable = false)]
    compacted: Option<bool>,
    /// The JSON Schema that messages must meet from now on; `null`: none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = schema)]
    schema: Option<Option<Map<String, Value>>>,
}

impl Checked for NewTopic {
    const TAKES_LONG: bool = true;

    fn faults(&self) -> Vec<Fault> {
        let name = TopicName::parse(&self.name).err();
        let name = name.map(|rule| Fault { pointer: "/name".to_owned(), code: "name", detail: rule.to_string() });
        name.into_iter().chain(schema_faults(self.schema.as_ref())).collect()
    }
}

impl Checked for ChangedTopic {
    const TAKES_LONG: bool = true;

    fn faults(&self) -> Vec<Fault> {
        schema_faults(self.schema.as_ref().and_then(Option::as_ref))
    }
}

impl NewTopic {
    pub(super) fn partitions(&self) -> u32 {
        self.partitions.unwrap_or(PARTITIONS_DEFAULT)
    }

    pub(super) fn retention_hours(&self) -> Option<u32> {
        let by_default = (!self.compacted).then_some(RETENTION_DAYS_DEFAULT);
        self.retention_days.unwrap_or(by_default).map(hours)
    }

    pub(super) fn schema_text(&self) -> Option<String> {
        self.schema.as_ref().map(text)
    }
}

impl ChangedTopic {
    /// Puts what it names into the trail; of the schema, that it changed.
    pub(super) fn told(&self, mut entry: AuditEntry) -> AuditEntry {
        if let Some(partitions) = self.partitions {
            entry = entry.with("partitions", partitions);
        }
        if let Some(days) = self.retention_days {
            entry = entry.with("retention_hours", days.map(hours));
        }
        if let Some(compacted) = self.compacted {
            entry = entry.with("compacted", compacted);
        }
        if self.schema.is_some() {
            entry = entry.with("schema", "changed");
        }
        entry
    }

    /// Whether it would compact what is not.
    pub(super) fn begins_compaction(&self, is_compacted: bool) -> bool {
        self.compacted == Some(true) && !is_compacted
    }

    pub(super) fn into_changes(self) -> TopicChanges {
        TopicChanges {
            partitions: self.partitions,
            retention_hours: self.retention_days.map(|days| days.map(hours)),
            compacted: self.compacted,
            schema: self.schema.map(|schema| schema.as_ref().map(text)),
        }
    }
}

fn hours(days: u32) -> u32 {
    days * HOURS_PER_DAY
}

fn text(schema: &Map<String, Value>) -> String {
    serde_json::to_string(schema).unwrap_or_default()
}

fn schema_faults(schema: Option<&Map<String, Value>>) -> Vec<Fault> {
    let Some(schema) = schema else { return Vec::new() };
    if text(schema).len() > SCHEMA_BYTES_MAX {
        let detail = format!("has more than {SCHEMA_BYTES_MAX} bytes");
        return vec![Fault { pointer: "/schema".to_owned(), code: "too_large", detail }];
    }
    let mut faults = MessageSchema::compile(schema).err().unwrap_or_default();
    for fault in &mut faults {
        fault.pointer.insert_str(0, "/schema");
    }
    faults
}

fn partitions() -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    number.maximum(Some(PARTITIONS_PER_TOPIC_MAX)).into()
}

fn retention_days() -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Integer, Type::Null]));
    number.minimum(Some(1)).maximum(Some(RETENTION_DAYS_MAX)).into()
}

fn schema() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Object, Type::Null])).into()
}
