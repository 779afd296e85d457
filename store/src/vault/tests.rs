#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::{seal::seal_as_of_old, *};

const WEEK_S: i64 = 7 * 24 * 60 * 60;

fn key(byte: u8) -> MasterKey {
    MasterKey::from_bytes([byte; 32])
}

fn keys(bytes: &[u8]) -> MasterKeys {
    let (first, others) = bytes.split_first().unwrap();
    let others = others.iter().rev().fold(None, |known: Option<MasterKeys>, byte| {
        Some(known.map_or_else(|| key(*byte).into(), |known| MasterKeys::led_by(key(*byte), &known)))
    });
    others.map_or_else(|| key(*first).into(), |others| MasterKeys::led_by(key(*first), &others))
}

fn vault(bytes: &[u8]) -> Vault {
    Vault::new(keys(bytes))
}

/// As a store does when it is opened.
fn with_first_pepper(byte: u8) -> Vault {
    let vault = vault(&[byte]);
    let sealed = vault.seal_first_pepper(&vault.seal_check()).unwrap();
    vault.keep_pepper(FIRST_PEPPER, &sealed).unwrap();
    vault
}

#[test]
fn debug_shows_nothing() {
    let vault = with_first_pepper(0xAB);
    let shown = format!("{:?} {vault:?} {:?}", keys(&[0xAB]), vault.hash_api_key("sk_x").unwrap());
    assert_eq!(shown, "MasterKeys([MasterKey(…)]) Vault(…) KeyHash(…)");
}

#[test]
fn a_hash_depends_on_the_key_and_on_the_pepper() {
    let hash = |byte, text| with_first_pepper(byte).hash_api_key(text).unwrap();
    assert!(hash(1, "sk_a").verify(&hash(1, "sk_a")));
    assert!(!hash(1, "sk_a").verify(&hash(1, "sk_b")));
    assert!(!hash(1, "sk_a").verify(&hash(2, "sk_a")));
    assert!(with_first_pepper(1).verifies(&hash(1, "sk_a"), "sk_a"));
    assert!(!with_first_pepper(1).verifies(&hash(1, "sk_a"), "sk_b"));
}

#[test]
fn the_first_pepper_is_the_one_that_databases_began_with() {
    // HMAC-SHA256("sk_a") under HKDF-SHA256([1; 32], info "gapin/v1/api-key-pepper").
    let began_with = "25e6112b919ed20fb60a990e431a5f2b9a43dc2cd7932cb140d98b1a8127f424";
    assert_eq!(hex::encode(with_first_pepper(1).hash_api_key("sk_a").unwrap().bytes), began_with);
}

#[test]
fn a_new_pepper_is_for_new_keys_and_the_old_one_goes_on_verifying() {
    let vault = with_first_pepper(1);
    let old = vault.hash_api_key("sk_a").unwrap();
    vault.keep_pepper(2, &vault.seal_new_pepper(2)).unwrap();
    let new = vault.hash_api_key("sk_a").unwrap();
    assert_eq!((old.pepper_version, new.pepper_version), (1, 2));
    assert_ne!(old.bytes, new.bytes);
    assert!(vault.verifies(&old, "sk_a") && vault.verifies(&new, "sk_a"));
    assert!(!vault.verifies(&KeyHash { pepper_version: 2, ..old }, "sk_a"));
    assert!(!vault.verifies(&KeyHash { pepper_version: 3, ..new }, "sk_a"), "a version that nobody knows");
}

#[test]
fn without_a_pepper_nothing_is_hashed_and_nothing_verified() {
    assert!(matches!(vault(&[1]).hash_api_key("sk_a"), Err(StoreError::Unavailable(_))));
    assert!(!vault(&[1]).verifies(&with_first_pepper(1).hash_api_key("sk_a").unwrap(), "sk_a"));
}

#[test]
fn a_sealed_secret_opens_only_for_its_owner_and_its_master_key() {
    let sealed = vault(&[1]).seal(b"secret", b"owner");
    assert_eq!(vault(&[1]).open(&sealed, b"owner").unwrap().as_slice(), b"secret");
    assert!(matches!(vault(&[1]).open(&sealed, b"other"), Err(StoreError::Unreadable(_))));
    let error = vault(&[2]).open(&sealed, b"owner").unwrap_err().to_string();
    assert!(error.contains("check the master key"), "{error}");
}

