//! The JSON Schema of the event, and every fault that an event has against it.
//!
//! The file under `contract/` is the one source: it is embedded, served and validated with. What this module
//! adds is how a fault is told: by pointer, by a stable code, and in a sentence that never shows a value.
//! Even the name of a member can be personal data, so only names that look like identifiers, and in which no rule of
//! redaction finds anything, are shown.

mod accept;
mod compile;
mod form;

use std::{collections::BTreeMap, sync::LazyLock};

use jsonschema::{
    PatternOptions, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind},
};
use serde_json::Value;

use accept::Rule;

use crate::{Fault, Timestamp, json::Tape};

/// The schema as it is served.
pub const TEXT: &str = include_str!("../aibbar-event.schema.json");

/// No more faults than this are told of one event.
pub const FAULTS_MAX: usize = 100;

/// A member name longer than this is not shown.
const SHOWN_NAME_BYTES_MAX: usize = 64;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(TEXT).expect("the embedded schema is JSON"));

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::draft202012::options()
        // This engine takes linear time for every pattern and input.
        .with_pattern_options(PatternOptions::regex())
        .build(&SCHEMA)
        .expect("the embedded schema is a schema")
});

/// None, should the schema say what rules cannot.
static RULE: LazyLock<Option<Rule>> = LazyLock::new(|| compile::compile(&SCHEMA));

/// A token or a number looks like an identifier, too.
#[cfg(feature = "redact")]
static STRICTEST: LazyLock<crate::RuleSet> = LazyLock::new(crate::RuleSet::strictest);

/// What a validator has against any document, told as the faults of an event are: no value is shown.
pub fn faults_of(validator: &Validator, document: &Value) -> Vec<Fault> {
    let mut faults = Faults::default();
    if !validator.is_valid(document) {
        validator.iter_errors(document).for_each(|error| faults.add(&error));
    }
    faults.into_list()
}

/// Whether an event certainly has no fault: of most good ones this is known without making a value of them.
pub fn certainly_accepts(event: &Tape) -> bool {
    RULE.as_ref().is_some_and(|rule| rule.accepts(event.root()))
}

/// As [`faults`], of an event on a tape.
pub fn faults_on(event: &Tape) -> Vec<Fault> {
    if certainly_accepts(event) { Vec::new() } else { faults(&event.to_value()) }
}

/// Every fault of an event, in the order of their pointers; none when the event is good.
pub fn faults(event: &Value) -> Vec<Fault> {
    let mut faults = Faults { of_event: true, ..Faults::default() };
    if !VALIDATOR.is_valid(event) {
        VALIDATOR.iter_errors(event).for_each(|error| faults.add(&error));
    }
    // A pattern cannot know how long a month is.
    if let Some(timestamp) = event.get("timestamp").and_then(Value::as_str)
        && Timestamp::parse(timestamp).is_none()
    {
        faults.put("/timestamp", "format", "must be a real date and time");
    }
    faults.into_list()
}

/// What was found so far. A fault is told once per place and kind, however often the schema stumbles over it.
#[derive(Default)]
struct Faults {
    /// Whether some of them have sentences of their own, since the document is an event.
    of_event: bool,
    details: BTreeMap<(String, &'static str), String>,
}

impl Faults {
    fn add(&mut self, error: &ValidationError<'_>) {
        use ValidationErrorKind as K;
        let place = error.instance_path().as_str();
        match error.kind() {
            K::AdditionalProperties { unexpected } => {
                for name in unexpected.iter().take(FAULTS_MAX) {
                    self.put_unknown_field(place, name);
                }
            }
            K::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                self.put(&format!("{place}/{name}"), "required", "is missing");
            }
            // The one choice that the event's schema leaves.
            K::AnyOf { .. } if self.of_event => self.put(place, "required", "must have `messages` or `prompt`"),
            K::Type { kind: TypeKind::Single(name) } => {
                self.put(place, "type", format!("must be of type {name}"));
            }
            K::Type { kind: TypeKind::Multiple(names) } => {
                let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
                self.put(place, "type", format!("must be of type {}", names.join(" or ")));
            }
            K::Enum { options } => self.put(place, "enum", format!("must be one of {options}")),
            K::Format { format } => self.put(place, "format", format!("must be a valid {format}")),
            K::MinItems { limit } => self.put(place, "min_items", format!("must have at least {limit} items")),
            K::MaxItems { limit } => self.put(place, "max_items", format!("must have at most {limit} items")),
            K::UniqueItems => self.put(place, "unique_items", "must not name anything twice"),
            K::Pattern { .. } if !self.of_event => {
                self.put(place, "pattern", "does not have the form that the schema names");
            }
            K::Pattern { .. } => {
                let (code, detail) = pattern_fault(place);
                self.put(place, code, detail);
            }
            K::Minimum { limit } => self.put(place, "minimum", format!("must be at least {limit}")),
            K::Maximum { limit } => self.put(place, "maximum", format!("must be at most {limit}")),
            K::MinLength { limit } => {
                self.put(place, "min_length", format!("must have at least {limit} characters"));
            }
            K::MaxLength { limit } => {
                self.put(place, "max_length", format!("must have at most {limit} characters"));
            }
            K::MaxProperties { limit } => {
                self.put(place, "max_properties", format!("must have at most {limit} members"));
            }
            // Whatever else a schema may say, no fault gets lost for it.
            _ => self.put(place, "invalid", "does not match the schema"),
        }
    }

    fn put_unknown_field(&mut self, place: &str, name: &str) {
        if is_shown(name) {
            let detail = if self.of_event { "is no field of an event" } else { "is no field here" };
            self.put(&format!("{place}/{name}"), "unknown_field", detail);
        } else {
            self.put(
                place,
                "unknown_field",
                "has a field that is none of those here (its name is not shown, since it does not look like one)",
            );
        }
    }

    fn put(&mut self, place: &str, code: &'static str, detail: impl Into<String>) {
        if self.details.len() < FAULTS_MAX {
            self.details.entry((shown_part(place), code)).or_insert_with(|| detail.into());
        }
    }

    fn into_list(self) -> Vec<Fault> {
        self.details.into_iter().map(|((pointer, code), detail)| Fault { pointer, code, detail }).collect()
    }
}

/// A pattern that stands beside a `format` in the schema is told as that format.
fn pattern_fault(place: &str) -> (&'static str, &'static str) {
    match place {
        "/ai_id" => ("format", "must be a UUID"),
        "/event_id" => ("format", "must be a UUIDv7"),
        "/timestamp" => ("format", "must be RFC 3339 with an offset and at most 9 fraction digits"),
        "/signature" => ("pattern", "must be 64 lowercase hexadecimal digits"),
        _ => ("pattern", "does not have the form that the schema names"),
    }
}

/// The pointer up to the first name that is not shown.
fn shown_part(pointer: &str) -> String {
    let mut shown = String::with_capacity(pointer.len());
    for name in pointer.split('/').skip(1).take_while(|name| is_shown(name)) {
        shown.push('/');
        shown.push_str(name);
    }
    shown
}

/// Whether a name looks like an identifier and holds nothing that must be hidden. Such a name needs no escape in a pointer.
fn is_shown(name: &str) -> bool {
    (1..=SHOWN_NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        && !holds_what_is_hidden(name)
}

#[cfg(feature = "redact")]
fn holds_what_is_hidden(name: &str) -> bool {
    STRICTEST.finds_in(name)
}

/// Whoever has no rules is the one who made the event.
#[cfg(not(feature = "redact"))]
fn holds_what_is_hidden(_: &str) -> bool {
    false
}
