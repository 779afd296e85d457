//! From the text of the schema to the rules of [`super::accept`].
//!
//! Each keyword is read here, or said to say nothing; whatever else there may be, and whatever is said in a way that is not
//! expected, makes the whole `None`. So a rule never is weaker than the schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    accept::{MemberRule, MemberSet, NumberRule, ObjectRule, Rule, TextRule},
    form::Form,
};

/// What says nothing about what is valid. `format` does not here: every `pattern` beside it does.
const NOTES: [&str; 7] = ["$schema", "$id", "$defs", "title", "description", "examples", "format"];

/// References in one another, at most: more would be a circle.
const REFERENCES_MAX: usize = 16;

/// So many bits a set of members has.
const MEMBERS_MAX: usize = MemberSet::BITS as usize;

/// The rule that a schema is; none when it says what no rule can.
pub(super) fn compile(schema: &Value) -> Option<Rule> {
    Compiler { definitions: schema.get("$defs").and_then(Value::as_object) }.rule(schema, REFERENCES_MAX)
}

struct Compiler<'s> {
    definitions: Option<&'s Map<String, Value>>,
}

/// The keywords of one schema that are not read yet.
struct Keywords<'s>(BTreeMap<&'s str, &'s Value>);

impl<'s> Keywords<'s> {
    fn of(schema: &'s Value) -> Option<Self> {
        let keywords = schema.as_object()?.iter().map(|(keyword, value)| (keyword.as_str(), value));
        Some(Self(keywords.filter(|(keyword, _)| !NOTES.contains(keyword)).collect()))
    }

    fn take(&mut self, keyword: &str) -> Option<&'s Value> {
        self.0.remove(keyword)
    }

    /// What a keyword says, or that it is not there; `None` when it says something else than is expected.
    fn take_or<T>(&mut self, keyword: &str, absent: T, read: impl FnOnce(&'s Value) -> Option<T>) -> Option<T> {
        self.take(keyword).map_or(Some(absent), read)
    }

    /// Whether all were read.
    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

impl Compiler<'_> {
    fn rule(&self, schema: &Value, references: usize) -> Option<Rule> {
        let mut keywords = Keywords::of(schema)?;
        if let Some(reference) = keywords.take("$ref") {
            keywords.end()?;
            let name = reference.as_str()?.strip_prefix("#/$defs/")?;
            return self.rule(self.definitions?.get(name)?, references.checked_sub(1)?);
        }
        let rule = match keywords.take("type") {
            None => Rule::Any,
            Some(kind) => match kind.as_str()? {
                "boolean" => Rule::Boolean,
                "array" => Rule::Array,
                "string" => Rule::Text(text(&mut keywords)?),
                "integer" => Rule::Number(number(&mut keywords, true)?),
                "number" => Rule::Number(number(&mut keywords, false)?),
                "object" => Rule::Object(Box::new(self.object(&mut keywords, references)?)),
                _ => return None,
            },
        };
        keywords.end()?;
        Some(rule)
    }

    fn object(&self, keywords: &mut Keywords<'_>, references: usize) -> Option<ObjectRule> {
        let mut members = Vec::new();
        for (name, schema) in
            keywords.take_or("properties", None, |value| Some(value.as_object()))?.into_iter().flatten()
        {
            let rule = self.rule(schema, references)?;
            members.push(MemberRule { name: name.as_str().into(), rule, requires: Box::default() });
        }
        if members.len() > MEMBERS_MAX {
            return None;
        }
        for condition in keywords.take_or("allOf", None, |value| Some(value.as_array()))?.into_iter().flatten() {
            let (place, word, required) = condition_of(condition, &members)?;
            let member = members.get_mut(place)?;
            member.requires = member.requires.iter().cloned().chain([(word, required)]).collect();
        }
        let sets = |value: &Value| value.as_array()?.iter().map(|choice| required_alone(choice, &members)).collect();
        Some(ObjectRule {
            required: keywords.take_or("required", 0, |names| set_of(names, &members))?,
            any_of: keywords.take_or("anyOf", Box::default(), sets)?,
            others: keywords.take_or("additionalProperties", Some(Rule::Any), |schema| match schema {
                Value::Bool(false) => Some(None),
                schema => self.rule(schema, references).map(Some),
            })?,
            members_max: keywords.take_or("maxProperties", usize::MAX, count)?,
            members: members.into(),
        })
    }
}

fn text(keywords: &mut Keywords<'_>) -> Option<TextRule> {
    let words = |value: &Value| {
        let words = value.as_array()?.iter().map(|word| word.as_str().map(Box::from));
        words.collect::<Option<Box<[Box<str>]>>>().map(Some)
    };
    Some(TextRule {
        characters_min: keywords.take_or("minLength", 0, count)?,
        characters_max: keywords.take_or("maxLength", usize::MAX, count)?,
        form: keywords.take_or("pattern", None, |pattern| Form::of_pattern(pattern.as_str()?).map(Some))?,
        words: keywords.take_or("enum", None, words)?,
    })
}

fn number(keywords: &mut Keywords<'_>, is_integer: bool) -> Option<NumberRule> {
    Some(NumberRule {
        is_integer,
        min: keywords.take_or("minimum", f64::NEG_INFINITY, Value::as_f64)?,
        max: keywords.take_or("maximum", f64::INFINITY, Value::as_f64)?,
    })
}

