//! What a publisher sends: in which form, and what of it is a message. Pure.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use aibbar::{Code, Fault, Timestamp, json};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType, Type},
    },
};

use super::cloud_event::{self, Attributes};
use crate::{
    body::{Checked, typed},
    door::{Form, media_type},
    problem::{Kind, Problem},
    streams::message::OWN_HEADERS,
};

/// Bytes of one message as it is sent, key and headers included: as of an event.
pub(super) const MESSAGE_BYTES_MAX: usize = aibbar::event::EVENT_BYTES_MAX;

/// Bytes of a key.
const KEY_BYTES_MAX: usize = 1_024;

/// Where a message has its key, as its faults are told.
const KEY: &str = "/key";

/// Where a CloudEvent has it.
const PARTITION_KEY: &str = "/partitionkey";

/// Headers of one message.
const HEADERS_MAX: usize = 64;

/// Bytes of the name of a header.
const HEADER_NAME_BYTES_MAX: usize = 128;

/// Bytes of the names and values of all headers of one message.
const HEADERS_BYTES_MAX: usize = 16 * 1_024;

/// How messages are written in a request.
#[derive(Debug)]
pub(super) enum Mode {
    /// GAPIN's own form, as JSON or NDJSON.
    Messages(Form),
    /// CloudEvents in their JSON format: one, or a batch.
    Structured(Form),
    /// One CloudEvent, with its attributes in the request's headers.
    Binary(Attributes),
}

/// A message to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    /// Its topic; absent: what the query says as `topic`.
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    topic: Option<String>,
    /// Messages of one key stay in order, in one partition. Absent or `null`: of no key.
    #[schema(schema_with = key)]
    key: Option<String>,
    /// Any JSON; `null` in a compacted topic deletes its key.
    message: Value,
    /// Small named texts beside it: 64 at most, of 16 KiB together. Names are 1 to 128 of `A–Z a–z 0–9 . _ -`, and none
    /// begins with `gapin-`.
    #[serde(default)]
    #[schema(schema_with = headers)]
    headers: BTreeMap<String, String>,
    /// The publisher's own time, RFC 3339.
    #[schema(format = DateTime)]
    timestamp: Option<String>,
}

/// One message, or an array of messages.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "documents what is read part by part")]
pub(super) enum NewMessages {
    One(NewMessage),
    Many(Vec<NewMessage>),
}

/// A message as it came, whatever the form.
pub(super) struct Incoming {
    /// The topic that it names itself.
    pub(super) topic: Option<String>,
    pub(super) key: Option<String>,
    /// `None`: there is nothing in it.
    pub(super) message: Option<Value>,
    /// Whether nothing in it is a wish to delete its key, rather than an event that carries nothing.
    pub(super) is_tombstone: bool,
    pub(super) headers: BTreeMap<String, String>,
    /// What is kept beside it as it is: words and times of a fixed form.
    pub(super) fixed: Vec<(&'static str, String)>,
    pub(super) timestamp: Option<Timestamp>,
}

impl Mode {
    /// By the content type, and the headers of a CloudEvent.
    pub(super) fn of(request: &HttpRequest) -> Result<Mode, Problem> {
        let media_type = media_type(request);
        match media_type.as_deref() {
            Some("application/cloudevents+json") => Ok(Mode::Structured(Form::One)),
            Some("application/cloudevents-batch+json") => Ok(Mode::Structured(Form::Array)),
            Some(other) if other.starts_with("application/cloudevents") => Err(Problem::new(
                Kind::UnsupportedMediaType,
                "Send CloudEvents as `application/cloudevents+json`, `application/cloudevents-batch+json`, or in binary mode.",
            )),
            _ if request.headers().contains_key("ce-specversion") => {
                if media_type.as_deref().is_some_and(|of| !cloud_event::is_json(of)) {
                    let detail = "The data of a CloudEvent is JSON here: `Content-Type: application/json`, or one that ends with `+json`.";
                    return Err(Problem::new(Kind::UnsupportedMediaType, detail));
                }
                cloud_event::attributes_of(request).map(Mode::Binary).map_err(invalid_cloud_event)
            }
            other => Form::of(other).map(Mode::Messages),
        }
    }

