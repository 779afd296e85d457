//! What goes over the wire, as it comes, and the events that are made of it. Pure: it sends and records nothing.

use std::mem;

use serde_json::{Map, Value};

use super::{
    answer::{Answer, Assembly},
    call::{Call, LeftOut},
    dialect::Dialect,
    fault::Fault,
    sse::Sse,
};

/// The largest body that is read. What is larger is passed on as it is, and recorded without its content.
pub(super) const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How OpenAI says that a stream has ended.
const DONE: &str = "[DONE]";

/// What of an answer's head matters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) status: u16,
    /// It comes as server-sent events.
    pub(super) is_streamed: bool,
    /// Its bytes are what was meant: not compressed.
    pub(super) is_plain: bool,
}

/// One exchange with a provider.
pub(super) struct Transcript {
    call: Call,
    state: State,
}

enum State {
    Asked,
    Whole { status: u16, body: Body },
    Streamed { sse: Sse, assembly: Box<dyn Assembly> },
    Over,
}

struct Body {
    bytes: Vec<u8>,
    left_out: Option<LeftOut>,
}

impl Transcript {
    /// A question, and its `ai.query`. No body: its bytes can't be seen before they are sent.
    pub(super) fn new(dialect: Dialect, body: Option<&[u8]>, names_version: bool) -> (Self, Value) {
        let left_out = match body {
            Some(body) if body.len() > BODY_BYTES_MAX => Some(LeftOut::TooLarge),
            Some(_) => None,
            None => Some(LeftOut::Unread),
        };
        let parsed = body.filter(|_| left_out.is_none()).and_then(object_of);
        let left_out = left_out.or_else(|| parsed.is_none().then_some(LeftOut::Unread));
        let call = Call::new(dialect, parsed, names_version);
        let asked = call.asked(left_out);
        (Self { call, state: State::Asked }, asked)
    }

    /// The answer begins.
    pub(super) fn answered(&mut self, head: Head) {
        if !matches!(self.state, State::Asked) {
            return;
        }
        self.state = if head.is_streamed && head.is_plain && is_success(head.status) {
            State::Streamed { sse: Sse::new(), assembly: self.call.dialect.assembly() }
        } else {
            let left_out = (!head.is_plain).then_some(LeftOut::Unread);
            State::Whole { status: head.status, body: Body { bytes: Vec::new(), left_out } }
        };
    }

    /// Some of the answer.
    pub(super) fn chunk(&mut self, chunk: &[u8]) -> Vec<Value> {
        match &mut self.state {
            State::Whole { body, .. } => {
                body.keep(chunk);
                Vec::new()
            }
            State::Streamed { sse, assembly } => {
                let end = sse.feed(chunk).into_iter().find_map(|data| part(assembly.as_mut(), &data));
                match end {
                    None => Vec::new(),
                    Some(End::Whole) => self.ended(),
                    Some(End::Failed(fault)) => self.failed(fault),
                }
            }
            State::Asked | State::Over => Vec::new(),
        }
    }

    /// That was all of the answer.
    pub(super) fn ended(&mut self) -> Vec<Value> {
        match mem::replace(&mut self.state, State::Over) {
            State::Asked => vec![self.call.failed(Fault::unreadable())],
            State::Whole { status, body } => self.whole(status, body),
            State::Streamed { assembly, .. } => self.assembled(assembly, true),
            State::Over => Vec::new(),
        }
    }

    /// The provider, or the way to it, has failed.
    pub(super) fn failed(&mut self, fault: Fault) -> Vec<Value> {
        match mem::replace(&mut self.state, State::Over) {
            State::Asked | State::Whole { .. } => vec![self.call.failed(fault)],
            State::Streamed { assembly, .. } => {
                let mut events = vec![self.call.failed(fault)];
                events.extend(self.assembled(assembly, false));
                events
            }
            State::Over => Vec::new(),
        }
    }

    /// The caller wants no more.
    pub(super) fn left(&mut self) -> Vec<Value> {
        match mem::replace(&mut self.state, State::Over) {
            State::Asked => vec![self.call.failed(Fault::cancelled())],
            // A refusal whose body nobody wants to read is one all the same.
            State::Whole { status, body } if !is_success(status) => self.whole(status, body),
            State::Whole { .. } => vec![self.call.failed(Fault::cancelled())],
            State::Streamed { assembly, .. } => {
                let events = self.assembled(assembly, false);
                if events.is_empty() { vec![self.call.failed(Fault::cancelled())] } else { events }
            }
            State::Over => Vec::new(),
        }
    }

