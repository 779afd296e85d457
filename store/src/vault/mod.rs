//! What keeps secrets: a keyed hash for API keys, authenticated encryption for signing secrets, keys for access tokens.
//!
//! Master keys, never stored, give each use a key of its own (HKDF-SHA256 with distinct labels). A vault
//! knows a ring of them: the first seals, all open, so that a master key can be rotated while processes
//! run. A sealed secret names its master key, and what it belongs to is associated data: a row that was
//! moved to another owner does not open. API keys are hashed under peppers, which lie sealed in the
//! database: another master key does not make every API key a wrong one.
//! No I/O here but the source of master keys, if there is one; nothing of a secret in `Debug` or in errors.

mod access_token;
mod master_key;
mod pepper;
mod ring;
mod seal;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::{Mutex, RwLock};
use zeroize::Zeroizing;

use crate::{OrgId, StoreError};
use access_token::Kid;
pub use master_key::{MASTER_KEYS_MAX, MasterKey, MasterKeys, NotAMasterKey};
pub use pepper::KeyHash;
use pepper::Peppers;
pub(crate) use pepper::{FIRST_VERSION as FIRST_PEPPER, version_of as pepper_version};
use ring::Ring;
pub(crate) use seal::HEADER_BYTES as SEAL_HEADER_BYTES;
use seal::Sealed;

const CHECK_PLAIN: &[u8] = b"gapin vault check 1";
const CHECK_OWNER: &[u8] = b"vault_check";

/// What comes from outside can name any master key: so long between two looks for it at the source.
const LOOK_FOR_STRANGERS_EVERY: Duration = Duration::from_secs(1);

/// Where master keys come from while a process runs: asked again when something was sealed under one that is not known,
/// and before anything is sealed. `None`: it can't be told now.
type Source = dyn Fn() -> Option<MasterKeys> + Send + Sync;

/// Holds the keys derived from the master keys, and the opened peppers.
pub struct Vault {
    ring: RwLock<Arc<Ring>>,
    source: Option<Box<Source>>,
    looked_for_stranger: Mutex<Option<Instant>>,
    peppers: RwLock<Peppers>,
}

impl Vault {
    /// With these master keys: the first seals, all open.
    pub fn new(masters: impl Into<MasterKeys>) -> Self {
        Self {
            ring: RwLock::new(Arc::new(Ring::new(masters.into()))),
            source: None,
            looked_for_stranger: Mutex::new(None),
            peppers: RwLock::default(),
        }
    }

    /// As [`Vault::new`], and with more to be learnt from `source` while it is in use. What was known stays known.
    pub fn with_source(
        masters: impl Into<MasterKeys>,
        source: impl Fn() -> Option<MasterKeys> + Send + Sync + 'static,
    ) -> Self {
        Self { source: Some(Box::new(source)), ..Self::new(masters) }
    }

    /// The hash under which a new API key is kept, under the newest pepper. `Unavailable` before the store that the vault
    /// was given to was first asked for anything: the peppers lie there, sealed.
    pub fn hash_api_key(&self, key: &str) -> Result<KeyHash, StoreError> {
        let hash = self.peppers.read().hash(key);
        hash.ok_or_else(|| StoreError::Unavailable("what API keys are hashed under was not read yet".to_owned()))
    }

    /// Whether this key is the one that was kept; takes the same time whether or not.
    pub fn verifies(&self, kept: &KeyHash, presented: &str) -> bool {
        self.peppers.read().verifies(kept, presented)
    }

    /// The `kid` of the key that signs access tokens now (HS256): another each week, and after a change of the first master key.
    pub fn current_access_token_kid(&self, now_unix_s: i64) -> String {
        Kid::current(&self.ring(), now_unix_s).to_string()
    }

    /// The key (HS256) that this `kid` names: of this week, the last or the next one, under a master key that is known.
    pub fn access_token_key(&self, kid: &str, now_unix_s: i64) -> Option<Zeroizing<[u8; 32]>> {
        let kid = Kid::parse(kid, now_unix_s)?;
        if !self.ring().knows(kid.master) && self.may_look_for_stranger() {
            self.learn();
        }
        self.ring().master(kid.master).map(|master| kid.key(master))
    }

    /// Encrypts under the first master key, bound to `owner`: only the same `owner` opens it.
    ///
    /// Looks for a newer master key first. Called within the transaction that keeps the result, nothing is ever sealed
    /// under an old key behind the back of [`crate::IdentityStore::reseal`].
    pub fn seal(&self, plain: &[u8], owner: &[u8]) -> Vec<u8> {
        self.learn();
        self.ring().first().seal(plain, owner)
    }

    /// Decrypts what [`Vault::seal`] made for the same `owner`, under whichever of the master keys.
    pub fn open(&self, sealed: &[u8], owner: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.open_with_master(sealed, owner).map(|(plain, _)| plain)
    }

    /// As [`Vault::seal`], for what a client carries and brings back soon: in no table, so that no reseal misses it. Strangers
    /// may ask for as many as they like: the source, which may be a file, is not asked.
    pub fn seal_for_client(&self, plain: &[u8], owner: &[u8]) -> Vec<u8> {
        self.ring().first().seal(plain, owner)
    }

