//! HMAC-SHA256 over the canonical form.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::canonical;

/// The one algorithm there is, as the event names it.
pub const ALGORITHM: &str = "HMAC-SHA256";

/// The member that holds the signature, and that the signature does not cover.
pub(crate) const MEMBER: &str = "signature";

/// A signing secret: the UTF-8 bytes of the string exactly as it was shown when the key was made.
/// `Debug` shows nothing of it, and its memory is wiped when it goes.
///
/// What HMAC makes of the secret before it sees a message is made here once: two blocks of hashing that are a tenth of
/// the signature of a small event.
#[derive(Clone)]
pub struct SigningSecret {
    shown: Zeroizing<String>,
    /// Behind a pointer, so that no copy of it is left behind where the secret is moved.
    mac: Box<Hmac<Sha256>>,
}

impl SigningSecret {
    /// Takes the secret as it was shown.
    pub fn new(secret: impl Into<String>) -> Self {
        let shown = Zeroizing::new(secret.into());
        Self { mac: Box::new(hmac_sha256(shown.as_bytes())), shown }
    }

    /// The secret itself, for sealing it and for showing it once.
    pub fn expose(&self) -> &str {
        &self.shown
    }

    /// The HMAC of a message, before its end.
    fn mac_of(&self, message: &[u8]) -> Hmac<Sha256> {
        Hmac::clone(&self.mac).chain_update(message)
    }
}

/// What was made of the secret is written over with what is made of no secret.
impl Drop for SigningSecret {
    fn drop(&mut self) {
        *self.mac = hmac_sha256(b"");
        // Someone might look at it, as far as the compiler knows: so it is written.
        std::hint::black_box(&mut self.mac);
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// The 32 bytes of an HMAC-SHA256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signature(pub [u8; 32]);

impl Signature {
    /// Signs an event: all of its members but `signature`, whether that is there or not.
    pub fn of(event: &Map<String, Value>, secret: &SigningSecret) -> Self {
        let canonical = canonical::to_vec_without(event, MEMBER);
        Self(secret.mac_of(&canonical).finalize().into_bytes().into())
    }

    /// Reads 64 lowercase hex digits.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(hex, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Whether this is the signature of that event, as [`Signature::of`] makes it, compared in constant time.
    pub fn is_of(&self, event: &Map<String, Value>, secret: &SigningSecret) -> bool {
        self.verifies(&canonical::to_vec_without(event, MEMBER), secret)
    }

    /// Whether this is the signature of those bytes, compared in constant time.
    pub(crate) fn verifies(&self, canonical: &[u8], secret: &SigningSecret) -> bool {
        secret.mac_of(canonical).verify_slice(&self.0).is_ok()
    }
}

/// Signs events by their canonical form. `Debug` shows nothing of its secret.
#[derive(Clone)]
pub struct Signer(SigningSecret);

impl Signer {
    /// For this secret.
    pub fn new(secret: &SigningSecret) -> Self {
        Self(secret.clone())
    }

    /// The signature of an event, by its canonical form without the `signature` member.
    pub fn sign(&self, canonical: &[u8]) -> Signature {
        Signature(self.0.mac_of(canonical).finalize().into_bytes().into())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// Lowercase hex, as in the event.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use serde_json::{Value, json};

    use super::*;

    /// Tags shorter than 32 bytes are valid there where an algorithm truncates them. Ours does not.
    #[test]
    fn verifies_what_wycheproof_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/hmac/wycheproof-hmac-sha256.json");
        let suite: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let bytes = |case: &Value, name: &str| hex::decode(case[name].as_str().unwrap()).unwrap();
        let (mut whole, mut truncated) = (0, 0);
        for group in suite["testGroups"].as_array().unwrap() {
            for case in group["tests"].as_array().unwrap() {
                let mac = hmac_sha256(&bytes(case, "key")).chain_update(bytes(case, "msg"));
                let tag = bytes(case, "tag");
                let is_valid = case["result"] == "valid";
                if group["tagSize"] == 256 {
                    assert_eq!(mac.verify_slice(&tag).is_ok(), is_valid, "{}", case["tcId"]);
                    whole += 1;
                } else {
                    assert!(mac.clone().verify_slice(&tag).is_err(), "{}", case["tcId"]);
                    assert_eq!(mac.verify_truncated_left(&tag).is_ok(), is_valid, "{}", case["tcId"]);
                    truncated += 1;
                }
            }
        }
        assert_eq!((whole, truncated), (87, 87));
    }

    #[test]
    fn a_signature_is_64_lowercase_hex_digits() {
        let text = "0123456789abcdef".repeat(4);
        assert_eq!(Signature::parse(&text).unwrap().to_string(), text);
        for wrong in [&text[1..], &text.to_uppercase(), &format!("{text}0"), &text.replace('0', "g"), ""] {
            assert_eq!(Signature::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn covers_everything_but_itself() {
        let secret = SigningSecret::new("a-secret-for-tests");
        let of = |event: Value| Signature::of(event.as_object().unwrap(), &secret);
        let signature = of(json!({"a": 1, "b": {"signature": 2}}));
        assert_eq!(of(json!({"a": 1, "b": {"signature": 2}, "signature": "x"})), signature);
        assert_ne!(of(json!({"a": 1, "b": {"signature": 3}})), signature);
        assert_ne!(of(json!({"a": 1, "b": {"signature": 2}, "signature_algorithm": "x"})), signature);
        let is_of = |event: Value| signature.is_of(event.as_object().unwrap(), &secret);
        assert!(is_of(json!({"a": 1, "b": {"signature": 2}, "signature": "x"})));
        assert!(!is_of(json!({"a": 2, "b": {"signature": 2}})));
        assert_eq!(Signer::new(&secret).sign(br#"{"a":1,"b":{"signature":2}}"#), signature);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let secret = SigningSecret::new("a-secret-for-tests");
        assert_eq!(format!("{secret:?} {:?}", Signer::new(&secret)), "SigningSecret(…) Signer(…)");
    }
}
