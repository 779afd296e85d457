//! The JSON Schema that a topic's messages must meet. Pure.
//!
//! Whoever makes a topic gives it, and every message of the topic is checked against it, so it is bounded: nothing is
//! fetched, and no schema costs more than its own size says. A schema that leads back into itself can cost as much as two to
//! the power of a message's depth; so references lead forward only, and all that they lead to counts as often as it is
//! led to.

use std::sync::Arc;

use aibbar::{Fault, schema::faults_of};
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};

/// Schemas within a schema at most, each counted as often as something leads to it.
pub(crate) const PARTS_MAX: usize = 2_000;

/// Bytes that one pattern may take when it is compiled.
const PATTERN_BYTES_MAX: usize = 256 * 1024;

/// Members that hold one schema, or an array of schemas.
const ONE_OR_MANY: [&str; 17] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "extends",
];

/// Members that hold schemas by name.
const BY_NAME: [&str; 4] = ["dependencies", "dependentSchemas", "patternProperties", "properties"];

/// Members by which a schema leads elsewhere than forward within itself.
const REFUSED: [&str; 6] = ["$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "id"];

/// A schema, compiled.
#[derive(Clone, Debug)]
pub(crate) struct MessageSchema {
    validator: Arc<Validator>,
    parts: usize,
}

impl MessageSchema {
    /// Compiles it, or tells what is wrong, by pointers into it. Takes milliseconds.
    pub(crate) fn compile(schema: &Map<String, Value>) -> Result<Self, Vec<Fault>> {
        let root = Value::Object(schema.clone());
        let mut walk = Walk { root: &root, parts: 0, open: Vec::new() };
        walk.schema(&root, "").map_err(|fault| vec![fault])?;
        let parts = walk.parts;
        let validator = jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .with_pattern_options(
                PatternOptions::regex().size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX),
            )
            .build(&root)
            .map_err(|error| {
                let pointer = error.instance_path().as_str().to_owned();
                vec![fault(&pointer, "schema", "is not what the metaschema takes, or can't be compiled")]
            })?;
        Ok(Self { validator: Arc::new(validator), parts })
    }

    /// Everything that a message has against it.
    pub(crate) fn faults(&self, message: &Value) -> Vec<Fault> {
        faults_of(&self.validator, message)
    }

    /// How many schemas are in it, each counted as often as something leads to it.
    pub(crate) fn parts(&self) -> usize {
        self.parts
    }
}

struct Walk<'s> {
    root: &'s Value,
    parts: usize,
    /// References that are being followed.
    open: Vec<String>,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, pointer: &str) -> Result<(), Fault> {
        self.parts += 1;
        if self.parts > PARTS_MAX {
            let detail =
                format!("has more than {PARTS_MAX} schemas in it, each counted as often as something leads to it");
            return Err(fault("", "too_many_schemas", &detail));
        }
        let Some(members) = schema.as_object() else { return Ok(()) };
        for name in REFUSED {
            // In the newest drafts `id` is a word like any other.
            if members.contains_key(name) && (name != "id" || members["id"].is_string()) {
                return Err(fault(&join(pointer, name), "reference", "can't be used here: name schemas in `$defs`"));
            }
        }
        if !pointer.is_empty() && members.contains_key("$id") {
            return Err(fault(&join(pointer, "$id"), "reference", "can't be used but at the top"));
        }
        for name in ONE_OR_MANY {
            match members.get(name) {
                Some(Value::Array(schemas)) => {
                    for (index, schema) in schemas.iter().enumerate() {
                        self.schema(schema, &join(&join(pointer, name), &index.to_string()))?;
                    }
                }
                Some(schema) => self.schema(schema, &join(pointer, name))?,
                None => {}
            }
        }
        for name in BY_NAME {
            for (key, schema) in members.get(name).and_then(Value::as_object).into_iter().flatten() {
                self.schema(schema, &join(&join(pointer, name), key))?;
            }
        }
        match members.get("$ref") {
            None => Ok(()),
            Some(reference) => self.follow(reference, &join(pointer, "$ref")),
        }
    }

    fn follow(&mut self, reference: &Value, pointer: &str) -> Result<(), Fault> {
        let target = reference.as_str().and_then(|reference| reference.strip_prefix('#'));
        let Some(target) = target.filter(|target| target.is_empty() || target.starts_with('/')) else {
            return Err(fault(pointer, "reference", "must lead to a place in this schema, as `#/$defs/order` does"));
        };
        if target.contains('%') {
            return Err(fault(pointer, "reference", "must lead to a name without percent signs"));
        }
        let leads_back = target.is_empty() || self.open.iter().any(|open| open == target);
        if leads_back || pointer.starts_with(&format!("{target}/")) {
            return Err(fault(pointer, "reference", "leads back to itself: a message would be checked without end"));
        }
        let Some(schema) = self.root.pointer(target) else {
            return Err(fault(pointer, "reference", "leads nowhere"));
        };
        self.open.push(target.to_owned());
        let walked = self.schema(schema, target);
        self.open.pop();
        walked
    }
}