    pub(super) fn form(&self) -> Form {
        match self {
            Mode::Messages(form) | Mode::Structured(form) => *form,
            Mode::Binary(_) => Form::One,
        }
    }

    /// Where a message has its key, as its faults are told.
    pub(super) fn key_pointer(&self) -> &'static str {
        match self {
            Mode::Messages(_) => KEY,
            Mode::Structured(_) | Mode::Binary(_) => PARTITION_KEY,
        }
    }

    /// Reads one part of the body.
    pub(super) fn read(&self, part: &[u8]) -> Result<Incoming, Problem> {
        if part.len() > MESSAGE_BYTES_MAX {
            let detail = format!("A message may have {MESSAGE_BYTES_MAX} bytes; this one has {}.", part.len());
            return Err(Problem::new(Kind::MessageTooLarge, detail));
        }
        let parse = |part: &[u8]| {
            json::parse(part).map_err(|fault| Problem::new(Kind::Event(Code::InvalidJson), fault.to_string()))
        };
        let incoming = match self {
            Mode::Messages(_) => {
                let message = typed::<NewMessage>(parse(part)?);
                let invalid =
                    |faults| Problem::with_faults(Kind::InvalidBody, "The message can't be published.", faults);
                return message.map(NewMessage::into_incoming).map_err(invalid);
            }
            Mode::Structured(_) => cloud_event::structured(parse(part)?),
            Mode::Binary(attributes) => {
                let data = if part.trim_ascii().is_empty() { None } else { Some(parse(part)?) };
                cloud_event::incoming(attributes.clone(), data)
            }
        };
        incoming.and_then(within_bounds).map_err(invalid_cloud_event)
    }
}

impl Checked for NewMessage {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = header_faults(&self.headers);
        faults.extend(key_fault(self.key.as_deref(), KEY));
        if self.timestamp.as_deref().is_some_and(|at| Timestamp::parse(at).is_none()) {
            let detail = "must be RFC 3339 with an offset and at most 9 fraction digits".to_owned();
            faults.push(Fault { pointer: "/timestamp".to_owned(), code: "format", detail });
        }
        faults
    }
}

impl NewMessage {
    fn into_incoming(self) -> Incoming {
        let is_tombstone = self.message.is_null();
        Incoming {
            topic: self.topic,
            key: self.key,
            message: Some(self.message).filter(|_| !is_tombstone),
            is_tombstone,
            headers: self.headers,
            fixed: Vec::new(),
            timestamp: self.timestamp.as_deref().and_then(Timestamp::parse),
        }
    }
}

/// A CloudEvent's attributes are headers, and its key is one of them.
fn within_bounds(incoming: Incoming) -> Result<Incoming, Vec<Fault>> {
    let mut faults = header_faults(&incoming.headers);
    faults.extend(key_fault(incoming.key.as_deref(), PARTITION_KEY));
    if faults.is_empty() { Ok(incoming) } else { Err(faults) }
}

fn key_fault(key: Option<&str>, pointer: &str) -> Option<Fault> {
    let detail = format!("must have at most {KEY_BYTES_MAX} bytes");
    let fault = Fault { pointer: pointer.to_owned(), code: "max_length", detail };
    key.filter(|key| key.len() > KEY_BYTES_MAX).map(|_| fault)
}

