//! Keys for access tokens: a new one each period, named by a `kid` that tells from what to derive it.

use zeroize::Zeroizing;

use super::{
    master_key::{MasterKey, MasterKeyId},
    ring::Ring,
};

/// How long one key signs.
const PERIOD_S: i64 = 7 * 24 * 60 * 60;

const LABEL: &[u8] = b"gapin/v1/access-token/";

/// `{hex of the master key's id}-{number of the period}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kid {
    pub(super) master: MasterKeyId,
    period: i64,
}

impl Kid {
    pub(super) fn current(ring: &Ring, now_unix_s: i64) -> Self {
        Self { master: ring.first().id(), period: now_unix_s.div_euclid(PERIOD_S) }
    }

    /// The inverse of `Display`, in this one form alone; `None` also when its period is not this, the last or the next one.
    pub(super) fn parse(kid: &str, now_unix_s: i64) -> Option<Self> {
        let (master, period) = kid.split_once('-')?;
        let mut id = MasterKeyId::default();
        hex::decode_to_slice(master, &mut id).ok()?;
        let parsed = Self { master: id, period: period.parse().ok()? };
        let is_near = parsed.period.abs_diff(now_unix_s.div_euclid(PERIOD_S)) <= 1;
        (is_near && parsed.to_string() == kid).then_some(parsed)
    }

    pub(super) fn key(self, master: &MasterKey) -> Zeroizing<[u8; 32]> {
        master.derive(&[LABEL, &self.period.to_be_bytes()])
    }
}

impl std::fmt::Display for Kid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", hex::encode(self.master), self.period)
    }
}
