//! Brings what was given into the types that the schema wants, where that loses nothing that matters.

use aibbar::{canonical, json::INTEGER_MAX};
use serde_json::{Map, Value};

use super::draft::Part;
use crate::compose::{LABELS_MAX, METADATA_TEXTS};

const LABEL_CHARACTERS_MAX: usize = 1_024;

/// The parts of an event.
pub(super) fn event(event: &mut Map<String, Value>) {
    for of in Part::ALL {
        if let Some(Value::Object(given)) = event.get_mut(of.name()) {
            *given = part(of, std::mem::take(given));
        }
    }
}

/// One part of an event.
pub(super) fn part(of: Part, mut part: Map<String, Value>) -> Map<String, Value> {
    match of {
        Part::Action => {
            make_texts(&mut part, &["function", "model"]);
            make_number(&mut part, "latency_ms", f64::INFINITY);
            make_count(&mut part, "tokens_used");
        }
        Part::Decision => {
            make_texts(&mut part, &["type", "logic"]);
            make_number(&mut part, "confidence", 1.0);
            make_list(&mut part, "options");
        }
        Part::Error => {
            part.entry("message").or_insert_with(|| "".into());
            make_texts(&mut part, &["code", "message", "stack"]);
            let is_recoverable = part.get("recoverable").and_then(Value::as_bool).unwrap_or(false);
            part.insert("recoverable".to_owned(), is_recoverable.into());
        }
        Part::Query => {
            make_texts(&mut part, &["prompt", "model"]);
            make_list(&mut part, "messages");
            if !part.contains_key("messages") {
                part.entry("prompt").or_insert_with(|| "".into());
            }
        }
        Part::Response => {
            make_texts(&mut part, &["model", "finish_reason"]);
            make_number(&mut part, "latency_ms", f64::INFINITY);
            if let Some(Value::Object(usage)) = part.get_mut("usage") {
                usage.retain(|name, _| matches!(name.as_str(), "input_tokens" | "output_tokens"));
                for name in ["input_tokens", "output_tokens"] {
                    usage.entry(name).or_insert_with(|| 0.into());
                    make_count(usage, name);
                }
            }
        }
    }
    part
}

/// Texts under the names that the schema has; whatever else was given becomes a label.
pub(super) fn metadata(given: Map<String, Value>) -> Value {
    let mut made = Map::new();
    let mut labels = Map::new();
    let mut label = |name: &str, value: &Value| {
        if labels.len() < LABELS_MAX {
            labels.insert(shortened(name), shortened(&text_of(value)).into());
        }
    };
    for (name, value) in given {
        match value {
            Value::Null => {}
            value if METADATA_TEXTS.contains(&name.as_str()) => {
                made.insert(name, text_of(&value).into());
            }
            Value::Object(inner) if name == "labels" => {
                inner.iter().for_each(|(name, value)| label(name, value));
            }
            value => label(&name, &value),
        }
    }
    if !labels.is_empty() {
        made.insert("labels".to_owned(), labels.into());
    }
    Value::Object(made)
}

fn shortened(text: &str) -> String {
    text.chars().take(LABEL_CHARACTERS_MAX).collect()
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => String::from_utf8_lossy(&canonical::to_vec(other)).into_owned(),
    }
}

fn make_texts(of: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(value) = of.get_mut(*name)
            && !value.is_string()
        {
            *value = text_of(value).into();
        }
    }
}

fn number_of(value: &Value) -> f64 {
    let number = value.as_f64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number.filter(|number: &f64| number.is_finite()).unwrap_or_default().max(0.0)
}

fn make_number(of: &mut Map<String, Value>, name: &str, most: f64) {
    if let Some(value) = of.get_mut(name) {
        *value = number_of(value).min(most).into();
    }
}

fn make_count(of: &mut Map<String, Value>, name: &str) {
    if let Some(value) = of.get_mut(name) {
        *value = (number_of(value).min(INTEGER_MAX as f64) as u64).into();
    }
}

fn make_list(of: &mut Map<String, Value>, name: &str) {
    if let Some(value) = of.get_mut(name)
        && !value.is_array()
    {
        *value = Value::Array(vec![value.take()]);
    }
}
