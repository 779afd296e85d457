//! Events with a canary in every place that takes text, found by walking the contract's schema: a field that is added to
//! it is filled by itself.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::{
    canaries::{Canaries, percent_encoded},
    kind::Kind,
};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(aibbar::schema::TEXT).unwrap());

/// Names the key that signs: another name is an event that is refused.
const NAMES_THE_KEY: &str = "/key_id";

/// Fills an event of this type.
pub(crate) struct Filler<'c> {
    canaries: &'c Canaries,
    kind: Kind,
    what: &'static str,
    /// Pointers of the strings, and of the members, that hold a canary.
    pub(crate) places: Vec<String>,
    /// Places that are too short for a canary of this kind.
    pub(crate) too_short: Vec<String>,
}

impl<'c> Filler<'c> {
    pub(crate) fn new(canaries: &'c Canaries, kind: Kind, what: &'static str) -> Self {
        Self { canaries, kind, what, places: Vec::new(), too_short: Vec::new() }
    }

    /// Every member of an event but those whose form is fixed, which [`e2e::event`] makes.
    pub(crate) fn event(&mut self) -> Map<String, Value> {
        match self.fill(&SCHEMA, "") {
            Some(Value::Object(members)) => members,
            other => panic!("an event is an object, not {other:?}"),
        }
    }

    fn text(&mut self, place: &str) -> String {
        self.places.push(place.to_owned());
        self.canaries.make(self.kind, format_args!("{} {place}", self.what))
    }

    /// `None` where no text fits: the member is left out, or made by someone else.
    fn fill(&mut self, schema: &Value, place: &str) -> Option<Value> {
        let schema = resolved(schema);
        if place == NAMES_THE_KEY
            || ["enum", "pattern", "format", "const"].iter().any(|word| schema.get(word).is_some())
        {
            return None;
        }
        match schema["type"].as_str() {
            Some("object") => {
                let mut members = Map::new();
                for (name, of) in schema["properties"].as_object().into_iter().flatten() {
                    if let Some(value) = self.fill(of, &format!("{place}/{name}")) {
                        members.insert(name.clone(), value);
                    }
                }
                if schema["additionalProperties"].is_object() {
                    members.insert("label".to_owned(), self.text(&format!("{place}/label")).into());
                    let name = self.canaries.make(self.kind, format_args!("{} {place}, a name", self.what));
                    members.insert(name, "of a label".into());
                }
                Some(members.into())
            }
            Some("string") => {
                let length_max = schema["maxLength"].as_u64().unwrap_or(u64::MAX) as usize;
                let text = self.text(place);
                if text.chars().count() <= length_max {
                    return Some(text.into());
                }
                self.places.pop();
                self.too_short.push(place.to_owned());
                Some("-".into())
            }
            Some("array") => Some(json!([self.text(&format!("{place}/0")), self.anything(&format!("{place}/1"))])),
            Some("number" | "integer") => Some(schema.get("minimum").cloned().unwrap_or(json!(1))),
            Some("boolean") => Some(json!(true)),
            None => Some(self.anything(place)),
            Some(other) => panic!("{place}: the test does not know the type {other}"),
        }
    }

    /// What stands where any JSON may stand: text at every depth, as a name, inside of other JSON, and escaped.
    fn anything(&mut self, place: &str) -> Value {
        let mut at = |name: &str| self.text(&format!("{place}/{name}"));
        let note = format!("Please note: {} (thank you).", at("note"));
        let list = json!([at("list/0"), [[at("list/1/0/0")]]]);
        let in_json = json!({ "inner": [at("json")] }).to_string();
        let in_json_twice = json!({ "outer": json!({ "inner": at("twice") }).to_string() }).to_string();
        let in_query = format!("https://shop.example/find?page=2&q={}&sort=asc", percent_encoded(&at("query")));
        let in_lines = format!("first line\nsecond line: {}\nthird line", at("lines"));
        let name = self.canaries.make(self.kind, format_args!("{} {place}, a name", self.what));
        let deep_name = self.canaries.make(self.kind, format_args!("{} {place}, a name deep down", self.what));
        let by_name = self.canaries.make(Kind::Password, format_args!("{} {place}/password", self.what));
        let by_name = by_name.strip_prefix("password=").unwrap().to_owned();
        json!({
            "note": note, "list": list, "json": in_json, "twice": in_json_twice, "query": in_query, "lines": in_lines,
            "password": by_name, "headers": { "x": { deep_name: true } }, name: 1,
        })
    }
}

fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => SCHEMA.pointer(pointer).unwrap(),
        None => schema,
    }
}

/// Every pointer of the schema at which a string stands, of whatever form; for events that break its rules.
pub(crate) fn every_member() -> Vec<String> {
    let mut pointers = Vec::new();
    collect(&SCHEMA, String::new(), &mut pointers);
    pointers
}

fn collect(schema: &Value, place: String, pointers: &mut Vec<String>) {
    let schema = resolved(schema);
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        collect(of, format!("{place}/{name}"), pointers);
    }
    if !place.is_empty() {
        pointers.push(place);
    }
}

#[test]
fn every_text_of_the_schema_is_filled() {
    let canaries = Canaries::default();
    let mut filler = Filler::new(&canaries, Kind::Email, "a test");
    let event = Value::Object(filler.event());
    for place in [
        "/ai_version",
        "/action/function",
        "/action/input/note",
        "/decision/options/0",
        "/error/stack",
        "/query/messages/1/json",
        "/query/parameters/list/0",
        "/response/output/twice",
        "/response/finish_reason",
        "/metadata/user_id",
        "/metadata/labels/label",
    ] {
        assert!(event.pointer(place).is_some_and(Value::is_string), "{place} is not in {event}");
        assert!(filler.places.iter().any(|filled| filled == place), "{place}");
    }
    assert!(filler.places.len() > 60, "{}", filler.places.len());
    assert_eq!(filler.too_short, [""; 0]);
    assert!(every_member().len() > 40);
}
