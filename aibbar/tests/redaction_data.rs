//! Redaction on labelled cases and on real conversations, with the floors that it must reach.
#![allow(clippy::unwrap_used)]

use aibbar::{Kind, RuleSet};
use serde_json::{Map, Value};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");

fn lines(file: &str) -> Vec<Map<String, Value>> {
    let path = format!("{DATA}/{file}");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn check_personal(entity: &str, kind: Kind, floor: f64) {
    let rules = RuleSet::default().with(Kind::IpAddress, true);
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for case in lines("redaction/pii.jsonl").iter().filter(|case| case["entity"] == entity) {
        let expected = case["expected_count"].as_u64().unwrap() as usize;
        let found = rules.redact_text(case["text"].as_str().unwrap()).0.matches(kind.placeholder()).count();
        right += found.min(expected);
        wrong += found.saturating_sub(expected);
        missed += expected.saturating_sub(found);
    }
    assert!(right > 0, "no cases of {entity}");
    let (precision, recall) = (share(right, wrong), share(right, missed));
    assert!(precision >= floor && recall >= floor, "{entity}: precision {precision:.3}, recall {recall:.3}");
}

fn share(good: usize, bad: usize) -> f64 {
    good as f64 / (good + bad) as f64
}

#[test]
fn email_addresses_are_found_and_nothing_else_is() {
    check_personal("EMAIL_ADDRESS", Kind::Email, 0.98);
}

#[test]
fn ip_addresses_are_found_and_nothing_else_is() {
    check_personal("IP_ADDRESS", Kind::IpAddress, 0.98);
}

#[test]
fn secrets_are_found_and_what_looks_like_them_is_not() {
    let rules = RuleSet::default();
    let (mut hidden, mut secrets, mut false_hits, mut others) = (0, 0, 0, 0);
    for case in lines("redaction/secrets.jsonl") {
        let text = case["text"].as_str().unwrap();
        let redacted = rules.redact_text(text).0;
        if case["label"] == "pos" {
            secrets += 1;
            hidden += usize::from(
                redacted != text && !case["secret"].as_str().is_some_and(|secret| redacted.contains(secret)),
            );
        } else {
            others += 1;
            false_hits += usize::from(redacted != text);
        }
    }
    let recall = share(hidden, secrets - hidden);
    assert!(recall >= 0.98, "{hidden} of {secrets}: {recall:.3}");
    assert!(share(false_hits, others - false_hits) <= 0.05, "{false_hits} of {others} were no secrets");
}

#[test]
fn real_conversations_lose_their_addresses_and_keep_their_evidence() {
    for conversation in lines("transcripts/airline-openai-chat.jsonl") {
        let before = Value::Object(conversation.clone()).to_string();
        let mut redacted = conversation;
        let list = RuleSet::default().redact(&mut redacted);
        let after = Value::Object(redacted).to_string();

        let addresses = addresses(&before);
        assert!(addresses.iter().all(|address| !after.contains(address)), "an address of {} is left", list.len());
        // These conversations hold no other personal data that a rule knows: all else must be as it was.
        assert!(list.iter().all(|redaction| redaction.kind == Kind::Email), "{list:?}");
        let mut expected = before;
        for address in addresses {
            expected = expected.replace(&address, Kind::Email.placeholder());
        }
        assert_eq!(expected, after);
    }
}

/// Addresses by a rule of their own, simple and independent of the one under test; the longest first.
fn addresses(text: &str) -> Vec<String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || ".-_+".contains(character);
    let mut found: Vec<String> = text
        .match_indices('@')
        .map(|(at, _)| {
            let start = text[..at].rfind(|character| !is_part(character)).map_or(0, |before| before + 1);
            let end = text[at + 1..].find(|character| !is_part(character)).map_or(text.len(), |length| at + 1 + length);
            text[start..end].trim_end_matches('.').to_owned()
        })
        .collect();
    found.sort_by_key(|address| std::cmp::Reverse(address.len()));
    found
}