fn join(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn fault(pointer: &str, code: &'static str, detail: &str) -> Fault {
    Fault { pointer: pointer.to_owned(), code, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn compile(schema: Value) -> Result<MessageSchema, Vec<Fault>> {
        MessageSchema::compile(schema.as_object().unwrap())
    }

    #[track_caller]
    fn refused(schema: Value, pointer: &str, code: &str) {
        let faults = compile(schema.clone()).unwrap_err();
        assert_eq!((faults[0].pointer.as_str(), faults[0].code), (pointer, code), "{schema}: {faults:?}");
    }

    #[test]
    fn a_message_is_told_all_that_is_wrong_by_pointer() {
        let schema = compile(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object", "required": ["id"], "properties": { "id": { "$ref": "#/$defs/id" }, "at": { "format": "date" } },
            "$defs": { "id": { "type": "integer", "minimum": 1 } },
        }))
        .unwrap();
        assert_eq!(schema.faults(&json!({ "id": 1, "at": "2026-01-31" })), []);
        let faults = schema.faults(&json!({ "id": 0, "at": "today" }));
        let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(told, [("/at", "format"), ("/id", "minimum")]);
        assert_eq!(schema.faults(&json!({}))[0].pointer, "/id");
    }

    #[test]
    fn older_drafts_are_taken() {
        let schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "definitions": { "n": { "type": "number" } },
            "items": { "$ref": "#/definitions/n" } });
        assert_eq!(compile(schema).unwrap().faults(&json!([1, "x"]))[0].pointer, "/1");
    }

    #[test]
    fn what_is_no_schema_is_told_where() {
        refused(json!({ "properties": { "a": { "type": "text" } } }), "/properties/a/type", "schema");
        refused(json!({ "minLength": -1 }), "/minLength", "schema");
        assert!(compile(json!({ "pattern": "(" })).is_err());
        assert!(compile(json!({ "pattern": "(((a{1,99}){1,99}){1,99})" })).is_err(), "a pattern of any size");
        assert!(compile(json!({ "$schema": "https://example.com/own" })).is_err());
    }

    #[test]
    fn nothing_leads_out_of_a_schema_or_back_into_it() {
        refused(json!({ "$ref": "https://example.com/schema.json" }), "/$ref", "reference");
        refused(json!({ "items": { "$ref": "file:///etc/passwd" } }), "/items/$ref", "reference");
        refused(json!({ "properties": { "a": { "$ref": "#" } } }), "/properties/a/$ref", "reference");
        refused(
            json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "not": { "$ref": "#/$defs/a" } } } }),
            "/$defs/b/not/$ref",
            "reference",
        );
        refused(json!({ "$ref": "#/$defs/none" }), "/$ref", "reference");
        refused(json!({ "items": { "$id": "https://example.com/x" } }), "/items/$id", "reference");
        refused(json!({ "$dynamicRef": "#a" }), "/$dynamicRef", "reference");
        // Names of members are no words of the schema.
        compile(json!({ "properties": { "$ref": { "type": "string" }, "id": {}, "$anchor": {} }, "enum": [{ "$ref": "x" }] })).unwrap();
    }

    #[test]
    fn a_schema_that_doubles_at_each_step_is_refused() {
        let mut defs = Map::new();
        for step in 0..20 {
            let next = json!({ "$ref": format!("#/$defs/s{}", step + 1) });
            defs.insert(format!("s{step}"), json!({ "allOf": [next, next] }));
        }
        defs.insert("s20".into(), json!({}));
        refused(json!({ "$ref": "#/$defs/s0", "$defs": defs }), "", "too_many_schemas");
    }
}
