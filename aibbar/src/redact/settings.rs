//! What an organisation says of redaction: a mode for each kind, and rules of its own. As JSON it is the API's, the store's and
//! the command line's.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::pattern::Pattern;
use super::place::Places;
use super::{Kind, Mode};
use crate::Fault;

/// What an organisation says of redaction. What it does not name is as it is by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What becomes of each kind.
    #[serde(default)]
    pub modes: BTreeMap<Kind, Mode>,
    /// Rules beside GAPIN's, at most [`Settings::RULES_MAX`].
    #[serde(default)]
    pub rules: Vec<OwnRule>,
}

/// One rule of an organisation: a pattern for texts, or a place in the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRule {
    /// What placeholders and lists call it: 1–32 of `a`–`z`, `0`–`9` and `_`; unique among the rules.
    pub name: String,
    /// A regular expression, searched for in every string and key. Either this or `pointer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A JSON Pointer (RFC 6901; a segment `*` stands for every member and element): what is there is hidden whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What becomes of what it finds.
    #[serde(default)]
    pub mode: Mode,
}

impl Settings {
    /// Own rules of one organisation.
    pub const RULES_MAX: usize = 32;

    /// The longest name of a rule, in bytes.
    pub const NAME_BYTES_MAX: usize = 32;

    /// The longest pattern, in bytes.
    pub const PATTERN_BYTES_MAX: usize = 512;

    /// The longest pointer of a rule, in bytes.
    pub const POINTER_BYTES_MAX: usize = 512;

    /// Everything that is wrong with them, by JSON Pointer into them; none: a rule set can be made of them.
    pub fn faults(&self) -> Vec<Fault> {
        match Compiled::of(self) {
            Ok(_) => Vec::new(),
            Err(faults) => faults,
        }
    }

    /// Whether anything becomes a pseudonym, so that a key is needed.
    pub fn use_pseudonyms(&self) -> bool {
        let mut modes = self.modes.values().chain(self.rules.iter().map(|rule| &rule.mode));
        modes.any(|mode| *mode == Mode::Pseudonym)
    }
}

/// Own rules, ready to run. Rules that are off are not here.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// By number, which is what hits and lists carry.
    pub(super) named: Vec<Named>,
    /// Each with its rule's number.
    pub(super) patterns: Vec<(u8, Pattern)>,
    pub(super) places: Places,
}

/// What a rule is called, and what becomes of what it finds.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: std::sync::Arc<str>,
    pub(super) mode: Mode,
}

impl Compiled {
    pub(super) fn of(settings: &Settings) -> Result<Self, Vec<Fault>> {
        let fault = |pointer: String, code, detail: String| Fault { pointer, code, detail };
        let mut faults = Vec::new();
        let mut names = HashSet::new();
        let mut compiled = Compiled::default();
        if settings.rules.len() > Settings::RULES_MAX {
            let detail = format!("has more than {} rules", Settings::RULES_MAX);
            return Err(vec![fault("/rules".to_owned(), "max_items", detail)]);
        }
        for (index, rule) in settings.rules.iter().enumerate() {
            let at = |member: &str| format!("/rules/{index}{member}");
            if !is_name(&rule.name) {
                let detail = format!("is not 1–{} of a–z, 0–9 and _", Settings::NAME_BYTES_MAX);
                faults.push(fault(at("/name"), "pattern", detail));
            } else if !names.insert(rule.name.as_str()) {
                faults.push(fault(at("/name"), "unique", "is the name of another rule too".to_owned()));
            }
            // Never more than the rules there may be.
            let number = compiled.named.len() as u8;
            let is_on = rule.mode != Mode::Off;
            match (&rule.pattern, &rule.pointer) {
                (Some(pattern), None) => match Pattern::new(pattern) {
                    Ok(pattern) if is_on => compiled.patterns.push((number, pattern)),
                    Ok(_) => {}
                    Err(why) => faults.push(fault(at("/pattern"), "pattern", why)),
                },
                (None, Some(pointer)) => {
                    let added =
                        if is_on { compiled.places.add(number, pointer) } else { Places::default().add(0, pointer) };
                    if let Err(why) = added {
                        faults.push(fault(at("/pointer"), "pointer", why));
                    }
                }
                _ => {
                    faults.push(fault(at(""), "one_of", "needs either `pattern` or `pointer`, and not both".to_owned()))
                }
            }
            if is_on {
                compiled.named.push(Named { name: rule.name.as_str().into(), mode: rule.mode });
            }
        }
        if faults.is_empty() { Ok(compiled) } else { Err(faults) }
    }

    /// Whether a rule that is on has this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.named.iter().any(|rule| &*rule.name == name)
    }
}

fn is_name(name: &str) -> bool {
    (1..=Settings::NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One of GAPIN's kinds: own rules have modes of their own.
impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Kind::parse(&word)
            .ok_or_else(|| de::Error::custom(format!("no kind; there are {}", Kind::ALL.map(Kind::as_str).join(", "))))
    }
}
