//! Anthropic's `/v1/messages`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Assembly, Room, ToolCall, size_of, take_array, take_object, text_of, usage_of};

/// Blocks of one streamed answer that are put together.
const BLOCKS_MAX: usize = 1_000;

/// The messages that are asked with, and whatever else was said. A system prompt stands before the messages, as one of
/// them.
pub(super) fn query(mut body: Map<String, Value>) -> Map<String, Value> {
    let mut messages = take_array(&mut body, "messages");
    let system = body.remove("system").unwrap_or_default();
    if !is_empty(&system) {
        messages.insert(0, json!({"role": "system", "content": system}));
    }
    super::dialect::query_of("messages", Value::Array(messages), body)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A whole answer.
pub(super) fn answer(mut result: Map<String, Value>) -> Answer {
    let blocks = take_array(&mut result, "content");
    let tools = blocks.iter().filter_map(Value::as_object).filter_map(tool).collect();
    Answer {
        output: Value::Array(blocks),
        model: text_of(&result, "model"),
        finish_reason: text_of(&result, "stop_reason"),
        usage: usage_of(result.get("usage"), "input_tokens", "output_tokens"),
        tools,
    }
}

fn tool(block: &Map<String, Value>) -> Option<ToolCall> {
    (block.get("type")? == "tool_use").then(|| ToolCall {
        name: text_of(block, "name").unwrap_or_default(),
        given: block.get("input").cloned().unwrap_or_default(),
        call_id: text_of(block, "id"),
    })
}

/// A streamed answer.
pub(super) struct MessagesAssembly {
    message: Option<Map<String, Value>>,
    blocks: BTreeMap<u64, Map<String, Value>>,
    /// The input of a tool comes as pieces of its JSON.
    inputs: BTreeMap<u64, String>,
    room: Room,
}

impl MessagesAssembly {
    pub(super) fn new() -> Self {
        Self { message: None, blocks: BTreeMap::new(), inputs: BTreeMap::new(), room: Room::new() }
    }

    fn begin(&mut self, index: u64, mut part: Map<String, Value>) {
        let size = part.get("content_block").map_or(0, size_of);
        if self.blocks.len() < BLOCKS_MAX && self.room.take_member("", size) {
            self.blocks.insert(index, take_object(&mut part, "content_block"));
        }
    }

    fn add(&mut self, index: u64, delta: &Map<String, Value>) {
        let Some(block) = self.blocks.get_mut(&index) else { return };
        for name in ["text", "thinking", "signature"] {
            if let Some(more) = delta.get(name).and_then(Value::as_str) {
                self.room.grow(block, name, more);
            }
        }
        if let Some(more) = delta.get("partial_json").and_then(Value::as_str).filter(|more| self.room.take(more.len()))
        {
            self.inputs.entry(index).or_default().push_str(more);
        }
    }

    fn change(&mut self, mut part: Map<String, Value>) {
        let Some(message) = &mut self.message else { return };
        let stop_reason = take_object(&mut part, "delta").remove("stop_reason").unwrap_or_default();
        message.insert("stop_reason".to_owned(), stop_reason);
        let mut usage = take_object(message, "usage");
        usage.extend(take_object(&mut part, "usage").into_iter().filter(|(_, count)| count.is_number()));
        message.insert("usage".to_owned(), Value::Object(usage));
    }
}

impl Assembly for MessagesAssembly {
    fn feed(&mut self, mut part: Map<String, Value>) -> bool {
        let index = part.get("index").and_then(Value::as_u64);
        match (part.get("type").and_then(Value::as_str), index) {
            (Some("message_start"), _) => self.message = Some(take_object(&mut part, "message")),
            (Some("content_block_start"), Some(index)) => self.begin(index, part),
            (Some("content_block_delta"), Some(index)) => self.add(index, &take_object(&mut part, "delta")),
            (Some("message_delta"), _) => self.change(part),
            (Some("message_stop"), _) => return true,
            _ => {}
        }
        false
    }

    fn answer(mut self: Box<Self>) -> Option<Answer> {
        let mut message = self.message.take()?;
        for (index, text) in self.inputs {
            if let Some(block) = self.blocks.get_mut(&index) {
                let input = serde_json::from_str(&text).unwrap_or(Value::String(text));
                block.insert("input".to_owned(), input);
            }
        }
        message.insert("content".to_owned(), self.blocks.into_values().map(Value::Object).collect());
        Some(answer(message))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn fed(parts: Vec<Value>) -> Option<Answer> {
        let mut assembly = Box::new(MessagesAssembly::new());
        for part in parts {
            assembly.feed(part.as_object().unwrap().clone());
        }
        assembly.answer()
    }

    fn start() -> Value {
        json!({"type": "message_start",
            "message": {"model": "m", "content": [], "usage": {"input_tokens": 5, "output_tokens": 1}}})
    }

    #[test]
    fn thinking_and_its_signature_are_put_together() {
        let delta = |name: &str, text: &str| json!({"type": "content_block_delta", "index": 0, "delta": {name: text}});
        let answer = fed(vec![
            start(),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}),
            delta("thinking", "so"),
            delta("thinking", "..."),
            delta("signature", "sig"),
            delta("odd", "x"),
        ]);
        let wanted = json!([{"type": "thinking", "thinking": "so...", "signature": "sig"}]);
        assert_eq!(answer.unwrap().output, wanted);
    }

    #[test]
    fn blocks_are_kept_while_there_is_room() {
        let text = "x".repeat(Room::BYTES_MAX / 4);
        let block = |index: u64| {
            json!({"type": "content_block_start", "index": index,
                "content_block": {"type": "web_search_tool_result", "content": [{"encrypted_content": text}]}})
        };
        let answer = fed(std::iter::once(start()).chain((0..10).map(block)).collect()).unwrap();
        assert_eq!(answer.output.as_array().map(Vec::len), Some(3));
    }

    #[test]
    fn an_input_that_was_cut_is_what_came() {
        let answer = fed(vec![
            start(),
            json!({"type": "content_block_start", "index": 3,
                "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}}}),
            json!({"type": "content_block_delta", "index": 3, "delta": {"partial_json": "{\"a\":"}}),
            json!({"type": "content_block_delta", "index": 4, "delta": {"partial_json": "nowhere"}}),
        ]);
        let answer = answer.unwrap();
        assert_eq!(answer.tools, [ToolCall { name: "f".into(), given: json!("{\"a\":"), call_id: Some("t".into()) }]);
        assert_eq!(answer.finish_reason, None);
    }

    #[test]
    fn usage_that_is_null_at_the_end_changes_nothing() {
        let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
            "usage": {"input_tokens": null, "output_tokens": 9}});
        let answer = fed(vec![start(), end]).unwrap();
        assert_eq!(answer.usage, Some(json!({"input_tokens": 5, "output_tokens": 9})));
        assert_eq!(answer.finish_reason.as_deref(), Some("end_turn"));
        assert_eq!(fed(vec![json!({"type": "ping"})]), None);
    }

    #[test]
    fn a_system_prompt_stands_before_the_messages() {
        let query = |body: Value| Value::Object(query(body.as_object().unwrap().clone()));
        let asked = query(json!({"system": [{"type": "text", "text": "s"}], "messages": [1], "max_tokens": 9}));
        let system = json!({"role": "system", "content": [{"type": "text", "text": "s"}]});
        assert_eq!(asked, json!({"messages": [system, 1], "parameters": {"max_tokens": 9}}));
        assert_eq!(query(json!({"system": ""})), json!({"messages": [], "parameters": {}}));
    }
}