#[test]
fn the_first_key_seals_and_all_open() {
    let (old, both, new) = (vault(&[1]), vault(&[2, 1]), vault(&[2]));
    assert_eq!(both.open(&old.seal(b"secret", b"owner"), b"owner").unwrap().as_slice(), b"secret");
    let sealed = both.seal(b"secret", b"owner");
    assert_eq!(new.open(&sealed, b"owner").unwrap().as_slice(), b"secret");
    assert!(old.open(&sealed, b"owner").is_err());
    let resealed = both.reseal(&old.seal(b"secret", b"owner"), b"owner").unwrap();
    assert!(resealed.starts_with(&new.seal_header()));
    assert_eq!(new.open(&resealed, b"owner").unwrap().as_slice(), b"secret");
}

#[test]
fn what_the_first_version_sealed_opens_with_any_key_of_the_ring() {
    let sealed = seal_as_of_old(&key(1), b"secret", b"owner");
    assert_eq!(sealed[..2], [1, 1]);
    for ring in [vec![1], vec![2, 1], vec![1, 2]] {
        assert_eq!(vault(&ring).open(&sealed, b"owner").unwrap().as_slice(), b"secret");
        assert!(vault(&ring).open(&sealed, b"other").is_err());
    }
    assert!(vault(&[2]).open(&sealed, b"owner").is_err());
    let check = seal_as_of_old(&key(1), CHECK_PLAIN, CHECK_OWNER);
    assert!(vault(&[2, 1]).open_check(&check).is_ok());
    // Its pepper comes from the key of its check, not from the one that seals now.
    let both = vault(&[2, 1]);
    both.keep_pepper(1, &both.seal_first_pepper(&check).unwrap()).unwrap();
    assert!(both.verifies(&with_first_pepper(1).hash_api_key("sk_a").unwrap(), "sk_a"));
}

#[test]
fn the_same_secret_is_never_sealed_the_same_way_twice() {
    assert_ne!(vault(&[1]).seal(b"secret", b"owner"), vault(&[1]).seal(b"secret", b"owner"));
}

#[test]
fn a_database_of_another_master_key_is_noticed() {
    assert!(vault(&[1]).open_check(&vault(&[1]).seal_check()).is_ok());
    let error = vault(&[2]).open_check(&vault(&[1]).seal_check()).unwrap_err().to_string();
    assert!(error.contains("another master key"), "{error}");
}

#[test]
fn versions_of_a_signing_key_own_their_secrets_apart() {
    let org = OrgId::from_u128(7);
    let owners = [
        signing_secret_owner(org, "k", 1),
        signing_secret_owner(org, "k", 2),
        signing_secret_owner(org, "k", 3),
        signing_secret_owner(org, "k2", 1),
    ];
    for (at, owner) in owners.iter().enumerate() {
        assert!(!owners[at + 1..].contains(owner));
    }
    assert_eq!(owners[0], [org.as_bytes().as_slice(), b"k"].concat(), "as the first version of GAPIN bound it");
}

#[test]
fn a_key_that_is_not_known_is_looked_for_at_the_source() {
    let learner = Vault::with_source(key(1), || Some(keys(&[2, 1])));
    assert_eq!(learner.open(&vault(&[2]).seal(b"secret", b"owner"), b"owner").unwrap().as_slice(), b"secret");
    assert!(learner.open(&vault(&[3]).seal(b"secret", b"owner"), b"owner").is_err());
    // From now on the new one seals, and the old one is still known when the source forgets it.
    let forgetful = Vault::with_source(key(1), || Some(keys(&[2])));
    assert!(vault(&[2]).open(&forgetful.seal(b"secret", b"owner"), b"owner").is_ok());
    assert!(forgetful.open(&vault(&[1]).seal(b"secret", b"owner"), b"owner").is_ok());
    let away = Vault::with_source(key(1), || None);
    assert!(away.open(&vault(&[2]).seal(b"secret", b"owner"), b"owner").is_err());
    assert!(away.open(&vault(&[1]).seal(b"secret", b"owner"), b"owner").is_ok());
}

