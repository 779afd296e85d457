//! The walk through a JSON value: every string, every key, and what a name says about the values under it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::clean::{finds_in_name, finds_nothing_in_object};
use super::found::Found;
use super::growth::{NO_ROOM, Room};
use super::hidden_already::is_stand_in;
use super::name::{Meaning, meaning};
use super::place::{Here, Places};
use super::random::{is_dense, is_key_of_service, is_random};
use super::stand_in::is_nothing;
use super::text::{self, Hidden};
use super::why::{Finding, Why};
use super::{Kind, Redaction, RuleSet};
use crate::canonical;

/// A number with fewer digits under a name that means password is a length, a count or an age.
const PASSWORD_DIGITS_MIN: usize = 4;

/// So many digits may be a card without a name that says so.
const CARD_DIGITS_MIN: usize = 14;
/// The least number that has them.
const CARD_MIN: u64 = 10_u64.pow(CARD_DIGITS_MIN as u32 - 1);

/// Whether a number that has no name may be a card, as far as its length tells.
pub(super) fn may_be_card(digits: &str) -> bool {
    digits.len() >= CARD_DIGITS_MIN
}

/// All pointers of the list together, in bytes: the record has to fit into the log beside the event.
const LIST_BYTES_MAX: usize = 128 * 1024;

pub(super) fn redact(rules: &RuleSet, object: &mut Map<String, Value>) -> Vec<Redaction> {
    let is_clean = cfg!(debug_assertions) && finds_nothing_in_object(rules, object);
    let mut walk = Walk::new(rules, false);
    walk.object(object, None, walk.places().map(Places::root).unwrap_or_default());
    let redactions = walk.end();
    debug_assert!(!is_clean || redactions.is_empty(), "what is said to be clean must be: {redactions:?}");
    redactions
}

/// As [`redact`], of any value.
pub(super) fn redact_value(rules: &RuleSet, value: &mut Value) -> Vec<Redaction> {
    let mut walk = Walk::new(rules, false);
    walk.value(value, None, walk.places().map(Places::root).unwrap_or_default());
    walk.end()
}

/// As [`redact`], of any value, with a finding for each thing that was hidden; the flag: there are more than are told.
pub(super) fn explain(rules: &RuleSet, value: &mut Value) -> (Vec<Finding>, bool) {
    let mut walk = Walk::new(rules, true);
    walk.value(value, None, walk.places().map(Places::root).unwrap_or_default());
    let is_more = walk.findings.len() > RuleSet::REDACTIONS_MAX;
    walk.findings.truncate(RuleSet::REDACTIONS_MAX);
    (walk.findings, is_more)
}

struct Walk<'r> {
    rules: &'r RuleSet,
    /// Of the value at hand.
    pointer: String,
    list: Vec<Redaction>,
    /// What the list's pointers may still take, in bytes.
    list_room: usize,
    /// What the value may still grow by.
    room: Room,
    /// What was found after the list was full.
    beyond: Found,
    explains: bool,
    /// One more than are told at most, when they are asked for.
    findings: Vec<Finding>,
}

impl<'r> Walk<'r> {
    fn new(rules: &'r RuleSet, explains: bool) -> Self {
        let (list, findings) = (Vec::new(), Vec::new());
        Self {
            rules,
            pointer: String::new(),
            list,
            list_room: LIST_BYTES_MAX,
            room: Room::new(),
            beyond: Found::default(),
            explains,
            findings,
        }
    }

    fn end(mut self) -> Vec<Redaction> {
        for (kind, rule) in self.beyond.iter() {
            self.list.push(Redaction { pointer: String::new(), kind, rule: self.rule_name(rule) });
        }
        self.list
    }

