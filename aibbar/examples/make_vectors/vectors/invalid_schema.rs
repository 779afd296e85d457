//! Events that the schema refuses, with every fault of theirs.

use serde_json::{Map, Value, json};

use super::{Body, ExpectedFault, Invalid, SECRET, object, query_with, signed};

/// `faults` as `pointer code`.
fn invalid(name: &'static str, why: &'static str, event: &Value, faults: &[&str]) -> Invalid {
    let json = match event {
        Value::Object(event) if event.contains_key("signature") => signed(&event_text(event), SECRET),
        other => other.to_string(),
    };
    let faults = faults.iter().map(|fault| {
        let (pointer, code) = fault.rsplit_once(' ').expect("a pointer and a code");
        ExpectedFault { pointer: pointer.to_owned(), code: code.to_owned() }
    });
    Invalid { faults: faults.collect(), ..Invalid::new(name, why, Body::Json(json), "schema_violation") }
}

fn event_text(event: &Map<String, Value>) -> String {
    serde_json::to_string(event).expect("an object is JSON")
}

/// A good query with members added or replaced.
fn with(members: Value) -> Value {
    let mut event = object(&query_with(""));
    event.extend(members.as_object().cloned().unwrap_or_default());
    Value::Object(event)
}

/// A good query without one member.
fn without(name: &str) -> Value {
    let mut event = object(&query_with(""));
    event.remove(name).expect("it stands there");
    Value::Object(event)
}

pub(super) fn all() -> Vec<Invalid> {
    let mut vectors = shapes();
    vectors.extend(envelope());
    vectors.extend(objects());
    vectors.extend(names());
    vectors
}

fn shapes() -> Vec<Invalid> {
    vec![
        invalid(
            "array",
            "an event is an object; an array is a batch, which is no single event",
            &json!([]),
            &[" type"],
        ),
        invalid("null", "an event is an object", &Value::Null, &[" type"]),
        invalid("string", "an event is an object", &json!("event"), &[" type"]),
        invalid(
            "nothing-required",
            "every missing field is named, not only the first",
            &json!({}),
            &[
                "/ai_id required",
                "/ai_version required",
                "/event_type required",
                "/metadata required",
                "/signature required",
                "/signature_algorithm required",
                "/timestamp required",
            ],
        ),
        invalid(
            "faults-of-every-kind",
            "all faults at once: missing, unknown, wrong type, out of range",
            &json!({"event_type": "ai.action", "ai_id": "x", "ai_version": "", "timestamp": 1, "metadata": {"x": 1, "labels": {"l": 1}}, "sequence": -1, "signature": "@", "signature_algorithm": "HMAC-SHA256", "colour": "red"}),
            &[
                "/action required",
                "/ai_id format",
                "/ai_version min_length",
                "/colour unknown_field",
                "/metadata/labels/l type",
                "/metadata/x unknown_field",
                "/sequence minimum",
                "/timestamp type",
            ],
        ),
    ]
}

