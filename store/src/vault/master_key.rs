//! Master keys: how they are written, what is derived from them.

use std::{fmt, str::FromStr};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT},
};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::fill_random;

const MASTER_KEY_BYTES: usize = 32;

const ID_LABEL: &[u8] = b"gapin/v1/master-key-id";

/// Keys that a vault knows at once: a rotation needs two, and a few more harm nobody.
pub const MASTER_KEYS_MAX: usize = 8;

/// What tells master keys apart where they must not be shown: not secret, and not unique for certain.
pub(super) type MasterKeyId = [u8; 4];

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

    /// A key for one use: another label gives one that has nothing to do with it. The parts of a label are simply
    /// joined.
    pub(super) fn derive<const BYTES: usize>(&self, label: &[&[u8]]) -> Zeroizing<[u8; BYTES]> {
        let mut key = Zeroizing::new([0; BYTES]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand_multi_info(label, key.as_mut_slice())
            .expect("so few bytes are within what HKDF-SHA256 can give");
        key
    }

    pub(super) fn id(&self) -> MasterKeyId {
        *self.derive(&[ID_LABEL])
    }
}

/// In constant time.
impl PartialEq for MasterKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for MasterKey {}

/// 64 hex digits, or base64 (either alphabet, padded or not) of 32 bytes. Space around it is ignored.
impl FromStr for MasterKey {
    type Err = NotAMasterKey;

    fn from_str(text: &str) -> Result<Self, NotAMasterKey> {
        let text = text.trim();
        let bytes = Zeroizing::new(if text.len() == 2 * MASTER_KEY_BYTES {
            hex::decode(text).map_err(|_| NotAMasterKey::Form)?
        } else {
            STANDARD_PAD_INDIFFERENT
                .decode(text)
                .or_else(|_| URL_SAFE_PAD_INDIFFERENT.decode(text))
                .map_err(|_| NotAMasterKey::Form)?
        });
        let bytes = <[u8; MASTER_KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| NotAMasterKey::Form)?;
        Ok(Self::from_bytes(bytes))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The master keys of one installation, 1 to [`MASTER_KEYS_MAX`]: the first seals, all open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKeys(Vec<MasterKey>);

impl MasterKeys {
    /// This one in front of the others, which it is none of.
    pub fn led_by(first: MasterKey, others: &MasterKeys) -> Self {
        let others = others.0.iter().filter(|key| **key != first).cloned();
        let mut keys: Vec<MasterKey> = std::iter::once(first.clone()).chain(others).collect();
        keys.truncate(MASTER_KEYS_MAX);
        Self(keys)
    }

    /// The one that seals.
    pub fn first(&self) -> &MasterKey {
        &self.0[0]
    }

    /// All of them, the first first.
    pub fn as_slice(&self) -> &[MasterKey] {
        &self.0
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(key: MasterKey) -> Self {
        Self(vec![key])
    }
}

impl From<&MasterKey> for MasterKeys {
    fn from(key: &MasterKey) -> Self {
        key.clone().into()
    }
}

/// Master keys with commas or line breaks between them. A key that stands there twice counts once.
impl FromStr for MasterKeys {
    type Err = NotAMasterKey;

    fn from_str(text: &str) -> Result<Self, NotAMasterKey> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for part in text.split([',', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty()) {
            let key = part.parse()?;
            if !keys.contains(&key) {
                keys.push(key);
            }
            if keys.len() > MASTER_KEYS_MAX {
                return Err(NotAMasterKey::TooMany);
            }
        }
        if keys.is_empty() { Err(NotAMasterKey::Form) } else { Ok(Self(keys)) }
    }
}

/// This text is no master key, or not as many as may be; the sentence shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMasterKey {
    /// Not 32 bytes in a form that is read.
    #[error("a master key is 32 bytes, written as 64 hex digits or as base64")]
    Form,
    /// More than [`MASTER_KEYS_MAX`].
    #[error("there are at most {MASTER_KEYS_MAX} master keys at once")]
    TooMany,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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
            assert!(text.parse::<MasterKeys>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn several_master_keys_have_commas_or_line_breaks_between() {
        let key = |byte: u8| MasterKey::from_bytes([byte; 32]);
        let hex = |byte: u8| key(byte).to_hex().to_string();
        let read = |text: String| text.parse::<MasterKeys>().unwrap().as_slice().to_vec();
        assert_eq!(read(hex(1)), [key(1)]);
        assert_eq!(read(format!("{},{}", hex(1), hex(2))), [key(1), key(2)]);
        assert_eq!(read(format!("{}\r\n{}\n", hex(2), hex(1))), [key(2), key(1)]);
        assert_eq!(read(format!("{}, {},{}", hex(2), hex(1), hex(2))), [key(2), key(1)]);
        let half = format!("{},{}", hex(1), &hex(2)[..20]);
        assert_eq!(half.parse::<MasterKeys>(), Err(NotAMasterKey::Form));
        let many: Vec<String> = (0..=8).map(hex).collect();
        assert_eq!(many.join(",").parse::<MasterKeys>(), Err(NotAMasterKey::TooMany));
        assert_eq!(many[1..].join(",").parse::<MasterKeys>().unwrap().as_slice().len(), MASTER_KEYS_MAX);
    }

    #[test]
    fn a_new_leader_stands_before_the_others() {
        let key = |byte: u8| MasterKey::from_bytes([byte; 32]);
        let both = MasterKeys::led_by(key(2), &key(1).into());
        assert_eq!(both.as_slice(), [key(2), key(1)]);
        assert_eq!(MasterKeys::led_by(key(1), &both).as_slice(), [key(1), key(2)]);
    }

    #[test]
    fn generated_master_keys_differ() {
        assert_ne!(*MasterKey::generate().to_hex(), *MasterKey::generate().to_hex());
    }

    #[test]
    fn labels_give_keys_of_their_own() {
        let key = MasterKey::from_bytes([1; 32]);
        assert_eq!(*key.derive::<32>(&[b"ab"]), *key.derive::<32>(&[b"a", b"b"]));
        assert_ne!(*key.derive::<32>(&[b"a"]), *key.derive::<32>(&[b"b"]));
        assert_ne!(key.id(), MasterKey::from_bytes([2; 32]).id());
    }
}
