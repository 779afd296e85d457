//! The walk through a JSON value: every string, every key, and what a name says about the values under it.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::name::{Meaning, meaning};
use super::random::is_random;
use super::stand_in::{is_nothing, is_stand_in};
use super::text::{self, Hidden};
use super::{Kind, Redaction, RuleSet};

/// A number with fewer digits under a name that means password is a length, a count or an age.
const PASSWORD_DIGITS_MIN: usize = 4;

pub(super) fn redact(rules: &RuleSet, object: &mut Map<String, Value>) -> Vec<Redaction> {
    let mut walk = Walk { rules, pointer: String::new(), list: Vec::new(), beyond: [false; Kind::ALL.len()] };
    walk.object(object, None);
    let beyond = Kind::ALL.into_iter().filter(|kind| walk.beyond[*kind as usize]);
    walk.list.extend(beyond.map(|kind| Redaction { pointer: String::new(), kind }));
    walk.list
}

struct Walk<'r> {
    rules: &'r RuleSet,
    /// Of the value at hand.
    pointer: String,
    list: Vec<Redaction>,
    /// Kinds found after the list was full.
    beyond: [bool; Kind::ALL.len()],
}

impl Walk<'_> {
    /// `about` is what the object's own name says: it counts for a member that is just called a value. Not for
    /// every member, since under such a name a tool's schema stands as often as a secret.
    fn object(&mut self, object: &mut Map<String, Value>, about: Option<Meaning>) {
        const VALUE_NAMES: [&str; 8] = ["value", "Value", "current", "new", "old", "plain", "plaintext", "raw"];
        self.keys(object);
        let named_by_sibling = named_by_sibling(object);
        let is_text_token = object.contains_key("logprob");
        for (key, value) in object.iter_mut() {
            let about = match meaning(key) {
                // A language model's report on the pieces of its text.
                Some(Meaning::Token) if is_text_token => None,
                None if VALUE_NAMES.contains(&key.as_str()) => about.or(named_by_sibling),
                about => about,
            };
            let length = self.enter(key);
            self.value(value, about);
            self.pointer.truncate(length);
        }
    }

    fn value(&mut self, value: &mut Value, about: Option<Meaning>) {
        match value {
            Value::String(string) => {
                if let Some(hidden) = self.string(string, about) {
                    *string = hidden;
                }
            }
            Value::Number(number) => {
                if let Some(hidden) = about.and_then(|about| self.number(&number.to_string(), about)) {
                    *value = Value::String(hidden);
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    let length = self.enter(&index.to_string());
                    self.value(value, about);
                    self.pointer.truncate(length);
                }
            }
            Value::Object(object) => self.object(object, about),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn string(&mut self, string: &str, about: Option<Meaning>) -> Option<String> {
        let found = text::redact(self.rules, string, about);
        let whole =
            about.filter(|_| self.rules.hides(Kind::Password)).is_some_and(|about| is_hidden_by_name(string, about));
        match found {
            // A value that is one token through and through keeps the more telling word.
            Some(Hidden { text, kinds }) if !whole || kinds == [Kind::Secret] && text == Kind::Secret.placeholder() => {
                self.tell(&kinds);
                Some(text)
            }
            _ if whole => {
                self.tell(&[Kind::Password]);
                Some(Kind::Password.placeholder().to_owned())
            }
            _ => None,
        }
    }

    /// A number is hidden only where its name says what it is.
    fn number(&mut self, digits: &str, about: Meaning) -> Option<String> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let hidden_by_name = match about {
            Meaning::Password => digits.len() >= PASSWORD_DIGITS_MIN,
            Meaning::Pin => (3..=8).contains(&digits.len()),
            Meaning::Secret | Meaning::Token | Meaning::Key | Meaning::Cookie => false,
            Meaning::Phone | Meaning::Ssn | Meaning::Card => {
                let hidden = text::redact(self.rules, digits, Some(about))?;
                self.tell(&hidden.kinds);
                return Some(hidden.text);
            }
        };
        (hidden_by_name && self.rules.hides(Kind::Password)).then(|| {
            self.tell(&[Kind::Password]);
            Kind::Password.placeholder().to_owned()
        })
    }

    /// Hides what is in the keys. Keys that become the same are told apart by a number, in the order of the members.
    fn keys(&mut self, object: &mut Map<String, Value>) {
        let hidden: HashMap<String, Hidden> =
            object.keys().filter_map(|key| Some((key.clone(), text::redact(self.rules, key, None)?))).collect();
        if hidden.is_empty() {
            return;
        }
        let mut taken: HashSet<String> = object.keys().filter(|key| !hidden.contains_key(*key)).cloned().collect();
        let mut copies: HashMap<&str, usize> = HashMap::new();
        for (key, value) in std::mem::take(object) {
            let Some(Hidden { text, kinds }) = hidden.get(&key) else {
                object.insert(key, value);
                continue;
            };
            let mut name = text.clone();
            while !taken.insert(name.clone()) {
                let copy = copies.entry(text).or_insert(1);
                *copy += 1;
                name = format!("{text}#{copy}");
            }
            let length = self.enter(&name);
            self.tell(kinds);
            self.pointer.truncate(length);
            object.insert(name, value);
        }
    }

    /// Makes the pointer that of a member or element; answers the length to go back to.
    fn enter(&mut self, key: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        for character in key.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        length
    }

    fn tell(&mut self, kinds: &[Kind]) {
        for kind in kinds {
            if self.list.len() == RuleSet::REDACTIONS_MAX {
                self.beyond[*kind as usize] = true;
            } else {
                self.list.push(Redaction { pointer: self.bounded_pointer().to_owned(), kind: *kind });
            }
        }
    }

    /// The pointer, or that of the nearest value above whose pointer is short enough.
    fn bounded_pointer(&self) -> &str {
        if self.pointer.len() <= RuleSet::POINTER_BYTES_MAX {
            return &self.pointer;
        }
        let slash = self.pointer.as_bytes()[..=RuleSet::POINTER_BYTES_MAX].iter().rposition(|byte| *byte == b'/');
        &self.pointer[..slash.unwrap_or(0)]
    }
}

/// `{"name": "DB_PASSWORD", "value": "…"}`: lists of variables and of headers name their values beside them.
fn named_by_sibling(object: &Map<String, Value>) -> Option<Meaning> {
    ["name", "key", "Name", "Key"].iter().find_map(|sibling| meaning(object.get(*sibling)?.as_str()?))
}

fn is_hidden_by_name(value: &str, about: Meaning) -> bool {
    let is_placeholder = value.starts_with("[REDACTED:") && value.ends_with(']') && is_stand_in(value);
    match about {
        Meaning::Password => !value.is_empty() && !is_placeholder,
        Meaning::Secret | Meaning::Token => !value.is_empty() && !is_placeholder && !is_nothing(value),
        Meaning::Pin => {
            (3..=8).contains(&value.len())
                && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && value.bytes().any(|byte| byte.is_ascii_digit())
        }
        Meaning::Key => is_random(value),
        Meaning::Phone | Meaning::Ssn | Meaning::Card | Meaning::Cookie => false,
    }
}
