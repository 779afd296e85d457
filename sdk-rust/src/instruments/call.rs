//! One question to a model and its answer, as events. All of one call have the same label `call`.

use std::time::Instant;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    answer::{Answer, text_of},
    dialect::Dialect,
    fault::Fault,
};

/// Tool calls of one answer that are recorded as actions; all are in the answer itself.
const TOOL_CALLS_MAX: usize = 100;
const AI_VERSION_CHARS_MAX: usize = 128;

pub(super) struct Call {
    pub(super) dialect: Dialect,
    began: Instant,
    labels: Map<String, Value>,
    query: Map<String, Value>,
    model: Option<String>,
    names_version: bool,
}

impl Call {
    /// A question. Of a body that is none of JSON, or was too large to be read, nothing is known.
    ///
    /// `names_version`: whether the events say the model's name as the AI's version.
    pub(super) fn new(dialect: Dialect, body: Option<Map<String, Value>>, names_version: bool) -> Self {
        let mut labels = Map::new();
        labels.insert("instrument".to_owned(), dialect.provider().into());
        labels.insert("call".to_owned(), Uuid::new_v4().simple().to_string().into());
        let query = body.map(|body| dialect.query(body)).unwrap_or_default();
        let model = text_of(&query, "model");
        Self { dialect, began: Instant::now(), labels, query, model, names_version }
    }

    /// The `ai.query`.
    pub(super) fn asked(&self, left_out: Option<LeftOut>) -> Value {
        self.event("ai.query", "query", self.query_value(), left_out.map(|it| it.label("query")))
    }

    /// The `ai.response`, and an `ai.action` for each tool that the model wants called.
    pub(super) fn answered(&self, answer: Answer, left_out: Option<LeftOut>) -> Vec<Value> {
        let Answer { output, model, finish_reason, usage, tools } = answer;
        let model = model.or_else(|| self.model.clone());
        let mut response = Map::new();
        response.insert("output".to_owned(), output);
        response.insert("latency_ms".to_owned(), (self.began.elapsed().as_secs_f64() * 1000.0).into());
        let said = [("model", model.clone().map(Value::from)), ("finish_reason", finish_reason.map(Value::from))];
        for (name, value) in said.into_iter().chain([("usage", usage)]) {
            if let Some(value) = value {
                response.insert(name.to_owned(), value);
            }
        }
        let label = left_out.map(|it| it.label("response"));
        let mut events = vec![self.event("ai.response", "response", Value::Object(response), label)];
        for tool in tools.into_iter().take(TOOL_CALLS_MAX) {
            let action = json!({
                "function": tool.name, "input": tool.given, "output": null, "latency_ms": 0,
                "model": model.as_deref().unwrap_or_default(),
            });
            let label = tool.call_id.map(|id| ("tool_call".to_owned(), id));
            events.push(self.event("ai.action", "action", action, label));
        }
        events
    }

    /// The `ai.error`.
    pub(super) fn failed(&self, fault: Fault) -> Value {
        let mut event = self.event("ai.error", "error", fault.into_value(), None);
        event["query"] = self.query_value();
        event
    }

    fn query_value(&self) -> Value {
        if self.query.is_empty() { json!({"prompt": ""}) } else { Value::Object(self.query.clone()) }
    }

    fn event(&self, event_type: &str, part: &str, value: Value, label: Option<(String, String)>) -> Value {
        let mut labels = self.labels.clone();
        labels.extend(label.map(|(name, text)| (name, text.into())));
        let mut event = json!({"event_type": event_type, "metadata": {"labels": labels}});
        event[part] = value;
        if let Some(model) = self.model.as_ref().filter(|_| self.names_version) {
            event["ai_version"] = model.chars().take(AI_VERSION_CHARS_MAX).collect::<String>().into();
        }
        event
    }
}

/// Something that was passed on and is not in the event: the label says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// It is larger than what is read.
    TooLarge,
    /// It is none of the bytes that could be read, such as a compressed body.
    Unread,
}

impl LeftOut {
    fn label(self, what: &str) -> (String, String) {
        let why = match self {
            Self::TooLarge => "too_large",
            Self::Unread => "unread",
        };
        (format!("{what}_left_out"), why.to_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::instruments::answer::ToolCall;

    fn call(body: Value, names_version: bool) -> Call {
        Call::new(Dialect::Chat, body.as_object().cloned(), names_version)
    }

    #[test]
    fn all_events_of_a_call_have_its_label() {
        let call = call(json!({"model": "m", "messages": []}), true);
        let tool = || ToolCall { name: "f".to_owned(), given: json!({"a": 1}), call_id: Some("id".to_owned()) };
        let tools = (0..TOOL_CALLS_MAX + 5).map(|_| tool()).collect();
        let answer = Answer { output: json!("o"), model: Some("m-1".to_owned()), tools, ..Answer::default() };
        let mut events = vec![call.asked(None)];
        events.extend(call.answered(answer, None));
        events.push(call.failed(Fault::cancelled()));
        assert_eq!(events.len(), 2 + TOOL_CALLS_MAX + 1);
        for event in &events {
            assert_eq!(event["metadata"]["labels"]["call"], events[0]["metadata"]["labels"]["call"]);
            assert_eq!(event["metadata"]["labels"]["instrument"], "openai");
            assert_eq!(event["ai_version"], "m");
        }
        let wanted = json!({"function": "f", "input": {"a": 1}, "output": null, "latency_ms": 0, "model": "m-1"});
        assert_eq!(events[2]["action"], wanted);
        assert_eq!(events[2]["metadata"]["labels"]["tool_call"], "id");
        assert_eq!(events.last().unwrap()["query"], events[0]["query"]);
        assert_eq!(events[1]["response"]["model"], "m-1");
        assert!(events[1]["response"].get("usage").is_none());
        assert!(events[1]["response"].get("finish_reason").is_none());
    }

    #[test]
    fn of_a_body_that_was_not_read_the_query_is_empty() {
        let event = Call::new(Dialect::Messages, None, true).asked(Some(LeftOut::TooLarge));
        assert_eq!(event["query"], json!({"prompt": ""}));
        assert_eq!(event["metadata"]["labels"]["query_left_out"], "too_large");
        assert!(event.get("ai_version").is_none());
    }

    #[test]
    fn a_version_that_was_set_stays() {
        let event = call(json!({"model": "m".repeat(500)}), false).asked(None);
        assert!(event.get("ai_version").is_none());
        let event = call(json!({"model": "m".repeat(500)}), true).asked(None);
        assert_eq!(event["ai_version"].as_str().unwrap().len(), AI_VERSION_CHARS_MAX);
    }
}