fn header_faults(headers: &BTreeMap<String, String>) -> Vec<Fault> {
    let fault = |code, detail: String| Fault { pointer: "/headers".to_owned(), code, detail };
    let mut faults = Vec::new();
    if headers.len() > HEADERS_MAX {
        faults.push(fault("max_properties", format!("must have at most {HEADERS_MAX} members")));
    }
    let is_name = |name: &str| {
        (1..=HEADER_NAME_BYTES_MAX).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if headers.keys().any(|name| !is_name(name)) {
        let detail = format!("must have names of 1 to {HEADER_NAME_BYTES_MAX} of A–Z a–z 0–9 . _ -");
        faults.push(fault("property_names", detail));
    }
    if headers.keys().any(|name| name.to_ascii_lowercase().starts_with(OWN_HEADERS)) {
        faults.push(fault(
            "reserved",
            format!("must have no name that begins with {OWN_HEADERS:?}: those are GAPIN's own"),
        ));
    }
    let bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > HEADERS_BYTES_MAX {
        faults.push(fault(
            "too_large",
            format!("must have at most {HEADERS_BYTES_MAX} bytes, names and values together"),
        ));
    }
    faults
}

fn invalid_cloud_event(faults: Vec<Fault>) -> Problem {
    Problem::with_faults(Kind::InvalidCloudEvent, "It is no CloudEvent 1.0 that can be published; see errors.", faults)
}

fn key() -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    text.min_length(Some(1)).max_length(Some(KEY_BYTES_MAX)).into()
}

fn headers() -> RefOr<Schema> {
    let text: RefOr<Schema> = ObjectBuilder::new().schema_type(Type::String).into();
    let headers = ObjectBuilder::new().schema_type(Type::Object).max_properties(Some(HEADERS_MAX));
    headers.additional_properties(Some(AdditionalProperties::RefOr(text))).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    const JSON: Mode = Mode::Messages(Form::Json);

    #[track_caller]
    fn refused(message: Value, pointer: &str, code: &str) {
        let problem = JSON.read(message.to_string().as_bytes()).err().unwrap();
        let told: Vec<_> = problem.faults().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(told, [(pointer, code)], "{message}");
    }

    #[test]
    fn a_message_is_any_json_and_null_is_a_tombstone() {
        for message in [json!(7), json!("text"), json!([1]), json!({}), json!(false)] {
            let read = JSON.read(json!({ "topic": "t", "message": message }).to_string().as_bytes()).unwrap();
            assert_eq!((read.message, read.is_tombstone), (Some(message), false));
        }
        let read = JSON.read(br#"{"message":null,"key":"k","timestamp":"2026-03-01T09:30:00+01:00"}"#).unwrap();
        assert_eq!((read.message, read.is_tombstone, read.key.as_deref(), read.topic), (None, true, Some("k"), None));
        assert_eq!(read.timestamp.unwrap().to_string(), "2026-03-01T08:30:00Z");
    }

    #[test]
    fn what_is_wrong_is_told_where() {
        refused(json!({ "topic": "t" }), "/message", "required");
        refused(json!({ "message": 1, "more": 1 }), "/more", "unknown_field");
        refused(json!({ "message": 1, "key": "" }), "/key", "min_length");
        refused(json!({ "message": 1, "key": "ä".repeat(513) }), "/key", "max_length");
        refused(json!({ "message": 1, "headers": { "a": 1 } }), "/headers/a", "type");
        refused(json!({ "message": 1, "headers": { "a b": "" } }), "/headers", "property_names");
        refused(json!({ "message": 1, "headers": { "GAPIN-x": "" } }), "/headers", "reserved");
        refused(json!({ "message": 1, "headers": { "a": "x".repeat(HEADERS_BYTES_MAX) } }), "/headers", "too_large");
        refused(json!({ "message": 1, "timestamp": "2026-02-31T00:00:00Z" }), "/timestamp", "format");
        for (message, kind) in [
            (r#"{"message":1,"message":2}"#.to_owned(), Kind::Event(Code::InvalidJson)),
            (r#"{"message":12345678901234567890}"#.to_owned(), Kind::Event(Code::InvalidJson)),
            (format!(r#"{{"message":"{}"}}"#, "x".repeat(MESSAGE_BYTES_MAX)), Kind::MessageTooLarge),
            ("[]".to_owned(), Kind::InvalidBody),
        ] {
            assert_eq!(JSON.read(message.as_bytes()).err().unwrap().kind(), kind);
        }
    }
}
