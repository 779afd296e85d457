//! OpenAI's `/completions`, the oldest.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answer::{Answer, Assembly, Room, one_or_all, take_array, text_of, usage_of};

const CHOICES_MAX: usize = 1_000;

/// The prompt, and whatever else was said.
pub(super) fn query(mut body: Map<String, Value>) -> Map<String, Value> {
    match body.remove("prompt").unwrap_or_default() {
        Value::String(prompt) => super::dialect::query_of("prompt", Value::String(prompt), body),
        other => super::dialect::query_of("messages", Value::Array(vec![other]), body),
    }
}

/// A whole answer.
pub(super) fn answer(mut result: Map<String, Value>) -> Answer {
    let mut finish_reason = None;
    let mut texts = Vec::new();
    for (at, choice) in take_array(&mut result, "choices").into_iter().enumerate() {
        let Value::Object(mut choice) = choice else { continue };
        if at == 0 {
            finish_reason = text_of(&choice, "finish_reason");
        }
        texts.push(choice.remove("text").unwrap_or_else(|| Value::String(String::new())));
    }
    let usage = usage_of(result.get("usage"), "prompt_tokens", "completion_tokens");
    Answer { output: one_or_all(texts), model: text_of(&result, "model"), finish_reason, usage, tools: Vec::new() }
}

/// A streamed answer.
pub(super) struct CompletionsAssembly {
    result: Map<String, Value>,
    texts: BTreeMap<u64, String>,
    finish_reason: Option<String>,
    room: Room,
}

impl CompletionsAssembly {
    pub(super) fn new() -> Self {
        Self { result: Map::new(), texts: BTreeMap::new(), finish_reason: None, room: Room::new() }
    }
}

impl Assembly for CompletionsAssembly {
    fn feed(&mut self, mut part: Map<String, Value>) -> bool {
        for piece in take_array(&mut part, "choices") {
            let Value::Object(piece) = piece else { continue };
            let index = piece.get("index").and_then(Value::as_u64).unwrap_or(0);
            if self.texts.len() >= CHOICES_MAX && !self.texts.contains_key(&index) {
                continue;
            }
            let text = self.texts.entry(index).or_default();
            if let Some(more) = piece.get("text").and_then(Value::as_str).filter(|more| self.room.take(more.len())) {
                text.push_str(more);
            }
            self.finish_reason = text_of(&piece, "finish_reason").or_else(|| self.finish_reason.take());
        }
        for name in ["model", "usage"] {
            if let Some(said) = part.remove(name).filter(|said| !said.is_null()) {
                self.result.insert(name.to_owned(), said);
            }
        }
        false
    }

    fn answer(self: Box<Self>) -> Option<Answer> {
        if self.texts.is_empty() {
            return None;
        }
        let mut whole = answer(self.result);
        whole.output = one_or_all(self.texts.into_values().map(Value::String).collect());
        whole.finish_reason = self.finish_reason;
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn whole_and_streamed_are_the_same() {
        let usage = json!({"prompt_tokens": 2, "completion_tokens": 1});
        let result = json!({"model": "m", "choices": [{"text": "ab", "finish_reason": "stop"}], "usage": usage});
        let whole = answer(result.as_object().unwrap().clone());
        assert_eq!(whole.output, json!("ab"));
        let mut assembly = Box::new(CompletionsAssembly::new());
        for part in [
            json!({"model": "m", "choices": [{"index": 0, "text": "a", "finish_reason": null}], "usage": null}),
            json!({"model": "m", "choices": [{"index": 0, "text": "b", "finish_reason": "stop"}], "usage": null}),
            json!({"model": "m", "choices": [], "usage": usage}),
        ] {
            assert!(!assembly.feed(part.as_object().unwrap().clone()));
        }
        assert_eq!(assembly.answer(), Some(whole));
    }

    #[test]
    fn prompts_that_are_lists_are_messages() {
        let query = |body: Value| Value::Object(query(body.as_object().unwrap().clone()));
        assert_eq!(query(json!({"prompt": "p", "n": 2})), json!({"prompt": "p", "parameters": {"n": 2}}));
        let wanted = json!({"messages": [["a", "b"]], "model": "m", "parameters": {}});
        assert_eq!(query(json!({"prompt": ["a", "b"], "model": "m"})), wanted);
    }
}
