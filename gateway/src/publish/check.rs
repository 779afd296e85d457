//! One message through the rules: its form, its topic, the topic's schema, redaction.

use std::{collections::HashMap, sync::Arc};

use aibbar::{Code, Fault, Redaction, RuleSet, topic::TopicName};
use bus::NewRecord;
use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Published, Receipt,
    idempotency::Once,
    incoming::{Incoming, Mode},
};
use crate::{
    app::App,
    auth::{Caller, identities::KnownTopic},
    door::Ready,
    problem::{Kind, Problem},
    streams::message::{MESSAGE_ID_HEADER, REDACTIONS_HEADER, TIMESTAMP_HEADER},
    topics::{LOG_MAX_WAIT, no_such_topic, reserved},
};

/// The key of a CloudEvent, beside the record's.
const PARTITION_KEY_HEADER: &str = "ce_partitionkey";

/// Topics that one request may name.
const TOPICS_PER_REQUEST_MAX: usize = 100;

/// After so many bytes of messages a batch lets other requests of its worker have their turn: a millisecond or so.
const TURN_BYTES: usize = 32 * 1024;

/// A message longer than this is redacted apart from the workers where the organisation has rules of its own: as events are.
const OWN_RULES_BYTES_MAX: usize = 32 * 1024;

/// Parts of a schema times bytes of a message: what costs more is checked apart from the workers.
const SCHEMA_STEPS_INLINE_MAX: usize = 4_000_000;

/// What all messages of a request are checked with.
pub(super) struct Checking<'a> {
    pub(super) app: &'a App,
    pub(super) caller: &'a Caller,
    pub(super) mode: &'a Mode,
    /// The topic of what names none.
    pub(super) topic: Option<&'a str>,
    pub(super) once: Option<&'a Once>,
    /// Until when the log may make topics that are not made yet: all of them together, since the sender waits.
    pub(super) log_until: Instant,
}

type Looked = HashMap<String, Result<Arc<KnownTopic>, Problem>>;

impl Checking<'_> {
    /// Checks these of the parts, in order.
    pub(super) async fn all(&self, parts: &[Bytes], which: &[usize]) -> Vec<Result<Ready<Receipt>, Problem>> {
        let mut checked = Vec::with_capacity(which.len());
        let mut topics = Looked::new();
        let mut bytes_this_turn = 0;
        for &index in which {
            if bytes_this_turn > TURN_BYTES {
                tokio::task::yield_now().await;
                bytes_this_turn = 0;
            }
            bytes_this_turn += parts[index].len();
            checked.push(self.one(index, &parts[index], &mut topics).await);
        }
        checked
    }

    async fn one(&self, index: usize, part: &[u8], topics: &mut Looked) -> Result<Ready<Receipt>, Problem> {
        let incoming = self.mode.read(part)?;
        let name = incoming.topic.as_deref().or(self.topic).ok_or_else(|| {
            let detail = "The message names no topic: send it as `topic` in the message, or in the query.";
            Problem::new(Kind::InvalidParameter, detail)
        })?;
        let topic = self.topic_of(name, topics).await?;
        let checked = self.to(&topic, index, part.len(), incoming).await;
        if checked.is_err() {
            self.app.counting.refused_of(self.caller.org_id(), topic.topic.name.as_str(), 1);
        }
        checked
    }

    /// One message to a topic that is there.
    async fn to(
        &self,
        topic: &Arc<KnownTopic>,
        index: usize,
        bytes: usize,
        incoming: Incoming,
    ) -> Result<Ready<Receipt>, Problem> {
        check_key(topic, self.mode.key_pointer(), &incoming)?;
        let rules = self.app.identities.redaction_rules(self.caller.org_id()).await?;
        let steps = topic.schema.as_ref().map_or(0, |schema| schema.parts().saturating_mul(bytes));
        let is_long = rules.own_rules() > 0 && bytes > OWN_RULES_BYTES_MAX || steps > SCHEMA_STEPS_INLINE_MAX;
        let checked_by = topic.clone();
        let work = move || check_schema(&checked_by, &incoming).map(|()| redacted(incoming, &rules));
        let redacted = match is_long {
            true => tokio::task::spawn_blocking(work).await.map_err(Problem::internal)??,
            false => work()?,
        };
        for redaction in &redacted.redactions {
            self.app.metrics.redactions.with_label_values(&[redaction.as_str()]).inc();
        }
        let message_id = self.once.map_or_else(Uuid::now_v7, |once| once.message_id(index));
        let hidden = redacted.redactions.clone();
        let bytes = redacted.payload.len() as u64;
        Ok(Ready {
            topic: topic.in_log.clone(),
            record: redacted.into_record(message_id),
            receipt: Receipt { topic: topic.topic.name.as_str().into(), message_id, bytes, hidden },
        })
    }

    async fn topic_of(&self, name: &str, topics: &mut Looked) -> Result<Arc<KnownTopic>, Problem> {
        if let Some(looked) = topics.get(name) {
            return looked.clone();
        }
        if topics.len() >= TOPICS_PER_REQUEST_MAX {
            let detail = format!("A request may name {TOPICS_PER_REQUEST_MAX} topics; send smaller batches.");
            return Err(Problem::new(Kind::BatchTooLarge, detail));
        }
        let looked = self.look(name).await;
        topics.insert(name.to_owned(), looked.clone());
        looked
    }

    async fn look(&self, name: &str) -> Result<Arc<KnownTopic>, Problem> {
        let name = TopicName::parse(name).map_err(|rule| {
            let faults = vec![Fault { pointer: "/topic".to_owned(), code: "name", detail: rule.to_string() }];
            Problem::with_faults(Kind::InvalidBody, "The message names no topic that there could be.", faults)
        })?;
        if name.is_events() {
            return Err(reserved());
        }
        let known = self.app.identities.topic(self.caller.org_id(), &name).await?.ok_or_else(no_such_topic)?;
        if !known.topic.is_made {
            // Whoever made the row did not come to the log.
            self.app.topics.make(&known.topic, self.log_until).await?;
            self.app.identities_changed().await;
        }
        Ok(known)
    }
}

