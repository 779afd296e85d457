//! The words that events are made of: our own.

use serde_json::{Value, json};

use crate::random::Random;

pub(super) const TEAMS: &[&str] = &["travel", "support", "billing", "research", "logistics"];

pub(super) const FUNCTIONS: &[&str] = &[
    "search_direct_flight",
    "search_orders",
    "read_document",
    "run_query",
    "open_ticket",
    "calculate_refund",
    "list_invoices",
    "send_reply",
];

/// About as large as what [`found`] makes.
pub(super) const FOUND_BYTES: usize = 140;

const SUBJECTS: &[&str] = &[
    "the customer",
    "the agent",
    "our supplier",
    "the second warehouse",
    "the night shift",
    "the booking",
    "this invoice",
    "the café on the corner",
    "a colleague from Zürich",
    "the report of last week",
    "the tool",
    "the model",
];

const VERBS: &[&str] = &[
    "asks for",
    "waits for",
    "confirms",
    "has sent",
    "could not find",
    "compares",
    "summarises",
    "would rather have",
    "is missing",
    "describes",
    "rejects",
    "repeats",
];

const OBJECTS: &[&str] = &[
    "a refund of the second order",
    "the earlier flight",
    "three boxes of spare parts",
    "the table of prices per region",
    "an answer before noon",
    "the contract with its appendix",
    "both documents and the summary",
    "the number of open tickets",
    "a seat by the window",
    "the list of steps that were taken",
    "what was agreed on Monday",
    "the shorter of the two routes",
];

const ENDS: &[&str] =
    &["today", "as agreed", "for the third time", "without a reason", "since the price rose by 4.5 %", "again"];

const NAMES: &[&str] = &["ada", "grace", "alan", "edsger", "barbara", "donald", "frances", "niklaus"];

/// Text until it has so many bytes, as JSON counts them: a line break counts as two.
pub(super) fn fill(random: &mut Random, mut text: String, json_bytes: usize) -> String {
    let mut length = text.len() + text.matches('\n').count();
    while length < json_bytes {
        let end = if random.happens(120) { ".\n" } else { ". " };
        let (subject, verb) = (random.of(SUBJECTS), random.of(VERBS));
        let sentence = format!("{subject} {verb} {} {}{end}", random.of(OBJECTS), random.of(ENDS));
        length += sentence.len() + usize::from(end.ends_with('\n'));
        text.push_str(&sentence);
    }
    while length > json_bytes {
        let Some(last) = text.pop() else { break };
        length -= if last == '\n' { 2 } else { last.len_utf8() };
    }
    text
}

/// One thing that a tool found.
pub(super) fn found(random: &mut Random) -> Value {
    json!({
        "id": format!("HAT{:03}", random.below(1_000)),
        "title": format!("{} {}", random.of(SUBJECTS), random.of(ENDS)),
        "seats": { "economy": random.below(60), "business": random.below(9) },
        "price": (random.below(90_000) as f64) / 100.0,
        "late": random.happens(200),
    })
}

/// A sentence that says who somebody is.
pub(super) fn personal(random: &mut Random) -> String {
    let (first, last) = (random.of(NAMES), random.of(NAMES));
    match random.below(3) {
        0 => format!("Write to {first}.{last}{}@example.com. ", random.below(100)),
        1 => format!("Her phone is +49 30 {:07}. ", 2_000_000 + random.below(7_000_000)),
        _ => format!("Write to {first}@example.org, card 4111 1111 1111 1111. "),
    }
}

/// A sentence that nobody should have written.
pub(super) fn secret(random: &mut Random) -> String {
    match random.below(2) {
        0 => format!("The header was Authorization: Bearer {:016x}{:016x}. ", random.next(), random.next()),
        _ => format!("password={:x}Zq! ", random.next()),
    }
}

/// A trace of calls of about so many bytes, as JSON counts them.
pub(super) fn stack(random: &mut Random, json_bytes: usize) -> String {
    let mut text = String::new();
    let mut length = 0;
    while length < json_bytes {
        let line = format!("  at {} (agent/steps.py:{})\n", random.of(FUNCTIONS), random.below(900) + 1);
        length += line.len() + 1;
        text.push_str(&line);
    }
    while length > json_bytes {
        let Some(last) = text.pop() else { break };
        length -= if last == '\n' { 2 } else { last.len_utf8() };
    }
    text
}
