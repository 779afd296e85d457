//! The event's own schema, and the record around it, as the document's components.
//!
//! The event's schema is a file of the contract; here its `$defs` become components, so that every OpenAPI tool
//! follows its references.

use serde_json::{Map, Value, json};

const COMPONENTS: &str = "#/components/schemas/";

/// Adds `AibbarEvent`, `AibbarRecord`, `AibbarRecordPage` and `SentEvents`.
pub(super) fn embed(document: &mut Value) {
    let Ok(mut event) = serde_json::from_str::<Map<String, Value>>(aibbar::schema::TEXT) else { return };
    event.retain(|member, _| !matches!(member.as_str(), "$schema" | "$id"));
    let defs = match event.remove("$defs") {
        Some(Value::Object(defs)) => defs,
        _ => Map::new(),
    };
    let mut schemas: Vec<(String, Value)> = vec![("AibbarEvent".into(), event.into())];
    schemas.extend(defs.into_iter().map(|(name, def)| (component_name(&name), def)));
    schemas.iter_mut().for_each(|(_, schema)| lead_to_components(schema));
    schemas.push(("AibbarRecord".into(), record()));
    schemas.push(("AibbarRecordPage".into(), record_page()));
    schemas.push(("SentEvents".into(), sent_events()));
    for (name, schema) in schemas {
        document["components"]["schemas"][name] = schema;
    }
}

/// `duration_ms` → `AibbarDurationMs`.
fn component_name(def: &str) -> String {
    let words = def.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    "Aibbar".to_owned() + &words.collect::<String>()
}

fn lead_to_components(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(def) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("{COMPONENTS}{}", component_name(def));
            }
            members.values_mut().for_each(lead_to_components);
        }
        Value::Array(items) => items.iter_mut().for_each(lead_to_components),
        _ => {}
    }
}

fn record() -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    let uuid = json!({ "type": "string", "format": "uuid" });
    json!({
        "title": "Record",
        "description": "An event as it is kept, redacted, and what the gateway knows of it.",
        "type": "object",
        "required": ["event", "record"],
        "properties": {
            "event": { "$ref": format!("{COMPONENTS}AibbarEvent") },
            "record": {
                "type": "object",
                "required": [
                    "event_id", "org_id", "received_at", "api_key_id", "key_id", "signature_verified_at", "gateway",
                    "redactions", "redaction_rules", "schema",
                ],
                "properties": {
                    "event_id": uuid,
                    "org_id": uuid,
                    "received_at": time,
                    "api_key_id": { "type": "string", "format": "uuid", "description": "The API key that brought it." },
                    "key_id": { "type": "string", "description": "The signing key that verified it." },
                    "signature_verified_at": time,
                    "gateway": { "type": "string", "description": "The gateway that took it." },
                    "redactions": {
                        "type": "array",
                        "description": "What was hidden, and where.",
                        "items": {
                            "type": "object",
                            "required": ["pointer", "kind"],
                            "properties": {
                                "pointer": { "type": "string", "description": "A JSON Pointer into `event`." },
                                "kind": { "type": "string", "examples": ["email"] },
                                "rule": { "type": "string", "description": "The organisation's own rule, of `custom`." },
                            },
                        },
                    },
                    "redaction_rules": { "type": "string", "description": "The version of the rules, and of the organisation's settings.", "examples": ["2+org.7"] },
                    "schema": { "type": "string", "description": "The version of the event's format." },
                },
            },
        },
    })
}

fn sent_events() -> Value {
    let event = json!({ "$ref": format!("{COMPONENTS}AibbarEvent") });
    json!({
        "title": "One event, or an array of events",
        "anyOf": [event, { "type": "array", "minItems": 1, "maxItems": 5000, "items": event }],
    })
}

fn record_page() -> Value {
    json!({
        "title": "A page of records",
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": { "type": "array", "items": { "$ref": format!("{COMPONENTS}AibbarRecord") } },
            "next_cursor": { "type": ["string", "null"], "description": "Where the next page begins; null is the end." },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_def_becomes_a_component() {
        assert_eq!(component_name("duration_ms"), "AibbarDurationMs");
        let mut schema = json!({ "allOf": [{ "$ref": "#/$defs/uuid" }] });
        lead_to_components(&mut schema);
        assert_eq!(schema, json!({ "allOf": [{ "$ref": "#/components/schemas/AibbarUuid" }] }));
    }
}
