#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use aibbar::{canonical, json};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::json;

use super::{HEAD_BYTES_MAX, Writer, within_bound};

fn shown(value: impl Serialize) -> String {
    let mut writer = Writer::default();
    writer.value_at(2, &value);
    let text = String::from_utf8(writer.out).unwrap();
    // Whatever it is: strict JSON, in the canonical form.
    let read = json::parse(text.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(canonical::to_vec(&read)).unwrap(), text);
    text
}

#[derive(Serialize)]
struct Unsorted {
    z: u8,
    a: Inner,
    m: Option<f32>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Inner {
    Unit,
    Newtype(u64),
    Tuple(i8, char),
    Struct { y: (), x: bool },
}

#[test]
fn members_are_in_their_order() {
    assert_eq!(shown(Unsorted { z: 1, a: Inner::Unit, m: None }), r#"{"a":"unit","m":null,"z":1}"#);
    assert_eq!(shown(Unsorted { z: 1, a: Inner::Newtype(7), m: Some(0.1) }), r#"{"a":{"newtype":7},"m":0.1,"z":1}"#);
    assert_eq!(shown(Inner::Tuple(-1, 'x')), r#"{"tuple":[-1,"x"]}"#);
    assert_eq!(shown(Inner::Struct { y: (), x: true }), r#"{"struct":{"x":true,"y":null}}"#);
    assert_eq!(shown(json!({"\u{1f600}": 1, "\u{fb33}": {"b": [{}, []], "a": "\n"}, "a": 3})), {
        "{\"a\":3,\"\u{1f600}\":1,\"\u{fb33}\":{\"a\":\"\\n\",\"b\":[{},[]]}}"
    });
}

#[test]
fn numbers_that_no_reader_takes_are_texts() {
    let doubles = [f64::NAN, f64::INFINITY, -f64::INFINITY, 1.0, 1e21, 1.5e-7, -0.0, 0.1, 1e16, 5e-324];
    assert_eq!(shown(doubles), r#"["NaN","Infinity","-Infinity",1,1e+21,1.5e-7,0,0.1,"10000000000000000",5e-324]"#);
    assert_eq!(
        shown([1_i64 << 53, (1 << 53) - 1, -(1 << 53)]),
        r#"["9007199254740992",9007199254740991,"-9007199254740992"]"#
    );
    assert_eq!(shown(u128::MAX), format!("\"{}\"", u128::MAX));
}

#[test]
fn names_that_are_no_strings_are_texts() {
    assert_eq!(shown(BTreeMap::from([(10, 'a'), (9, 'b')])), r#"{"10":"a","9":"b"}"#);
    assert_eq!(shown(BTreeMap::from([((1, Some(2)), 'e')])), r#"{"[1,2]":"e"}"#);
    assert_eq!(shown(BTreeMap::from([(None::<u8>, 1), (Some(1), 2)])), r#"{"1":2,"null":1}"#);
}

struct Twice;

impl Serialize for Twice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("b", &1)?;
        map.serialize_entry("a", &2)?;
        map.serialize_entry("b", &3)?;
        map.end()
    }
}

struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("half", &1)?;
        Err(serde::ser::Error::custom("sekret"))
    }
}

struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("a value that panics");
    }
}

#[test]
fn json_as_a_text_is_what_it_says() {
    let raw = serde_json::value::RawValue::from_string(r#"{"b": [1.0], "a": 9007199254740993}"#.to_owned()).unwrap();
    assert_eq!(shown(("x", &raw)), r#"["x","{\"b\": [1.0], \"a\": 9007199254740993}"]"#);
    let raw = serde_json::value::RawValue::from_string(r#"{"b": [1.0], "a": "é"}"#.to_owned()).unwrap();
    assert_eq!(shown(("x", &raw)), r#"["x",{"a":"é","b":[1]}]"#);
}

#[test]
fn what_cant_be_shown_says_so() {
    assert_eq!(shown(Twice), r#"{"a":2,"b":3}"#);
    assert_eq!(shown(("x", Fails, 1)), r#"["x","[Fails that can't be shown]",1]"#);
    assert_eq!(shown(Panics), r#""[Panics that can't be shown]""#);
    let mut writer = Writer::default();
    writer.value_at(2, &[Fails, Fails]);
    assert_eq!(writer.faults, 2);
}

#[test]
fn depth_and_count_are_bounded() {
    let deep = (0..100).fold(json!("bottom"), |inner, _| json!([inner]));
    let text = shown(deep);
    assert!(text.contains("[nested deeper than 64 levels]"));
    assert_eq!(text.bytes().take_while(|byte| *byte == b'[').count(), 62);
    let many = shown(vec![vec![7_u64; 300]; 1_000]);
    assert!(
        many.ends_with(r#",7,"[left out: too many values]"],"[left out: too many values]"]"#),
        "{}",
        &many[many.len() - 100..]
    );
}

/// An object without its last brace.
fn head_with(value: impl Serialize) -> Vec<u8> {
    let mut head = shown(BTreeMap::from([("x", value)])).into_bytes();
    head.pop();
    head
}

#[test]
fn what_is_too_large_is_cut() {
    for large in [
        json!("x".repeat(1_000_000)),
        json!("\0".repeat(300_000)),
        json!(vec!["é".repeat(1_000); 500]),
        json!((0..20_000).map(|number| (number.to_string(), "x".repeat(50))).collect::<BTreeMap<_, _>>()),
        json!(vec![(0..100).map(|inner| inner.to_string()).collect::<Vec<_>>(); 900]),
        json!((0..90_000).collect::<Vec<_>>()),
        json!("x".repeat(9_000_000)),
    ] {
        let cut = within_bound(head_with(large)).unwrap();
        assert!(cut.len() <= HEAD_BYTES_MAX);
        let cut = String::from_utf8(cut).unwrap();
        assert!(cut.contains("[cut: "), "{}", &cut[cut.len() - 100..]);
    }
    let twice = within_bound(head_with("\0".repeat(9_000_000))).unwrap();
    assert!(twice.ends_with("…[cut: 9000000 characters]\"".as_bytes()));
}
