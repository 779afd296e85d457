//! The form of an API key: `sk_`, 24 random characters, 6 characters of checksum, all base62.
//!
//! The checksum lets a mistyped or truncated key be refused without asking the store, and lets
//! secret scanners tell our keys from chance. The first 8 random characters are the prefix: not
//! secret, shown in lists, and what the key is looked up by; 16 characters (95 bits) stay secret.

use std::fmt;

use zeroize::Zeroizing;

use crate::vault::fill_random;

const MARK: &str = "sk_";
const RANDOM_CHARS: usize = 24;
const CHECKSUM_CHARS: usize = 6;
const KEY_CHARS: usize = MARK.len() + RANDOM_CHARS + CHECKSUM_CHARS;

/// How long a prefix is: `sk_` and 8 characters.
pub const PREFIX_CHARS: usize = MARK.len() + 8;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A key just made: the only moment at which it can be shown.
pub struct NewApiKey {
    /// The key itself; wiped from memory when it goes.
    pub key: Zeroizing<String>,
    /// The part that may be kept and shown.
    pub prefix: String,
}

impl fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiKey").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Makes a key from the operating system's randomness.
pub fn generate() -> NewApiKey {
    let mut key = Zeroizing::new(String::with_capacity(KEY_CHARS));
    key.push_str(MARK);
    while key.len() < MARK.len() + RANDOM_CHARS {
        key.push(random_base62());
    }
    let checksum = checksum(&key.as_bytes()[MARK.len()..]);
    key.extend(checksum.map(char::from));
    let prefix = key[..PREFIX_CHARS].to_owned();
    NewApiKey { key, prefix }
}

/// The prefix of a well-formed key; `None` when it can't be a key of ours.
pub fn parse(key: &str) -> Option<&str> {
    let random_and_checksum = key.strip_prefix(MARK)?.as_bytes();
    if key.len() != KEY_CHARS || !random_and_checksum.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let (random, given) = random_and_checksum.split_at(RANDOM_CHARS);
    (given == checksum(random)).then(|| &key[..PREFIX_CHARS])
}

/// CRC-32 of the random characters in base62, most significant first. Guards against slips, not against people.
fn checksum(random: &[u8]) -> [u8; CHECKSUM_CHARS] {
    let mut left = crc32fast::hash(random) as usize;
    let mut chars = [BASE62[0]; CHECKSUM_CHARS];
    for char in chars.iter_mut().rev() {
        *char = BASE62[left % BASE62.len()];
        left /= BASE62.len();
    }
    chars
}

/// Every character with the same chance: of 64 equal chances, the two beyond the alphabet are drawn again.
fn random_base62() -> char {
    loop {
        let mut byte = Zeroizing::new([0; 1]);
        fill_random(byte.as_mut_slice());
        if let Some(char) = BASE62.get(usize::from(byte[0] & 0x3F)) {
            return char::from(*char);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::{HashMap, HashSet};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_new_key_reads_back_to_its_prefix() {
        let new = generate();
        assert_eq!(new.key.len(), 33);
        assert_eq!(parse(&new.key), Some(new.prefix.as_str()));
        assert_eq!(new.prefix.len(), PREFIX_CHARS);
    }

    #[test]
    fn the_form_never_changes() {
        let key = "sk_0123456789ABCDEFGHIJKLMN2YbPlI";
        let checksum = checksum(b"0123456789ABCDEFGHIJKLMN");
        assert_eq!(key, format!("sk_0123456789ABCDEFGHIJKLMN{}", str::from_utf8(&checksum).unwrap()));
        assert_eq!(parse(key), Some("sk_01234567"));
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        let key = generate().key;
        let no = ["", "sk_", &key[..32], &format!("{}0", *key), &key.replace("sk_", "pk_"), &key[3..], &"é".repeat(16)];
        for text in no {
            assert_eq!(parse(text), None);
        }
    }

    #[test]
    fn debug_does_not_show_the_key() {
        let new = generate();
        assert!(!format!("{new:?}").contains(&new.key[PREFIX_CHARS..]));
    }

    #[test]
    fn keys_are_unique_and_use_every_character_alike() {
        let keys: HashSet<String> = (0..2_000).map(|_| generate().key.to_string()).collect();
        assert_eq!(keys.len(), 2_000);
        let mut seen = HashMap::<char, u32>::new();
        keys.iter().flat_map(|key| key[3..27].chars()).for_each(|char| *seen.entry(char).or_default() += 1);
        assert_eq!(seen.len(), 62);
        let expected = 2_000 * 24 / 62;
        for (char, count) in seen {
            assert!(count.abs_diff(expected) < expected / 4, "{char}: {count} of about {expected}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_character_is_noticed(at in 3usize..33, to in "[0-9A-Za-z]") {
            let key = generate().key.to_string();
            let mut changed = key.clone();
            changed.replace_range(at..=at, &to);
            prop_assert_eq!(parse(&changed).is_some(), changed == key);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            parse(&text);
        }
    }
}
