//! OpenAI's `/chat/completions`, which many others speak too.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answer::{
    Answer, Assembly, Room, ToolCall, one_or_all, parsed, size_of, take_array, take_object, text_of, usage_of,
};

/// What comes in pieces, to be put one after another.
const GROWING: [&str; 4] = ["content", "refusal", "arguments", "reasoning_content"];
const TOOL_CALLS_AT_ONCE_MAX: usize = 1_000;
const CHOICES_MAX: usize = 1_000;
/// How deep a part of a message may stand in another.
const DEPTH_MAX: usize = 16;

/// The messages that are asked with, and whatever else was said.
pub(super) fn query(mut body: Map<String, Value>) -> Map<String, Value> {
    let messages = match body.remove("messages") {
        Some(Value::Array(messages)) => messages,
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other],
    };
    super::dialect::query_of("messages", Value::Array(messages), body)
}

/// A whole answer.
pub(super) fn answer(mut result: Map<String, Value>) -> Answer {
    let mut finish_reason = None;
    let mut messages = Vec::new();
    let mut tools = Vec::new();
    for (at, choice) in take_array(&mut result, "choices").into_iter().enumerate() {
        let Value::Object(mut choice) = choice else { continue };
        if at == 0 {
            finish_reason = text_of(&choice, "finish_reason");
        }
        let message = take_object(&mut choice, "message");
        if let Some(Value::Array(calls)) = message.get("tool_calls") {
            tools.extend(calls.iter().filter_map(Value::as_object).map(tool));
        }
        messages.push(Value::Object(message));
    }
    Answer {
        output: one_or_all(messages),
        model: text_of(&result, "model"),
        finish_reason,
        usage: usage_of(result.get("usage"), "prompt_tokens", "completion_tokens"),
        tools,
    }
}

fn tool(call: &Map<String, Value>) -> ToolCall {
    let said = |name: &str| call.get(name).and_then(Value::as_object).filter(|said| !said.is_empty());
    let function = said("function").or_else(|| said("custom"));
    let given = function.and_then(|function| function.get("arguments").or_else(|| function.get("input")));
    ToolCall {
        name: function.and_then(|function| text_of(function, "name")).unwrap_or_default(),
        given: parsed(given.cloned().unwrap_or_default()),
        call_id: text_of(call, "id"),
    }
}

/// A streamed answer.
pub(super) struct ChatAssembly {
    result: Map<String, Value>,
    choices: BTreeMap<u64, Choice>,
    room: Room,
}

#[derive(Default)]
struct Choice {
    message: Map<String, Value>,
    finish_reason: Option<Value>,
}

impl ChatAssembly {
    pub(super) fn new() -> Self {
        Self { result: Map::new(), choices: BTreeMap::new(), room: Room::new() }
    }
}

impl Assembly for ChatAssembly {
    fn feed(&mut self, mut part: Map<String, Value>) -> bool {
        for piece in take_array(&mut part, "choices") {
            let Value::Object(mut piece) = piece else { continue };
            let index = piece.get("index").and_then(Value::as_u64).unwrap_or(0);
            if self.choices.len() >= CHOICES_MAX && !self.choices.contains_key(&index) {
                continue;
            }
            let choice = self.choices.entry(index).or_default();
            if let Some(reason) = piece.remove("finish_reason").filter(Value::is_string) {
                choice.finish_reason = Some(reason);
            }
            grow(&mut choice.message, take_object(&mut piece, "delta"), &mut self.room, 0);
        }
        for name in ["model", "usage"] {
            if let Some(said) = part.remove(name).filter(|said| !said.is_null()) {
                self.result.insert(name.to_owned(), said);
            }
        }
        false
    }

    fn answer(self: Box<Self>) -> Option<Answer> {
        if self.choices.is_empty() {
            return None;
        }
        let whole = |choice: Choice| {
            let mut said = Map::new();
            said.insert("message".to_owned(), Value::Object(choice.message));
            said.insert("finish_reason".to_owned(), choice.finish_reason.unwrap_or_default());
            Value::Object(said)
        };
        let mut result = self.result;
        result.insert("choices".to_owned(), self.choices.into_values().map(whole).collect());
        Some(answer(result))
    }
}

