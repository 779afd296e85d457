//! A conversation as events: a user turn is an `ai.query`, an assistant text an `ai.response`, a tool
//! call with its result an `ai.action`.
//!
//! Pure, and the same for the same conversation: events are numbered as they come, and a conversation
//! that has grown keeps the numbers of what was there.

use std::collections::{HashMap, VecDeque};

use aibbar::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::transcript::{Conversation, Function, Message, ToolCall, text_of};

/// EVENT.md: `ai_version` has 1–128 characters.
const AI_VERSION_CHARS_MAX: usize = 128;
const UNKNOWN_MODEL: &str = "unknown";

/// What every event of an import shares.
pub(super) struct Shared<'a> {
    pub(super) ai_id: Uuid,
    pub(super) key_id: Option<&'a str>,
}

/// One event before it is signed.
pub(super) type Unsigned = Map<String, Value>;

/// The events of a conversation, and the messages that no rule fits (by number, from 1).
#[derive(Debug, Default)]
pub(super) struct Mapped {
    pub(super) events: Vec<Unsigned>,
    pub(super) unknown_messages: Vec<usize>,
}

/// Maps one conversation. `raw_messages` are its messages as they stand, `started_at` is when it
/// began where its messages do not tell.
pub(super) fn map(
    conversation: &Conversation,
    raw_messages: &[Value],
    session_id: &str,
    started_at: Timestamp,
    shared: &Shared<'_>,
) -> Mapped {
    let mut writer = Writer { conversation, session_id, shared, clock: Clock::from(started_at), events: Vec::new() };
    let mut results = Results::of(&conversation.messages);
    let mut unknown_messages = Vec::new();
    // What was said to the model since the last user turn, and goes with the next.
    let mut instructions: Vec<Value> = Vec::new();

    for (index, (message, raw)) in conversation.messages.iter().zip(raw_messages).enumerate() {
        match message.role.as_str() {
            "system" | "developer" => instructions.push(without_nulls(raw)),
            "user" => {
                let mut messages = std::mem::take(&mut instructions);
                messages.push(without_nulls(raw));
                writer.query(message, messages);
            }
            "assistant" => {
                writer.response(message);
                for (number, call) in calls(message).into_iter().enumerate() {
                    let output = results.take(index, &call, number);
                    writer.action(message, &call, output);
                }
            }
            "tool" | "function" => {
                if results.is_taken(index) {
                    continue;
                }
                // The call is missing; what came back was seen all the same.
                let name = message.name.as_deref().unwrap_or("unknown").to_owned();
                let call = Call { id: None, name, input: Value::Null };
                writer.action(message, &call, parsed(&message.content));
            }
            _ => unknown_messages.push(index + 1),
        }
    }
    Mapped { events: writer.events, unknown_messages }
}

/// One call of a tool, in any of its forms.
struct Call {
    id: Option<String>,
    name: String,
    input: Value,
}

fn calls(message: &Message) -> Vec<Call> {
    let function = |id: Option<&String>, function: &Function| Call {
        id: id.cloned(),
        name: function.name.clone(),
        input: parsed(&function.arguments),
    };
    let tool = |call: &ToolCall| match (&call.function, &call.custom) {
        (Some(called), _) => Some(function(call.id.as_ref(), called)),
        (None, Some(custom)) => {
            Some(Call { id: call.id.clone(), name: custom.name.clone(), input: custom.input.clone() })
        }
        (None, None) => None,
    };
    let tools = message.tool_calls.iter().flatten().filter_map(tool);
    tools.chain(message.function_call.iter().map(|called| function(None, called))).collect()
}

/// JSON inside a string is taken for what it is, when every library reads it alike; text stays text.
fn parsed(content: &Value) -> Value {
    let text = match content {
        Value::String(text) => text.clone(),
        Value::Array(_) => match text_of(content) {
            Some(text) => text,
            None => return content.clone(),
        },
        other => return other.clone(),
    };
    aibbar::json::parse(text.as_bytes()).unwrap_or(Value::String(text))
}

/// Tool results by the call that they answer.
struct Results<'m> {
    messages: &'m [Message],
    by_call_id: HashMap<&'m str, VecDeque<usize>>,
    taken: Vec<bool>,
}

