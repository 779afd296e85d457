//! Events that every implementation takes.

use aibbar::Event;
use serde::Serialize;

use super::{Body, EVENT_BYTES_MAX, NOW, SECRET, query_replacing, query_with, signed};

#[derive(Serialize)]
pub(super) struct Valid {
    name: &'static str,
    why: &'static str,
    #[serde(flatten)]
    body: Body,
    secret: &'static str,
    now: &'static str,
    event_id: String,
}

fn valid(name: &'static str, why: &'static str, event: String) -> Valid {
    let json = signed(&event, SECRET);
    let event_id = event_id_of(&json);
    Valid { name, why, body: Body::Json(json), secret: SECRET, now: NOW, event_id }
}

fn event_id_of(json: &str) -> String {
    Event::parse(json.as_bytes()).expect("a valid vector is an event").event_id().to_string()
}

pub(super) fn all() -> Vec<Valid> {
    let action = r#","action":{"function":"search_flights","input":{"from":"BER"},"output":[{"id":1}],"latency_ms":12.5,"model":"model-1","tokens_used":431}"#;
    let decision = r#","decision":{"type":"route","logic":"cheapest first","options":["a",{"b":2},3],"chosen":"a","confidence":0.75}"#;
    let error = r#","error":{"code":"E_TIMEOUT","message":"no answer in time","stack":"at call","recoverable":true}"#;
    let query = r#","query":{"messages":[{"role":"user","content":"hi"}],"prompt":"hi","model":"model-1","parameters":{"temperature":0.2}}"#;
    let response = r#","response":{"output":"hello","model":"model-1","finish_reason":"stop","usage":{"input_tokens":9,"output_tokens":1},"latency_ms":120}"#;
    let of_type = |event_type: &str, members: &str| query_with(members).replacen("ai.query", event_type, 1);
    let metadata = |metadata: &str| query_replacing("\"metadata\":{}", &format!("\"metadata\":{metadata}"));
    let at = |timestamp: &str| query_replacing("2026-03-01T09:30:00Z", timestamp);

    vec![
        valid("minimal", "every required field and nothing else; its id is derived", query_with("")),
        valid("action", "an ai.action with everything an action may have", of_type("ai.action", action)),
        valid("decision", "an ai.decision; options and chosen are any JSON", of_type("ai.decision", decision)),
        valid("error", "an ai.error with a stack", of_type("ai.error", error)),
        valid("query", "an ai.query with everything a query may have", of_type("ai.query", query)),
        valid("response", "an ai.response with everything a response may have", of_type("ai.response", response)),
        valid(
            "response-without-response",
            "only action, decision and error are required of their type",
            of_type("ai.response", ""),
        ),
        valid(
            "error-with-action",
            "any of the five objects may stand in an event of any type",
            of_type("ai.error", &format!("{error}{action}{decision}{query}{response}")),
        ),
        valid(
            "null-input-and-output",
            "any JSON may be null, and is there all the same",
            of_type("ai.action", r#","action":{"function":"f","input":null,"output":null,"latency_ms":0,"model":""}"#),
        ),
        valid(
            "metadata",
            "every field of the metadata, and labels whose names are free",
            metadata(
                r#"{"user_id":"u1","session_id":"s1","request_id":"r1","source_ip":"192.0.2.1","country":"DE","region":"BE","trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","labels":{"team":"a","any name/at~all":"é"}}"#,
            ),
        ),
        valid(
            "labels-32",
            "32 labels are the most",
            metadata(&format!(
                r#"{{"labels":{{{}}}}}"#,
                (1..=32).map(|n| format!(r#""l{n}":"""#)).collect::<Vec<_>>().join(",")
            )),
        ),
        valid(
            "envelope",
            "every optional field of the envelope",
            query_with(r#","event_id":"019ca8d1-c940-7000-8000-000000000000","sequence":7,"key_id":"key-1""#),
        ),
        valid(
            "event-id-upper-case",
            "hexadecimal digits of a UUID may be upper case; the id is shown in lower case",
            query_with(r#","event_id":"019CA8D1-C940-7ABC-8DEF-000000000000""#),
        ),
        valid(
            "event-id-24-hours-later",
            "a given id may be as much as 24 hours from the timestamp",
            query_with(r#","event_id":"019cade2-11c0-7000-8000-000000000000""#),
        ),
        valid(
            "event-id-24-hours-earlier",
            "in either direction",
            query_with(r#","event_id":"019ca395-59c0-7000-8000-000000000000""#),
        ),
        valid(
            "ai-id-upper-case",
            "the signature covers the text, not the UUID that it stands for",
            query_replacing("3f2b8c1e", "3F2B8C1E"),
        ),
        valid(
            "ai-id-nil",
            "an ai_id is a UUID of any version",
            query_replacing("3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b", "00000000-0000-0000-0000-000000000000"),
        ),
        valid(
            "ai-version-128",
            "lengths are counted in Unicode characters, neither bytes nor UTF-16 units",
            query_replacing("model-1", &"😀".repeat(128)),
        ),
        valid(
            "sequence-largest",
            "2^53 - 1, the largest integer that every library reads alike",
            query_with(r#","sequence":9007199254740991"#),
        ),
        valid(
            "sequence-as-double",
            "7.0 is the integer 7 to JSON Schema and to the canonical form",
            query_with(r#","sequence":7.0"#),
        ),
        valid(
            "timestamp-nanoseconds",
            "nine fraction digits; the derived id rounds down to milliseconds",
            at("2026-03-01T09:30:00.999999999Z"),
        ),
        valid("timestamp-offset", "an offset; the derived id holds the time in UTC", at("2026-03-01T15:00:00.5+05:30")),
        valid(
            "timestamp-unknown-offset",
            "RFC 3339 says -00:00 for an unknown offset",
            at("2026-03-01T09:30:00-00:00"),
        ),
        valid("timestamp-lower-case", "RFC 3339 allows t and z", at("2026-03-01t09:30:00z")),
        valid("timestamp-five-minutes-ahead", "exactly as far ahead as may be", at("2026-03-01T09:35:02Z")),
        valid("timestamp-400-days-old", "exactly as old as may be", at("2025-01-25T09:30:02Z")),
        valid(
            "white-space",
            "white space between tokens is not signed",
            query_with("").replace(',', " ,\r\n\t").replace(':', " : ").replace("T09 : 30 : 00", "T09:30:00"),
        ),
        valid(
            "escapes",
            "how a string is escaped is not signed",
            query_replacing("model-1", r"m\u006fd\u0065l\/\u00e9\ud83d\ude00\b\f\n\r\t\u0000\u007f"),
        ),
        valid(
            "escaped-member-name",
            "nor how a name is escaped",
            query_replacing("\"ai_version\"", r#""ai\u005fversion""#),
        ),
        valid(
            "numbers",
            "numbers are signed as ECMAScript writes them",
            query_with(
                r#","response":{"output":[0,-0,1.0,1E22,1e20,1e21,1e-7,0.000001,5e-324,1.7976931348623157e308,333333333.33333329,9007199254740993.0,1424953923781206.25,1e-999]}"#,
            ),
        ),
        valid(
            "member-order",
            "members are signed in the order of their UTF-16 units: the emoji before U+FB33",
            query_with(r#","response":{"output":{"דּ":1,"😀":2,"é":3,"b":4,"a":5,"B":6,"":7,"10":8,"9":9}}"#),
        ),
        valid(
            "not-normalised",
            "Unicode is never normalised: these are two names",
            query_with(r#","response":{"output":{"\u00e9":1,"e\u0301":2}}"#),
        ),
        valid(
            "depth-64",
            "64 objects and arrays in one another, the event itself among them",
            query_with(&format!(r#","response":{{"output":{}{}}}"#, "[".repeat(62), "]".repeat(62))),
        ),
        valid(
            "names-of-every-language",
            "names that some languages give a meaning of their own",
            query_with(
                r#","response":{"output":{"__proto__":{"x":1},"constructor":1,"toString":2,"hasOwnProperty":3}}"#,
            ),
        ),
        valid(
            "separators-of-lines",
            "U+2028 and U+2029 are plain characters",
            query_with(",\"response\":{\"output\":\"\u{2028}\u{2029}\"}"),
        ),
        largest(),
    ]
}

/// Exactly 256 KiB. What is inside is padding, which a file need not hold.
fn largest() -> Valid {
    const HERE: &str = "|";
    let template = query_with(r#","response":{"output":"|"}"#);
    let frame_bytes = template.len() - HERE.len() - "@".len() + 64;
    let times = EVENT_BYTES_MAX - frame_bytes;
    let padding = "x".repeat(times);
    let json = signed(&template.replace(HERE, &padding), SECRET);
    assert_eq!(json.len(), EVENT_BYTES_MAX);
    let (before, after) = json.split_once(&padding).expect("the padding is there");
    Valid {
        name: "largest",
        why: "exactly 262144 bytes",
        body: Body::Padded { before: before.to_owned(), pad: "x", times, after: after.to_owned() },
        secret: SECRET,
        now: NOW,
        event_id: event_id_of(&json),
    }
}
