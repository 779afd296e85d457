//! What came back from a model, in the event's words.

use serde_json::{Map, Value, json};

/// A tool that the model wants called.
#[derive(Debug, PartialEq)]
pub(super) struct ToolCall {
    pub(super) name: String,
    pub(super) given: Value,
    pub(super) call_id: Option<String>,
}

/// What came back.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) output: Value,
    pub(super) model: Option<String>,
    pub(super) finish_reason: Option<String>,
    pub(super) usage: Option<Value>,
    pub(super) tools: Vec<ToolCall>,
}

/// Puts the parts of a streamed answer together.
pub(super) trait Assembly: Send + Sync {
    /// One part. Answers whether it says that no more comes.
    fn feed(&mut self, part: Map<String, Value>) -> bool;

    /// The answer, as far as it came; none where nothing of it did.
    fn answer(self: Box<Self>) -> Option<Answer>;
}

/// Tokens, under the event's names.
pub(super) fn usage_of(given: Option<&Value>, input_name: &str, output_name: &str) -> Option<Value> {
    let given = given?.as_object()?;
    let tokens = |name: &str| given.get(name).and_then(count_of).unwrap_or(0);
    Some(json!({"input_tokens": tokens(input_name), "output_tokens": tokens(output_name)}))
}

fn count_of(value: &Value) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
    value.as_u64().or_else(|| value.as_f64().map(|number| number as u64))
}

/// A model's arguments are JSON, mostly.
pub(super) fn parsed(arguments: Value) -> Value {
    match &arguments {
        Value::String(text) => serde_json::from_str(text).unwrap_or(arguments),
        _ => arguments,
    }
}

/// A member that is a text.
pub(super) fn text_of(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

/// Takes a member that is an array; an empty one where it is none.
pub(super) fn take_array(object: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match object.remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// Takes a member that is an object; an empty one where it is none.
pub(super) fn take_object(object: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match object.remove(name) {
        Some(Value::Object(inner)) => inner,
        _ => Map::new(),
    }
}

/// One alone stands for itself.
pub(super) fn one_or_all(mut items: Vec<Value>) -> Value {
    if items.len() == 1 { items.remove(0) } else { Value::Array(items) }
}

/// About how much a value takes.
pub(super) fn size_of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 8 + size_of(item)).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| 8 + name.len() + size_of(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

/// How much of a streamed answer is put together: what comes after it is read and not kept.
pub(super) struct Room(usize);

impl Room {
    /// Four times what the largest event holds.
    pub(super) const BYTES_MAX: usize = 1024 * 1024;
    /// What a member costs beside its name and value.
    const MEMBER_BYTES: usize = 32;

    pub(super) fn new() -> Self {
        Self(Self::BYTES_MAX)
    }

    /// Whether so many bytes more are kept.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let is_room = bytes <= self.0;
        self.0 = if is_room { self.0 - bytes } else { 0 };
        is_room
    }

    /// Whether a member more is kept.
    pub(super) fn take_member(&mut self, name: &str, value_bytes: usize) -> bool {
        self.take(Self::MEMBER_BYTES + name.len() + value_bytes)
    }

    /// Adds to a text of the object.
    pub(super) fn grow(&mut self, object: &mut Map<String, Value>, name: &str, more: &str) {
        match object.get_mut(name) {
            Some(Value::String(text)) => {
                if self.take(more.len()) {
                    text.push_str(more);
                }
            }
            _ => {
                if self.take_member(name, more.len()) {
                    object.insert(name.to_owned(), Value::String(more.to_owned()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_are_not_said_are_none_and_tokens_that_are_null_are_zero() {
        let given = json!({"in": 7, "out": null});
        assert_eq!(usage_of(Some(&given), "in", "out"), Some(json!({"input_tokens": 7, "output_tokens": 0})));
        assert_eq!(usage_of(Some(&Value::Null), "in", "out"), None);
        assert_eq!(usage_of(None, "in", "out"), None);
        assert_eq!(
            usage_of(Some(&json!({"in": 3.0})), "in", "out").and_then(|it| it["input_tokens"].as_u64()),
            Some(3)
        );
    }

    #[test]
    fn arguments_that_are_no_json_stay_what_they_are() {
        assert_eq!(parsed(json!("{\"a\": 1}")), json!({"a": 1}));
        assert_eq!(parsed(json!("{\"a\": ")), json!("{\"a\": "));
        assert_eq!(parsed(json!(null)), json!(null));
    }

    #[test]
    fn a_text_grows_while_there_is_room() {
        let mut room = Room::new();
        let mut object = Map::new();
        let piece = "x".repeat(Room::BYTES_MAX / 4);
        for _ in 0..10 {
            room.grow(&mut object, "content", &piece);
        }
        assert_eq!(text_of(&object, "content").map(|text| text.len()), Some(piece.len() * 3));
    }
}
