//! Fills an event in: ids, times, metadata. What both the client and the recorder do before anything is signed.

use std::{collections::HashMap, sync::LazyLock};

use aibbar::{Timestamp, canonical, json::INTEGER_MAX};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{context, moment, settings::Resolved};

/// The texts that an event's metadata may have.
pub(crate) const METADATA_TEXTS: [&str; 8] =
    ["user_id", "session_id", "request_id", "source_ip", "country", "region", "trace_id", "span_id"];
/// How many labels an event may have.
pub(crate) const LABELS_MAX: usize = 32;
/// So many AI systems are counted for in one process; the events of others have no number.
const AI_SYSTEMS_MAX: usize = 65_536;

/// Counts the events of each AI system from 0, from when the process began.
#[derive(Default)]
pub(crate) struct Sequences(Mutex<HashMap<Uuid, u64>>);

impl Sequences {
    /// The number of the next event.
    pub(crate) fn next(&self, ai_id: Uuid) -> Option<u64> {
        let mut counts = self.0.lock();
        if counts.len() >= AI_SYSTEMS_MAX && !counts.contains_key(&ai_id) {
            return None;
        }
        let next = counts.entry(ai_id).or_default();
        let number = *next;
        *next = if number < INTEGER_MAX.unsigned_abs() { number + 1 } else { 0 };
        Some(number)
    }
}

/// One count for all clients and recorders of the process: they may speak for one AI system.
pub(crate) static SEQUENCES: LazyLock<Sequences> = LazyLock::new(Sequences::default);

/// Adds what is absent, but for `sequence`.
pub(crate) fn fill(event: &mut Map<String, Value>, settings: &Resolved) {
    match event.get("timestamp") {
        None => {
            let now_ns = moment::now_ns();
            event.insert("timestamp".to_owned(), moment::text_of(now_ns).into());
            event.entry("event_id").or_insert_with(|| moment::new_id(now_ns).to_string().into());
        }
        Some(given) if !event.contains_key("event_id") => {
            let at_ns = given.as_str().and_then(Timestamp::parse).map_or_else(moment::now_ns, Timestamp::unix_ns);
            event.insert("event_id".to_owned(), moment::new_id(at_ns).to_string().into());
        }
        Some(_) => {}
    }
    if let Some(ai_id) = settings.ai_id {
        event.entry("ai_id").or_insert_with(|| ai_id.to_string().into());
    }
    event.entry("ai_version").or_insert_with(|| settings.ai_version.as_str().into());
    if let Some(key_id) = &settings.signing_key_id {
        event.entry("key_id").or_insert_with(|| key_id.as_str().into());
    }
    let own = match event.remove("metadata") {
        Some(Value::Object(own)) => own,
        _ => Map::new(),
    };
    event.insert("metadata".to_owned(), Value::Object(metadata_with(own)));
}

/// The context's metadata, under the event's own; labels of both, within their bound.
pub(crate) fn metadata_with(own: Map<String, Value>) -> Map<String, Value> {
    let carried = context::carried();
    let mut merged = carried.as_ref().map(|carried| carried.metadata()).unwrap_or_default();
    if !merged.contains_key("trace_id")
        && let Some((trace_id, span_id)) = context::current_span()
    {
        merged.insert("trace_id".to_owned(), trace_id.into());
        merged.insert("span_id".to_owned(), span_id.into());
    }
    for (name, value) in own {
        match (merged.get_mut(&name), value) {
            (Some(Value::Object(labels)), Value::Object(own)) if name == "labels" => {
                // Its own first, then as many of the context's as there is room for.
                let carried = std::mem::replace(labels, own);
                for (label, text) in carried {
                    if labels.len() < LABELS_MAX {
                        labels.entry(label).or_insert(text);
                    }
                }
            }
            (_, value) => {
                merged.insert(name, value);
            }
        }
    }
    merged
}

/// Adds the canonical form of the metadata of an event that has none of its own.
pub(crate) fn write_carried_metadata(out: &mut Vec<u8>) {
    let carried = context::carried();
    let names_a_trace = carried.as_ref().is_some_and(|carried| carried.names_a_trace());
    if !names_a_trace && context::current_span().is_some() {
        out.extend_from_slice(&canonical::to_vec(&Value::Object(metadata_with(Map::new()))));
    } else {
        out.extend_from_slice(carried.as_ref().map_or(b"{}", |carried| carried.canonical()));
    }
}