fn envelope() -> Vec<Invalid> {
    let ai_id = |text: &str| with(json!({"ai_id": text}));
    let at = |text: &str| with(json!({"timestamp": text}));
    let event_id = |text: &str| with(json!({"event_id": text}));
    vec![
        invalid("no-event-type", "required", &without("event_type"), &["/event_type required"]),
        invalid("no-ai-id", "required", &without("ai_id"), &["/ai_id required"]),
        invalid("no-ai-version", "required", &without("ai_version"), &["/ai_version required"]),
        invalid("no-timestamp", "required", &without("timestamp"), &["/timestamp required"]),
        invalid("no-metadata", "required, though it may be empty", &without("metadata"), &["/metadata required"]),
        invalid("no-signature", "required", &without("signature"), &["/signature required"]),
        invalid(
            "no-signature-algorithm",
            "required",
            &without("signature_algorithm"),
            &["/signature_algorithm required"],
        ),
        invalid(
            "unknown-field",
            "strict: what is not named is refused",
            &with(json!({"colour": "red"})),
            &["/colour unknown_field"],
        ),
        invalid(
            "event-type-unknown",
            "one of five words",
            &with(json!({"event_type": "ai.thought"})),
            &["/event_type enum"],
        ),
        invalid(
            "event-type-case",
            "exactly as written",
            &with(json!({"event_type": "AI.query"})),
            &["/event_type enum"],
        ),
        invalid(
            "ai-id-without-hyphens",
            "a UUID has its hyphens",
            &ai_id("3f2b8c1e6d4a4e9b8a570c1d2e3f4a5b"),
            &["/ai_id format"],
        ),
        invalid(
            "ai-id-in-braces",
            "and no braces",
            &ai_id("{3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b}"),
            &["/ai_id format"],
        ),
        invalid(
            "ai-id-urn",
            "and no scheme",
            &ai_id("urn:uuid:3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"),
            &["/ai_id format"],
        ),
        invalid(
            "ai-id-line-break",
            "`$` in a pattern is the end of the text; in some languages it also is the place before a last line break",
            &ai_id("3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b\n"),
            &["/ai_id format"],
        ),
        invalid("ai-id-null", "null is no string", &with(json!({"ai_id": null})), &["/ai_id type"]),
        invalid(
            "ai-version-empty",
            "at least one character",
            &with(json!({"ai_version": ""})),
            &["/ai_version min_length"],
        ),
        invalid(
            "ai-version-129",
            "at most 128 characters, counted as Unicode characters",
            &with(json!({"ai_version": "😀".repeat(129)})),
            &["/ai_version max_length"],
        ),
        invalid(
            "timestamp-number",
            "a string, not seconds since 1970",
            &with(json!({"timestamp": 1_772_357_400})),
            &["/timestamp type"],
        ),
        invalid(
            "timestamp-without-offset",
            "a time without an offset is no moment",
            &at("2026-03-01T09:30:00"),
            &["/timestamp format"],
        ),
        invalid("timestamp-date-only", "nor is a date", &at("2026-03-01"), &["/timestamp format"]),
        invalid(
            "timestamp-space",
            "T stands between date and time",
            &at("2026-03-01 09:30:00Z"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-offset-without-colon",
            "RFC 3339, not all of ISO 8601",
            &at("2026-03-01T09:30:00+0100"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-10-digits",
            "nanoseconds are the finest",
            &at("2026-03-01T09:30:00.1234567890Z"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-empty-fraction",
            "a point needs digits",
            &at("2026-03-01T09:30:00.Z"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-february-29",
            "2026 has no leap day: no pattern knows",
            &at("2026-02-29T09:30:00Z"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-april-31",
            "nor that April has 30 days",
            &at("2026-04-31T09:30:00Z"),
            &["/timestamp format"],
        ),
        invalid("timestamp-hour-24", "hours end at 23", &at("2026-03-01T24:00:00Z"), &["/timestamp format"]),
        invalid(
            "timestamp-second-60",
            "a leap second only stands at the end of a month, in UTC",
            &at("2026-03-01T09:30:60Z"),
            &["/timestamp format"],
        ),
        invalid(
            "timestamp-other-digits",
            "digits are those of ASCII",
            &at("２０２６-03-01T09:30:00Z"),
            &["/timestamp format"],
        ),
        invalid("timestamp-line-break", "nothing may follow", &at("2026-03-01T09:30:00Z\n"), &["/timestamp format"]),
        invalid(
            "event-id-version-4",
            "an event_id is a UUIDv7",
            &event_id("019ca8bb-b5c0-4000-8000-000000000000"),
            &["/event_id format"],
        ),
        invalid(
            "event-id-variant",
            "of the RFC 9562 variant",
            &event_id("019ca8bb-b5c0-7000-c000-000000000000"),
            &["/event_id format"],
        ),
        invalid("sequence-negative", "at least 0", &with(json!({"sequence": -1})), &["/sequence minimum"]),
        invalid("sequence-fraction", "a whole number", &with(json!({"sequence": 1.5})), &["/sequence type"]),
        invalid("sequence-string", "and no string", &with(json!({"sequence": "1"})), &["/sequence type"]),
        invalid(
            "sequence-too-large",
            "1e20 is a whole number, and more than 2^53 - 1",
            &with(json!({"sequence": 1e20})),
            &["/sequence maximum"],
        ),
        invalid("key-id-empty", "at least one character", &with(json!({"key_id": ""})), &["/key_id min_length"]),
        invalid(
            "key-id-65",
            "at most 64 characters",
            &with(json!({"key_id": "k".repeat(65)})),
            &["/key_id max_length"],
        ),
        invalid(
            "signature-upper-case",
            "lowercase hex, so that one signature has one text",
            &with(json!({"signature": "A".repeat(64)})),
            &["/signature pattern"],
        ),
        invalid(
            "signature-short",
            "64 digits: a truncated one is none",
            &with(json!({"signature": "0".repeat(32)})),
            &["/signature pattern"],
        ),
        invalid(
            "signature-line-break",
            "and nothing else",
            &with(json!({"signature": format!("{}\n", "0".repeat(64))})),
            &["/signature pattern"],
        ),
        invalid(
            "signature-algorithm-none",
            "no other algorithm, least of all none",
            &with(json!({"signature_algorithm": "none"})),
            &["/signature_algorithm enum"],
        ),
        invalid("metadata-null", "an object", &with(json!({"metadata": null})), &["/metadata type"]),
    ]
}

fn objects() -> Vec<Invalid> {
    let action = |change: Value| {
        of(
            "ai.action",
            "action",
            json!({"function": "f", "input": 1, "output": 1, "latency_ms": 1, "model": "m"}),
            change,
        )
    };
    let decision = |change: Value| {
        of(
            "ai.decision",
            "decision",
            json!({"type": "t", "logic": "l", "options": [], "chosen": 1, "confidence": 0.5}),
            change,
        )
    };
    let error =
        |change: Value| of("ai.error", "error", json!({"code": "c", "message": "m", "recoverable": false}), change);
    let response = |response: Value| with(json!({"response": response}));
    let metadata = |metadata: Value| with(json!({"metadata": metadata}));
    let labels: Map<_, _> = (1..=33).map(|n| (format!("l{n}"), json!(""))).collect();
    vec![
        invalid(
            "action-missing",
            "ai.action requires action",
            &with(json!({"event_type": "ai.action"})),
            &["/action required"],
        ),
        invalid(
            "decision-missing",
            "ai.decision requires decision",
            &with(json!({"event_type": "ai.decision"})),
            &["/decision required"],
        ),
        invalid(
            "error-missing",
            "ai.error requires error",
            &with(json!({"event_type": "ai.error"})),
            &["/error required"],
        ),
        invalid(
            "action-empty",
            "every missing field of an action",
            &with(json!({"event_type": "ai.action", "action": {}})),
            &[
                "/action/function required",
                "/action/input required",
                "/action/latency_ms required",
                "/action/model required",
                "/action/output required",
            ],
        ),
        invalid(
            "decision-empty",
            "every missing field of a decision",
            &with(json!({"event_type": "ai.decision", "decision": {}})),
            &[
                "/decision/chosen required",
                "/decision/confidence required",
                "/decision/logic required",
                "/decision/options required",
                "/decision/type required",
            ],
        ),
        invalid(
            "error-empty",
            "every missing field of an error",
            &with(json!({"event_type": "ai.error", "error": {}})),
            &["/error/code required", "/error/message required", "/error/recoverable required"],
        ),
        invalid(
            "action-in-a-query",
            "an object is checked wherever it stands",
            &with(json!({"action": {"x": 1, "function": 1, "input": 1, "output": 1, "latency_ms": 1, "model": "m"}})),
            &["/action/function type", "/action/x unknown_field"],
        ),
        invalid(
            "action-latency-negative",
            "at least 0",
            &action(json!({"latency_ms": -0.5})),
            &["/action/latency_ms minimum"],
        ),
        invalid(
            "action-tokens-fraction",
            "whole tokens",
            &action(json!({"tokens_used": 0.5})),
            &["/action/tokens_used type"],
        ),
        invalid("action-unknown-field", "strict inside, too", &action(json!({"x": 1})), &["/action/x unknown_field"]),
        invalid("decision-options-object", "a list", &decision(json!({"options": {}})), &["/decision/options type"]),
        invalid(
            "decision-confidence-above",
            "at most 1",
            &decision(json!({"confidence": 1.000_001})),
            &["/decision/confidence maximum"],
        ),
        invalid(
            "decision-confidence-below",
            "at least 0",
            &decision(json!({"confidence": -1})),
            &["/decision/confidence minimum"],
        ),
        invalid(
            "error-recoverable-string",
            "true or false",
            &error(json!({"recoverable": "false"})),
            &["/error/recoverable type"],
        ),
        invalid("error-code-number", "a string", &error(json!({"code": 500})), &["/error/code type"]),
        invalid(
            "query-of-nothing",
            "messages or prompt",
            &with(json!({"query": {"model": "m"}})),
            &["/query required"],
        ),
        invalid(
            "query-messages-string",
            "a list",
            &with(json!({"query": {"messages": "hi"}})),
            &["/query/messages type"],
        ),
        invalid(
            "query-unknown-field",
            "strict inside, too",
            &with(json!({"query": {"prompt": "p", "x": 1}})),
            &["/query/x unknown_field"],
        ),
        invalid(
            "response-without-output",
            "output is required, null if need be",
            &response(json!({"model": "m"})),
            &["/response/output required"],
        ),
        invalid(
            "response-usage-half",
            "both counts",
            &response(json!({"output": 1, "usage": {"input_tokens": 1}})),
            &["/response/usage/output_tokens required"],
        ),
        invalid(
            "response-usage-more",
            "and no other",
            &response(json!({"output": 1, "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}})),
            &["/response/usage/total_tokens unknown_field"],
        ),
        invalid(
            "response-latency-string",
            "a number",
            &response(json!({"output": 1, "latency_ms": "1"})),
            &["/response/latency_ms type"],
        ),
        invalid(
            "metadata-null-value",
            "what is unknown is left out",
            &metadata(json!({"user_id": null})),
            &["/metadata/user_id type"],
        ),
        invalid(
            "metadata-number",
            "ids are strings",
            &metadata(json!({"session_id": 7})),
            &["/metadata/session_id type"],
        ),
        invalid(
            "metadata-unknown-field",
            "free names go under labels",
            &metadata(json!({"team": "a"})),
            &["/metadata/team unknown_field"],
        ),
        invalid("labels-33", "at most 32", &metadata(json!({"labels": labels})), &["/metadata/labels max_properties"]),
        invalid(
            "labels-number",
            "labels are strings",
            &metadata(json!({"labels": {"n": 1}})),
            &["/metadata/labels/n type"],
        ),
        invalid("labels-list", "an object", &metadata(json!({"labels": ["a"]})), &["/metadata/labels type"]),
    ]
}

/// An event of that type, with one object of which members are added or replaced.
fn of(event_type: &str, name: &str, mut object: Value, change: Value) -> Value {
    for (member, value) in change.as_object().into_iter().flatten() {
        object[member] = value.clone();
    }
    with(json!({"event_type": event_type, name: object}))
}

fn names() -> Vec<Invalid> {
    vec![
        invalid(
            "personal-name",
            "a name that does not look like an identifier may be personal data: its parent is named instead",
            &with(json!({"jane@example.org": 1})),
            &[" unknown_field"],
        ),
        invalid(
            "long-name",
            "nor is a name of more than 64 characters shown",
            &with(json!({"a".repeat(65): 1})),
            &[" unknown_field"],
        ),
        invalid(
            "personal-name-inside",
            "at any depth",
            &with(json!({"metadata": {"+49 30 901820": 1}})),
            &["/metadata unknown_field"],
        ),
        invalid(
            "personal-label",
            "the names of labels are free, and still not shown",
            &with(json!({"metadata": {"labels": {"jane@example.org": 1}}})),
            &["/metadata/labels type"],
        ),
    ]
}
