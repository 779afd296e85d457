use aibbar::json::{self, DEPTH_MAX, JsonFaultKind as K, Shape};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::shared_data;

fn check(json: &str, expect: Value) {
    assert_eq!(json::parse(json.as_bytes()), Ok(expect), "{json}");
}

fn check_fault(json: impl AsRef<[u8]>, kind: K, offset: usize) {
    let json = json.as_ref();
    let fault = json::parse(json).expect_err(&String::from_utf8_lossy(json));
    assert_eq!((fault.kind, fault.offset), (kind, offset), "{}", String::from_utf8_lossy(json));
}

/// What the suite accepts, and RFC 8259 leaves unpredictable: the one thing that we are stricter in.
const ACCEPTED_BY_THE_SUITE_ONLY: [&str; 2] =
    ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

#[test]
fn accepts_and_refuses_what_the_json_test_suite_says() {
    let cases = shared_data::read_lines("json/parsing.jsonl");
    assert!(cases.len() > 200);
    for case in cases {
        let result = json::parse(&shared_data::base64(&case["base64"]));
        let name = case["name"].as_str().unwrap();
        if ACCEPTED_BY_THE_SUITE_ONLY.contains(&name) {
            assert_eq!(result.unwrap_err().kind, K::DuplicateMember, "{name}");
        } else {
            assert_eq!(result.is_ok(), case["expect"] == "accept", "{name}");
        }
    }
}

