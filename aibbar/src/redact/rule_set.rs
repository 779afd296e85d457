//! Which rules are in force: modes by kind, own rules, the key of pseudonyms. Compiled once, cheap to share.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::pseudonym::PseudonymKey;
use super::settings::{Compiled, Settings};
use super::why::{Finding, Why};
use super::{Kind, Mode, Piece, Redaction, clean, text, walk};
use crate::Fault;

/// What is hidden, and how.
#[derive(Clone, Debug)]
pub struct RuleSet {
    modes: [Mode; Kind::ALL.len()],
    own: Option<Arc<Compiled>>,
    key: Option<Arc<PseudonymKey>>,
    version: Cow<'static, str>,
}

impl Default for RuleSet {
    /// Every kind but `ip_address` is masked.
    fn default() -> Self {
        Self {
            modes: Kind::ALL.map(Kind::default_mode),
            own: None,
            key: None,
            version: Cow::Borrowed(RuleSet::VERSION),
        }
    }
}

impl RuleSet {
    /// The version of the rules, as written into the record.
    pub const VERSION: &'static str = "2";

    /// The longest list of redactions of one value. What is found beyond it is hidden like the rest, and told by one more entry a
    /// kind, with the pointer of the whole value.
    pub const REDACTIONS_MAX: usize = 1000;

    /// The longest pointer in the list, in bytes. What lies deeper is told by the nearest member above it whose pointer fits.
    pub const POINTER_BYTES_MAX: usize = 1024;

    /// The rules that an organisation's settings make; every fault of the settings when they make none. Without a key, what
    /// would be a pseudonym is masked.
    pub fn new(settings: &Settings, key: Option<PseudonymKey>) -> Result<Self, Vec<Fault>> {
        let compiled = Compiled::of(settings)?;
        let mut rules = Self::default();
        for (kind, mode) in &settings.modes {
            rules = rules.with_mode(*kind, *mode);
        }
        rules.own = (!compiled.named.is_empty()).then(|| Arc::new(compiled));
        rules.key = key.map(Arc::new);
        Ok(rules)
    }

    /// Masks one kind, or leaves it alone.
    #[must_use]
    pub fn with(self, kind: Kind, on: bool) -> Self {
        self.with_mode(kind, if on { Mode::Mask } else { Mode::Off })
    }

    /// Says what becomes of one kind. Own rules have their modes from their settings.
    #[must_use]
    pub fn with_mode(mut self, kind: Kind, mode: Mode) -> Self {
        if let Some(place) = self.modes.get_mut(kind as usize) {
            *place = mode;
        }
        self
    }

    /// Says that these are an organisation's own settings, in this version: records then name both, as `2+org.7`.
    #[must_use]
    pub fn of_settings_version(mut self, version: u64) -> Self {
        self.version = Cow::Owned(format!("{}+org.{version}", Self::VERSION));
        self
    }

    /// What records call these rules.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every kind, `ip_address` too: for what need not be told at all, such as the names in a refusal.
    pub fn strictest() -> Self {
        Self::default().with(Kind::IpAddress, true)
    }

    /// Whether this kind is hidden.
    pub fn hides(&self, kind: Kind) -> bool {
        self.mode(kind) != Mode::Off
    }

    /// What becomes of this kind. What own rules find is each rule's own matter.
    pub fn mode(&self, kind: Kind) -> Mode {
        self.modes.get(kind as usize).copied().unwrap_or_default()
    }

    /// Own rules that are on.
    pub fn own_rules(&self) -> usize {
        self.own.as_ref().map_or(0, |own| own.named.len())
    }

    /// Hides everything that these rules find, in every string value and every key at any depth, and what stands where an own
    /// rule points.
    ///
    /// The list has one entry for each kind (and own rule) in each string or key, in the order of the value. Keys that become
    /// the same get `#2`, `#3` … so that no member is lost.
    pub fn redact(&self, object: &mut Map<String, Value>) -> Vec<Redaction> {
        walk::redact(self, object)
    }

    /// As [`RuleSet::redact`], of any value.
    pub fn redact_value(&self, value: &mut Value) -> Vec<Redaction> {
        walk::redact_value(self, value)
    }

    /// As [`RuleSet::redact`], of any value, and tells of each finding why. At most [`RuleSet::REDACTIONS_MAX`] are told; the
    /// flag says that there are more.
    pub fn explain(&self, value: &mut Value) -> (Vec<Finding>, bool) {
        walk::explain(self, value)
    }

    /// Whether these rules find anything in one text.
    pub fn finds_in(&self, text: &str) -> bool {
        text::finds_in(self, text)
    }

    /// Whether [`RuleSet::redact_value`] would surely leave the value as it is that has these pieces: every name, string and number
    /// in it, each name right before its value. A `false` says that there may be something to hide.
    pub fn finds_nothing_in<'t>(&self, pieces: impl Iterator<Item = Piece<'t>>) -> bool {
        clean::finds_nothing_in(self, pieces)
    }

    /// Whether an own rule hides what stands at some place, whatever it is.
    pub(super) fn points_at_places(&self) -> bool {
        self.own.as_ref().is_some_and(|own| !own.places.is_empty())
    }

    /// Hides everything that these rules find in one text, and tells which kinds were found, each once.
    pub fn redact_text<'t>(&self, text: &'t str) -> (Cow<'t, str>, Vec<Kind>) {
        match text::redact(self, text, None, false) {
            Some(hidden) => {
                let mut kinds: Vec<Kind> = hidden.found.iter().map(|(kind, _)| kind).collect();
                kinds.dedup();
                (Cow::Owned(hidden.text), kinds)
            }
            None => (Cow::Borrowed(text), Vec::new()),
        }
    }

    pub(super) fn own(&self) -> Option<&Compiled> {
        self.own.as_deref()
    }

    pub(super) fn knows_rule(&self, name: &str) -> bool {
        self.own().is_some_and(|own| own.knows(name))
    }

    pub(super) fn rule_name(&self, rule: u8) -> Option<&Arc<str>> {
        self.own()?.named.get(usize::from(rule)).map(|rule| &rule.name)
    }

    /// What becomes of what was found so.
    pub(super) fn mode_of(&self, kind: Kind, why: Why) -> Mode {
        let mode = match why.rule() {
            Some(rule) => self.own().and_then(|own| own.named.get(usize::from(rule))).map(|rule| rule.mode),
            None => Some(self.mode(kind)),
        };
        match mode {
            Some(Mode::Pseudonym) if self.key.is_none() => Mode::Mask,
            Some(mode) => mode,
            None => Mode::Mask,
        }
    }

    /// Whether anything that is hidden becomes something else than the placeholder of its kind.
    pub(super) fn substitutes(&self) -> bool {
        self.own.is_some() || (self.key.is_some() && self.modes.contains(&Mode::Pseudonym))
    }

    /// What stands where this value stood, when that is not the placeholder of its kind.
    pub(super) fn substitute(&self, kind: Kind, why: Why, value: &str) -> Option<String> {
        let rule = why.rule().and_then(|rule| self.rule_name(rule)).map(|name| &**name);
        let pseudonym_key = self.key.as_ref().filter(|_| self.mode_of(kind, why) == Mode::Pseudonym);
        match (pseudonym_key, rule) {
            (Some(key), Some(rule)) => Some(format!("[CUSTOM:{rule}:{}]", key.token(kind, Some(rule), value))),
            (Some(key), None) => Some(format!("[{}:{}]", kind.as_str().to_uppercase(), key.token(kind, None, value))),
            (None, Some(rule)) => Some(format!("[REDACTED:custom:{rule}]")),
            (None, None) => None,
        }
    }
}
