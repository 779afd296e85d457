//! Why something was hidden, in words, and where the answer stands.

use std::sync::Arc;

use super::{Kind, Mode};

/// Which rule found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rule of its kind, which has but one.
    OfKind(Kind),
    /// A private key's armour.
    PrivateKey,
    /// The password, or the token, inside of a URL.
    InUrl,
    /// The name of the member that it is the value of.
    Name,
    /// An own rule's pattern; the rule's number.
    Pattern(u8),
    /// An own rule's pointer; the rule's number.
    Place(u8),
}

impl Why {
    /// The reason, in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Why::OfKind(Kind::Email) => "a name, `@`, and a host with a top-level label",
            Why::OfKind(Kind::Phone) => {
                "a number in its country's plan, in a shape or beside a word that says what it is"
            }
            Why::OfKind(Kind::Ssn) => "the groups of a US social security number, within the ranges given out",
            Why::OfKind(Kind::CreditCard) => "an issuer's range, a length that it uses, and the Luhn digit",
            Why::OfKind(Kind::Iban) => "a country's length, and the remainder of 97",
            Why::OfKind(Kind::IpAddress) => "an IPv4 or IPv6 address",
            Why::OfKind(Kind::Secret) => "the shape of a provider's token, or of a JSON Web Token",
            Why::OfKind(Kind::Password) => "a name right before it means password, secret, token or key",
            Why::OfKind(Kind::Custom) => "an own rule",
            Why::PrivateKey => "the armour of a private key",
            Why::InUrl => "the password or token inside of a URL",
            Why::Name => "its member's name means password, secret, token or key",
            Why::Pattern(_) => "the own rule's pattern matches it",
            Why::Place(_) => "the own rule's pointer leads to it",
        }
    }

    /// The own rule's number.
    pub(super) const fn rule(self) -> Option<u8> {
        match self {
            Why::Pattern(rule) | Why::Place(rule) => Some(rule),
            _ => None,
        }
    }
}

/// One thing that was hidden, and why; never what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where, as a JSON Pointer into the redacted value.
    pub pointer: String,
    /// Whether it stood in the key there, and not in the value.
    pub in_key: bool,
    /// What it was.
    pub kind: Kind,
    /// The own rule's name, of [`Kind::Custom`].
    pub rule: Option<Arc<str>>,
    /// What became of it.
    pub mode: Mode,
    /// Which rule found it.
    pub why: Why,
    /// Where its stand-in begins in the redacted string (or key), in characters (Unicode code points).
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}
