//! How a sealed secret is laid out, and one key that seals and opens.
//!
//! `2, master key id (4 bytes), nonce (24 bytes), XChaCha20-Poly1305 ciphertext and tag`; the bytes before
//! the nonce and the owner are associated data. Databases of the first version hold `1, 1, nonce,
//! ciphertext`, without a key id: there every key is tried.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

use super::{
    fill_random,
    master_key::{MasterKey, MasterKeyId},
};
use crate::StoreError;

/// What stands before the nonce.
pub(crate) const HEADER_BYTES: usize = 5;

const FORMAT: u8 = 2;
const OLD_HEADER: [u8; 2] = [1, 1];
const NONCE_BYTES: usize = 24;

const LABEL: &[u8] = b"gapin/v1/signing-secret-sealing";

/// Seals and opens under one master key.
pub(super) struct SealingKey {
    id: MasterKeyId,
    key: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    pub(super) fn of(master: &MasterKey) -> Self {
        Self { id: master.id(), key: master.derive(&[LABEL]) }
    }

    pub(super) fn id(&self) -> MasterKeyId {
        self.id
    }

    /// How everything begins that this key sealed.
    pub(super) fn header(&self) -> [u8; HEADER_BYTES] {
        let [a, b, c, d] = self.id;
        [FORMAT, a, b, c, d]
    }

    pub(super) fn seal(&self, plain: &[u8], owner: &[u8]) -> Vec<u8> {
        let header = self.header();
        let mut nonce = [0; NONCE_BYTES];
        fill_random(&mut nonce);
        let aad = [&header, owner].concat();
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad })
            .expect("a secret is far shorter than what the cipher can take");
        [&header, nonce.as_slice(), &ciphertext].concat()
    }

    /// `None` when it was sealed under another key or for another owner, or is damaged.
    pub(super) fn open(&self, sealed: &Sealed<'_>, owner: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if sealed.key_id.is_some_and(|id| id != self.id) {
            return None;
        }
        let aad = [sealed.header, owner].concat();
        let payload = Payload { msg: sealed.ciphertext, aad: &aad };
        self.cipher().decrypt(&XNonce::from(sealed.nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }
}

/// The parts of a sealed secret.
pub(super) struct Sealed<'s> {
    header: &'s [u8],
    /// Under which master key; the old format does not say.
    pub(super) key_id: Option<MasterKeyId>,
    nonce: [u8; NONCE_BYTES],
    ciphertext: &'s [u8],
}

impl<'s> Sealed<'s> {
    pub(super) fn parse(bytes: &'s [u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::Unreadable("a sealed secret is damaged".to_owned());
        let (header_bytes, key_id) = match bytes {
            [FORMAT, a, b, c, d, ..] => (HEADER_BYTES, Some([*a, *b, *c, *d])),
            _ if bytes.starts_with(&OLD_HEADER) => (OLD_HEADER.len(), None),
            [] | [FORMAT, ..] => return Err(damaged()),
            _ => return Err(StoreError::Unreadable("a secret was sealed by another version of GAPIN".to_owned())),
        };
        let (header, rest) = bytes.split_at(header_bytes);
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
        Ok(Self { header, key_id, nonce: *nonce, ciphertext })
    }
}

/// As the first version sealed: for tests of databases that it left.
#[cfg(test)]
pub(super) fn seal_as_of_old(master: &MasterKey, plain: &[u8], owner: &[u8]) -> Vec<u8> {
    let nonce = [5; NONCE_BYTES];
    let aad = [&OLD_HEADER, owner].concat();
    let cipher = SealingKey::of(master).cipher();
    let ciphertext = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).expect("it is short");
    [&OLD_HEADER, nonce.as_slice(), &ciphertext].concat()
}