    fn whole(&self, status: u16, body: Body) -> Vec<Value> {
        if !is_success(status) {
            return vec![self.call.failed(Fault::of_answer(status, &body.bytes))];
        }
        match (body.left_out, object_of(&body.bytes)) {
            (Some(left_out), _) => self.call.answered(Answer::default(), Some(left_out)),
            (None, Some(result)) => self.call.answered(self.call.dialect.answer(result), None),
            (None, None) => vec![self.call.failed(Fault::unreadable())],
        }
    }

    fn assembled(&self, assembly: Box<dyn Assembly>, is_whole: bool) -> Vec<Value> {
        let Some(mut answer) = assembly.answer() else { return Vec::new() };
        if !is_whole && answer.finish_reason.is_none() {
            answer.finish_reason = Some("cut".to_owned());
        }
        self.call.answered(answer, None)
    }
}

impl Body {
    fn keep(&mut self, chunk: &[u8]) {
        if self.left_out.is_some() {
            return;
        }
        if self.bytes.len() + chunk.len() > BODY_BYTES_MAX {
            self.left_out = Some(LeftOut::TooLarge);
            self.bytes = Vec::new();
            return;
        }
        self.bytes.extend_from_slice(chunk);
    }
}

enum End {
    Whole,
    Failed(Fault),
}