#[test]
fn what_clients_carry_does_not_wear_out_the_source() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let learner = Vault::with_source(key(1), || {
        ASKED.fetch_add(1, Ordering::Relaxed);
        Some(keys(&[2, 1]))
    });
    for _ in 0..100 {
        let sealed = learner.seal_for_client(b"secret", b"owner");
        assert_eq!(learner.open_from_client(&sealed, b"owner").unwrap().as_slice(), b"secret");
    }
    assert_eq!(ASKED.load(Ordering::Relaxed), 0, "its own");
    // Another gateway knows the new key already.
    let newer = vault(&[2]).seal_for_client(b"secret", b"owner");
    assert_eq!(learner.open_from_client(&newer, b"owner").unwrap().as_slice(), b"secret");
    let made_up = vault(&[3]).seal_for_client(b"secret", b"owner");
    for _ in 0..1_000 {
        assert!(learner.open_from_client(&made_up, b"owner").is_err());
    }
    assert!(ASKED.load(Ordering::Relaxed) < 100);
}

#[test]
fn an_access_token_key_is_good_from_the_week_before_to_the_week_after() {
    let now = 100 * WEEK_S + 5;
    let kid = vault(&[1]).current_access_token_kid(now);
    let signed = vault(&[1]).access_token_key(&kid, now).unwrap();
    for at in [now - WEEK_S, now, now + WEEK_S] {
        assert_eq!(*vault(&[1]).access_token_key(&kid, at).unwrap(), *signed);
    }
    for at in [now - 2 * WEEK_S, now + 2 * WEEK_S, i64::MIN, i64::MAX] {
        assert!(vault(&[1]).access_token_key(&kid, at).is_none(), "{at}");
    }
    let next = vault(&[1]).current_access_token_kid(now + WEEK_S);
    assert_ne!(kid, next);
    assert_ne!(*vault(&[1]).access_token_key(&next, now).unwrap(), *signed);
}

#[test]
fn an_access_token_key_is_good_while_its_master_key_is_known() {
    let now = 100 * WEEK_S;
    let (old_kid, new_kid) = (vault(&[1]).current_access_token_kid(now), vault(&[2, 1]).current_access_token_kid(now));
    assert_ne!(old_kid, new_kid);
    assert!(vault(&[2, 1]).access_token_key(&old_kid, now).is_some());
    assert!(vault(&[2]).access_token_key(&old_kid, now).is_none());
    assert!(vault(&[1]).access_token_key(&new_kid, now).is_none());
    let learner = Vault::with_source(key(1), || Some(keys(&[2, 1])));
    assert!(learner.access_token_key(&new_kid, now).is_some());
}

#[test]
fn strange_kids_name_no_key_and_do_not_wear_out_the_source() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let now = 100 * WEEK_S;
    let vault = Vault::with_source(key(1), || {
        ASKED.fetch_add(1, Ordering::Relaxed);
        None
    });
    let kid = vault.current_access_token_kid(now);
    let upper = kid.to_uppercase();
    let strange =
        ["", "-", "x-1", &kid[1..], &format!("{kid} "), &kid.replace('-', "-0"), &kid.replace('-', "-+"), &upper];
    for strange in strange.iter().filter(|strange| ***strange != *kid) {
        assert!(vault.access_token_key(strange, now).is_none(), "{strange:?}");
    }
    for unknown in 0..1_000u32 {
        assert!(vault.access_token_key(&format!("{unknown:08x}-100"), now).is_none());
    }
    assert!(ASKED.load(Ordering::Relaxed) < 100);
}

proptest! {
    #[test]
    fn any_secret_comes_back_and_any_changed_byte_is_noticed(
        plain in proptest::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        flip in 1u8..,
    ) {
        let mut sealed = vault(&[7]).seal(&plain, b"owner");
        let opened = vault(&[7]).open(&sealed, b"owner").unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(vault(&[7]).open(&sealed, b"owner").is_err());
    }

    #[test]
    fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(vault(&[7]).open(&bytes, b"owner").is_err());
    }
}
