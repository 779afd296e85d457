//! What holds for redaction whatever it is given: it settles, and it keeps its bounds.
#![allow(clippy::unwrap_used)]

use aibbar::{Kind, RuleSet};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// A text of so many bytes becomes no longer than this.
fn bytes_max(bytes: usize) -> usize {
    3 * bytes + 256
}

fn all() -> RuleSet {
    RuleSet::default().with(Kind::IpAddress, true)
}

/// Texts of the pieces that rules look for, so that many of them almost match and meet each other.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "bob@example.com", "@", ".com", "a.b", "+14155552671", "(415) ", "555-2671", "0", "4111111111111111", "1111 ", "123-45-6789",
            "-", " ", ":", "=", "\"", "'", "\\", "\\\"", "%40", "%", "\\u0040", "\n", "<", ">", "</", "&", ",", ";", "{", "}", "[", "]", "(", ")",
            "password", "token", "Bearer ", "api_key", "secret=", "key", "PIN ", "--password ", "is ", "string = ", "ghp_", "eyJ", "AKIA", "sk-",
            "QYLPMN5HHHFPZAM2", "://", "user:pass@", "-----BEGIN ", "PRIVATE KEY-----", "-----END ", "DE89370400440532013000", "10.0.0.1", "::",
            ":: ", "::1", "curl -u a:", "Cookie: s=", "Authorization: Digest ", "&#64;", "\u{200b}", "＠", "４１１１", "okta=", "w6r1kgr1xdlt450r1o8f", "|", "-us1",
            "(\"", "[REDACTED:email]", "[REDACTED:", "hunter2", "ü", "电话", "😀", "\u{a0}", "тел",
        ]).prop_map(str::to_owned),
        1 => "[ -~]{0,12}",
        1 => "\\PC{0,6}",
        1 => "[0-9 ()+.-]{0,16}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_redacted_is_redacted_for_good(text in text()) {
        let (once, _) = all().redact_text(&text);
        let (twice, found) = all().redact_text(&once);
        prop_assert_eq!(&once, &twice, "of {:?}", text);
        prop_assert!(found.is_empty());
    }

    #[test]
    fn a_text_grows_within_its_bound_and_says_what_it_held(text in text()) {
        let (redacted, kinds) = all().redact_text(&text);
        prop_assert!(redacted.len() <= bytes_max(text.len()), "{:?}", text);
        prop_assert_eq!(kinds.is_empty(), redacted == text);
        for kind in kinds {
            prop_assert!(Kind::ALL.contains(&kind));
        }
    }

    #[test]
    fn ids_digests_and_times_are_never_hits(bytes in any::<[u8; 32]>(), id in any::<[u8; 16]>(), seconds in 0_i64..4_000_000_000, nanos in 0_u32..1_000_000_000) {
        let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap().replace_nanosecond(nanos).unwrap();
        let texts = [
            uuid::Uuid::from_bytes(id).to_string(),
            hex::encode(bytes),
            hex::encode(&bytes[..20]),
            time.format(&time::format_description::well_known::Rfc3339).unwrap(),
            format!("{seconds}"),
            format!("{seconds}.{nanos:09}"),
        ];
        for text in texts {
            let (redacted, _) = all().redact_text(&text);
            prop_assert_eq!(&redacted, &text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_value_keeps_its_members_and_every_pointer_leads_somewhere(members in prop::collection::btree_map(text(), value(), 0..6)) {
        let mut object: Map<String, Value> = members.into_iter().collect();
        let size = object.len();
        let list = all().redact(&mut object);
        prop_assert_eq!(object.len(), size);
        let redacted = Value::Object(object.clone());
        for redaction in &list {
            prop_assert!(redacted.pointer(&redaction.pointer).is_some(), "{}", redaction.pointer);
        }
        prop_assert!(all().redact(&mut object).is_empty());
        prop_assert_eq!(Value::Object(object), redacted);
    }
}

/// Undoes nothing: each writes a text as it stands inside of something else.
fn escaped(text: &str, how: u8) -> String {
    match how {
        0 => text.to_owned(),
        1 => text
            .bytes()
            .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
            .collect(),
        2 => Value::from(text).to_string().trim_matches('"').to_owned(),
        3 => text.chars().map(|character| format!("\\u{:04x}", u32::from(character))).collect(),
        _ => text.chars().map(|character| format!("&#{};", u32::from(character))).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_canary_is_hidden_at_any_depth_and_in_any_escape(canary in 0_usize..6, hows in prop::collection::vec(0_u8..5, 0..3), depth in 0_usize..12, in_key in any::<bool>()) {
        let canary = [
            "canary.bird@example.org", "+49 30 90182077", "536-22-8714", "4012888888881881", "DE89370400440532013000",
            concat!("gh", "p_4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQq"),
        ][canary];
        let written = hows.iter().fold(canary.to_owned(), |text, how| escaped(&text, *how));
        let text = format!("seen: {written} .");
        let leaf = if in_key { serde_json::json!({ text: 1 }) } else { Value::from(text) };
        let value = (0..depth).fold(leaf, |inner, level| if level % 2 == 0 { serde_json::json!([inner]) } else { serde_json::json!({ "a": inner }) });
        let mut object = Map::from_iter([("x".to_owned(), value)]);
        let list = all().redact(&mut object);
        prop_assert!(!list.is_empty(), "{written}");
        prop_assert!(!Value::Object(object.clone()).to_string().contains(&written), "{:?}", object);
    }
}

/// An event of the greatest length, of nothing but the shortest things that are hidden.
#[test]
fn an_event_that_was_accepted_fits_into_the_log() {
    const EVENT_BYTES: usize = 256 * 1024;
    const RECORD_BYTES: usize = 1024 * 1024;
    let long: String = "k".repeat(900);
    let short = |piece: &str| Value::from(vec![piece; EVENT_BYTES / (piece.len() + 3)]);
    let keys: Map<String, Value> =
        (0..EVENT_BYTES / 14).map(|index| (format!("::{index:x}"), Value::from(1))).collect();
    for value in [
        short("::"),
        short("a@b.co"),
        Value::from(":: ".repeat(EVENT_BYTES / 3)),
        Value::Object(keys),
        serde_json::json!({ long: vec!["a@b.co"; 20_000] }),
        serde_json::json!({ "pin": vec![123; EVENT_BYTES / 4] }),
    ] {
        let mut object = Map::from_iter([("x".to_owned(), value)]);
        check_size(&mut object, RECORD_BYTES);
    }
}

#[track_caller]
fn check_size(object: &mut Map<String, Value>, bytes_max: usize) {
    let before = Value::Object(object.clone()).to_string().len();
    let list = all().redact(object);
    assert!(!list.is_empty());
    // Each entry stands in the record with its kind and its quotes.
    let told: usize = list.iter().map(|redaction| redaction.pointer.len() + 64).sum();
    let after = Value::Object(object.clone()).to_string().len();
    assert!(after + told < bytes_max, "{before} bytes became {after} and {told}");
}

#[test]
fn numbers_that_uncover_each_other_are_all_hidden_at_once() {
    // Found by fuzzing: each placeholder makes a number of what stands before it.
    let text = "bob@example.com, +14155552671, 4111 1111 1111 55552671, M-5111 1111 1111 1111, 123-45-671, 10.0.0.1, 2001:db8::1";
    let (once, _) = all().redact_text(text);
    assert_eq!(all().redact_text(&once), (once.clone(), Vec::new()));
}
