use aibbar::{canonical, json};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{shared_data, strict_json::any_json};

fn check(value: Value, expect: &str) {
    assert_eq!(String::from_utf8(canonical::to_vec(&value)).unwrap(), expect);
}

#[test]
fn is_that_of_the_published_pairs() {
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let input = json::parse(&shared_data::read(&format!("jcs/input/{name}.json"))).unwrap();
        check(input, &shared_data::read_text(&format!("jcs/output/{name}.json")));
    }
}

#[test]
fn writes_20_000_doubles_as_ecmascript_does() {
    let numbers = shared_data::read_text("jcs/numbers-20k.txt");
    assert_eq!(numbers.lines().count(), 20_000);
    for line in numbers.lines() {
        let (bits, text) = line.split_once(',').unwrap();
        let double = f64::from_bits(u64::from_str_radix(bits, 16).unwrap());
        check(json!(double), text);
    }
}

#[test]
fn writes_integers_and_doubles_of_one_value_alike() {
    check(json!([0, 0.0, -0.0, 7, 7.0, -7, -7.0, 1e2]), "[0,0,0,7,7,-7,-7,100]");
    check(
        json!([1e20, 1e21, 1e22, 123456789012345680000.0]),
        "[100000000000000000000,1e+21,1e+22,123456789012345680000]",
    );
    check(json!([1e-6, 1e-7, 1.5e-7, 0.00001234]), "[0.000001,1e-7,1.5e-7,0.00001234]");
    // Not let in by the parser; in the canonical form it is the double that it would be read as.
    check(json!(u64::MAX), "18446744073709552000");
    check(json!(i64::MIN), "-9223372036854776000");
}

#[test]
fn orders_members_by_utf16_and_not_by_utf8() {
    // U+1F600 begins with the unit D83D, which stands before U+FB33.
    check(
        json!({"\u{fb33}": 1, "😀": 2, "a": 3, "": 4, "A": 5, "é": 6}),
        "{\"\":4,\"A\":5,\"a\":3,\"é\":6,\"😀\":2,\"\u{fb33}\":1}",
    );
}

#[test]
fn escapes_as_little_as_can_be() {
    check(
        json!("\0\u{8}\t\n\u{b}\u{c}\r\u{1f}\"\\/\u{7f}é\u{2028}"),
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\u{7f}é\u{2028}\"",
    );
}

#[test]
fn leaves_out_a_member_of_the_outermost_object_only() {
    let without = |value: Value, member| {
        String::from_utf8(canonical::to_vec_without(value.as_object().unwrap(), member)).unwrap()
    };
    assert_eq!(without(json!({"a": {"b": 1}, "b": 2, "c": 3}), "b"), r#"{"a":{"b":1},"c":3}"#);
    assert_eq!(without(json!({"b": 2}), "b"), "{}");
    assert_eq!(without(json!({"a": 1}), "b"), r#"{"a":1}"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn agrees_with_another_implementation(value in any_json()) {
        let expect = serde_json_canonicalizer::to_string(&value).unwrap();
        prop_assert_eq!(String::from_utf8(canonical::to_vec(&value)).unwrap(), expect);
    }

    /// Doubles with a few binary digits after the point are where two shortest decimals can be equally near.
    #[test]
    fn breaks_ties_as_another_implementation_does(quarters in 1_i64 << 50..1 << 53, scale in 0..12_i32) {
        let double = json!(quarters as f64 / 4_f64.powi(scale));
        let expect = serde_json_canonicalizer::to_string(&double).unwrap();
        prop_assert_eq!(String::from_utf8(canonical::to_vec(&double)).unwrap(), expect);
    }

    #[test]
    fn of_what_it_says_is_the_same_again(value in any_json()) {
        let canonical = canonical::to_vec(&value);
        // 1e20 is written as an integer, which the strict parser does not take.
        if let Ok(read) = json::parse(&canonical) {
            prop_assert_eq!(canonical::to_vec(&read), canonical);
        }
    }
}
