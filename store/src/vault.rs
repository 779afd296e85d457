//! What keeps secrets at rest: a keyed hash for API keys, authenticated encryption for signing secrets.
//!
//! One master key, never stored, gives each use a key of its own (HKDF-SHA256 with distinct labels).
//! A sealed secret reads `format, key version, nonce (24 bytes), XChaCha20-Poly1305 ciphertext and tag`;
//! what it belongs to is associated data, so a row that was moved to another owner does not open.
//! No I/O here; nothing of a secret in `Debug` or in errors.

use std::{fmt, str::FromStr};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT},
};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::{OrgId, StoreError};

const MASTER_KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 2;
const SEAL_FORMAT: u8 = 1;
const KEY_VERSION: u8 = 1;

const PEPPER_LABEL: &[u8] = b"gapin/v1/api-key-pepper";
const SEALING_LABEL: &[u8] = b"gapin/v1/signing-secret-sealing";

const CHECK_PLAIN: &[u8] = b"gapin vault check 1";
const CHECK_OWNER: &[u8] = b"vault_check";

/// The 32 bytes from which everything secret at rest is derived. `Debug` shows nothing of them, and
/// their memory is wiped when they go.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; MASTER_KEY_BYTES]>);

impl MasterKey {
    /// Takes the bytes as they are.
    pub fn from_bytes(bytes: [u8; MASTER_KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new one from the operating system's randomness.
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; MASTER_KEY_BYTES]);
        fill_random(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key as 64 hex digits, to be kept somewhere safe.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }
}

/// 64 hex digits, or base64 (either alphabet, padded or not) of 32 bytes. Space around it is ignored.
impl FromStr for MasterKey {
    type Err = NotAMasterKey;

    fn from_str(text: &str) -> Result<Self, NotAMasterKey> {
        let text = text.trim();
        let bytes = Zeroizing::new(if text.len() == 2 * MASTER_KEY_BYTES {
            hex::decode(text).map_err(|_| NotAMasterKey)?
        } else {
            STANDARD_PAD_INDIFFERENT
                .decode(text)
                .or_else(|_| URL_SAFE_PAD_INDIFFERENT.decode(text))
                .map_err(|_| NotAMasterKey)?
        });
        let bytes = <[u8; MASTER_KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| NotAMasterKey)?;
        Ok(Self::from_bytes(bytes))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// This text is no master key; the sentence shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes, written as 64 hex digits or as base64")]
pub struct NotAMasterKey;

/// HMAC-SHA256 of an API key under one of the server's peppers. Compared in constant time.
#[derive(Clone, Copy)]
pub struct KeyHash {
    /// Which pepper.
    pub pepper_version: u32,
    /// The hash.
    pub bytes: [u8; 32],
}

impl KeyHash {
    /// Whether both are of the same key; takes the same time whether or not.
    pub fn verify(&self, other: &KeyHash) -> bool {
        self.pepper_version == other.pepper_version && bool::from(self.bytes.ct_eq(&other.bytes))
    }
}

impl PartialEq for KeyHash {
    fn eq(&self, other: &Self) -> bool {
        self.verify(other)
    }
}

impl Eq for KeyHash {}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

/// Holds the keys derived from the master key.
pub struct Vault {
    pepper: Zeroizing<[u8; 32]>,
    sealing_key: Zeroizing<[u8; 32]>,
}

impl Vault {
    /// Derives its keys.
    pub fn new(master: &MasterKey) -> Self {
        let source = Hkdf::<Sha256>::new(None, master.0.as_slice());
        let derive = |label: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            source.expand(label, key.as_mut_slice()).expect("32 bytes are within what HKDF-SHA256 can give");
            key
        };
        Self { pepper: derive(PEPPER_LABEL), sealing_key: derive(SEALING_LABEL) }
    }

    /// The hash under which a new API key is kept, under the newest pepper. `Unavailable` before the store that the vault
    /// was given to was first asked for anything: the peppers lie there, sealed.
    pub fn hash_api_key(&self, key: &str) -> Result<KeyHash, StoreError> {
        Ok(KeyHash { pepper_version: 1, bytes: self.hmac(key) })
    }

    /// Whether this key is the one that was kept; takes the same time whether or not.
    pub fn verifies(&self, kept: &KeyHash, presented: &str) -> bool {
        kept.verify(&KeyHash { pepper_version: 1, bytes: self.hmac(presented) })
    }

    fn hmac(&self, key: &str) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.pepper.as_slice())
            .expect("HMAC takes a key of any length");
        mac.update(key.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Encrypts, bound to `owner`: only the same `owner` opens it.
    pub fn seal(&self, plain: &[u8], owner: &[u8]) -> Vec<u8> {
        let header = [SEAL_FORMAT, KEY_VERSION];
        let mut nonce = [0; NONCE_BYTES];
        fill_random(&mut nonce);
        let aad = [&header, owner].concat();
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad })
            .expect("a secret is far shorter than what the cipher can take");
        [&header, nonce.as_slice(), &ciphertext].concat()
    }

    /// Decrypts what [`Vault::seal`] made for the same `owner`.
    pub fn open(&self, sealed: &[u8], owner: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let unreadable = || StoreError::Unreadable("a sealed secret does not open; check the master key".to_owned());
        let (header, rest) = sealed.split_at_checked(HEADER_BYTES).ok_or_else(unreadable)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE_BYTES).ok_or_else(unreadable)?;
        if header != [SEAL_FORMAT, KEY_VERSION] {
            return Err(StoreError::Unreadable("a secret was sealed by another version of GAPIN".to_owned()));
        }
        let nonce = <[u8; NONCE_BYTES]>::try_from(nonce).map_err(|_| unreadable())?;
        let aad = [header, owner].concat();
        let opened = self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad: &aad });
        opened.map(Zeroizing::new).map_err(|_| unreadable())
    }

    /// What a new database keeps so that a start with another master key is noticed.
    pub(crate) fn seal_check(&self) -> Vec<u8> {
        self.seal(CHECK_PLAIN, CHECK_OWNER)
    }

    /// Whether the database was made with this master key.
    pub(crate) fn open_check(&self, sealed: &[u8]) -> Result<(), StoreError> {
        match self.open(sealed, CHECK_OWNER) {
            Ok(plain) if plain.as_slice() == CHECK_PLAIN => Ok(()),
            _ => Err(StoreError::Unreadable(
                "it was made with another master key; check the master key, or start with a new database".to_owned(),
            )),
        }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.sealing_key).into())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// Whose a signing secret is: the organisation (always 16 bytes), then the key's name.
