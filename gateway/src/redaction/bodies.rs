//! What the routes of redaction take.

use std::collections::BTreeMap;

use aibbar::{
    Fault, Kind, Mode,
    redact::{OwnRule, Settings},
};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};

use crate::{body::Checked, words::text_schema};

/// What becomes of what is found: `mask` puts `[REDACTED:email]` in its place, `pseudonym` a token that is the same for the
/// same value (`[EMAIL:k3v9…]`), `off` leaves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RedactionMode)]
pub(crate) enum ModeWord {
    #[default]
    Mask,
    Pseudonym,
    Off,
}

/// What becomes of each kind. What is not named is as it is by default: `ip_address` is off, the others are masked.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RedactionModes)]
pub(crate) struct Modes {
    /// E-mail addresses.
    #[schema(nullable = false)]
    email: Option<ModeWord>,
    /// Telephone numbers.
    #[schema(nullable = false)]
    phone: Option<ModeWord>,
    /// US social security numbers.
    #[schema(nullable = false)]
    ssn: Option<ModeWord>,
    /// Payment card numbers.
    #[schema(nullable = false)]
    credit_card: Option<ModeWord>,
    /// Bank account numbers.
    #[schema(nullable = false)]
    iban: Option<ModeWord>,
    /// IPv4 and IPv6 addresses.
    #[schema(nullable = false)]
    ip_address: Option<ModeWord>,
    /// Tokens of known shape, private keys, passwords in URLs.
    #[schema(nullable = false)]
    secret: Option<ModeWord>,
    /// The values of what is called a password, a secret, a token or a key.
    #[schema(nullable = false)]
    password: Option<ModeWord>,
}

/// A rule of the organisation's own: either a `pattern` or a `pointer`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RedactionRule)]
pub(crate) struct Rule {
    /// What placeholders and lists call it, unique among the rules.
    #[schema(schema_with = rule_name)]
    name: String,
    /// A regular expression (of the `regex` crate: no look-around, no back-references), searched for in every string and key.
    /// It matches at least 4 bytes, and at most 256 but for one repeated class at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 512, example = "EMP-[0-9]{6}")]
    pattern: Option<String>,
    /// A JSON Pointer (RFC 6901) into the event, where a segment `*` stands for every member or element: what is there is
    /// hidden whole. What the record is found, ordered or proven by can't be, nor what the schema wants another type of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 512, example = "/metadata/user_id")]
    pointer: Option<String>,
    /// What becomes of what it finds; absent: `mask`.
    #[schema(nullable = false)]
    mode: Option<ModeWord>,
}

/// What an organisation says of redaction.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RedactionSettings)]
pub(crate) struct NewSettings {
    /// What becomes of each kind.
    #[serde(default)]
    #[schema(required = false)]
    pub(super) modes: Modes,
    /// Rules of its own.
    #[serde(default)]
    #[schema(required = false, max_items = 32)]
    pub(super) rules: Vec<Rule>,
}

/// A confirmation: who erases the key of an organisation's pseudonyms names the organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ErasedPseudonymKey)]
pub(crate) struct Erasure {
    /// The organisation's name, as it is.
    #[schema(min_length = 1, max_length = 64)]
    pub(super) organisation: String,
}

impl Checked for NewSettings {
    /// Every pattern is compiled.
    const TAKES_LONG: bool = true;

    fn faults(&self) -> Vec<Fault> {
        self.to_settings().faults()
    }
}
impl Checked for Erasure {}

impl ModeWord {
    pub(super) fn of(mode: Mode) -> Self {
        match mode {
            Mode::Mask => Self::Mask,
            Mode::Pseudonym => Self::Pseudonym,
            Mode::Off => Self::Off,
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::Mask => Mode::Mask,
            Self::Pseudonym => Mode::Pseudonym,
            Self::Off => Mode::Off,
        }
    }
}

impl Modes {
    /// Every kind's, by what this says of it.
    pub(super) fn of(mode: impl Fn(Kind) -> Mode) -> Self {
        let of = |kind| Some(ModeWord::of(mode(kind)));
        Self {
            email: of(Kind::Email),
            phone: of(Kind::Phone),
            ssn: of(Kind::Ssn),
            credit_card: of(Kind::CreditCard),
            iban: of(Kind::Iban),
            ip_address: of(Kind::IpAddress),
            secret: of(Kind::Secret),
            password: of(Kind::Password),
        }
    }

    fn get(&self, kind: Kind) -> Option<ModeWord> {
        match kind {
            Kind::Email => self.email,
            Kind::Phone => self.phone,
            Kind::Ssn => self.ssn,
            Kind::CreditCard => self.credit_card,
            Kind::Iban => self.iban,
            Kind::IpAddress => self.ip_address,
            Kind::Secret => self.secret,
            Kind::Password => self.password,
            Kind::Custom => None,
        }
    }
}

impl Rule {
    pub(super) fn of(rule: &OwnRule) -> Self {
        Self {
            name: rule.name.clone(),
            pattern: rule.pattern.clone(),
            pointer: rule.pointer.clone(),
            mode: Some(ModeWord::of(rule.mode)),
        }
    }
}

impl NewSettings {
    pub(super) fn to_settings(&self) -> Settings {
        let modes: BTreeMap<_, _> =
            Kind::ALL.into_iter().filter_map(|kind| Some((kind, self.modes.get(kind)?.mode()))).collect();
        let rules = self.rules.iter().map(|rule| OwnRule {
            name: rule.name.clone(),
            pattern: rule.pattern.clone(),
            pointer: rule.pointer.clone(),
            mode: rule.mode.unwrap_or_default().mode(),
        });
        Settings { modes, rules: rules.collect() }
    }
}

fn rule_name() -> RefOr<Schema> {
    text_schema(Settings::NAME_BYTES_MAX, "^[a-z0-9_]+$")
}