fn count(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

/// `{"if": {"required": [M], "properties": {M: {"const": W}}}, "then": {"required": […]}}`: where the member M is the
/// word W, those are required.
fn condition_of(schema: &Value, members: &[MemberRule]) -> Option<(usize, Box<str>, MemberSet)> {
    let mut keywords = Keywords::of(schema)?;
    let mut condition = Keywords::of(keywords.take("if")?)?;
    let required = required_alone(keywords.take("then")?, members)?;
    keywords.end()?;
    let asked_for = set_of(condition.take("required")?, members)?;
    let properties = condition.take("properties")?.as_object()?;
    condition.end()?;
    let mut properties = properties.iter();
    let ((name, value), None) = (properties.next()?, properties.next()) else { return None };
    let mut value = Keywords::of(value)?;
    let word = value.take("const")?.as_str()?;
    value.end()?;
    let place = members.iter().position(|member| *member.name == **name)?;
    (asked_for == 1 << place).then_some((place, word.into(), required))
}

/// `{"required": […]}`, and nothing else.
fn required_alone(schema: &Value, members: &[MemberRule]) -> Option<MemberSet> {
    let mut keywords = Keywords::of(schema)?;
    let names = keywords.take("required")?;
    keywords.end()?;
    set_of(names, members)
}

fn set_of(names: &Value, members: &[MemberRule]) -> Option<MemberSet> {
    names.as_array()?.iter().try_fold(0, |set, name| {
        let name = name.as_str()?;
        Some(set | 1 << members.iter().position(|member| *member.name == *name)?)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::{json::Tape, schema::SCHEMA};

    fn accepts(schema: &Value, event: &Value) -> bool {
        let rule = compile(schema).unwrap();
        rule.accepts(Tape::parse(event.to_string().as_bytes()).unwrap().root())
    }

    #[test]
    fn the_whole_schema_of_the_event_becomes_rules() {
        assert!(compile(&SCHEMA).is_some());
    }

    /// What nobody taught the rules must not be passed over.
    #[test]
    fn a_schema_that_says_more_becomes_none() {
        let members = SCHEMA["properties"].as_object().unwrap().keys().map(|name| format!("/properties/{name}"));
        let definitions = SCHEMA["$defs"].as_object().unwrap().keys().map(|name| format!("/$defs/{name}"));
        let others = ["", "/allOf/0", "/allOf/0/if", "/allOf/0/then", "/allOf/0/if/properties/event_type"];
        for pointer in members.chain(definitions).chain(others.map(str::to_owned)) {
            for (keyword, value) in [("not", json!({})), ("multipleOf", json!(2)), ("dependentRequired", json!({}))] {
                let mut schema = SCHEMA.clone();
                schema.pointer_mut(&pointer).unwrap()[keyword] = value;
                assert!(compile(&schema).is_none(), "{keyword} in {pointer}");
            }
        }
        for (pointer, value) in [
            ("/properties/signature/pattern", json!("^[0-9a-f]{63}$")),
            ("/properties/ai_version/type", json!(["string", "null"])),
            ("/properties/ai_version/maxLength", json!("128")),
            ("/properties/action/$ref", json!("#/$defs/unknown")),
            ("/required", json!(["unknown"])),
            ("/allOf/0/if/required", json!(["ai_id"])),
        ] {
            let mut schema = SCHEMA.clone();
            *schema.pointer_mut(pointer).unwrap() = value;
            assert!(compile(&schema).is_none(), "{pointer}");
        }
        let circle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}});
        assert!(compile(&circle).is_none());
    }

    #[test]
    fn a_schema_that_says_otherwise_becomes_other_rules() {
        let event = json!({
            "event_type": "ai.query", "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b", "ai_version": "model-1",
            "timestamp": "2026-03-01T09:30:00Z", "sequence": 7, "metadata": {"labels": {"a": "b", "c": "d"}},
            "query": {"prompt": "p"}, "signature": "0".repeat(64), "signature_algorithm": "HMAC-SHA256",
        });
        assert!(accepts(&SCHEMA, &event));
        for (pointer, value) in [
            ("/properties/ai_version/maxLength", json!(6)),
            ("/properties/ai_version/minLength", json!(8)),
            ("/properties/signature_algorithm/enum", json!(["HMAC-SHA512"])),
            ("/properties/ai_id", json!({"type": "boolean"})),
            ("/properties/event_type/enum", json!(["ai.action"])),
            ("/properties/sequence", json!({"type": "integer", "minimum": 8})),
            ("/properties/sequence", json!({"type": "number", "maximum": 6.5})),
            ("/properties/metadata", json!({"type": "object", "additionalProperties": {"type": "string"}})),
            ("/properties/metadata", json!({"type": "object", "properties": {"labels": {"type": "array"}}})),
            ("/$defs/metadata/properties/labels/maxProperties", json!(1)),
            ("/$defs/query/anyOf", json!([{"required": ["messages"]}, {"required": ["prompt", "model"]}])),
            ("/required", json!(["event_id"])),
            ("/allOf/0/if/properties/event_type/const", json!("ai.query")),
        ] {
            let mut schema = SCHEMA.clone();
            *schema.pointer_mut(pointer).unwrap() = value.clone();
            assert!(!accepts(&schema, &event), "{pointer} {value}");
        }
    }
}