/// One part of a stream. Answers how the stream ends, where it says so.
fn part(assembly: &mut dyn Assembly, data: &str) -> Option<End> {
    if data.trim() == DONE {
        return Some(End::Whole);
    }
    let part = object_of(data.as_bytes())?;
    match Fault::of_part(&part) {
        Some(fault) => Some(End::Failed(fault)),
        None => assembly.feed(part).then_some(End::Whole),
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

fn object_of(bytes: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    const PLAIN: Head = Head { status: 200, is_streamed: false, is_plain: true };
    const STREAMED: Head = Head { status: 200, is_streamed: true, is_plain: true };

    fn asked(path: &str, body: &Value) -> Transcript {
        Transcript::new(Dialect::of(path).unwrap(), Some(body.to_string().as_bytes()), false).0
    }

    fn chat() -> Transcript {
        asked("/v1/chat/completions", &json!({"model": "m", "messages": [{"role": "user", "content": "?"}]}))
    }

    fn kinds(events: &[Value]) -> Vec<&str> {
        events.iter().map(|event| event["event_type"].as_str().unwrap()).collect()
    }

    fn sse(parts: &[Value]) -> String {
        parts.iter().map(|part| format!("data: {part}\n\n")).collect()
    }

    fn delta(text: &str) -> Value {
        json!({"model": "m-1", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
    }

    #[test]
    fn a_whole_answer_is_recorded_when_it_has_ended() {
        let mut it = chat();
        it.answered(PLAIN);
        let answer = json!({"model": "m-1", "choices": [{"message": {"content": "!"}, "finish_reason": "stop"}]});
        for piece in answer.to_string().as_bytes().chunks(7) {
            assert!(it.chunk(piece).is_empty());
        }
        let events = it.ended();
        assert_eq!(kinds(&events), ["ai.response"]);
        assert_eq!(events[0]["response"]["output"], json!({"content": "!"}));
        assert_eq!(events[0]["response"]["finish_reason"], "stop");
        assert!(events[0]["response"]["latency_ms"].as_f64().unwrap() > 0.0);
        assert!(it.ended().is_empty() && it.left().is_empty(), "said once");
    }

    #[test]
    fn a_stream_is_recorded_when_it_says_that_it_has_ended() {
        let mut it = chat();
        it.answered(STREAMED);
        let usage = json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
        assert!(it.chunk(sse(&[delta("a"), delta("b"), usage]).as_bytes()).is_empty());
        let events = it.chunk(b"data: [DONE]\n\n");
        assert_eq!(events[0]["response"]["output"], json!({"content": "ab"}));
        assert_eq!(events[0]["response"]["usage"], json!({"input_tokens": 1, "output_tokens": 2}));
        assert!(events[0]["response"].get("finish_reason").is_none(), "it is whole: it said none");
        assert!(it.ended().is_empty());
    }

    #[test]
    fn a_stream_that_is_left_is_what_came() {
        let mut it = chat();
        it.answered(STREAMED);
        it.chunk(sse(&[delta("a")]).as_bytes());
        it.chunk(b"data: {\"choices\"");
        let events = it.left();
        assert_eq!(kinds(&events), ["ai.response"]);
        assert_eq!(events[0]["response"]["output"], json!({"content": "a"}));
        assert_eq!(events[0]["response"]["finish_reason"], "cut");
    }

    #[test]
    fn a_stream_that_fails_is_an_error_and_what_came() {
        let mut it = chat();
        it.answered(STREAMED);
        it.chunk(sse(&[delta("a")]).as_bytes());
        let fault = sse(&[json!({"error": {"message": "Oh.", "type": "server_error", "code": null}}), delta("b")]);
        let events = it.chunk(fault.as_bytes());
        assert_eq!(kinds(&events), ["ai.error", "ai.response"]);
        assert_eq!(events[0]["error"], json!({"code": "server_error", "message": "Oh.", "recoverable": true}));
        assert_eq!(events[1]["response"]["output"], json!({"content": "a"}));
        assert_eq!(events[1]["response"]["finish_reason"], "cut");
        let mut it = chat();
        it.answered(STREAMED);
        assert_eq!(kinds(&it.failed(Fault::new("connection", "reset", true))), ["ai.error"]);
    }

    #[test]
    fn a_refusal_is_an_error_even_where_nobody_reads_it() {
        for body in [&br#"{"error": {"message": "No.", "type": "t"}}"#[..], b""] {
            for is_left in [false, true] {
                let mut it = chat();
                it.answered(Head { status: 401, is_streamed: true, is_plain: true });
                it.chunk(body);
                let events = if is_left { it.left() } else { it.ended() };
                assert_eq!(kinds(&events), ["ai.error"]);
                assert_eq!(events[0]["error"]["code"], if body.is_empty() { "http_401" } else { "t" });
                assert_eq!(events[0]["error"]["recoverable"], false);
                assert_eq!(events[0]["query"]["model"], "m");
            }
        }
    }

    #[test]
    fn a_caller_that_goes_early_is_an_error() {
        let mut waiting = chat();
        let mut reading = chat();
        reading.answered(PLAIN);
        reading.chunk(b"{\"choices\": [");
        let mut streaming = chat();
        streaming.answered(STREAMED);
        for it in [&mut waiting, &mut reading, &mut streaming] {
            let events = it.left();
            assert_eq!(kinds(&events), ["ai.error"]);
            assert_eq!(events[0]["error"]["code"], "cancelled");
        }
    }

    #[test]
    fn what_is_too_large_is_recorded_without_its_content() {
        let text = "x".repeat(BODY_BYTES_MAX);
        let body = json!({"model": "m", "messages": [text]}).to_string();
        let (mut it, asked) = Transcript::new(Dialect::Chat, Some(body.as_bytes()), false);
        assert_eq!(asked["query"], json!({"prompt": ""}));
        assert_eq!(asked["metadata"]["labels"]["query_left_out"], "too_large");
        it.answered(PLAIN);
        for _ in 0..2 {
            it.chunk(body.as_bytes());
        }
        let events = it.ended();
        assert_eq!(events[0]["response"]["output"], Value::Null);
        assert_eq!(events[0]["metadata"]["labels"]["response_left_out"], "too_large");
    }

    #[test]
    fn what_can_not_be_read_is_recorded_without_its_content() {
        let (mut it, asked) = Transcript::new(Dialect::Messages, None, false);
        assert_eq!(asked["metadata"]["labels"]["query_left_out"], "unread");
        it.answered(Head { status: 200, is_streamed: true, is_plain: false });
        it.chunk(&[0x1f, 0x8b]);
        let events = it.ended();
        assert_eq!(events[0]["metadata"]["labels"]["response_left_out"], "unread");
        let mut it = chat();
        it.answered(PLAIN);
        it.chunk(b"<html>");
        assert_eq!(it.ended()[0]["error"]["code"], "unreadable_answer");
    }

    #[test]
    fn parts_that_are_no_json_are_passed_over() {
        let mut it = asked("/v1/messages", &json!({"model": "m", "messages": []}));
        it.answered(STREAMED);
        let start = json!({"type": "message_start", "message": {"model": "m", "content": []}});
        it.chunk(format!("data: hello\n\n{}data: [1]\n\n", sse(&[start])).as_bytes());
        let events = it.chunk(sse(&[json!({"type": "message_stop"})]).as_bytes());
        assert_eq!(kinds(&events), ["ai.response"]);
        assert_eq!(events[0]["response"]["output"], json!([]));
    }
}
