//! OpenAI's `/responses`.

use serde_json::{Map, Value};

use super::answer::{Answer, Assembly, Room, ToolCall, parsed, take_array, take_object, text_of, usage_of};

/// The input, and whatever else was said.
pub(super) fn query(mut body: Map<String, Value>) -> Map<String, Value> {
    match body.remove("input").unwrap_or_default() {
        Value::Array(items) => super::dialect::query_of("messages", Value::Array(items), body),
        Value::Null => super::dialect::query_of("prompt", Value::String(String::new()), body),
        Value::String(text) => super::dialect::query_of("prompt", Value::String(text), body),
        other => super::dialect::query_of("messages", Value::Array(vec![other]), body),
    }
}

/// A whole answer.
pub(super) fn answer(mut result: Map<String, Value>) -> Answer {
    let output = take_array(&mut result, "output");
    let tools = output.iter().filter_map(Value::as_object).filter_map(tool).collect();
    let why = text_of(&take_object(&mut result, "incomplete_details"), "reason");
    Answer {
        output: Value::Array(output),
        model: text_of(&result, "model"),
        finish_reason: why.or_else(|| text_of(&result, "status")),
        usage: usage_of(result.get("usage"), "input_tokens", "output_tokens"),
        tools,
    }
}

fn tool(item: &Map<String, Value>) -> Option<ToolCall> {
    (item.get("type")? == "function_call").then(|| ToolCall {
        name: text_of(item, "name").unwrap_or_default(),
        given: parsed(item.get("arguments").cloned().unwrap_or_default()),
        call_id: text_of(item, "call_id"),
    })
}

/// A streamed answer: its last part holds all of it.
pub(super) struct ResponsesAssembly {
    whole: Option<Map<String, Value>>,
    model: Option<String>,
    text: String,
    room: Room,
}

impl ResponsesAssembly {
    pub(super) fn new() -> Self {
        Self { whole: None, model: None, text: String::new(), room: Room::new() }
    }
}

impl Assembly for ResponsesAssembly {
    fn feed(&mut self, mut part: Map<String, Value>) -> bool {
        match part.get("type").and_then(Value::as_str) {
            Some("response.completed" | "response.incomplete" | "response.failed") => {
                self.whole = Some(take_object(&mut part, "response"));
                return true;
            }
            Some("response.created") => self.model = text_of(&take_object(&mut part, "response"), "model"),
            Some("response.output_text.delta") => {
                if let Some(more) = part.get("delta").and_then(Value::as_str).filter(|more| self.room.take(more.len()))
                {
                    self.text.push_str(more);
                }
            }
            _ => {}
        }
        false
    }

    fn answer(self: Box<Self>) -> Option<Answer> {
        match self.whole {
            Some(whole) => Some(answer(whole)),
            None if self.text.is_empty() => None,
            None => Some(Answer { output: Value::String(self.text), model: self.model, ..Answer::default() }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn fed(parts: Vec<Value>) -> (Vec<bool>, Option<Answer>) {
        let mut assembly = Box::new(ResponsesAssembly::new());
        let over = parts.into_iter().map(|part| assembly.feed(part.as_object().unwrap().clone())).collect();
        (over, assembly.answer())
    }

    #[test]
    fn what_came_of_an_answer_that_never_ended_is_its_text() {
        let delta = |text: &str| json!({"type": "response.output_text.delta", "delta": text});
        let created = json!({"type": "response.created", "response": {"model": "m", "status": "in_progress"}});
        let (_, answer) = fed(vec![created.clone(), delta("a"), delta("b")]);
        let answer = answer.unwrap();
        assert_eq!((answer.output, answer.model.as_deref(), answer.finish_reason), (json!("ab"), Some("m"), None));
        assert_eq!(fed(vec![created]).1, None);
    }

    #[test]
    fn the_last_part_holds_all() {
        let call = json!({"type": "function_call", "name": "f", "arguments": "{}", "call_id": "c"});
        let whole = json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "model": "m",
            "output": [{"type": "reasoning"}, call],
            "usage": {"input_tokens": 1, "output_tokens": 2}});
        let (over, answer) = fed(vec![json!({"type": "response.incomplete", "response": whole})]);
        let answer = answer.unwrap();
        assert_eq!(over, [true]);
        assert_eq!(answer.finish_reason.as_deref(), Some("max_output_tokens"));
        assert_eq!(answer.tools, [ToolCall { name: "f".into(), given: json!({}), call_id: Some("c".into()) }]);
    }

    #[test]
    fn an_input_is_a_prompt_or_messages() {
        let query = |body: Value| Value::Object(query(body.as_object().unwrap().clone()));
        assert_eq!(query(json!({"input": "p"})), json!({"prompt": "p", "parameters": {}}));
        assert_eq!(query(json!({"prompt": {"id": "t"}})), json!({"prompt": "", "parameters": {"prompt": {"id": "t"}}}));
        assert_eq!(query(json!({"input": [1]})), json!({"messages": [1], "parameters": {}}));
    }
}
