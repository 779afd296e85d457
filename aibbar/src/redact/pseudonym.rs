//! Pseudonyms: a keyed token in the place of what is hidden, the same for the same person's data wherever it stands in one
//! organisation, and without its key nobody's.
//!
//! A token is the first 100 bits of HMAC-SHA256 under the organisation's key over the kind, the rule and the value, brought
//! into the one form that its spellings share. Among a thousand million values of one kind, the chance that any two have the
//! same token is below 2^-40. Who has tokens and no key can't test a guess; who has neither more nor less than the key can.

use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Kind;
use super::view::View;

/// Characters of a token, of 5 bits each. No kind has a value of so many digits: none can hide in the form of a token.
pub(super) const TOKEN_CHARACTERS: usize = 20;

/// How often escapes in a value are undone: `a%40example.com` is the person that `a@example.com` is.
const DECODED_MAX: usize = 3;

/// What an organisation's pseudonyms are made with. Without it they lead nowhere. `Debug` shows nothing of it, and its
/// memory is wiped when it goes.
#[derive(Clone)]
pub struct PseudonymKey(Zeroizing<[u8; PseudonymKey::BYTES]>);

impl PseudonymKey {
    /// Bytes of a key.
    pub const BYTES: usize = 32;

    /// A key of these bytes, which must be random.
    pub fn new(bytes: [u8; PseudonymKey::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The token of a value; `rule` is the own rule's name, for [`Kind::Custom`].
    pub(super) fn token(&self, kind: Kind, rule: Option<&str>, value: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes keys of every length");
        for part in ["gapin/pseudonym/1", kind.as_str(), rule.unwrap_or_default()] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac.update(same_form(kind, value).as_bytes());
        base32(&mac.finalize().into_bytes())
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

/// The first characters in the alphabet of RFC 4648, in lower case.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bit = |at: usize| usize::from(bytes[at / 8] >> (7 - at % 8) & 1);
    let character = |first: usize| ALPHABET[(first..first + 5).fold(0, |value, at| value << 1 | bit(at))];
    (0..TOKEN_CHARACTERS).map(|place| character(5 * place) as char).collect()
}

/// The form that the spellings of one value share.
fn same_form(kind: Kind, value: &str) -> String {
    let decoded = decoded(value);
    let value = decoded.trim();
    match kind {
        Kind::Email => value.to_lowercase().replace('。', "."),
        Kind::Phone => {
            let digits = digits(value);
            // Both begin a number with its country.
            digits.strip_prefix("00").map(str::to_owned).unwrap_or(digits)
        }
        Kind::Ssn | Kind::CreditCard => digits(value),
        Kind::Iban => value.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_uppercase(),
        Kind::IpAddress => value
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .map_or_else(|_| value.to_lowercase(), |address| address.to_canonical().to_string()),
        Kind::Secret | Kind::Password | Kind::Custom => value.to_owned(),
    }
}

/// The digits; all of it, in lower case, when it has none.
fn digits(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { value.to_lowercase() } else { digits }
}

fn decoded(value: &str) -> String {
    let mut text = value.to_owned();
    for _ in 0..DECODED_MAX {
        let Some(view) = View::decoded(&text) else { break };
        text = view.text;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: Kind, value: &str) -> String {
        PseudonymKey::new([7; 32]).token(kind, None, value)
    }

    #[test]
    fn spellings_of_one_value_have_one_token() {
        for (kind, spellings) in [
            (Kind::Email, ["Bob@Example.com", "bob%40example.com"].as_slice()),
            (Kind::Phone, ["+49 30 901820", "0049-30-901820", "+4930901820"].as_slice()),
            (Kind::CreditCard, ["4111 1111 1111 1111", "4111-1111-1111-1111"].as_slice()),
            (Kind::Iban, ["DE89 3704 0044 0532 0130 00", "de89370400440532013000"].as_slice()),
            (Kind::Ssn, ["536-22-1234", "536221234"].as_slice()),
            (Kind::IpAddress, ["2001:DB8::1", "2001:db8:0:0:0:0:0:1"].as_slice()),
        ] {
            for spelling in spellings {
                assert_eq!(token(kind, spelling), token(kind, spellings[0]), "{spelling}");
            }
        }
        assert_ne!(token(Kind::Secret, "aB"), token(Kind::Secret, "ab"));
    }

    #[test]
    fn a_token_is_of_one_kind_one_rule_one_key() {
        let mut tokens = vec![
            token(Kind::Email, "1"),
            token(Kind::Phone, "1"),
            PseudonymKey::new([8; 32]).token(Kind::Email, None, "1"),
            PseudonymKey::new([7; 32]).token(Kind::Custom, Some("a"), "1"),
            PseudonymKey::new([7; 32]).token(Kind::Custom, Some("b"), "1"),
        ];
        assert!(tokens.iter().all(|token| token.len() == TOKEN_CHARACTERS));
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), 5);
    }

    #[test]
    fn a_token_is_the_one_that_was_written_down() {
        // HMAC-SHA256(0x07 × 32, "gapin/pseudonym/1\0email\0\0bob@example.com"), by another implementation.
        assert_eq!(token(Kind::Email, "bob@example.com"), "yw7qamedxcvavotfd3hx");
    }
}