    /// As [`Vault::open`], for what a client brought, who may have made it up: the source is asked for the master key it
    /// names at most once a second, whoever brings how many.
    pub fn open_from_client(&self, sealed: &[u8], owner: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let opened = self.open_by(sealed, owner, || self.may_look_for_stranger() && self.learn());
        opened.map(|(plain, _)| plain)
    }

    /// What a new database keeps so that a start with another master key is noticed.
    pub(crate) fn seal_check(&self) -> Vec<u8> {
        self.seal(CHECK_PLAIN, CHECK_OWNER)
    }

    /// Whether the database was made with one of these master keys.
    pub(crate) fn open_check(&self, sealed: &[u8]) -> Result<(), StoreError> {
        self.master_of_check(sealed).map(|_| ())
    }

    /// The pepper that a database begins with, sealed under the master key of its check: where API keys were kept before
    /// peppers were, they go on working.
    pub(crate) fn seal_first_pepper(&self, check: &[u8]) -> Result<Vec<u8>, StoreError> {
        let master = self.master_of_check(check)?;
        let sealing = seal::SealingKey::of(&master);
        Ok(sealing.seal(pepper::first(&master).as_slice(), &pepper::owner(FIRST_PEPPER)))
    }

    /// A new pepper, sealed.
    pub(crate) fn seal_new_pepper(&self, version: u32) -> Vec<u8> {
        self.seal(pepper::generate().as_slice(), &pepper::owner(version))
    }

    /// Opens and keeps a pepper.
    pub(crate) fn keep_pepper(&self, version: u32, sealed: &[u8]) -> Result<(), StoreError> {
        let opened = self.open(sealed, &pepper::owner(version))?;
        self.peppers.write().keep(version, &opened);
        Ok(())
    }

    pub(crate) fn knows_pepper(&self, version: u32) -> bool {
        self.peppers.read().knows(version)
    }

    /// How everything begins that is sealed under the first master key.
    pub(crate) fn seal_header(&self) -> [u8; SEAL_HEADER_BYTES] {
        self.learn();
        self.ring().first().header()
    }

    /// The same secret under the first master key.
    pub(crate) fn reseal(&self, sealed: &[u8], owner: &[u8]) -> Result<Vec<u8>, StoreError> {
        let opened = self.open(sealed, owner)?;
        Ok(self.ring().first().seal(&opened, owner))
    }

    /// See [`Vault::reseal`].
    pub(crate) fn reseal_check(&self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.reseal(sealed, CHECK_OWNER)
    }

    /// See [`Vault::reseal`].
    pub(crate) fn reseal_pepper(&self, version: u32, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.reseal(sealed, &pepper::owner(version))
    }

    fn open_with_master(&self, sealed: &[u8], owner: &[u8]) -> Result<(Zeroizing<Vec<u8>>, MasterKey), StoreError> {
        self.open_by(sealed, owner, || self.learn())
    }

    fn open_by(
        &self,
        sealed: &[u8],
        owner: &[u8],
        learn: impl Fn() -> bool,
    ) -> Result<(Zeroizing<Vec<u8>>, MasterKey), StoreError> {
        let sealed = Sealed::parse(sealed)?;
        let open = || self.ring().open(&sealed, owner).map(|(plain, master)| (plain, master.clone()));
        // The old format does not name its key; that of the new one is known, or looked for.
        let is_strange = sealed.key_id.is_none_or(|id| !self.ring().knows(id));
        open()
            .or_else(|| if is_strange && learn() { open() } else { None })
            .ok_or_else(|| StoreError::Unreadable("a sealed secret does not open; check the master key".to_owned()))
    }

    fn master_of_check(&self, sealed: &[u8]) -> Result<MasterKey, StoreError> {
        match self.open_with_master(sealed, CHECK_OWNER) {
            Ok((plain, master)) if plain.as_slice() == CHECK_PLAIN => Ok(master),
            _ => Err(StoreError::Unreadable(
                "it was made with another master key; check the master key, or start with a new database".to_owned(),
            )),
        }
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().clone()
    }

    /// Asks the source for master keys; whether there was a new one, or a new first.
    fn learn(&self) -> bool {
        let Some(told) = self.source.as_ref().and_then(|source| source()) else { return false };
        let mut ring = self.ring.write();
        let Some(richer) = ring.with(&told) else { return false };
        *ring = Arc::new(richer);
        true
    }

    fn may_look_for_stranger(&self) -> bool {
        let mut looked = self.looked_for_stranger.lock();
        let now = Instant::now();
        let may = looked.is_none_or(|at| now.duration_since(at) >= LOOK_FOR_STRANGERS_EVERY);
        if may {
            *looked = Some(now);
        }
        may
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// Whose a signing secret is: the organisation (always 16 bytes), the key's name, and past the first version a NUL (which
/// no name has) and the version.
pub(crate) fn signing_secret_owner(org_id: OrgId, key_id: &str, version: u32) -> Vec<u8> {
    let mut owner = [org_id.as_bytes(), key_id.as_bytes()].concat();
    if version > 1 {
        owner.push(0);
        owner.extend(version.to_be_bytes());
    }
    owner
}

/// Whose a pseudonym key is: no signing key has a NUL in its name.
pub(crate) fn pseudonym_key_owner(org_id: OrgId, version: u32) -> Vec<u8> {
    [org_id.as_bytes(), b"\0pseudonym-key".as_slice(), &version.to_be_bytes()].concat()
}

pub(crate) fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has randomness once it has booted");
}

#[cfg(test)]
mod tests;
