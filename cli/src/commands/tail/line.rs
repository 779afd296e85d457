//! One record on one line. Of an event: when, what, who, in which session, and the gist; of a message: when the log took
//! it, where it lies, its key, and what it says.

use serde_json::{Value, value::RawValue};

use crate::terminal::{Colour, Colours, printable};

const SESSION_CHARS_MAX: usize = 24;
const KEY_CHARS_MAX: usize = 40;
const GIST_CHARS_MAX: usize = 100;
/// Enough of a UUID to tell a few systems apart.
const AI_ID_CHARS: usize = 8;

pub(super) fn line_of_event(record: &RawValue, colours: Colours) -> String {
    let record: Value = serde_json::from_str(record.get()).unwrap_or_default();
    let event = &record["event"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let event_type = text(&event["event_type"]);
    let at = printable(&text(&event["timestamp"]), 35);
    let ai = printable(&text(&event["ai_id"]), 36);
    let ai: String = ai.chars().take(AI_ID_CHARS).collect();
    let session = event["metadata"]["session_id"].as_str().unwrap_or("-");
    format!(
        "{}  {}  {}  {}  {}",
        colours.paint(Colour::Dim, &at),
        colours.paint(colour_of(&event_type), &format!("{:<11}", printable(&event_type, 20))),
        colours.paint(Colour::Dim, &ai),
        printable(session, SESSION_CHARS_MAX),
        printable(&gist(&event_type, event), GIST_CHARS_MAX)
    )
}

pub(super) fn line_of_message(message: &RawValue, colours: Colours) -> String {
    let message: Value = serde_json::from_str(message.get()).unwrap_or_default();
    let at = message["appended_at"].as_str().unwrap_or_default();
    let place = format!("{}:{}", message["partition"], message["offset"]);
    let key = message["key"].as_str().unwrap_or("-");
    format!(
        "{}  {}  {}  {}",
        colours.paint(Colour::Dim, &printable(at, 35)),
        colours.paint(Colour::Cyan, &format!("{:<8}", printable(&place, 40))),
        printable(key, KEY_CHARS_MAX),
        printable(&short(&message["message"]), GIST_CHARS_MAX)
    )
}

fn colour_of(event_type: &str) -> Colour {
    match event_type {
        "ai.query" => Colour::Cyan,
        "ai.response" => Colour::Green,
        "ai.action" => Colour::Yellow,
        "ai.decision" => Colour::Magenta,
        "ai.error" => Colour::Red,
        _ => Colour::Blue,
    }
}

fn gist(event_type: &str, event: &Value) -> String {
    match event_type {
        "ai.query" => match event["query"]["messages"].as_array().and_then(|messages| messages.last()) {
            Some(message) => short(message.get("content").unwrap_or(message)),
            None => short(&event["query"]["prompt"]),
        },
        "ai.response" => short(&event["response"]["output"]),
        "ai.action" => {
            let action = &event["action"];
            format!("{}({}) → {}", short(&action["function"]), short(&action["input"]), short(&action["output"]))
        }
        "ai.decision" => {
            let decision = &event["decision"];
            format!("{}: {} ({})", short(&decision["type"]), short(&decision["chosen"]), short(&decision["confidence"]))
        }
        "ai.error" => format!("{}: {}", short(&event["error"]["code"]), short(&event["error"]["message"])),
        _ => String::new(),
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(event: &str) -> String {
        let record = RawValue::from_string(format!(r#"{{"event":{event},"record":{{}}}}"#)).unwrap();
        // Standard input is no terminal in tests, and no colours are the plainest text.
        line_of_event(&record, Colours::of(&std::fs::File::open("/dev/null").unwrap()))
    }

    #[test]
    fn each_type_has_its_gist() {
        let head = r#""timestamp":"2026-01-01T00:00:00Z","ai_id":"018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b","metadata":{"session_id":"s"}"#;
        let check = |rest: &str, gist: &str| {
            let line = line(&format!("{{{rest},{head}}}"));
            assert!(line.starts_with("2026-01-01T00:00:00Z  ai."), "{line}");
            assert!(line.ends_with(&format!("  018f3a5e  s  {gist}")), "{line}");
        };
        check(r#""event_type":"ai.query","query":{"messages":[{"content":"a"},{"content":"Hi\nthere"}]}"#, "Hi there");
        check(r#""event_type":"ai.query","query":{"prompt":"p"}"#, "p");
        check(r#""event_type":"ai.response","response":{"output":{"a":1}}"#, r#"{"a":1}"#);
        check(
            r#""event_type":"ai.action","action":{"function":"f","input":{"a":1},"output":null}"#,
            r#"f({"a":1}) → -"#,
        );
        check(r#""event_type":"ai.error","error":{"code":"c","message":"m"}"#, "c: m");
        check(r#""event_type":"ai.decision","decision":{"type":"t","chosen":"x","confidence":0.5}"#, "t: x (0.5)");
    }

    #[test]
    fn a_message_is_told_with_its_place() {
        let colours = Colours::of(&std::fs::File::open("/dev/null").unwrap());
        let line = |message: &str| line_of_message(&RawValue::from_string(message.to_owned()).unwrap(), colours);
        let message = r#"{"topic":"orders","partition":3,"offset":41,"appended_at":"2026-01-01T00:00:00Z","key":"k",
            "message":{"total":1,"note":"two\nlines"}}"#;
        assert_eq!(line(message), r#"2026-01-01T00:00:00Z  3:41      k  {"note":"two\nlines","total":1}"#);
        assert!(line(r#"{"partition":0,"offset":0,"message":"plain\ntext"}"#).ends_with("0:0       -  plain text"));
        assert!(!line("{}").contains('\n'));
    }

    #[test]
    fn an_event_of_unknown_form_is_still_a_line() {
        assert!(!line("{}").contains('\n'));
    }
}
