//! What keeps secrets at rest: a keyed hash for API keys, AEAD for signing secrets.

/// HMAC-SHA256 of an API key under the server's pepper.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyHash(pub [u8; 32]);

impl std::fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

/// Holds the keys derived from the master key.
pub struct Vault {}
