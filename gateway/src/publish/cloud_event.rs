//! CloudEvents 1.0: read by their specification, kept in the binary mode of their Kafka binding. Pure.
//!
//! An attribute is kept as the header `ce_<name>`, the media type of the data as `content-type`, the data as the record's
//! payload, and the extension `partitionkey` is its key besides. Data is JSON here, however it came.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use aibbar::{Fault, Timestamp, json};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::incoming::Incoming;

/// The one version there is.
const SPECVERSION: &str = "1.0";

/// Characters of an attribute's name at most: the specification would have no more than 20.
const NAME_CHARS_MAX: usize = 64;

/// How the headers of a request in binary mode begin.
const HTTP_PREFIX: &str = "ce-";

/// How the headers of a record begin.
const KAFKA_PREFIX: &str = "ce_";

/// The media type of data that has none.
const JSON: &str = "application/json";

/// The attributes of an event by their names, as text.
pub(super) type Attributes = BTreeMap<String, String>;

/// Characters of a media type's name, and of its subtype's, at most (RFC 6838 § 4.2).
const MEDIA_NAME_CHARS_MAX: usize = 127;

/// Whether data of this media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let Some((name, subtype)) = essence(media_type).split_once('/') else { return false };
    let subtype = subtype.to_ascii_lowercase();
    is_media_name(name) && is_media_name(&subtype) && (subtype == "json" || subtype.ends_with("+json"))
}