    fn places(&self) -> Option<&'r Places> {
        self.rules.own().map(|own| &own.places)
    }

    /// `about` is what the object's own name says: it counts for a member that is just called a value. Not for
    /// every member, since under such a name a tool's schema stands as often as a secret.
    fn object(&mut self, object: &mut Map<String, Value>, about: Option<Meaning>, here: Here) {
        const VALUE_NAMES: [&str; 8] = ["value", "Value", "current", "new", "old", "plain", "plaintext", "raw"];
        self.keys(object);
        let named_by_sibling = named_by_sibling(object);
        let is_web_key = object.contains_key(WEB_KEY_MARK);
        let is_text_token = object.contains_key("logprob");
        let is_manifest = object.get("kind").is_some_and(|kind| kind == MANIFEST_KIND);
        for (key, value) in object.iter_mut() {
            let about = match meaning(key) {
                // A language model's report on the pieces of its text.
                Some(Meaning::Token) if is_text_token => None,
                // The private members of a JSON Web Key.
                None if is_web_key && matches!(key.as_str(), "d" | "k" | "p" | "q" | "dp" | "dq" | "qi") => {
                    Some(Meaning::Secret)
                }
                None if VALUE_NAMES.contains(&key.as_str()) => about.or(named_by_sibling),
                about => about,
            };
            let length = self.enter(key);
            match value {
                Value::Object(data) if is_manifest && matches!(key.as_str(), "data" | "stringData") => {
                    self.data_of_manifest(data, self.below(here, key));
                }
                value => self.value(value, about, self.below(here, key)),
            }
            self.pointer.truncate(length);
        }
    }

    /// The data of a Kubernetes Secret, which are secrets whatever they are called.
    fn data_of_manifest(&mut self, data: &mut Map<String, Value>, here: Here) {
        self.keys(data);
        for (key, value) in data.iter_mut() {
            let length = self.enter(key);
            self.value(value, Some(Meaning::Secret), self.below(here, key));
            self.pointer.truncate(length);
        }
    }

    fn value(&mut self, value: &mut Value, about: Option<Meaning>, here: Here) {
        if let Some(rule) = self.places().and_then(|places| places.hides(here)) {
            return self.place(value, rule);
        }
        match value {
            Value::String(string) => {
                if let Some(hidden) = self.string(string, about) {
                    *string = self.room.fit(string.len(), hidden);
                }
            }
            Value::Number(number) => {
                // Without a name, only what may be a card is worth being written out.
                if about.is_some() || number.as_u64().is_some_and(|number| number >= CARD_MIN) {
                    let digits = number.to_string();
                    if let Some(hidden) = self.number(&digits, about) {
                        *value = Value::String(self.room.fit(digits.len(), hidden));
                    }
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter_mut().enumerate() {
                    let index = index.to_string();
                    let length = self.enter(&index);
                    self.value(value, about, self.below(here, &index));
                    self.pointer.truncate(length);
                }
            }
            Value::Object(object) => self.object(object, about, here),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// At a member or element, as far as own rules point anywhere.
    fn below(&self, here: Here, key: &str) -> Here {
        match self.places() {
            Some(places) if !here.is_of_no_interest() => places.enter(here, key),
            _ => Here::default(),
        }
    }

    /// What stands where an own rule points is hidden whole, whatever it is; nothing stays nothing, and what had no room for more
    /// than a star stays that, so that what is redacted is redacted for good.
    fn place(&mut self, value: &mut Value, rule: u8) {
        let (bytes_before, hidden) = match &*value {
            Value::Null => return,
            Value::String(text) if text == NO_ROOM || is_stand_in(self.rules, text) => return,
            Value::String(text) => (text.len(), self.hide(Kind::Custom, Why::Place(rule), text)),
            other => {
                let canonical = canonical::to_vec(other);
                let hidden = self.hide(Kind::Custom, Why::Place(rule), &String::from_utf8_lossy(&canonical));
                (canonical.len(), hidden)
            }
        };
        *value = Value::String(self.room.fit(bytes_before, hidden));
    }

    fn string(&mut self, string: &str, about: Option<Meaning>) -> Option<String> {
        let found = text::redact(self.rules, string, about, self.explains);
        let whole = about
            .filter(|_| self.rules.hides(Kind::Password))
            .is_some_and(|about| is_hidden_by_name(self.rules, string, about));
        match found {
            // A value that is one token through and through keeps the more telling word.
            Some(hidden) if !whole || hidden.whole == Some(Kind::Secret) => {
                self.tell(hidden.found);
                self.explain_spots(&hidden, false);
                Some(hidden.text)
            }
            _ if whole => Some(self.hide(Kind::Password, Why::Name, string)),
            _ => None,
        }
    }

    /// A number is hidden only where its name says what it is, or where it can be nothing but a card.
    fn number(&mut self, digits: &str, about: Option<Meaning>) -> Option<String> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let hidden_by_name = match about {
            Some(Meaning::Password) => digits.len() >= PASSWORD_DIGITS_MIN,
            Some(Meaning::Pin) => (3..=8).contains(&digits.len()),
            Some(Meaning::Phone | Meaning::Ssn | Meaning::Card) | None => {
                if about.is_none() && digits.len() < CARD_DIGITS_MIN {
                    return None;
                }
                let hidden = text::redact(self.rules, digits, about, self.explains)?;
                self.tell(hidden.found);
                self.explain_spots(&hidden, false);
                return Some(hidden.text);
            }
            Some(Meaning::Secret | Meaning::Token | Meaning::Key | Meaning::ServiceKey | Meaning::Cookie) => false,
        };
        (hidden_by_name && self.rules.hides(Kind::Password)).then(|| self.hide(Kind::Password, Why::Name, digits))
    }

    /// What stands for a value that is hidden whole.
    fn hide(&mut self, kind: Kind, why: Why, value: &str) -> String {
        self.tell(Found::of(kind, why));
        let hidden = self.rules.substitute(kind, why, value).unwrap_or_else(|| kind.placeholder().to_owned());
        self.explain_one(kind, why, false, 0, hidden.len());
        hidden
    }

    /// Hides what is in the keys. Keys that become the same are told apart by a number, in the order of the members.
    fn keys(&mut self, object: &mut Map<String, Value>) {
        if !object.keys().any(|key| finds_in_name(self.rules, key)) {
            return;
        }
        let mut hidden: HashMap<String, Hidden> = object
            .keys()
            .filter_map(|key| Some((key.clone(), text::redact(self.rules, key, None, self.explains)?)))
            .collect();
        for key in object.keys() {
            if let Some(hidden) = hidden.get_mut(key) {
                hidden.text = self.room.fit(key.len(), std::mem::take(&mut hidden.text));
            }
        }
        let mut taken: HashSet<String> = object.keys().filter(|key| !hidden.contains_key(*key)).cloned().collect();
        let mut copies: HashMap<&str, usize> = HashMap::new();
        for (key, value) in std::mem::take(object) {
            let Some(hidden) = hidden.get(&key) else {
                object.insert(key, value);
                continue;
            };
            let text = &hidden.text;
            let mut name = text.clone();
            while !taken.insert(name.clone()) {
                let copy = copies.entry(text).or_insert(1);
                *copy += 1;
                name = format!("{text}#{copy}");
            }
            let length = self.enter(&name);
            self.tell(hidden.found);
            self.explain_spots(hidden, true);
            self.pointer.truncate(length);
            object.insert(name, value);
        }
    }

    /// Makes the pointer that of a member or element; answers the length to go back to.
    fn enter(&mut self, key: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        if !key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
            self.pointer.push_str(key);
            return length;
        }
        for character in key.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        length
    }

    fn tell(&mut self, found: Found) {
        if self.explains {
            return;
        }
        for (kind, rule) in found.iter() {
            let bytes = self.bounded_pointer().len();
            if self.list.len() == RuleSet::REDACTIONS_MAX || bytes > self.list_room {
                self.beyond = self.beyond.with(kind, rule);
            } else {
                self.list_room -= bytes;
                let pointer = self.bounded_pointer().to_owned();
                self.list.push(Redaction { pointer, kind, rule: self.rule_name(rule) });
            }
        }
    }

    fn rule_name(&self, rule: Option<u8>) -> Option<Arc<str>> {
        self.rules.rule_name(rule?).cloned()
    }

    fn explain_spots(&mut self, hidden: &Hidden, in_key: bool) {
        if !self.explains {
            return;
        }
        let characters = |bytes: &str| bytes.chars().count();
        let (mut at, mut at_characters) = (0, 0);
        for spot in hidden.spots.iter().filter(|spot| spot.is_new) {
            let start = at_characters + characters(&hidden.text[at..spot.start]);
            let end = start + characters(&hidden.text[spot.start..spot.end]);
            (at, at_characters) = (spot.end, end);
            self.explain_one(spot.kind, spot.why, in_key, start, end);
        }
    }

    fn explain_one(&mut self, kind: Kind, why: Why, in_key: bool, start: usize, end: usize) {
        if self.explains && self.findings.len() <= RuleSet::REDACTIONS_MAX {
            let pointer = self.bounded_pointer().to_owned();
            let (rule, mode) = (self.rule_name(why.rule()), self.rules.mode_of(kind, why));
            self.findings.push(Finding { pointer, in_key, kind, rule, mode, why, start, end });
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

/// The member that only a JSON Web Key has.
pub(super) const WEB_KEY_MARK: &str = "kty";

/// The `kind` of a Kubernetes manifest whose data are secrets.
pub(super) const MANIFEST_KIND: &str = "Secret";

/// What members are called that may say what stands beside them.
pub(super) const SIBLING_NAMES: [&str; 4] = ["name", "key", "Name", "Key"];

/// `{"name": "DB_PASSWORD", "value": "…"}`: lists of variables and of headers name their values beside them.
fn named_by_sibling(object: &Map<String, Value>) -> Option<Meaning> {
    SIBLING_NAMES.iter().find_map(|sibling| meaning(object.get(*sibling)?.as_str()?))
}

fn is_hidden_by_name(rules: &RuleSet, value: &str, about: Meaning) -> bool {
    let is_placeholder = is_stand_in(rules, value);
    match about {
        Meaning::Password => !value.is_empty() && !is_placeholder,
        Meaning::Secret | Meaning::Token => !value.is_empty() && !is_placeholder && !is_nothing(value),
        Meaning::Pin => {
            (3..=8).contains(&value.len())
                && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && value.bytes().any(|byte| byte.is_ascii_digit())
        }
        Meaning::Key => !is_placeholder && (is_random(value) || is_dense(value)),
        Meaning::ServiceKey => !is_placeholder && (is_random(value) || is_key_of_service(value)),
        Meaning::Phone | Meaning::Ssn | Meaning::Card | Meaning::Cookie => false,
    }
}