#[test]
fn reads_every_kind_of_value() {
    check(" {\"a\" : [ 1 , true,false,null, \"x\" ,{}, []] }\r\n\t", json!({"a": [1, true, false, null, "x", {}, []]}));
    check("\"\"", json!(""));
    check(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00\u0000""#, json!("\"\\/\u{8}\u{c}\n\r\tAé😀\0"));
    check("\"é 😀 \u{7f}\u{2028}\"", json!("é 😀 \u{7f}\u{2028}"));
}

#[test]
fn reads_numbers_as_every_library_does() {
    check("0", json!(0));
    check("-0", json!(0));
    check("9007199254740991", json!(9_007_199_254_740_991_i64));
    check("-9007199254740991", json!(-9_007_199_254_740_991_i64));
    check("1E22", json!(1e22));
    check("1e20", json!(1e20));
    check("1.0", json!(1.0));
    check("-0.5e-1", json!(-0.05));
    check("9007199254740993.0", json!(9_007_199_254_740_992.0));
    check("1e-999", json!(0.0));
    check("5e-324", json!(5e-324));
    check("1.7976931348623157e308", json!(f64::MAX));
}

#[test]
fn refuses_numbers_that_libraries_read_differently() {
    check_fault("9007199254740992", K::IntegerTooLarge, 0);
    check_fault("[1,-9007199254740992]", K::IntegerTooLarge, 3);
    check_fault("-9223372036854775808", K::IntegerTooLarge, 0);
    check_fault("1".repeat(5000), K::IntegerTooLarge, 0);
    check_fault("1e309", K::NumberTooLarge, 0);
    check_fault(format!("-{}.0", "9".repeat(400)), K::NumberTooLarge, 0);
}

#[test]
fn refuses_what_is_no_number() {
    for number in ["-", "01", "-01", "00", "1.", "1.e1", "1e", "1e+", "-.5"] {
        check_fault(number, K::InvalidNumber, 0);
    }
    for value in ["+1", ".5", "NaN", "Infinity", "nul", "tru", "True", "'a'"] {
        check_fault(value, K::ValueExpected, 0);
    }
    check_fault("0x1", K::TrailingBytes, 1);
    check_fault("-Infinity", K::InvalidNumber, 0);
}

#[test]
fn refuses_duplicate_members_however_they_are_written() {
    check_fault(r#"{"a":1,"b":2,"a":1}"#, K::DuplicateMember, 13);
    check_fault(r#"{"a":1,"\u0061":1}"#, K::DuplicateMember, 7);
    check_fault(r#"{"x":[{"":1,"":2}]}"#, K::DuplicateMember, 12);
    check(r#"{"a":{"a":1},"b":{"a":1}}"#, json!({"a": {"a": 1}, "b": {"a": 1}}));
    // Not normalised: these are two names.
    check("{\"\u{e9}\":1,\"e\u{301}\":2}", json!({"\u{e9}": 1, "e\u{301}": 2}));
}

#[test]
fn refuses_text_that_is_no_unicode() {
    check_fault(b"[\"a\xff\"]", K::InvalidUtf8, 3);
    check_fault(b"\"\xed\xa0\x80\"", K::InvalidUtf8, 1); // a surrogate in UTF-8
    check_fault(b"\"\xc0\x80\"", K::InvalidUtf8, 1); // an overlong NUL
    check_fault(b"\xef\xbb\xbf{}", K::ByteOrderMark, 0);
    check_fault(b"{\0\"\0a\0", K::NameExpected, 1); // UTF-16
    check_fault(r#"["\ud800"]"#, K::LoneSurrogate, 2);
    check_fault(r#"["\udc00"]"#, K::LoneSurrogate, 2);
    check_fault(r#"["\ud800\u0041"]"#, K::LoneSurrogate, 2);
    check_fault(r#"["\ud800\ud800"]"#, K::LoneSurrogate, 2);
    check_fault(r#"["\udc00\ud800"]"#, K::LoneSurrogate, 2);
    check_fault(r#"{"\ud83d":1}"#, K::LoneSurrogate, 2);
}

#[test]
fn refuses_strings_that_json_does_not_write() {
    check_fault("\"a\nb\"", K::ControlCharacter, 2);
    check_fault("\"\x1f\"", K::ControlCharacter, 1);
    check_fault(r#""\x""#, K::InvalidEscape, 1);
    check_fault(r#""\u00g0""#, K::InvalidEscape, 1);
    check_fault(r#""\u+123""#, K::InvalidEscape, 1);
    check_fault(r#""\U0041""#, K::InvalidEscape, 1);
    check_fault(r#""\ud83d\u12""#, K::InvalidEscape, 7);
    check_fault("\"abc", K::UnexpectedEnd, 4);
    check_fault("\"abc\\", K::UnexpectedEnd, 5);
}

#[test]
fn refuses_a_broken_structure() {
    check_fault("", K::UnexpectedEnd, 0);
    check_fault("  ", K::UnexpectedEnd, 2);
    check_fault("[1", K::UnexpectedEnd, 2);
    check_fault("[1,", K::UnexpectedEnd, 3);
    check_fault("[1,]", K::ValueExpected, 3);
    check_fault("[,1]", K::ValueExpected, 1);
    check_fault("[1 2]", K::ArrayNotContinued, 3);
    check_fault("[1}", K::ArrayNotContinued, 2);
    check_fault("{", K::UnexpectedEnd, 1);
    check_fault("{a:1}", K::NameExpected, 1);
    check_fault("{\"a\":1,}", K::NameExpected, 7);
    check_fault("{\"a\" 1}", K::ColonExpected, 5);
    check_fault("{\"a\":}", K::ValueExpected, 5);
    check_fault("{\"a\":1]", K::ObjectNotContinued, 6);
    check_fault("{}{}", K::TrailingBytes, 2);
    check_fault("{} x", K::TrailingBytes, 3);
    check_fault("[1]// no", K::TrailingBytes, 3);
    check_fault("\u{a0}1", K::ValueExpected, 0); // white space to people only
}

#[test]
fn nests_64_deep_and_no_deeper() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(json::parse(nested(DEPTH_MAX).as_bytes()).is_ok());
    check_fault(nested(DEPTH_MAX + 1), K::TooDeep, 64);
    check_fault("[".repeat(1_000_000), K::TooDeep, 64);
    check_fault("{\"a\":".repeat(100_000), K::TooDeep, 64 * 5);
    // What is closed again does not count.
    assert!(json::parse(format!("[{}[]]", "[],".repeat(1000)).as_bytes()).is_ok());
}

#[test]
fn a_fault_shows_nothing_of_the_text() {
    for json in ["{\"jane@example.org\":1,\"jane@example.org\":2}", "jane@example.org", "[\"jane@example.org\\x\"]"] {
        let sentence = json::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(!sentence.contains("jane"), "{sentence}");
    }
}

#[test]
fn tells_an_object_from_an_array_by_its_first_byte() {
    assert_eq!(json::shape(b" \r\n\t{"), Shape::Object);
    assert_eq!(json::shape(b"[1"), Shape::Array);
    assert_eq!(json::shape(b"\"{\""), Shape::Other);
    assert_eq!(json::shape(b" "), Shape::Empty);
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |double| double.is_finite().then(|| Value::from(double))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_back_what_serde_json_writes(value in any_json()) {
        prop_assert_eq!(json::parse(&serde_json::to_vec(&value).unwrap()), Ok(value.clone()));
        prop_assert_eq!(json::parse(&serde_json::to_vec_pretty(&value).unwrap()), Ok(value));
    }

    #[test]
    fn never_accepts_what_serde_json_refuses(text in r#"([\[\]{},:"\\ 0-9eE.+\-]|"a"|true|null|\\u[d-f8-9a-c0]{4}|\PC){0,24}"#) {
        if json::parse(text.as_bytes()).is_ok() {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Err(fault) = json::parse(&bytes) {
            prop_assert!(fault.offset <= bytes.len());
        }
        let _ = json::split_array(&bytes, 10);
    }
}