/// Adds what a part of a message says.
fn grow(message: &mut Map<String, Value>, delta: Map<String, Value>, room: &mut Room, depth: usize) {
    if depth > DEPTH_MAX {
        return;
    }
    for (name, value) in delta {
        match value {
            Value::Null => {}
            Value::Array(pieces) if name == "tool_calls" && depth == 0 => grow_calls(message, pieces, room),
            Value::Object(inner) => {
                if !message.contains_key(&name) && !room.take_member(&name, 0) {
                    continue;
                }
                let known = message.entry(name).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(known) = known {
                    grow(known, inner, room, depth + 1);
                }
            }
            Value::String(more) if GROWING.contains(&name.as_str()) => room.grow(message, &name, &more),
            other => {
                let is_said = message.get(&name) == Some(&other);
                if !is_said && room.take_member(&name, size_of(&other)) {
                    message.insert(name, other);
                }
            }
        }
    }
}

fn grow_calls(message: &mut Map<String, Value>, pieces: Vec<Value>, room: &mut Room) {
    let calls = message.entry("tool_calls").or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(calls) = calls else { return };
    for piece in pieces {
        let Value::Object(mut piece) = piece else { continue };
        let index = piece.remove("index").and_then(|index| index.as_u64()).unwrap_or(0);
        let Some(at) = usize::try_from(index).ok().filter(|at| *at < TOOL_CALLS_AT_ONCE_MAX) else { continue };
        if calls.len() <= at {
            calls.resize(at + 1, Value::Object(Map::new()));
        }
        if let Some(Value::Object(call)) = calls.get_mut(at) {
            grow(call, piece, room, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn assembled(parts: Vec<Value>) -> Answer {
        let mut assembly = Box::new(ChatAssembly::new());
        for part in parts {
            assembly.feed(part.as_object().unwrap().clone());
        }
        assembly.answer().unwrap()
    }

    fn delta(index: u64, delta: Value, reason: Value) -> Value {
        json!({"model": "gpt", "choices": [{"index": index, "delta": delta, "finish_reason": reason}]})
    }

    #[test]
    fn several_choices_are_a_list() {
        let answer = assembled(vec![
            delta(1, json!({"role": "assistant", "content": "b"}), json!(null)),
            delta(0, json!({"role": "assistant", "content": "a"}), json!("stop")),
            delta(1, json!({"content": "b"}), json!("length")),
        ]);
        assert_eq!(
            answer.output,
            json!([{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "bb"}])
        );
        assert_eq!(answer.finish_reason.as_deref(), Some("stop"));
        assert_eq!(answer.usage, None);
    }

    #[test]
    fn tool_calls_grow_by_their_index() {
        let piece = |index: u64, arguments: &str| json!({"index": index, "function": {"arguments": arguments}});
        let named = json!({"index": 1, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}});
        let answer = assembled(vec![
            delta(0, json!({"tool_calls": [named, piece(0, "no")]}), json!(null)),
            delta(0, json!({"tool_calls": [piece(1, "{\"a\""), piece(1, ": 1}"), piece(9_999_999, "x")]}), json!(null)),
        ]);
        assert_eq!(answer.tools.len(), 2);
        let wanted = ToolCall { name: "f".to_owned(), given: json!({"a": 1}), call_id: Some("c".to_owned()) };
        assert_eq!(answer.tools[1], wanted);
        assert_eq!(answer.tools[0].given, json!("no"));
    }

    #[test]
    fn a_custom_tool_is_a_tool() {
        let call = json!({"id": "c", "type": "custom", "custom": {"name": "sql", "input": "select"}});
        let result = json!({"choices": [{"message": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]});
        let answer = answer(result.as_object().unwrap().clone());
        assert_eq!((answer.tools[0].name.as_str(), &answer.tools[0].given), ("sql", &json!("select")));
    }

    #[test]
    fn what_makes_no_sense_is_let_go() {
        let mut deep = json!({"x": 1});
        for _ in 0..100 {
            deep = json!({"audio": deep});
        }
        let answer = assembled(vec![
            json!({"choices": [7, {"index": "a", "delta": 7}]}),
            delta(0, json!({"tool_calls": "no", "content": {"odd": 1}}), json!(7)),
            delta(0, deep, json!(null)),
        ]);
        assert_eq!(answer.output["content"], json!({"odd": 1}));
        assert_eq!(answer.finish_reason, None);
    }
}