impl<'m> Results<'m> {
    fn of(messages: &'m [Message]) -> Self {
        let mut by_call_id: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (index, message) in messages.iter().enumerate() {
            if let ("tool", Some(id)) = (message.role.as_str(), &message.tool_call_id) {
                by_call_id.entry(id).or_default().push_back(index);
            }
        }
        Self { messages, by_call_id, taken: vec![false; messages.len()] }
    }

    /// The result of a call in message `at`: the next one with its id, or, for calls without ids,
    /// the tool messages right behind, in order. `null` when there is none.
    fn take(&mut self, at: usize, call: &Call, number: usize) -> Value {
        let found = match &call.id {
            Some(id) => self.by_call_id.get_mut(id.as_str()).and_then(|found| {
                while found.front().is_some_and(|&index| index <= at) {
                    found.pop_front();
                }
                found.pop_front()
            }),
            None => Some(at + 1 + number).filter(|&index| {
                self.messages.get(index).is_some_and(|message| {
                    matches!(message.role.as_str(), "tool" | "function") && message.tool_call_id.is_none()
                })
            }),
        };
        match found {
            Some(index) => {
                self.taken[index] = true;
                parsed(&self.messages[index].content)
            }
            None => Value::Null,
        }
    }

    fn is_taken(&self, index: usize) -> bool {
        self.taken[index]
    }
}

/// Gives every event its time: the message's own, else one second after the event before; always later than that.
struct Clock {
    next: Timestamp,
    last: Option<Timestamp>,
}

impl Clock {
    const STEP_MS: i64 = 1_000;

    fn from(started_at: Timestamp) -> Self {
        Self { next: started_at, last: None }
    }

    fn tick(&mut self, own: Option<Timestamp>) -> Timestamp {
        let at = own.unwrap_or(self.next);
        let at = self.last.map_or(at, |last| at.max(last.plus_ms(1)));
        self.last = Some(at);
        self.next = at.plus_ms(Self::STEP_MS);
        at
    }
}

struct Writer<'c> {
    conversation: &'c Conversation,
    session_id: &'c str,
    shared: &'c Shared<'c>,
    clock: Clock,
    events: Vec<Unsigned>,
}

impl Writer<'_> {
    fn query(&mut self, message: &Message, messages: Vec<Value>) {
        let model = self.model(message);
        self.push(message, "ai.query", "query", json!({ "messages": messages, "model": model }));
    }

    fn response(&mut self, message: &Message) {
        let spoken = text_of(&message.content).map(Value::from);
        let refused = || message.refusal.clone().filter(|text| !text.is_empty()).map(Value::from);
        // Parts that are no text (images, audio) are kept as they stand.
        let parts = || message.content.as_array().filter(|parts| !parts.is_empty()).map(|_| message.content.clone());
        if let Some(output) = spoken.or_else(refused).or_else(parts) {
            let model = self.model(message);
            self.push(message, "ai.response", "response", json!({ "output": output, "model": model }));
        }
    }

    fn action(&mut self, message: &Message, call: &Call, output: Value) {
        let model = self.model(message);
        let action = json!({
            "function": call.name, "input": call.input, "output": output, "latency_ms": 0, "model": model,
        });
        self.push(message, "ai.action", "action", action);
    }

    fn model(&self, message: &Message) -> String {
        let model = message.model.as_ref().or(self.conversation.model.as_ref());
        model.filter(|model| !model.is_empty()).map_or(UNKNOWN_MODEL, String::as_str).to_owned()
    }

    fn push(&mut self, message: &Message, event_type: &str, member: &str, content: Value) {
        let at = self.clock.tick(message.at.moment());
        let ai_version: String = self.model(message).chars().take(AI_VERSION_CHARS_MAX).collect();
        let mut event = Map::new();
        event.insert("event_type".to_owned(), event_type.into());
        event.insert("ai_id".to_owned(), self.shared.ai_id.to_string().into());
        event.insert("ai_version".to_owned(), ai_version.into());
        event.insert("timestamp".to_owned(), at.to_string().into());
        event.insert(member.to_owned(), content);
        event.insert(
            "metadata".to_owned(),
            json!({ "session_id": self.session_id, "labels": { "import": "openai-chat" } }),
        );
        if let Some(key_id) = self.shared.key_id {
            event.insert("key_id".to_owned(), key_id.into());
        }
        self.events.push(event);
    }
}

/// A message as it stands, without members that say nothing.
fn without_nulls(message: &Value) -> Value {
    match message {
        Value::Object(members) => Value::Object(
            members.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect(),
        ),
        other => other.clone(),
    }
}
