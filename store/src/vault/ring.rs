//! The master keys that a vault knows, each with what is derived from it.

use zeroize::Zeroizing;

use super::{
    master_key::{MasterKey, MasterKeyId, MasterKeys},
    seal::{Sealed, SealingKey},
};

/// The first seals, all open.
pub(super) struct Ring {
    pub(super) masters: MasterKeys,
    /// In the masters' order.
    sealing: Vec<SealingKey>,
}

impl Ring {
    pub(super) fn new(masters: MasterKeys) -> Self {
        let sealing = masters.as_slice().iter().map(SealingKey::of).collect();
        Self { masters, sealing }
    }

    /// The one that seals.
    pub(super) fn first(&self) -> &SealingKey {
        &self.sealing[0]
    }

    pub(super) fn knows(&self, id: MasterKeyId) -> bool {
        self.master(id).is_some()
    }

    pub(super) fn master(&self, id: MasterKeyId) -> Option<&MasterKey> {
        let at = self.sealing.iter().position(|key| key.id() == id)?;
        self.masters.as_slice().get(at)
    }

    /// What was sealed, and the master key under which.
    pub(super) fn open(&self, sealed: &Sealed<'_>, owner: &[u8]) -> Option<(Zeroizing<Vec<u8>>, &MasterKey)> {
        let mut keys = self.sealing.iter().zip(self.masters.as_slice());
        keys.find_map(|(key, master)| Some((key.open(sealed, owner)?, master)))
    }

    /// With the keys of `newer` in front; what was known stays known. `None` when nothing is new.
    pub(super) fn with(&self, newer: &MasterKeys) -> Option<Ring> {
        let is_new = newer.first() != self.masters.first()
            || newer.as_slice().iter().any(|key| !self.masters.as_slice().contains(key));
        let in_front = newer.as_slice().iter().rev();
        is_new.then(|| {
            Ring::new(in_front.fold(self.masters.clone(), |known, key| MasterKeys::led_by(key.clone(), &known)))
        })
    }
}