pub(crate) fn signing_secret_owner(org_id: OrgId, key_id: &str) -> Vec<u8> {
    [org_id.as_bytes(), key_id.as_bytes()].concat()
}

pub(crate) fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has randomness once it has booted");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(&MasterKey::from_bytes([byte; 32]))
    }

    #[test]
    fn a_master_key_reads_as_hex_and_as_base64() {
        let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let same = |text: &str| text.parse::<MasterKey>().unwrap().to_hex().as_str() == hex;
        assert!(same(hex));
        assert!(same(&hex.to_uppercase()));
        assert!(same(&format!(" {hex}\n")));
        assert!(same("ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8="));
        assert!(same("ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8"));
        assert!(same("ABEiM0RVZneImaq7zN3u_wARIjNEVWZ3iJmqu8zd7v8="));
    }

    #[test]
    fn what_is_not_32_bytes_is_no_master_key() {
        for text in ["", "secret", "00", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64), &"é".repeat(32)] {
            assert!(text.parse::<MasterKey>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let key = MasterKey::from_bytes([0xAB; 32]);
        let vault = Vault::new(&key);
        let shown = format!("{key:?} {vault:?} {:?}", vault.hash_api_key("sk_x"));
        assert_eq!(shown, "MasterKey(…) Vault(…) KeyHash(…)");
    }

    #[test]
    fn generated_master_keys_differ() {
        assert_ne!(*MasterKey::generate().to_hex(), *MasterKey::generate().to_hex());
    }

    #[test]
    fn a_hash_depends_on_the_key_and_on_the_master_key() {
        assert!(vault(1).hash_api_key("sk_a").verify(&vault(1).hash_api_key("sk_a")));
        assert!(!vault(1).hash_api_key("sk_a").verify(&vault(1).hash_api_key("sk_b")));
        assert!(!vault(1).hash_api_key("sk_a").verify(&vault(2).hash_api_key("sk_a")));
    }

    #[test]
    fn a_sealed_secret_opens_only_for_its_owner_and_its_master_key() {
        let sealed = vault(1).seal(b"secret", b"owner");
        assert_eq!(vault(1).open(&sealed, b"owner").unwrap().as_slice(), b"secret");
        assert!(matches!(vault(1).open(&sealed, b"other"), Err(StoreError::Unreadable(_))));
        let error = vault(2).open(&sealed, b"owner").unwrap_err().to_string();
        assert!(error.contains("check the master key"), "{error}");
    }

    #[test]
    fn the_same_secret_is_never_sealed_the_same_way_twice() {
        assert_ne!(vault(1).seal(b"secret", b"owner"), vault(1).seal(b"secret", b"owner"));
    }

    #[test]
    fn a_database_of_another_master_key_is_noticed() {
        assert!(vault(1).open_check(&vault(1).seal_check()).is_ok());
        let error = vault(2).open_check(&vault(1).seal_check()).unwrap_err().to_string();
        assert!(error.contains("another master key"), "{error}");
    }

    proptest! {
        #[test]
        fn any_secret_comes_back_and_any_changed_byte_is_noticed(
            plain in proptest::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let mut sealed = vault(7).seal(&plain, b"owner");
            let opened = vault(7).open(&sealed, b"owner").unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(vault(7).open(&sealed, b"owner").is_err());
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(vault(7).open(&bytes, b"owner").is_err());
        }
    }
}