/// Of topics that the log does not have: tells of each that it was deleted, or makes it again, for the next request.
/// `topics` are those of the outcomes, as the organisation calls them.
pub(super) async fn tell_of_missing(
    app: &App,
    caller: &Caller,
    missing: &[Arc<str>],
    topics: &[Option<Arc<str>>],
    outcomes: &mut [Result<Published, Problem>],
) {
    if missing.is_empty() {
        return;
    }
    app.identities.catch_up().await;
    let deadline = Instant::now() + LOG_MAX_WAIT;
    for in_log in missing {
        let Some((_, name)) = aibbar::topic::owner_of(in_log) else { continue };
        let is_gone = match app.stores.topics.topic(caller.org_id(), &name).await {
            Ok(Some(topic)) => match app.topics.make_again(&topic, deadline).await {
                Ok(()) => false,
                Err(problem) => {
                    tracing::warn!(%problem, "a topic that the log does not have can't be made again");
                    problem.kind() == Kind::NotFound
                }
            },
            Ok(None) => true,
            Err(_) => false,
        };
        if is_gone {
            tell_of_gone(name.as_str(), topics, outcomes);
        }
    }
}

/// What could not be appended to a topic that is not there any more is refused for that.
fn tell_of_gone(gone: &str, topics: &[Option<Arc<str>>], outcomes: &mut [Result<Published, Problem>]) {
    for (topic, outcome) in topics.iter().zip(outcomes) {
        let is_its = topic.as_deref() == Some(gone);
        if is_its && matches!(outcome, Err(problem) if problem.kind() == Kind::LogUnavailable) {
            *outcome = Err(no_such_topic());
        }
    }
}

fn check_key(topic: &KnownTopic, key_pointer: &str, incoming: &Incoming) -> Result<(), Problem> {
    let refuse = |pointer: &str, code, detail: &str| {
        let faults = vec![Fault { pointer: pointer.to_owned(), code, detail: detail.to_owned() }];
        Err(Problem::with_faults(Kind::InvalidBody, "The message can't be published to this topic.", faults))
    };
    match (topic.topic.compacted, &incoming.key) {
        (true, None) => refuse(key_pointer, "required", "is missing: of a compacted topic every message has a key"),
        (false, _) if incoming.is_tombstone => {
            refuse("/message", "null", "must not be null: that deletes a key, and the topic is not compacted")
        }
        _ => Ok(()),
    }
}

/// Before anything is hidden: a schema may ask for what is hidden then.
fn check_schema(topic: &KnownTopic, incoming: &Incoming) -> Result<(), Problem> {
    let Some(schema) = &topic.schema else { return Ok(()) };
    let message = match &incoming.message {
        Some(message) => message,
        None if topic.topic.compacted => return Ok(()),
        None => &Value::Null,
    };
    let mut faults = schema.faults(message);
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &mut faults {
        fault.pointer.insert_str(0, "/message");
    }
    Err(Problem::with_faults(
        Kind::Event(Code::SchemaViolation),
        "The message does not meet the schema of its topic; see errors.",
        faults,
    ))
}

