//! Hides personal data and secrets in a JSON value, or in one text.
//!
//! What is found becomes `[REDACTED:<kind>]`; the rest of the string stays readable. The rules are data
//! (`table`, `tokens`, `phone_plan`); each kind has one small recogniser, and everything here is linear in the size of its input:
//! a recogniser looks at a bounded neighbourhood of what its prefilter found, never at the whole text again.
//!
//! This module never logs and keeps no copy of what it hides.

mod card;
mod command;
mod connection;
mod context;
mod cookie;
mod email;
mod fold;
mod hit;
mod iban;
mod ip;
mod name;
mod password;
mod pem;
mod phone;
mod phone_plan;
mod providers;
mod random;
mod secret;
mod ssn;
mod stand_in;
mod table;
mod text;
mod tokens;
mod view;
mod walk;

use std::borrow::Cow;

use serde_json::{Map, Value};

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
}

impl Kind {
    /// Every kind.
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
        }
    }

    /// What stands where something of this kind stood.
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
        }
    }
}

/// That a string, or a key, held something of one kind, and now does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// Where, as a JSON Pointer into the redacted value: a redacted key stands in it redacted.
    pub pointer: String,
    /// What it was.
    pub kind: Kind,
}

/// Which kinds are hidden.
#[derive(Clone, Debug)]
pub struct RuleSet {
    on: [bool; Kind::ALL.len()],
}

impl Default for RuleSet {
    /// Every kind but `ip_address`.
    fn default() -> Self {
        Self { on: Kind::ALL.map(|kind| kind != Kind::IpAddress) }
    }
}

impl RuleSet {
    /// The version of the rules, as written into the record.
    pub const VERSION: &'static str = "1";

    /// The longest list of redactions of one value. What is found beyond it is hidden like the rest, and told by one more entry a
    /// kind, with the pointer of the whole value.
    pub const REDACTIONS_MAX: usize = 1000;

    /// The longest pointer in the list, in bytes. What lies deeper is told by the nearest member above it whose pointer fits.
    pub const POINTER_BYTES_MAX: usize = 1024;

    /// Switches one kind on or off.
    #[must_use]
    pub fn with(mut self, kind: Kind, on: bool) -> Self {
        self.on[kind as usize] = on;
        self
    }

    /// Whether this kind is hidden.
    pub fn hides(&self, kind: Kind) -> bool {
        self.on[kind as usize]
    }

    /// Hides everything of the kinds that are on, in every string value and every key at any depth.
    ///
    /// The list has one entry for each kind in each string or key, in the order of the value. Keys that become the same get
    /// `#2`, `#3` … so that no member is lost.
    pub fn redact(&self, object: &mut Map<String, Value>) -> Vec<Redaction> {
        walk::redact(self, object)
    }

    /// Hides everything of the kinds that are on in one text, and tells which kinds were found, each once.
    pub fn redact_text<'t>(&self, text: &'t str) -> (Cow<'t, str>, Vec<Kind>) {
        match text::redact(self, text, None) {
            Some(hidden) => (Cow::Owned(hidden.text), hidden.kinds),
            None => (Cow::Borrowed(text), Vec::new()),
        }
    }
}
