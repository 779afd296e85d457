//! Redaction: it settles at once, keeps its bound, loses no member, and its pointers lead somewhere.
#![no_main]

use std::sync::LazyLock;

use aibbar::{
    Kind, RuleSet, json,
    redact::{Mode, OwnRule, PseudonymKey, Settings},
};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

/// A text of so many bytes becomes no longer than this, whatever the rules: masks, pseudonyms and own rules count alike.
fn bytes_max(bytes: usize) -> usize {
    3 * bytes + 256
}

/// Everything masked; and everything a pseudonym, with rules of an organisation's own.
static RULES: LazyLock<[RuleSet; 2]> = LazyLock::new(|| {
    let own = |name: &str, pattern: Option<&str>, pointer: Option<&str>| OwnRule {
        name: name.to_owned(),
        pattern: pattern.map(str::to_owned),
        pointer: pointer.map(str::to_owned),
        mode: Mode::Pseudonym,
    };
    let settings = Settings {
        modes: Kind::ALL.into_iter().map(|kind| (kind, Mode::Pseudonym)).collect(),
        rules: vec![own("badge", Some("EMP-[0-9]{6}"), None), own("place", None, Some("/action/input/*"))],
    };
    let pseudonyms = RuleSet::new(&settings, Some(PseudonymKey::new([7; 32]))).expect("good settings");
    [RuleSet::strictest(), pseudonyms]
});

fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "bob@example.com, +14155552671, 4111 1111 1111 1111, 123-45-6789, DE89370400440532013000, 10.0.0.1, 2001:db8::1",
        "postgres://user:pass@host/db?password=hunter2 Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345",
        r#"{"password":"hunter2","note":"{\"api_key\":\"sk_live_4eC39HqLyjWDarjtT1zdp7dc\"}","bob%40example.com":[1]}"#,
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
    ];
    texts.into_iter().map(Vec::from).chain(gapin_fuzz::events()).collect()
}

fuzz_target!(init: gapin_fuzz::write_seeds(seeds), |bytes: &[u8]| {
    for rules in &*RULES {
        check(rules, bytes);
    }
});

fn check(rules: &RuleSet, bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        let (once, kinds) = rules.redact_text(text);
        assert!(once.len() <= bytes_max(text.len()), "{} bytes became {}", text.len(), once.len());
        assert_eq!(kinds.is_empty(), once == text, "what was hidden is told");
        let (twice, more) = rules.redact_text(&once);
        assert_eq!(once, twice, "what is redacted is redacted for good");
        assert!(more.is_empty());
    }
    // What is no object by itself is tried under a name that means a secret, and as a name.
    let mut object = match json::parse(bytes) {
        Ok(Value::Object(object)) => object,
        _ => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let mut object = Map::new();
            object.insert("note".to_owned(), text.clone().into());
            object.insert("password".to_owned(), text.clone().into());
            object.insert(text, Value::Array(vec![1.into()]));
            object
        }
    };
    let members = object.len();
    let list = rules.redact(&mut object);
    assert_eq!(object.len(), members, "no member is lost");
    let redacted = Value::Object(object.clone());
    for redaction in &list {
        assert!(redacted.pointer(&redaction.pointer).is_some(), "{} leads nowhere", redaction.pointer);
    }
    let more = rules.redact(&mut object);
    assert!(more.is_empty(), "found again: {more:?}");
    assert_eq!(Value::Object(object), redacted);
}
