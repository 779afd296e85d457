//! What OpenAI and Anthropic answer, as their documentation gives it.

use serde_json::{Value, json};

pub const CHAT_MODEL: &str = "gpt-4o-2024-08-06";

fn has_tools(body: &Value) -> bool {
    body["tools"].as_array().is_some_and(|tools| !tools.is_empty())
}

fn chat_usage() -> Value {
    json!({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18})
}

/// A chat completion. It asks for a tool where there are tools, until the tool has answered.
pub fn chat(body: &Value) -> Value {
    let asks_for_tool = has_tools(body) && body["messages"].as_array().unwrap().last().unwrap()["role"] != "tool";
    let call = json!({
        "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Rome\"}"},
    });
    let message = if asks_for_tool {
        json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [call]})
    } else {
        json!({"role": "assistant", "content": "It is sunny.", "refusal": null})
    };
    let reason = if asks_for_tool { "tool_calls" } else { "stop" };
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": CHAT_MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": reason}],
        "usage": chat_usage(), "service_tier": "default", "system_fingerprint": "fp_1",
    })
}

/// The same, streamed.
pub fn chat_chunks(body: &Value) -> Vec<Value> {
    let mut deltas = Vec::new();
    if has_tools(body) {
        let first =
            json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}});
        deltas.push((json!({"role": "assistant", "content": null, "tool_calls": [first]}), Value::Null));
        for piece in ["{\"city\"", ": \"Rome\"}"] {
            deltas.push((json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}), Value::Null));
        }
        deltas.push((json!({}), json!("tool_calls")));
    } else {
        deltas.push((json!({"role": "assistant", "content": ""}), Value::Null));
        deltas.extend(["It ", "is ", "sunny."].map(|piece| (json!({"content": piece}), Value::Null)));
        deltas.push((json!({}), json!("stop")));
    }
    let chunk = |choices: Value| {
        json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": CHAT_MODEL,
            "choices": choices,
        })
    };
    let choice = |(delta, reason)| json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": reason}]);
    let mut made: Vec<Value> = deltas.into_iter().map(|delta| chunk(choice(delta))).collect();
    if body["stream_options"]["include_usage"] == true {
        let mut last = chunk(json!([]));
        last["usage"] = chat_usage();
        made.push(last);
    }
    made
}

/// OpenAI's newer API.
pub fn response(body: &Value) -> Value {
    let output = if has_tools(body) {
        json!({
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather",
            "arguments": "{\"city\": \"Rome\"}", "status": "completed",
        })
    } else {
        json!({
            "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
            "content": [{"type": "output_text", "text": "It is sunny.", "annotations": []}],
        })
    };
    let usage = json!({
        "input_tokens": 11, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18,
    });
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": "completed", "error": null,
        "incomplete_details": null, "instructions": null, "model": CHAT_MODEL, "output": [output],
        "parallel_tool_calls": true, "previous_response_id": null, "temperature": 1.0,
        "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [], "top_p": 1.0,
        "truncation": "disabled", "usage": usage, "metadata": {},
    })
}

/// The same, streamed.
pub fn response_events(body: &Value) -> Vec<Value> {
    let whole = response(body);
    let mut begun = whole.clone();
    begun["status"] = json!("in_progress");
    begun["output"] = json!([]);
    begun["usage"] = Value::Null;
    let mut events = vec![json!({"type": "response.created", "response": begun})];
    events.extend(["It ", "is ", "sunny."].map(|piece| {
        json!({
            "type": "response.output_text.delta", "delta": piece, "item_id": "msg_1", "output_index": 0,
            "content_index": 0, "logprobs": [],
        })
    }));
    events.push(json!({"type": "response.completed", "response": whole}));
    for (number, event) in events.iter_mut().enumerate() {
        event["sequence_number"] = json!(number);
    }
    events
}

/// Anthropic's messages. It asks for a tool where there are tools, until the tool has answered.
pub fn message(body: &Value) -> Value {
    let asks_for_tool = asks_anthropics_tool(body);
    let mut content = vec![json!({"type": "text", "text": "It is sunny."})];
    if asks_for_tool {
        content.push(json!({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Rome"}}));
    }
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": content,
        "stop_reason": if asks_for_tool { "tool_use" } else { "end_turn" }, "stop_sequence": null,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    })
}

fn asks_anthropics_tool(body: &Value) -> bool {
    let has_answered = body["messages"].to_string().contains("\"tool_result\"");
    has_tools(body) && !has_answered
}

/// The same, streamed.
pub fn message_events(body: &Value) -> Vec<Value> {
    let whole = message(body);
    let mut begun = whole.clone();
    begun["content"] = json!([]);
    begun["stop_reason"] = Value::Null;
    begun["usage"] = json!({"input_tokens": 11, "output_tokens": 1});
    let delta = |index: u64, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let mut events = vec![
        json!({"type": "message_start", "message": begun}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
    ];
    events.extend(["It ", "is ", "sunny."].map(|piece| delta(0, json!({"type": "text_delta", "text": piece}))));
    events.push(json!({"type": "content_block_stop", "index": 0}));
    if asks_anthropics_tool(body) {
        let block = json!({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}});
        events.push(json!({"type": "content_block_start", "index": 1, "content_block": block}));
        let pieces = ["", "{\"city\"", ": \"Rome\"}"];
        events.extend(pieces.map(|piece| delta(1, json!({"type": "input_json_delta", "partial_json": piece}))));
        events.push(json!({"type": "content_block_stop", "index": 1}));
    }
    let stop = json!({"stop_reason": whole["stop_reason"], "stop_sequence": null});
    events.push(json!({"type": "message_delta", "delta": stop, "usage": {"output_tokens": 7}}));
    events.push(json!({"type": "message_stop"}));
    events
}

/// A refusal, with its status.
pub fn refusal(is_anthropic: bool) -> (u16, Value) {
    if is_anthropic {
        (529, json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}))
    } else {
        let error = json!({"message": "No.", "type": "invalid_request_error", "param": null, "code": "bad_thing"});
        (400, json!({"error": error}))
    }
}
