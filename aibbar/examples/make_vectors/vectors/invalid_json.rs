//! Bytes that are no event, since two libraries would read them differently, or none would.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{Body, EVENT_BYTES_MAX, Invalid, query_replacing, query_with, with_any_signature};

fn text(name: &'static str, why: &'static str, event: &str) -> Invalid {
    Invalid::new(name, why, Body::Json(with_any_signature(event)), "invalid_json")
}

fn bytes(name: &'static str, why: &'static str, bytes: &[u8]) -> Invalid {
    Invalid::new(name, why, Body::Base64(BASE64_STANDARD.encode(bytes)), "invalid_json")
}

/// A query whose answer holds this.
fn output(json: &str) -> String {
    query_with(&format!(r#","response":{{"output":{json}}}"#))
}

pub(super) fn all() -> Vec<Invalid> {
    let good = with_any_signature(&query_with(""));
    vec![
        text("empty", "nothing at all", ""),
        text("white-space-only", "nothing but white space", " \n"),
        text("cut-off", "a body that was cut", &good[..good.len() - 1]),
        text("trailing-value", "a second value", &format!("{good}{{}}")),
        text("trailing-comma", "what JavaScript allows and JSON does not", &query_with(",")),
        text("comment", "JSON has no comments", &query_with("/* no */")),
        text("single-quotes", "strings stand in double quotes", &query_replacing("\"model-1\"", "'model-1'")),
        text("unquoted-name", "so do names", &query_replacing("\"ai_version\"", "ai_version")),
        text("not-a-number", "JSON has no NaN", &output("NaN")),
        text("infinity", "nor an infinity", &output("-Infinity")),
        text("leading-zero", "a number has no leading zero", &output("01")),
        text("leading-plus", "nor a leading plus", &output("+1")),
        text("bare-point", "nor a point without digits after it", &output("1.")),
        text("bare-exponent", "nor an exponent without digits", &output("1e")),
        text("hexadecimal", "nor hexadecimal digits", &output("0x10")),
        text("control-character", "a line break in a string must be escaped", &output("\"a\nb\"")),
        text("unknown-escape", "JSON knows no such escape", &output(r#""\x41""#)),
        text("short-unicode-escape", "four digits follow \\u", &output(r#""\u41""#)),
        text(
            "duplicate-member",
            "the last one counts in most libraries, the first one in others",
            &query_with(r#","ai_version":"model-2""#),
        ),
        text("duplicate-member-same-value", "also when both say the same", &query_with(r#","ai_version":"model-1""#)),
        text(
            "duplicate-member-escaped",
            "names are compared as what they stand for",
            &query_with(r#","ai\u005fversion":"model-2""#),
        ),
        text(
            "duplicate-member-inside",
            "at any depth, also where any JSON may stand",
            &output(r#"[{"a":{"b":1,"b":2}}]"#),
        ),
        text(
            "integer-too-large",
            "2^53 is read exactly by some libraries and as a double by others",
            &output("9007199254740992"),
        ),
        text("integer-too-small", "so is its negative", &output("-9007199254740992")),
        text("integer-of-64-bits", "2^64 - 1", &output("18446744073709551615")),
        text(
            "integer-of-many-digits",
            "10^20 written out; 1e20 is a double to everyone",
            &output("100000000000000000000"),
        ),
        text("number-overflow", "infinity to some libraries, an error to others", &output("1e309")),
        text("number-overflow-negative", "so is its negative", &output("-1.8e308")),
        text("lone-high-surrogate", "the first half of a pair is no character", &output(r#""\ud83d""#)),
        text("lone-low-surrogate", "nor is the second", &output(r#""\ude00""#)),
        text("surrogates-swapped", "nor are both in the wrong order", &output(r#""\ude00\ud83d""#)),
        text(
            "surrogate-before-character",
            "a first half needs the second right after it",
            &output(r#""\ud83d\u0041""#),
        ),
        text("lone-surrogate-in-name", "in a name as in a value", &output(r#"{"\ud83d":1}"#)),
        text("depth-65", "one deeper than may be", &output(&format!("{}{}", "[".repeat(63), "]".repeat(63)))),
        text(
            "depth-of-objects",
            "objects count like arrays",
            &output(&format!("{}1{}", r#"{"a":"#.repeat(63), "}".repeat(63))),
        ),
        bytes("byte-order-mark", "some libraries skip it, others refuse it", format!("\u{feff}{good}").as_bytes()),
        bytes("utf-16", "JSON is UTF-8", &good.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        bytes("latin-1", "a byte that is no UTF-8", &replaced(&good, b"\xe9")),
        bytes("overlong", "a character in more bytes than it needs", &replaced(&good, b"\xc1\xa1")),
        bytes("surrogate-in-utf-8", "a surrogate has no UTF-8", &replaced(&good, b"\xed\xa0\x80")),
        bytes("beyond-unicode", "a code point after the last", &replaced(&good, b"\xf4\x90\x80\x80")),
        bytes("nul-after-end", "a zero byte is not white space", format!("{good}\0").as_bytes()),
        too_large(),
    ]
}

/// The event with these bytes for its `ai_version`.
fn replaced(good: &str, by: &[u8]) -> Vec<u8> {
    let (before, after) = good.split_once("model-1").expect("it stands there");
    [before.as_bytes(), by, after.as_bytes()].concat()
}

/// One byte over 256 KiB, of white space: counted as it was sent.
fn too_large() -> Invalid {
    let before = with_any_signature(&query_with(""));
    let times = EVENT_BYTES_MAX + 1 - before.len();
    let body = Body::Padded { before, pad: " ", times, after: String::new() };
    Invalid::new("too-large", "262145 bytes; white space counts too", body, "event_too_large")
}
