//! A recorded conversation in OpenAI's chat-message format, read leniently: what is unknown is passed over.

use aibbar::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// One line of the input.
#[derive(Debug, Deserialize)]
pub(super) struct Conversation {
    #[serde(default, alias = "conversation_id", deserialize_with = "text_or_number")]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) model: Option<String>,
    #[serde(flatten)]
    pub(super) at: Times,
    pub(super) messages: Vec<Message>,
}

/// One message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) role: String,
    #[serde(default)]
    pub(super) content: Value,
    #[serde(default)]
    pub(super) refusal: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) model: Option<String>,
    #[serde(default)]
    pub(super) tool_calls: Option<Vec<ToolCall>>,
    /// The form that came before `tool_calls`.
    #[serde(default)]
    pub(super) function_call: Option<Function>,
    #[serde(default)]
    pub(super) tool_call_id: Option<String>,
    #[serde(flatten)]
    pub(super) at: Times,
}

/// A call of a tool.
#[derive(Debug, Deserialize)]
pub(super) struct ToolCall {
    #[serde(default)]
    pub(super) id: Option<String>,
    /// Absent for tools that are no functions.
    #[serde(default)]
    pub(super) function: Option<Function>,
    /// A custom tool: free text instead of JSON arguments.
    #[serde(default)]
    pub(super) custom: Option<Custom>,
}

/// The function that is called.
#[derive(Debug, Deserialize)]
pub(super) struct Function {
    pub(super) name: String,
    #[serde(default)]
    pub(super) arguments: Value,
}

/// The custom tool that is called.
#[derive(Debug, Deserialize)]
pub(super) struct Custom {
    pub(super) name: String,
    #[serde(default)]
    pub(super) input: Value,
}

/// When it was, under the names that recorders use.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Times {
    #[serde(default)]
    created: Value,
    #[serde(default)]
    created_at: Value,
    #[serde(default)]
    timestamp: Value,
}

impl Times {
    /// The first of them that is a time.
    pub(super) fn moment(&self) -> Option<Timestamp> {
        [&self.created, &self.created_at, &self.timestamp].into_iter().find_map(moment)
    }
}

/// Unix seconds or milliseconds as a number or its text, or RFC 3339.
fn moment(value: &Value) -> Option<Timestamp> {
    /// Unix seconds of this size lie in the year 5138: it is milliseconds.
    const SECONDS_MAX: f64 = 1e11;
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match Timestamp::parse(text) {
            Some(at) => return Some(at),
            None => text.parse::<f64>().ok(),
        },
        _ => None,
    }?;
    if !number.is_finite() || number <= 0.0 {
        return None;
    }
    let ms = if number < SECONDS_MAX { number * 1_000.0 } else { number };
    Some(Timestamp::from_unix_ms(ms.round() as i64))
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(serde::de::Error::custom("`id` is neither text nor a number")),
    }
}

/// The text of a message's content: a string, or an array whose parts are all text. `None` when it is neither, or empty.
pub(super) fn text_of(content: &Value) -> Option<String> {
    let text = match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(part_text).collect::<Option<Vec<_>>>()?.join("\n"),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn part_text(part: &Value) -> Option<&str> {
    match part {
        Value::String(text) => Some(text),
        Value::Object(part) => part.get("text").or_else(|| part.get("refusal"))?.as_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_the_forms_that_recorders_write() {
        for (value, unix_ms) in [
            (json!(1_700_000_000), Some(1_700_000_000_000)),
            (json!(1_700_000_000.25), Some(1_700_000_000_250)),
            (json!(1_700_000_000_123_u64), Some(1_700_000_000_123)),
            (json!("1700000000"), Some(1_700_000_000_000)),
            (json!("2023-11-14T22:13:20Z"), Some(1_700_000_000_000)),
            (json!("yesterday"), None),
            (json!(0), None),
            (json!(null), None),
        ] {
            assert_eq!(moment(&value).map(Timestamp::unix_ms), unix_ms, "{value}");
        }
    }

    #[test]
    fn content_is_text_or_parts_of_text() {
        let parts = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
        assert_eq!(text_of(&parts).as_deref(), Some("a\nb"));
        assert_eq!(text_of(&json!("a")).as_deref(), Some("a"));
        for nothing in [json!(null), json!(""), json!(" \n"), json!([]), json!([{"type": "image_url"}])] {
            assert_eq!(text_of(&nothing), None, "{nothing}");
        }
    }
}
