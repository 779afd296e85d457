//! Whether an event certainly matches the schema, told from its tape.
//!
//! The library's validator takes a value, which a good event never needs to become, and most events are good. So the
//! schema is compiled once into the rules below, and they answer "certainly" or "don't know"; for whatever they don't
//! know, the validator decides, and tells the faults. They say "don't know" wherever it would cost anything to know: of a
//! string with escapes where its text matters, of `7.0` where an integer is asked for, of a leap second.
//!
//! The rules are made of the schema's own file ([`super::compile`]), never by hand: a schema that says more than they can
//! express compiles to nothing, and a test says so.

use super::form::Form;
use crate::json::{Kind, Node};

/// What one value must be.
#[derive(Debug)]
pub(super) enum Rule {
    Any,
    Boolean,
    Array,
    Text(TextRule),
    Number(NumberRule),
    Object(Box<ObjectRule>),
}

#[derive(Debug)]
pub(super) struct TextRule {
    pub(super) characters_min: usize,
    pub(super) characters_max: usize,
    pub(super) form: Option<Form>,
    /// One of these, if it must be one of some.
    pub(super) words: Option<Box<[Box<str>]>>,
}

#[derive(Debug)]
pub(super) struct NumberRule {
    pub(super) is_integer: bool,
    pub(super) min: f64,
    pub(super) max: f64,
}

/// A set of members, each a bit by its place in [`ObjectRule::members`].
pub(super) type MemberSet = u64;

#[derive(Debug)]
pub(super) struct ObjectRule {
    pub(super) members: Box<[MemberRule]>,
    pub(super) required: MemberSet,
    /// One of these sets is there as a whole, if there are any.
    pub(super) any_of: Box<[MemberSet]>,
    /// Of members that have no rule of their own; none: there may be no such.
    pub(super) others: Option<Rule>,
    pub(super) members_max: usize,
}

#[derive(Debug)]
pub(super) struct MemberRule {
    pub(super) name: Box<str>,
    pub(super) rule: Rule,
    /// What is required as well where the member is this word.
    pub(super) requires: Box<[(Box<str>, MemberSet)]>,
}

impl Rule {
    /// Whether this value certainly follows the rule.
    pub(super) fn accepts(&self, value: Node<'_>) -> bool {
        match self {
            Rule::Any => true,
            Rule::Boolean => matches!(value.kind(), Kind::True | Kind::False),
            Rule::Array => value.kind() == Kind::Array,
            Rule::Text(rule) => rule.accepts(value),
            Rule::Number(rule) => rule.accepts(value),
            Rule::Object(rule) => rule.accepts(value),
        }
    }
}

impl TextRule {
    fn accepts(&self, value: Node<'_>) -> bool {
        let asks_for_any = self.characters_min == 0
            && self.characters_max == usize::MAX
            && self.form.is_none()
            && self.words.is_none();
        match value.kind() {
            Kind::Escaped => asks_for_any,
            Kind::Plain => asks_for_any || self.takes(value.written()),
            _ => false,
        }
    }

    fn takes(&self, text: &str) -> bool {
        // Characters are counted only where bytes don't tell.
        (self.characters_min <= usize::from(!text.is_empty()) || text.chars().count() >= self.characters_min)
            && (text.len() <= self.characters_max || text.chars().count() <= self.characters_max)
            && self.form.is_none_or(|form| form.is_of(text))
            && self.words.as_ref().is_none_or(|words| words.iter().any(|word| **word == *text))
    }
}

impl NumberRule {
    fn accepts(&self, value: Node<'_>) -> bool {
        let is_right_kind = match value.kind() {
            Kind::Integer => true,
            Kind::Double => !self.is_integer,
            _ => false,
        };
        is_right_kind && value.written().parse().is_ok_and(|number: f64| (self.min..=self.max).contains(&number))
    }
}

impl ObjectRule {
    fn accepts(&self, value: Node<'_>) -> bool {
        if !matches!(value.kind(), Kind::Ordered | Kind::Unordered) {
            return false;
        }
        let (mut found, mut required, mut count, mut place) = (0, self.required, 0, 0);
        for (name, value) in value.members() {
            let Some(name) = name.plain() else { return false };
            count += 1;
            match self.place_of(name, place) {
                Some(at) => {
                    let member = &self.members[at];
                    if !member.rule.accepts(value) {
                        return false;
                    }
                    found |= 1 << at;
                    required |= member.required_by(value);
                    place = at + 1;
                }
                None => {
                    if !self.others.as_ref().is_some_and(|others| others.accepts(value)) {
                        return false;
                    }
                }
            }
        }
        found & required == required
            && count <= self.members_max
            && (self.any_of.is_empty() || self.any_of.iter().any(|set| found & set == *set))
    }

    /// Looked for from that place on, and then before it: most objects have their members in the order of the rules.
    fn place_of(&self, name: &str, from: usize) -> Option<usize> {
        let (before, after) = self.members.split_at(from.min(self.members.len()));
        let is_it = |member: &MemberRule| *member.name == *name;
        after.iter().position(is_it).map(|at| from + at).or_else(|| before.iter().position(is_it))
    }
}

impl MemberRule {
    fn required_by(&self, value: Node<'_>) -> MemberSet {
        if self.requires.is_empty() {
            return 0;
        }
        let of_word = |(word, set): &(Box<str>, MemberSet)| if value.plain() == Some(word) { *set } else { 0 };
        self.requires.iter().map(of_word).fold(0, |required, set| required | set)
    }
}
