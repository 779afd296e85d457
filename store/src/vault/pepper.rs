//! Peppers: what API keys are hashed under, several versions at once.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{fill_random, master_key::MasterKey};
use crate::StoreError;

/// The version that databases began with.
pub(crate) const FIRST_VERSION: u32 = 1;

const FIRST_LABEL: &[u8] = b"gapin/v1/api-key-pepper";
const PEPPER_BYTES: usize = 32;

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

/// The opened peppers, each keyed once: the check of a key is on the path of every event.
#[derive(Default)]
pub(super) struct Peppers {
    /// By version, ascending.
    keyed: Vec<(u32, Hmac<Sha256>)>,
}

impl Peppers {
    pub(super) fn keep(&mut self, version: u32, pepper: &[u8]) {
        let keyed = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(pepper).expect("HMAC takes a key of any length");
        match self.keyed.binary_search_by_key(&version, |(version, _)| *version) {
            Ok(at) => self.keyed[at] = (version, keyed),
            Err(at) => self.keyed.insert(at, (version, keyed)),
        }
    }

    pub(super) fn knows(&self, version: u32) -> bool {
        self.keyed.iter().any(|(known, _)| *known == version)
    }

    /// The hash under the newest pepper, when there is one.
    pub(super) fn hash(&self, key: &str) -> Option<KeyHash> {
        self.keyed.last().map(|(version, pepper)| hash(*version, pepper, key))
    }

    pub(super) fn verifies(&self, kept: &KeyHash, presented: &str) -> bool {
        let pepper = self.keyed.iter().find(|(version, _)| *version == kept.pepper_version);
        pepper.is_some_and(|(version, pepper)| kept.verify(&hash(*version, pepper, presented)))
    }
}

fn hash(pepper_version: u32, pepper: &Hmac<Sha256>, key: &str) -> KeyHash {
    let mut mac = pepper.clone();
    mac.update(key.as_bytes());
    KeyHash { pepper_version, bytes: mac.finalize().into_bytes().into() }
}

/// The pepper that databases began with: the master key of their beginning gives it.
pub(super) fn first(master: &MasterKey) -> Zeroizing<[u8; PEPPER_BYTES]> {
    master.derive(&[FIRST_LABEL])
}

/// A new pepper, from randomness alone.
pub(super) fn generate() -> Zeroizing<[u8; PEPPER_BYTES]> {
    let mut pepper = Zeroizing::new([0; PEPPER_BYTES]);
    fill_random(pepper.as_mut_slice());
    pepper
}

/// What a pepper is sealed for.
pub(super) fn owner(version: u32) -> Vec<u8> {
    [b"pepper".as_slice(), &version.to_be_bytes()].concat()
}

/// The column that holds a version.
pub(crate) fn version_of(column: i64) -> Result<u32, StoreError> {
    u32::try_from(column).map_err(|_| StoreError::Unreadable("a pepper's version is no version".to_owned()))
}