/// A media type without its parameters. They are not kept: they may say anything, and the data is written anew.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// By the characters that RFC 6838 § 4.2 has.
fn is_media_name(name: &str) -> bool {
    (1..=MEDIA_NAME_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

/// The attributes that a request in binary mode has in its headers.
pub(super) fn attributes_of(request: &HttpRequest) -> Result<Attributes, Vec<Fault>> {
    let mut attributes = Attributes::new();
    for (name, value) in request.headers() {
        let Some(name) = name.as_str().strip_prefix(HTTP_PREFIX) else { continue };
        let value = std::str::from_utf8(value.as_bytes()).ok().and_then(decoded);
        let value =
            value.ok_or_else(|| vec![fault("", "header", "has a header that is not UTF-8 in percent signs")])?;
        if attributes.insert(name.to_owned(), value).is_some() {
            return Err(vec![fault(name, "header", "stands in two headers")]);
        }
    }
    if attributes.contains_key("datacontenttype") {
        return Err(vec![fault("datacontenttype", "header", "is the request's `Content-Type` in binary mode")]);
    }
    if let Some(value) = request.headers().get("content-type").and_then(|value| value.to_str().ok()) {
        attributes.insert("datacontenttype".to_owned(), value.to_owned());
    }
    Ok(attributes)
}

/// Undoes the percent signs of a header's value, and its quotes.
fn decoded(value: &str) -> Option<String> {
    let value = match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => value.to_owned(),
    };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let mut byte = [0];
        hex::decode_to_slice(digits, &mut byte).ok()?;
        bytes.push(byte[0]);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// The member of data that is no JSON.
const DATA_BASE64: &str = "data_base64";

/// An event in the JSON format.
pub(super) fn structured(event: Value) -> Result<Incoming, Vec<Fault>> {
    let Value::Object(mut members) = event else {
        return Err(vec![fault("", "type", "must be an object")]);
    };
    let data = members.remove("data").filter(|data| !data.is_null());
    let encoded = members.remove(DATA_BASE64).filter(|data| !data.is_null());
    let mut attributes = Attributes::new();
    let mut faults = Vec::new();
    for (name, value) in members {
        match value {
            Value::Null => {}
            Value::String(text) => {
                attributes.insert(name, text);
            }
            Value::Bool(flag) => {
                attributes.insert(name, flag.to_string());
            }
            Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => {
                attributes.insert(name, number.to_string());
            }
            _ => faults.push(fault(&name, "type", "must be text, a whole number of 32 bits, or true or false")),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let data = match (data, encoded) {
        (Some(_), Some(_)) => return Err(vec![fault(DATA_BASE64, "one_of", "can't stand beside `data`")]),
        (data, None) => data,
        (None, Some(encoded)) => {
            let bytes = encoded.as_str().and_then(|text| STANDARD.decode(text).ok());
            let bytes = bytes.ok_or_else(|| vec![fault(DATA_BASE64, "format", "must be Base64")])?;
            let data = json::parse(&bytes);
            Some(data.map_err(|_| vec![fault(DATA_BASE64, "format", "must be JSON when it is decoded")])?)
        }
    };
    incoming(attributes, data)
}

/// The message that these attributes and this data make.
pub(super) fn incoming(mut attributes: Attributes, data: Option<Value>) -> Result<Incoming, Vec<Fault>> {
    let faults = faults(&attributes);
    if !faults.is_empty() {
        return Err(faults);
    }
    let key = attributes.get("partitionkey").cloned();
    let timestamp = attributes.get("time").and_then(|time| Timestamp::parse(time));
    let content_type = attributes.remove("datacontenttype");
    let mut fixed = vec![("ce_specversion", SPECVERSION.to_owned())];
    attributes.remove("specversion");
    if let Some(time) = attributes.remove("time") {
        fixed.push(("ce_time", time));
    }
    if data.is_some() || content_type.is_some() {
        fixed.push(("content-type", content_type.as_deref().map_or(JSON, essence).to_owned()));
    }
    let headers = attributes.into_iter().map(|(name, value)| (format!("{KAFKA_PREFIX}{name}"), value)).collect();
    Ok(Incoming { topic: None, key, message: data, is_tombstone: false, headers, fixed, timestamp })
}

/// Everything that the specification has against these attributes.
fn faults(attributes: &Attributes) -> Vec<Fault> {
    let mut faults = Vec::new();
    for name in ["id", "source", "type"] {
        match attributes.get(name).map(String::as_str) {
            None => faults.push(fault(name, "required", "is missing")),
            Some("") => faults.push(fault(name, "min_length", "must have at least 1 character")),
            Some(_) => {}
        }
    }
    match attributes.get("specversion").map(String::as_str) {
        None => faults.push(fault("specversion", "required", "is missing")),
        Some(SPECVERSION) => {}
        Some(_) => faults.push(fault("specversion", "const", "must be 1.0")),
    }
    for (name, value) in attributes {
        let is_name = (1..=NAME_CHARS_MAX).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !is_name {
            faults.push(fault(
                "",
                "property_names",
                "must have attributes whose names are a–z 0–9, 64 characters at most",
            ));
        }
        if value.chars().any(is_forbidden) {
            faults.push(fault(name, "pattern", "must have no control characters, and none that are no characters"));
        }
    }
    let mut check = |name: &str, what: &str, is_good: fn(&str) -> bool| {
        if attributes.get(name).is_some_and(|value| !is_good(value)) {
            faults.push(fault(name, "format", &format!("must be {what}")));
        }
    };
    check("source", "a URI reference", |value| value.is_empty() || is_reference(value));
    check("dataschema", "an absolute URI", |value| is_reference(value) && url::Url::parse(value).is_ok());
    check("subject", "text that is not empty", |value| !value.is_empty());
    check("partitionkey", "text that is not empty", |value| !value.is_empty());
    check("time", "RFC 3339 with an offset and at most 9 fraction digits", |value| Timestamp::parse(value).is_some());
    check("datacontenttype", "a media type of JSON: `application/json`, or one that ends with `+json`", is_json);
    faults
}

/// By the characters that RFC 3986 has; what stands where is each scheme's matter.
fn is_reference(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

/// What no attribute of type String holds.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c as u32 & 0xffff, 0xfffe | 0xffff) || ('\u{fdd0}'..='\u{fdef}').contains(&c)
}

fn fault(name: &str, code: &'static str, detail: &str) -> Fault {
    // A name that is none of the specification's may be anything.
    let is_shown = name == DATA_BASE64
        || name.len() <= NAME_CHARS_MAX && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let pointer = if name.is_empty() || !is_shown { String::new() } else { format!("/{name}") };
    Fault { pointer, code, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;

    fn event(changes: Value) -> Value {
        let mut event = json!({ "specversion": "1.0", "id": "1", "source": "/shop", "type": "paid" });
        event.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        event
    }

    #[track_caller]
    fn refused(event: Value, pointer: &str, code: &str) {
        let faults = structured(event.clone()).err().unwrap();
        let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(told, [(pointer, code)], "{event}");
    }

    #[test]
    fn an_event_becomes_a_record_of_the_kafka_binding() {
        let read = structured(event(json!({
            "time": "2026-03-01T09:30:00Z", "partitionkey": "k", "rank": 7, "paid": true, "gone": null,
            "datacontenttype": "application/vnd.x+json", "data": [1],
        })))
        .unwrap();
        let headers: Vec<_> = read.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(
            headers,
            [
                ("ce_id", "1"),
                ("ce_paid", "true"),
                ("ce_partitionkey", "k"),
                ("ce_rank", "7"),
                ("ce_source", "/shop"),
                ("ce_type", "paid")
            ]
        );
        let fixed: Vec<_> = read.fixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let expected = [
            ("ce_specversion", "1.0"),
            ("ce_time", "2026-03-01T09:30:00Z"),
            ("content-type", "application/vnd.x+json"),
        ];
        assert_eq!(fixed, expected);
        assert_eq!((read.key.as_deref(), read.message), (Some("k"), Some(json!([1]))));
        assert_eq!(read.timestamp.unwrap().to_string(), "2026-03-01T09:30:00Z");
    }

    #[test]
    fn parameters_of_a_media_type_are_not_kept() {
        let given = event(json!({ "datacontenttype": "application/json; x=jane@example.org", "data": 1 }));
        let fixed = structured(given).unwrap().fixed;
        assert!(fixed.contains(&("content-type", JSON.to_owned())), "{fixed:?}");
    }

    #[test]
    fn data_may_be_absent_or_in_base64() {
        let nothing = structured(event(json!({ "data": null }))).unwrap();
        assert_eq!((nothing.message, nothing.is_tombstone), (None, false));
        let encoded = STANDARD.encode(br#"{"a":1}"#);
        assert_eq!(structured(event(json!({ "data_base64": encoded }))).unwrap().message, Some(json!({ "a": 1 })));
        refused(event(json!({ "data_base64": "%" })), "/data_base64", "format");
        refused(event(json!({ "data_base64": STANDARD.encode("<xml>") })), "/data_base64", "format");
        refused(event(json!({ "data": 1, "data_base64": encoded })), "/data_base64", "one_of");
    }

    #[test]
    fn what_the_specification_forbids_is_refused() {
        for (changes, pointer, code) in [
            (json!({ "id": null }), "/id", "required"),
            (json!({ "id": "" }), "/id", "min_length"),
            (json!({ "specversion": "0.3" }), "/specversion", "const"),
            (json!({ "source": "a b" }), "/source", "format"),
            (json!({ "dataschema": "/relative" }), "/dataschema", "format"),
            (json!({ "subject": "" }), "/subject", "format"),
            (json!({ "time": "yesterday" }), "/time", "format"),
            (json!({ "datacontenttype": "text/xml" }), "/datacontenttype", "format"),
            (json!({ "datacontenttype": "jane@example.org/json" }), "/datacontenttype", "format"),
            (json!({ "type": "a\u{7}" }), "/type", "pattern"),
            (json!({ "Upper": "x" }), "", "property_names"),
            (json!({ "rank": 2147483648_i64 }), "/rank", "type"),
            (json!({ "rank": 1.5 }), "/rank", "type"),
            (json!({ "deep": {} }), "/deep", "type"),
        ] {
            refused(event(changes), pointer, code);
        }
        refused(json!([]), "", "type");
    }

    #[test]
    fn headers_are_read_as_the_http_binding_writes_them() {
        let request = TestRequest::post()
            .insert_header(("ce-id", "a%20b%C3%A9"))
            .insert_header(("CE-Subject", "\"quoted\""))
            .insert_header(("content-type", "application/json; charset=utf-8"))
            .to_http_request();
        let attributes = attributes_of(&request).unwrap();
        assert_eq!((attributes["id"].as_str(), attributes["subject"].as_str()), ("a bé", "quoted"));
        assert_eq!(attributes["datacontenttype"], "application/json; charset=utf-8");
        for wrong in ["%", "%4", "%zz", "%ff"] {
            let request = TestRequest::post().insert_header(("ce-id", wrong)).to_http_request();
            assert!(attributes_of(&request).is_err(), "{wrong}");
        }
    }
}
