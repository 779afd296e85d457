//! Events of the right form whose signature or time is wrong.

use super::{Body, Invalid, SECRET, query_replacing, query_with, signed, with_any_signature};

fn sealed(name: &'static str, why: &'static str, json: String, code: &'static str) -> Invalid {
    Invalid::new(name, why, Body::Json(json), code)
}

pub(super) fn all() -> Vec<Invalid> {
    let bad_signature = |name, why, json| sealed(name, why, json, "invalid_signature");
    let good = signed(&query_with(""), SECRET);
    let at = |timestamp: &str| signed(&query_replacing("2026-03-01T09:30:00Z", timestamp), SECRET);
    let with_id = |event_id: &str| signed(&query_with(&format!(r#","event_id":"{event_id}""#)), SECRET);
    vec![
        bad_signature("signature-of-no-one", "64 zeros", with_any_signature(&query_with(""))),
        bad_signature("signature-by-another-secret", "a secret is not any other", signed(&query_with(""), "another")),
        bad_signature(
            "signature-by-secret-without-spaces",
            "a secret is used as it was shown, white space and all",
            signed(&query_with(""), SECRET.replace(' ', "").as_str()),
        ),
        bad_signature("value-changed", "a value was changed after signing", good.replace("model-1", "model-2")),
        bad_signature("member-added", "a member was added after signing", good.replacen('{', r#"{"sequence":1,"#, 1)),
        bad_signature(
            "timestamp-respelled",
            "the same moment in another text is another event",
            good.replace("09:30:00Z", "09:30:00+00:00"),
        ),
        bad_signature(
            "ai-id-respelled",
            "the same UUID in another text is another event",
            good.replace("3f2b8c1e", "3F2B8C1E"),
        ),
        sealed(
            "timestamp-in-future",
            "a second more than 5 minutes ahead",
            at("2026-03-01T09:35:03Z"),
            "timestamp_in_future",
        ),
        sealed(
            "timestamp-in-far-future",
            "a time that 64 bits of nanoseconds cannot hold is a time all the same",
            at("9999-12-31T23:59:59Z"),
            "timestamp_in_future",
        ),
        sealed("timestamp-too-old", "a second more than 400 days old", at("2025-01-25T09:30:01Z"), "timestamp_too_old"),
        sealed("timestamp-before-1970", "a UUIDv7 cannot say it", at("1969-12-31T23:59:59Z"), "timestamp_too_old"),
        sealed(
            "timestamp-of-year-1",
            "what some languages send for no time at all",
            at("0001-01-01T00:00:00Z"),
            "timestamp_too_old",
        ),
        sealed(
            "event-id-too-late",
            "a millisecond more than 24 hours after the timestamp",
            with_id("019cade2-11c1-7000-8000-000000000000"),
            "event_id_time_mismatch",
        ),
        sealed(
            "event-id-too-early",
            "a millisecond more than 24 hours before it",
            with_id("019ca395-59bf-7000-8000-000000000000"),
            "event_id_time_mismatch",
        ),
    ]
}
