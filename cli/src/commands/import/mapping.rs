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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Deserialize as _;

    use super::*;

    const TRANSCRIPT: &str = include_str!("../../../tests/data/library-openai-chat.jsonl");
    const AI_ID: Uuid = Uuid::from_u128(7);

    fn mapped(line: &str) -> Mapped {
        let raw: Value = serde_json::from_str(line).unwrap();
        let conversation = Conversation::deserialize(&raw).unwrap();
        let id = conversation.id.clone().unwrap();
        let started_at = conversation.at.moment().unwrap_or(Timestamp::from_unix_ms(1_767_225_600_000));
        let shared = Shared { ai_id: AI_ID, key_id: Some("k") };
        map(&conversation, raw["messages"].as_array().unwrap(), &id, started_at, &shared)
    }

    fn conversation(number: usize) -> Mapped {
        mapped(TRANSCRIPT.lines().nth(number).unwrap())
    }

    /// The type of each event, and its content.
    fn contents(mapped: &Mapped) -> Vec<(&str, &Value)> {
        let content = |event: &'_ Unsigned| -> Option<&'static str> {
            ["query", "response", "action"].into_iter().find(|member| event.contains_key(*member))
        };
        mapped
            .events
            .iter()
            .map(|event| (event["event_type"].as_str().unwrap(), &event[content(event).unwrap()]))
            .collect()
    }

    #[test]
    fn turns_texts_and_calls_become_events_in_their_order() {
        let mapped = conversation(0);
        let model = "gpt-4o";
        let system = json!({ "role": "system", "content": "You help readers of a town library." });
        let first = json!({ "role": "user", "content": "Is 'The Overstory' in? Write to anna.berg@example.org." });
        let parts = json!([{ "type": "text", "text": "Please keep it" }, { "type": "text", "text": "for me." }]);
        let action = |function: &str, input: Value, output: Value| json!({ "function": function, "input": input, "output": output, "latency_ms": 0, "model": model });
        let expected = [
            ("ai.query", json!({ "messages": [system, first], "model": model })),
            (
                "ai.action",
                action("find_book", json!({ "title": "The Overstory", "branch": 3 }), json!({ "copies": 2, "in": 1 })),
            ),
            ("ai.action", action("find_reader", json!("anna (not JSON)"), json!("no such reader"))),
            ("ai.response", json!({ "output": "Yes, one copy is in at branch 3.", "model": model })),
            ("ai.query", json!({ "messages": [{ "role": "user", "content": parts }], "model": model })),
            ("ai.response", json!({ "output": "I try.", "model": model })),
            // A number that libraries read differently stays the text that it was; its call has no result yet.
            ("ai.action", action("reserve", json!("{\"copies\": 12345678901234567890}"), Value::Null)),
        ];
        assert_eq!(contents(&mapped), expected.iter().map(|(kind, content)| (*kind, content)).collect::<Vec<_>>());
        assert!(mapped.unknown_messages.is_empty());
    }

    #[test]
    fn the_older_function_call_is_an_action_too() {
        let mapped = conversation(1);
        let kinds: Vec<_> = contents(&mapped).iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, ["ai.query", "ai.action", "ai.response"]);
        assert_eq!(mapped.events[1]["action"]["output"], json!(["9-17"]));
        assert_eq!(mapped.events[0]["query"]["messages"][0]["role"], "developer");
        assert_eq!(mapped.events[2]["response"]["output"], "From nine to five.");
    }

    #[test]
    fn times_come_from_the_data_or_follow_each_other() {
        let times = |mapped: &Mapped| -> Vec<String> {
            mapped.events.iter().map(|event| event["timestamp"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(times(&conversation(2)), ["2026-01-15T10:00:00Z", "2026-01-15T10:00:01Z"]);
        let own = r#"{"id":"x","messages":[{"role":"user","content":"a","timestamp":"2026-01-02T00:00:00Z"},
            {"role":"assistant","content":"b","created_at":1767312000},{"role":"assistant","content":"c"}]}"#;
        assert_eq!(
            times(&mapped(own)),
            ["2026-01-02T00:00:00Z", "2026-01-02T00:00:00.001Z", "2026-01-02T00:00:01.001Z"]
        );
    }

    #[test]
    fn a_conversation_that_grew_keeps_the_events_it_had() {
        let line = TRANSCRIPT.lines().nth(1).unwrap();
        let whole: Value = serde_json::from_str(line).unwrap();
        let mut shorter = whole.clone();
        shorter["messages"].as_array_mut().unwrap().pop();
        let (short, long) = (mapped(&shorter.to_string()), mapped(line));
        assert_eq!(short.events[..], long.events[..short.events.len()]);
    }

    #[test]
    fn every_event_can_be_signed_and_names_its_session() {
        for number in 0..3 {
            for event in conversation(number).events {
                assert_eq!(event["metadata"]["session_id"], format!("library-{}", number + 1));
                assert_eq!(event["metadata"]["labels"]["import"], "openai-chat");
                aibbar::Event::sign(event, &aibbar::SigningSecret::new("secret")).unwrap();
            }
        }
    }

    #[test]
    fn what_fits_no_rule_is_told_and_what_came_back_without_a_call_is_kept() {
        let odd = r#"{"id":"x","messages":[{"role":"narrator","content":"?"},
            {"role":"tool","tool_call_id":"gone","name":"f","content":"1"}]}"#;
        let mapped = mapped(odd);
        assert_eq!(mapped.unknown_messages, [1]);
        assert_eq!(mapped.events[0]["action"]["function"], "f");
        assert_eq!(mapped.events[0]["ai_version"], "unknown");
    }

    #[test]
    fn a_call_id_used_twice_gets_each_its_own_result() {
        let twice = r#"{"id":"x","messages":[
            {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"1"}}]},
            {"role":"tool","tool_call_id":"c","content":"first"},
            {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"2"}}]},
            {"role":"tool","tool_call_id":"c","content":"second"}]}"#;
        let mapped = mapped(twice);
        let outputs: Vec<_> = contents(&mapped).iter().map(|(_, action)| &action["output"]).cloned().collect();
        assert_eq!(outputs, ["first", "second"]);
    }
}
