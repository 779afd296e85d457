//! What an `ai.error` says of a call that failed.

use serde_json::{Map, Value, json};

use super::answer::text_of;

const RECOVERABLE_STATUSES: [u16; 8] = [408, 409, 429, 500, 502, 503, 504, 529];
/// The same in a stream, which has no status any more.
const RECOVERABLE_KINDS: [&str; 6] =
    ["api_error", "overloaded_error", "rate_limit_error", "rate_limit_exceeded", "server_error", "timeout_error"];
const MESSAGE_CHARS_MAX: usize = 1_000;

/// What went wrong.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    code: String,
    message: String,
    is_recoverable: bool,
}

impl Fault {
    pub(super) fn new(code: &str, message: &str, is_recoverable: bool) -> Self {
        let message = message.chars().take(MESSAGE_CHARS_MAX).collect();
        Self { code: code.to_owned(), message, is_recoverable }
    }

    /// The provider has refused.
    pub(super) fn of_answer(status: u16, body: &[u8]) -> Self {
        let is_recoverable = RECOVERABLE_STATUSES.contains(&status);
        let said: Option<Value> = serde_json::from_slice(body).ok();
        let error = said.as_ref().map(|said| said.get("error").unwrap_or(said));
        let code = error.and_then(code_of).unwrap_or_else(|| format!("http_{status}"));
        match error.and_then(message_of) {
            Some(message) => Self::new(&code, message, is_recoverable),
            None => Self::new(&code, String::from_utf8_lossy(body).trim(), is_recoverable),
        }
    }

    /// A part of a stream that says that it has failed.
    pub(super) fn of_part(part: &Map<String, Value>) -> Option<Self> {
        let whole = || (part.get("type")? == "error").then(|| Value::Object(part.clone()));
        let error = part.get("error").filter(|error| is_said(error)).cloned().or_else(whole)?;
        let code = code_of(&error).unwrap_or_else(|| "error".to_owned());
        let is_recoverable = ["code", "type"]
            .iter()
            .filter_map(|name| error.get(name)?.as_str())
            .any(|kind| RECOVERABLE_KINDS.contains(&kind));
        Some(Self::new(&code, message_of(&error).unwrap_or_default(), is_recoverable))
    }

    /// The answer is none of a model.
    pub(super) fn unreadable() -> Self {
        Self::new("unreadable_answer", "the answer is no JSON object", false)
    }

    /// The caller has gone before there was an answer.
    pub(super) fn cancelled() -> Self {
        Self::new("cancelled", "the caller left before there was an answer", false)
    }

    /// The event's error.
    pub(super) fn into_value(self) -> Value {
        json!({"code": self.code, "message": self.message, "recoverable": self.is_recoverable})
    }
}

fn is_said(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

fn code_of(error: &Value) -> Option<String> {
    let error = error.as_object()?;
    let number = || error.get("code")?.as_i64().map(|code| code.to_string());
    text_of(error, "code").or_else(number).or_else(|| text_of(error, "type")).filter(|code| !code.is_empty())
}

fn message_of(error: &Value) -> Option<&str> {
    error.as_str().or_else(|| error.get("message")?.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of_part(part: Value) -> Option<Fault> {
        Fault::of_part(part.as_object().unwrap())
    }

    #[test]
    fn a_refusal_has_the_providers_own_words() {
        let openai =
            br#"{"error": {"message": "Slow down.", "type": "requests", "param": null, "code": "rate_limit"}}"#;
        assert_eq!(Fault::of_answer(429, openai), Fault::new("rate_limit", "Slow down.", true));
        let anthropic = br#"{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}"#;
        assert_eq!(Fault::of_answer(529, anthropic), Fault::new("overloaded_error", "Overloaded", true));
        assert_eq!(Fault::of_answer(400, b"{\"error\": \"no\"}"), Fault::new("http_400", "no", false));
        assert_eq!(Fault::of_answer(502, b" <html> "), Fault::new("http_502", "<html>", true));
        assert_eq!(Fault::of_answer(404, &[0xff; 5000]).message.chars().count(), MESSAGE_CHARS_MAX);
    }

    #[test]
    fn a_part_that_says_error_is_a_fault() {
        let error = json!({"type": "overloaded_error", "message": "Overloaded"});
        let anthropic = json!({"type": "error", "error": error});
        assert_eq!(of_part(anthropic), Some(Fault::new("overloaded_error", "Overloaded", true)));
        let responses = json!({"type": "error", "code": "server_error", "message": "m", "param": null});
        assert_eq!(of_part(responses), Some(Fault::new("server_error", "m", true)));
        let chat = json!({"error": {"message": "m", "code": 400}});
        assert_eq!(of_part(chat), Some(Fault::new("400", "m", false)));
        assert_eq!(of_part(json!({"choices": [], "error": null})), None);
        assert_eq!(of_part(json!({"type": "ping"})), None);
    }
}
