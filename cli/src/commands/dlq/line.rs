//! Dead letters for people: one line each, or all of one.

use serde_json::Value;

use crate::terminal::{Colour, Colours, printable};

const DETAIL_CHARS_MAX: usize = 100;

pub(super) fn heading(colours: Colours) -> String {
    let names = format!("{:<8}  {:<24}  {:<17}  {:<8}  {:<36}  {}", "ID", "AT", "REASON", "STATE", "EVENT", "DETAIL");
    colours.paint(Colour::Dim, &names)
}

pub(super) fn of_letter(letter: &Value, colours: Colours) -> String {
    let text = |name: &str, chars_max| printable(letter[name].as_str().unwrap_or("-"), chars_max);
    let state = text("state", 8);
    let colour = if state == "open" { Colour::Yellow } else { Colour::Green };
    format!(
        "{:<8}  {:<24}  {:<17}  {}  {:<36}  {}",
        text("id", 31),
        text("at", 24),
        text("reason", 17),
        colours.paint(colour, &format!("{state:<8}")),
        text("event_id", 36),
        text("detail", DETAIL_CHARS_MAX),
    )
}

/// One member a line; the record below them, as JSON.
pub(super) fn whole(letter: &Value) -> String {
    let mut lines = Vec::new();
    for (name, value) in letter.as_object().into_iter().flatten() {
        let shown = match (name.as_str(), value) {
            ("record" | "text", _) | (_, Value::Null) => continue,
            (_, Value::String(text)) => printable(text, 1_000),
            (_, other) => printable(&other.to_string(), 1_000),
        };
        lines.push(format!("{name:<14} {shown}"));
    }
    match (&letter["record"], &letter["text"]) {
        (Value::Null, Value::Null) => lines.push("\nWhat it was is left out: too large, or no text.".to_owned()),
        (Value::Null, text) => {
            let text = text.as_str().unwrap_or_default();
            lines.push(String::new());
            lines.extend(text.lines().map(|line| printable(line, 10_000)));
        }
        (record, _) => {
            let pretty = serde_json::to_string_pretty(record).unwrap_or_default();
            lines.push(String::new());
            lines.extend(pretty.lines().map(|line| printable(line, 10_000)));
        }
    }
    lines.join("\n")
}

pub(super) fn of_result(result: &Value, colours: Colours) -> String {
    let text = |name: &str| printable(result[name].as_str().unwrap_or_default(), 200);
    let status = text("status");
    let colour = if status == "failed" { Colour::Red } else { Colour::Green };
    let line = format!("{:<8}  {}  {} {}", text("id"), colours.paint(colour, &status), text("code"), text("detail"));
    line.trim_end().to_owned()
}
