//! Modes by kind, pseudonyms, and an organisation's own rules.
#![allow(clippy::unwrap_used)]

use aibbar::{
    Kind, Mode, RuleSet,
    redact::{PseudonymKey, Settings, Why},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A text of so many bytes becomes no longer than this, whatever the rules.
fn bytes_max(bytes: usize) -> usize {
    3 * bytes + 256
}

fn rules(settings: Value) -> RuleSet {
    rules_of_key(settings, 7)
}

fn rules_of_key(settings: Value, key: u8) -> RuleSet {
    let settings: Settings = serde_json::from_value(settings).unwrap();
    RuleSet::new(&settings, Some(PseudonymKey::new([key; PseudonymKey::BYTES]))).unwrap()
}

fn pseudonyms() -> Value {
    let modes: Map<_, _> = Kind::ALL.iter().map(|kind| (kind.as_str().to_owned(), "pseudonym".into())).collect();
    json!({ "modes": modes })
}

/// Of a redaction: the pointer, the kind, the own rule.
type Told = (String, &'static str, Option<String>);

fn redacted(rules: &RuleSet, value: Value) -> (Value, Vec<Told>) {
    let Value::Object(mut object) = value else { panic!("an event is an object") };
    let list = rules.redact(&mut object);
    let list = list.into_iter().map(|r| (r.pointer, r.kind.as_str(), r.rule.map(|rule| rule.to_string()))).collect();
    (Value::Object(object), list)
}

#[track_caller]
fn check(rules: &RuleSet, text: &str, expected: &str) {
    let (once, _) = rules.redact_text(text);
    assert_eq!(once, expected, "{text}");
    assert_eq!(rules.redact_text(&once), (expected.into(), vec![]), "it is hidden for good");
}

#[track_caller]
fn faults(settings: Value) -> Vec<(String, &'static str)> {
    let settings: Settings = serde_json::from_value(settings).unwrap();
    assert_eq!(settings.faults().is_empty(), RuleSet::new(&settings, None).is_ok());
    settings.faults().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn a_mode_is_of_one_kind_and_the_others_are_as_they_were() {
    let rules = rules(json!({ "modes": { "email": "pseudonym", "phone": "off", "ip_address": "mask" } }));
    check(
        &rules,
        "bob@example.com, +14155552671, 4111111111111111, 10.0.0.1",
        "[EMAIL:yw7qamedxcvavotfd3hx], +14155552671, [REDACTED:credit_card], [REDACTED:ip_address]",
    );
}

#[test]
fn one_value_has_one_pseudonym_in_every_spelling_and_in_every_string() {
    let rules = rules(pseudonyms());
    let bob = "[EMAIL:yw7qamedxcvavotfd3hx]";
    check(&rules, "bob@example.com and Bob@Example.COM", &format!("{bob} and {bob}"));
    check(&rules, "?mail=bob%40example.com&x=1", &format!("?mail={bob}&x=1"));
    check(&rules, r#"{\"to\":\"bob\u0040example.com\"}"#, &format!(r#"{{\"to\":\"{bob}\"}}"#));
    let (value, list) = redacted(&rules, json!({ "bob@example.com": ["bob@example.com", "ann@example.com"] }));
    let strings = value[bob].as_array().unwrap();
    assert_eq!(strings[0], bob);
    assert_ne!(strings[1], bob);
    assert_eq!(list.len(), 3);
}

#[test]
fn another_key_makes_other_pseudonyms_and_without_a_key_there_are_none() {
    let text = "bob@example.com";
    let one = rules_of_key(pseudonyms(), 1).redact_text(text).0.into_owned();
    let other = rules_of_key(pseudonyms(), 2).redact_text(text).0.into_owned();
    assert_ne!(one, other);
    let settings: Settings = serde_json::from_value(pseudonyms()).unwrap();
    check(&RuleSet::new(&settings, None).unwrap(), text, "[REDACTED:email]");
}

#[test]
fn a_pseudonym_of_a_secret_does_not_hide_what_stands_beside_it() {
    let rules = rules(pseudonyms());
    let (text, _) = rules.redact_text("postgres://app:hunter2secret@db.internal/orders");
    assert!(text.starts_with("postgres://app:[SECRET:") && text.ends_with("]@db.internal/orders"), "{text}");
    let (value, _) = redacted(&rules, json!({ "password": "hunter2", "pin": 4711 }));
    for name in ["password", "pin"] {
        assert!(value[name].as_str().unwrap().starts_with("[PASSWORD:"), "{value}");
    }
    let again = redacted(&rules, value.clone());
    assert_eq!(again, (value, vec![]));
}

#[test]
fn a_stand_in_that_a_sender_makes_up_hides_nothing() {
    let rules = rules(json!({
        "modes": { "credit_card": "pseudonym" },
        "rules": [{ "name": "case_number", "pattern": "CASE-[0-9]{4}" }],
    }));
    for text in ["[CREDIT_CARD:4111111111111111]", "[REDACTED:custom:4111111111111111]", "[CUSTOM:a:4111111111111111]"]
    {
        assert!(!rules.redact_text(text).0.contains("4111"), "{text}");
    }
    // And one that could be one stays, whoever made it.
    check(&rules, "[EMAIL:yw7qamedxcvavotfd3hx]", "[EMAIL:yw7qamedxcvavotfd3hx]");
    check(&rules, "[REDACTED:custom:case_number]", "[REDACTED:custom:case_number]");
}

#[test]
fn an_own_pattern_is_searched_for_in_strings_keys_and_what_they_encode() {
    let rules = rules(json!({ "rules": [
        { "name": "employee", "pattern": "EMP-[0-9]{6}" },
        { "name": "ticket", "pattern": "TICK#[0-9]+", "mode": "pseudonym" },
        { "name": "unused", "pattern": "nothing", "mode": "off" },
    ] }));
    check(&rules, "of EMP-123456 nothing", "of [REDACTED:custom:employee] nothing");
    check(&rules, "EMP%2D123456", "[REDACTED:custom:employee]");
    let (value, list) = redacted(&rules, json!({ "EMP-000001": "TICK#77 TICK%2377", "n": 1 }));
    let text = value["[REDACTED:custom:employee]"].as_str().unwrap();
    let (one, two) = text.split_once(' ').unwrap();
    assert!(one.starts_with("[CUSTOM:ticket:") && one == two, "{text}");
    let at = "/[REDACTED:custom:employee]".to_owned();
    assert_eq!(list, [(at.clone(), "custom", Some("employee".into())), (at, "custom", Some("ticket".into()))]);
}

#[test]
fn an_own_pointer_hides_a_value_of_any_type_whole() {
    let rules = rules(json!({ "rules": [
        { "name": "diagnosis", "pointer": "/action/input/diagnosis" },
        { "name": "row", "pointer": "/action/output/*/owner", "mode": "pseudonym" },
        { "name": "user", "pointer": "/metadata/user_id", "mode": "pseudonym" },
    ] }));
    let event = json!({
        "action": {
            "input": { "diagnosis": { "code": "F32", "mail": "bob@example.com" }, "other": "F32" },
            "output": [{ "owner": "ann" }, { "owner": 7 }, { "owner": "ann" }, { "owner": null }],
        },
        "metadata": { "user_id": "ann", "session_id": "s" },
    });
    let (value, list) = redacted(&rules, event);
    assert_eq!(value["action"]["input"], json!({ "diagnosis": "[REDACTED:custom:diagnosis]", "other": "F32" }));
    let owners: Vec<_> = value["action"]["output"].as_array().unwrap().iter().map(|row| row["owner"].clone()).collect();
    assert!(owners[0].as_str().unwrap().starts_with("[CUSTOM:row:"));
    assert!(owners[0] == owners[2] && owners[0] != owners[1] && owners[3].is_null(), "{owners:?}");
    assert_eq!(value["metadata"]["session_id"], "s");
    assert_eq!(list.len(), 5, "{list:?}");
    assert_eq!(redacted(&rules, value.clone()), (value, vec![]));
}

/// A star that leads to thousands of small values: what stands for them is many times as long as they were.
#[test]
fn places_that_a_star_hides_leave_the_event_small_enough_for_the_log() {
    const EVENT_BYTES: usize = 256 * 1024;
    // An event may grow by its length in quotes, and by 256 KiB of stand-ins: 768 KiB leave the list its place.
    const REDACTED_BYTES_MAX: usize = 3 * EVENT_BYTES;
    let name = "n".repeat(32);
    for mode in ["mask", "pseudonym"] {
        let rules = rules(json!({ "rules": [{ "name": name, "pointer": "/action/input/*", "mode": mode }] }));
        for small in [json!(""), json!(7), json!(true), json!({}), json!([]), json!("abcdefgh")] {
            let members: Map<_, _> = (0..29_000).map(|index| (format!("{index:x}"), small.clone())).collect();
            let (once, list) = redacted(&rules, json!({ "action": { "input": members } }));
            assert!(once.to_string().len() <= REDACTED_BYTES_MAX, "{mode} of {small}: {}", once.to_string().len());
            assert_eq!(once["action"]["input"].as_object().map(Map::len), Some(29_000), "no member is lost");
            let hidden = once["action"]["input"].as_object().unwrap().values().all(|value| *value != small);
            assert!(hidden && !list.is_empty(), "{mode} of {small}");
            assert_eq!(redacted(&rules, once.clone()), (once, vec![]), "it is hidden for good");
        }
    }
}

/// Every place that the event's schema names, and whether a text may stand there.
fn places(schema: &Value, at: &str, into: &mut Vec<(String, bool)>) {
    let whole: &Value = &SCHEMA;
    let schema = match schema["$ref"].as_str() {
        Some(reference) => whole.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    if !at.is_empty() {
        into.push((at.to_owned(), schema.get("type").is_none_or(|of| of == "string")));
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        places(member, &format!("{at}/{name}"), into);
    }
}

static SCHEMA: std::sync::LazyLock<Value> =
    std::sync::LazyLock::new(|| serde_json::from_str(include_str!("../../contract/aibbar-event.schema.json")).unwrap());

#[test]
fn an_own_pointer_leaves_the_record_what_its_schema_says() {
    const KEPT: [&str; 6] = ["/event_id", "/event_type", "/ai_id", "/timestamp", "/signature", "/signature_algorithm"];
    let mut all = Vec::new();
    places(&SCHEMA, "", &mut all);
    assert!(all.len() > 40 && all.contains(&("/response/usage/input_tokens".to_owned(), false)), "{all:?}");
    for (pointer, may_be_text) in all {
        let may_be_hidden = may_be_text && !KEPT.contains(&pointer.as_str()) && pointer != "/key_id";
        let faults = faults(json!({ "rules": [{ "name": "it", "pointer": pointer }] }));
        assert_eq!(faults.is_empty(), may_be_hidden, "{pointer}");
    }
}

#[test]
fn every_fault_of_settings_is_told_with_its_place() {
    assert_eq!(faults(json!({})), []);
    let found = faults(json!({ "rules": [
        { "name": "Bad Name", "pattern": "abcd" },
        { "name": "twice", "pattern": "abcd" },
        { "name": "twice", "pattern": "a" },
        { "name": "both", "pattern": "abcd", "pointer": "/action" },
        { "name": "neither", "mode": "off" },
        { "name": "kept", "pointer": "/ai_id", "mode": "off" },
        { "name": "broken", "pattern": "(abcd", "mode": "off" },
    ] }));
    let expected = [
        ("/rules/0/name", "pattern"),
        ("/rules/2/name", "unique"),
        ("/rules/2/pattern", "pattern"),
        ("/rules/3", "one_of"),
        ("/rules/4", "one_of"),
        ("/rules/5/pointer", "pointer"),
        ("/rules/6/pattern", "pattern"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    let many: Vec<_> = (0..33).map(|n| json!({ "name": format!("r{n}"), "pattern": "abcd" })).collect();
    assert_eq!(faults(json!({ "rules": many[..32] })), []);
    assert_eq!(faults(json!({ "rules": many })), [("/rules".to_owned(), "max_items")]);
    assert!(serde_json::from_value::<Settings>(json!({ "modes": { "custom": "mask" } })).is_err());
    assert!(serde_json::from_value::<Settings>(json!({ "modes": { "email": "hide" } })).is_err());
}

#[test]
fn a_finding_says_where_its_stand_in_is_and_why_and_never_what_it_was() {
    let rules = rules(json!({
        "modes": { "email": "pseudonym" },
        "rules": [{ "name": "employee", "pattern": "EMP-[0-9]{6}" }, { "name": "place", "pointer": "/b/0" }],
    }));
    let mut value = json!({
        "a": "ü bob@example.com, EMP-123456, postgres://u:hunter2x@h/d",
        "b": [{ "c": 1 }],
        "password": "[REDACTED:email] swordfish",
        "ann@example.com": true,
    });
    let (findings, is_more) = rules.explain(&mut value);
    assert!(!is_more);
    let told: Vec<_> = findings
        .iter()
        .map(|finding| {
            let key = finding.pointer.rsplit('/').next().unwrap();
            let text = if finding.in_key { key } else { value.pointer(&finding.pointer).unwrap().as_str().unwrap() };
            let stand_in: String = text.chars().skip(finding.start).take(finding.end - finding.start).collect();
            (stand_in.replace(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit(), ""), finding.mode, finding.why)
        })
        .collect();
    let (email, own) = (Why::OfKind(Kind::Email), "[REDACTED::]".to_owned());
    let expected = [
        ("[EMAIL:]".to_owned(), Mode::Pseudonym, email),
        ("[EMAIL:]".to_owned(), Mode::Pseudonym, email),
        (own.clone(), Mode::Mask, Why::Pattern(0)),
        ("[REDACTED:]".to_owned(), Mode::Mask, Why::InUrl),
        (own, Mode::Mask, Why::Place(1)),
        ("[REDACTED:]".to_owned(), Mode::Mask, Why::Name),
    ];
    assert_eq!(told, expected);
    assert!(!format!("{findings:?}").contains("bob"));
}

#[test]
fn the_version_of_the_rules_tells_whether_they_are_an_organisations() {
    let rules = RuleSet::default();
    assert_eq!(rules.version(), RuleSet::VERSION);
    assert_eq!(rules.of_settings_version(7).version(), format!("{}+org.7", RuleSet::VERSION));
    assert_eq!(format!("{:?}", PseudonymKey::new([9; 32])), "PseudonymKey(…)");
}

fn everything() -> RuleSet {
    let mut settings = pseudonyms();
    settings["rules"] = json!([
        { "name": "short", "pattern": "[a-z]{4}", "mode": "pseudonym" },
        { "name": "employee", "pattern": "EMP-[0-9]+" },
    ]);
    rules(settings)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn what_has_a_pseudonym_has_it_for_good_and_grows_within_its_bound(pieces in prop::collection::vec(prop::sample::select(vec![
        "bob@example.com", "+14155552671", "4111111111111111", "123-45-6789", "password", "secret=", "token: ", "hunter2", "\"", "=", " ", "/",
        "[EMAIL:yw7qamedxcvavotfd3hx]", "[SECRET:yw7qamedxcvavotfd3hx]", "[SECRET:", "]", "[REDACTED:custom:short]", "[CUSTOM:short:yw7qamedxcvavotfd3hx]",
        "[REDACTED:email]", "EMP-12", "EMP-", "://u:", "@h.de", "%40", "\\u0040", "abcd", "ü", "10.0.0.1", "\n", "AKIAQYLPMN5HHHFPZAM2",
    ]), 0..12), times in prop::sample::select(vec![1, 1, 1, 40])) {
        let text = pieces.concat().repeat(times);
        for rules in [rules(pseudonyms()), everything()] {
            let (once, _) = rules.redact_text(&text);
            prop_assert!(once.len() <= bytes_max(text.len()), "{text:?}");
            let (twice, found) = rules.redact_text(&once);
            prop_assert_eq!(&once, &twice, "of {:?}", text);
            prop_assert!(found.is_empty());
        }
    }
}
