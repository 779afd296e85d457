use aibbar::json::{self, JsonFault, JsonFaultKind as K, SplitFault, split_array};
use proptest::prelude::*;
use serde_json::Value;

use crate::strict_json::any_json;

fn check(array: &str, expect: &[&str]) {
    let elements = split_array(array.as_bytes(), 100).unwrap();
    let elements: Vec<_> = elements.into_iter().map(|span| &array[span]).collect();
    assert_eq!(elements, expect, "{array}");
}

fn check_fault(array: &str, kind: K, offset: usize) {
    assert_eq!(split_array(array.as_bytes(), 100), Err(SplitFault::Json(JsonFault { kind, offset })), "{array}");
}

#[test]
fn finds_the_elements() {
    check("[]", &[]);
    check(" [ \n ] ", &[]);
    check("[1]", &["1"]);
    check(" [ {\"a\":1} ,\t[2,3] , \"x\" ]\n", &["{\"a\":1}", "[2,3]", "\"x\""]);
    check(r#"["],[{", "\"],", "\\"]"#, &[r#""],[{""#, r#""\"],""#, r#""\\""#]);
}

#[test]
fn a_bad_element_spoils_only_itself() {
    check(r#"[{"a":1,"a":2},{"b":1}]"#, &[r#"{"a":1,"a":2}"#, r#"{"b":1}"#]);
    check(
        r#"[01,{"b":1 "c":2},nonsense,{"d":1}{"e":1}]"#,
        &["01", r#"{"b":1 "c":2}"#, "nonsense", r#"{"d":1}{"e":1}"#],
    );
    let not_utf8 = b"[\"\xff\",{}]";
    assert_eq!(split_array(not_utf8, 100), Ok(vec![1..4, 5..7]));
}

#[test]
fn a_broken_structure_spoils_the_whole() {
    check_fault("", K::UnexpectedEnd, 0);
    check_fault("{}", K::ValueExpected, 0);
    check_fault("[", K::UnexpectedEnd, 1);
    check_fault("[{}", K::UnexpectedEnd, 3);
    check_fault("[{},", K::UnexpectedEnd, 4);
    check_fault("[{\"a\":\"}]", K::UnexpectedEnd, 9);
    check_fault("[\"a\\", K::UnexpectedEnd, 4);
    check_fault("[,]", K::ValueExpected, 1);
    check_fault("[1,]", K::ValueExpected, 3);
    check_fault("[1, ,2]", K::ValueExpected, 4);
    check_fault("[{]}]", K::BracketMismatch, 2);
    check_fault("[}]", K::BracketMismatch, 1);
    check_fault("[1][2]", K::TrailingBytes, 3);
}

#[test]
fn takes_no_more_elements_than_the_caller_says() {
    assert_eq!(split_array(b"[1,2]", 2).map(|elements| elements.len()), Ok(2));
    assert_eq!(split_array(b"[1,2,3]", 2), Err(SplitFault::TooManyElements { elements_max: 2 }));
    assert_eq!(split_array(b"[]", 0), Ok(vec![]));
}

#[test]
fn depth_is_left_to_the_reader_of_the_element() {
    let deep = format!("[{}{},1]", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(split_array(deep.as_bytes(), 2), Ok(vec![1..200_001, 200_002..200_003]));
}

proptest! {
    #[test]
    fn cuts_an_array_as_a_parser_does(elements in prop::collection::vec(any_json(), 0..8)) {
        let array = serde_json::to_vec_pretty(&elements).unwrap();
        let found: Vec<Value> = split_array(&array, 8)
            .unwrap()
            .into_iter()
            .map(|span| json::parse(&array[span]).unwrap())
            .collect();
        prop_assert_eq!(found, elements);
    }
}
