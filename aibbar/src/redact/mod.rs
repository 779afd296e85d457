//! Hides personal data and secrets in a JSON value.

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
}

/// One thing that was hidden.
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

    /// Switches one kind on or off.
    #[must_use]
    pub fn with(mut self, kind: Kind, on: bool) -> Self {
        self.on[kind as usize] = on;
        self
    }

    /// Hides everything of the kinds that are on, in every string value and every key at any depth.
    pub fn redact(&self, object: &mut Map<String, Value>) -> Vec<Redaction> {
        let _ = object;
        todo!()
    }
}