/// A message that may leave the process.
struct Redacted {
    key: String,
    payload: Vec<u8>,
    headers: Vec<(String, String)>,
    fixed: Vec<(&'static str, String)>,
    timestamp: Option<String>,
    redactions: Vec<aibbar::Kind>,
}

/// From here on nothing holds the message unredacted.
fn redacted(incoming: Incoming, rules: &RuleSet) -> Redacted {
    let kinds = |redactions: Vec<Redaction>| redactions.into_iter().map(|redaction| redaction.kind);
    let mut redactions = Vec::new();
    let payload = match incoming.message {
        None => Vec::new(),
        Some(mut message) => {
            redactions.extend(kinds(rules.redact_value(&mut message)));
            serde_json::to_vec(&message).unwrap_or_default()
        }
    };
    let key = incoming.key.unwrap_or_default();
    let (key, found) = rules.redact_text(&key);
    redactions.extend(found);
    let named = incoming.headers.into_iter().map(|(name, value)| (name, Value::String(value)));
    let mut headers: Map<String, Value> = named.collect();
    redactions.extend(kinds(rules.redact(&mut headers)));
    let headers = headers.into_iter().filter_map(|(name, value)| match value {
        Value::String(_) if name == PARTITION_KEY_HEADER => Some((name, key.clone().into_owned())),
        Value::String(value) => Some((name, value)),
        _ => None,
    });
    Redacted {
        payload,
        headers: headers.collect(),
        key: key.into_owned(),
        fixed: incoming.fixed,
        timestamp: incoming.timestamp.map(|at| at.to_string()),
        redactions,
    }
}

impl Redacted {
    fn into_record(self, message_id: Uuid) -> NewRecord {
        let users = self.headers.into_iter().map(|(name, value)| (name.into(), Bytes::from(value)));
        let fixed = self.fixed.into_iter().map(|(name, value)| (name.into(), Bytes::from(value)));
        let mut headers: Vec<_> = users.chain(fixed).collect();
        headers.push((MESSAGE_ID_HEADER.into(), message_id.to_string().into()));
        if let Some(at) = self.timestamp {
            headers.push((TIMESTAMP_HEADER.into(), at.into()));
        }
        if !self.redactions.is_empty() {
            headers.push((REDACTIONS_HEADER.into(), self.redactions.len().to_string().into()));
        }
        NewRecord { key: self.key.into(), payload: self.payload.into(), headers }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn key_headers_and_message_are_redacted_and_counted() {
        let incoming = Incoming {
            topic: None,
            key: Some("jane@example.org".into()),
            message: Some(json!(["mail john@example.org", { "password": "hunter2!" }])),
            is_tombstone: false,
            headers: [
                ("note", "call bob@example.org"),
                ("ce_partitionkey", "jane@example.org"),
                ("x-api-key", "sk_live_1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            fixed: vec![("ce_specversion", "1.0".into())],
            timestamp: None,
        };
        let redacted = redacted(incoming, &RuleSet::default());
        let count = redacted.redactions.len();
        let record = redacted.into_record(Uuid::nil());
        assert_eq!(record.key, "[REDACTED:email]");
        assert_eq!(record.payload, r#"["mail [REDACTED:email]",{"password":"[REDACTED:password]"}]"#);
        let header = |name: &str| {
            let found = record.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
            String::from_utf8(found.unwrap().to_vec()).unwrap()
        };
        assert_eq!(header("note"), "call [REDACTED:email]");
        assert_eq!(header(PARTITION_KEY_HEADER), "[REDACTED:email]");
        assert_eq!(header("ce_specversion"), "1.0");
        assert_eq!(header(REDACTIONS_HEADER), count.to_string());
        assert!(!format!("{record:?}").contains("example.org"));
    }

    #[test]
    fn of_a_batch_each_topic_is_told_of_by_itself() {
        let away = || Err(Problem::new(Kind::LogUnavailable, "away"));
        let topics = ["gone", "there", "gone"].map(|name| Some(Arc::from(name))).to_vec();
        let refused = Err(Problem::new(Kind::InvalidBody, "wrong"));
        let topics = [topics, vec![None]].concat();
        let mut outcomes: Vec<Result<Published, Problem>> = vec![away(), away(), away(), refused];
        tell_of_gone("gone", &topics, &mut outcomes);
        let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().err().unwrap().kind()).collect();
        assert_eq!(kinds, [Kind::NotFound, Kind::LogUnavailable, Kind::NotFound, Kind::InvalidBody]);
    }
}
