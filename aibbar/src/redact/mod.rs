//! Hides personal data and secrets in a JSON value, or in one text.
//!
//! What is found becomes `[REDACTED:<kind>]`, or a pseudonym; the rest of the string stays readable. The rules are data
//! (`table`, `tokens`, `phone_plan`); each kind has one small recogniser, and everything here is linear in the size of its input:
//! a recogniser looks at a bounded neighbourhood of what its prefilter found, never at the whole text again.
//!
//! This module never logs and keeps no copy of what it hides.

mod announced;
mod card;
mod clean;
mod command;
mod connection;
mod context;
mod cookie;
mod email;
mod fold;
mod found;
mod growth;
mod hidden_already;
mod hint;
mod hit;
mod iban;
mod ip;
mod manifest;
mod name;
mod name_table;
mod next;
mod number_words;
mod passphrase;
mod password;
mod pattern;
mod pem;
mod phone;
mod phone_plan;
mod phone_shape;
mod phone_words;
mod phone_written;
mod place;
mod program;
mod providers;
mod pseudonym;
mod random;
mod ranges;
mod rule_set;
mod secret;
mod settings;
mod sign;
mod ssn;
mod stand_in;
mod stem;
mod table;
mod text;
mod tokens;
mod value;
mod version;
mod view;
mod walk;
mod web_key;
mod why;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use clean::Piece;
pub use pseudonym::PseudonymKey;
pub use rule_set::RuleSet;
pub use settings::{OwnRule, Settings};
pub use why::{Finding, Why};

/// What kind of thing was hidden. `as_str` is the word in `[REDACTED:<kind>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number of any country.
    Phone,
    /// A US social security number.
    Ssn,
    /// A payment card number.
    CreditCard,
    /// An international bank account number.
    Iban,
    /// An IPv4 or IPv6 address; off by default.
    IpAddress,
    /// A token of known shape.
    Secret,
    /// The value of something whose name means password, secret, token or key.
    Password,
    /// What an organisation's own rule finds.
    Custom,
}

impl Kind {
    /// Every kind that GAPIN itself has rules for.
    pub const ALL: [Kind; 8] = [
        Kind::Email,
        Kind::Phone,
        Kind::Ssn,
        Kind::CreditCard,
        Kind::Iban,
        Kind::IpAddress,
        Kind::Secret,
        Kind::Password,
    ];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Ssn => "ssn",
            Kind::CreditCard => "credit_card",
            Kind::Iban => "iban",
            Kind::IpAddress => "ip_address",
            Kind::Secret => "secret",
            Kind::Password => "password",
            Kind::Custom => "custom",
        }
    }

    /// What stands where something of this kind stood, when it is masked. An own rule's placeholder names the rule too.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Kind::Email => "[REDACTED:email]",
            Kind::Phone => "[REDACTED:phone]",
            Kind::Ssn => "[REDACTED:ssn]",
            Kind::CreditCard => "[REDACTED:credit_card]",
            Kind::Iban => "[REDACTED:iban]",
            Kind::IpAddress => "[REDACTED:ip_address]",
            Kind::Secret => "[REDACTED:secret]",
            Kind::Password => "[REDACTED:password]",
            Kind::Custom => "[REDACTED:custom]",
        }
    }

    /// The kind of that word, of those that GAPIN has rules for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What becomes of it where nobody says anything else.
    pub const fn default_mode(self) -> Mode {
        match self {
            Kind::IpAddress => Mode::Off,
            _ => Mode::Mask,
        }
    }
}

/// What becomes of what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// `[REDACTED:email]`, the same for every value.
    #[default]
    Mask,
    /// `[EMAIL:k3v9…]`, the same for the same value under one key.
    Pseudonym,
    /// Nothing: it is not searched for.
    Off,
}

impl Mode {
    /// All there are.
    pub const ALL: [Mode; 3] = [Mode::Mask, Mode::Pseudonym, Mode::Off];

    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Mode::Mask => "mask",
            Mode::Pseudonym => "pseudonym",
            Mode::Off => "off",
        }
    }

    /// The mode of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// That a string, or a key, held something of one kind, and now does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// Where, as a JSON Pointer into the redacted value: a redacted key stands in it redacted.
    pub pointer: String,
    /// What it was.
    pub kind: Kind,
    /// The own rule's name, of [`Kind::Custom`].
    pub rule: Option<Arc<str>>,
}
