//! Signing keys and their versions.

use aibbar::SigningSecret;
use store::{
    OrgId, SigningKey, StoreError,
    identity::{SIGNING_KEYS_MAX, SigningKeyId},
};
use uuid::Uuid;

use crate::{
    identity::{default_key, entry, keep_signing_key, moment, organisation, signing_key_of},
    people::{entry_of, told},
    place::{Place, Store},
};

async fn newest(store: &dyn Store, org_id: OrgId, key_id: &str) -> SigningKey {
    store.signing_key(org_id, Some(key_id)).await.unwrap().into_iter().next().unwrap()
}

async fn rotate(store: &dyn Store, org_id: OrgId, key_id: &str, secret: &str, ns: i64, until_ns: i64) -> SigningKey {
    let (secret, audit) = (SigningSecret::new(secret), entry_of(Some(org_id), "signing_key.rotate"));
    let rotated = store.rotate_signing_key(org_id, key_id, &secret, moment(ns), moment(until_ns), &audit).await;
    rotated.unwrap().unwrap()
}

/// Version, secret, whether it is the default, and until when it verifies.
fn told_of(key: &SigningKey) -> (u32, &str, bool, Option<i64>) {
    let until = key.verify_until.map(|until| until.unix_ns() - moment(0).unix_ns());
    (key.version, key.secret.expose(), key.is_default, until)
}

pub(crate) async fn a_signing_key_comes_back_with_its_secret(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let ai_id = Uuid::new_v4();
    let key = SigningKey {
        secret: SigningSecret::new("sig_é😀"),
        ai_id: Some(ai_id),
        verify_until: Some(moment(999)),
        ..signing_key_of(org_id, "k1")
    };
    keep_signing_key(&*store, &key).await.unwrap();
    let found = newest(&*store, org_id, "k1").await;
    assert_eq!(told_of(&found), (1, "sig_é😀", true, Some(999)));
    assert_eq!((found.org_id, found.key_id.as_str(), found.ai_id), (org_id, "k1", Some(ai_id)));
    assert_eq!((found.made_by.as_str(), found.created_at, found.revoked_at), ("ada@example.org", moment(1), None));
    assert!(store.signing_key(org_id, Some("k2")).await.unwrap().is_empty());
    assert_eq!(told(&*store, org_id, "signing_key.create").await, 1);
}

pub(crate) async fn the_last_use_of_a_signing_key_is_of_its_version_and_only_moves_on(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    for org_id in [org_id, other] {
        keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
        rotate(&*store, org_id, "k1", "the second", 10, 100).await;
    }
    let id = |version| SigningKeyId { org_id, key_id: "k1".into(), version };
    let used = async |org_id| {
        let versions = store.signing_key(org_id, Some("k1")).await.unwrap();
        versions.iter().map(|key| key.last_used_at).collect::<Vec<_>>()
    };
    assert_eq!(used(org_id).await, [None, None]);
    store.touch_signing_keys(&[(id(2), moment(30)), (id(1), moment(20))]).await.unwrap();
    assert_eq!(used(org_id).await, [Some(moment(30)), Some(moment(20))]);
    store.touch_signing_keys(&[(id(1), moment(25)), (id(2), moment(25)), (id(3), moment(25))]).await.unwrap();
    assert_eq!(used(org_id).await, [Some(moment(30)), Some(moment(25))]);
    assert_eq!(used(other).await, [None, None]);

    let many = vec![(id(9), moment(1)); 10_001];
    assert!(matches!(store.touch_signing_keys(&many).await, Err(StoreError::Refused(_))));
    store.touch_signing_keys(&many[..10_000]).await.unwrap();
}

pub(crate) async fn the_first_signing_key_is_the_default_until_another_takes_over(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    assert_eq!(default_key(&*store, org_id).await, None);
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    keep_signing_key(&*store, &signing_key_of(org_id, "k2")).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"));
    let third = SigningKey { is_default: true, created_at: moment(2), ..signing_key_of(org_id, "k3") };
    keep_signing_key(&*store, &third).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k3"));
    let keys = store.signing_keys(org_id).await.unwrap();
    let listed: Vec<(&str, bool)> = keys.iter().map(|key| (key.key_id.as_str(), key.is_default)).collect();
    assert_eq!(listed, [("k3", true), ("k2", false), ("k1", false)]);
}

pub(crate) async fn the_default_is_what_it_was_set_to(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for key_id in ["k1", "k2", "k3"] {
        keep_signing_key(&*store, &signing_key_of(org_id, key_id)).await.unwrap();
    }
    rotate(&*store, org_id, "k2", "second", 5, 10).await;
    let set = async |key_id| {
        let audit = entry_of(Some(org_id), "signing_key.set_default");
        store.set_default_signing_key(org_id, key_id, &audit).await.unwrap()
    };
    assert!(set("k2").await);
    let default = store.signing_key(org_id, None).await.unwrap();
    let flags: Vec<_> = default.iter().map(|key| (key.key_id.as_str(), key.version, key.is_default)).collect();
    assert_eq!(flags, [("k2", 2, true), ("k2", 1, false)]);
    assert!(set("k2").await);
    assert!(!set("none").await);
    store.revoke_signing_key(org_id, "k3", moment(5), &entry(org_id)).await.unwrap();
    assert!(!set("k3").await, "a revoked key is no default");
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k2"));
    assert_eq!(told(&*store, org_id, "signing_key.set_default").await, 1);
}

pub(crate) async fn the_default_moves_on_from_a_revoked_key(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    store.revoke_signing_key(org_id, "k1", moment(5), &entry(org_id)).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"), "revoked ones too");
    keep_signing_key(&*store, &signing_key_of(org_id, "k2")).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k2"));
}

pub(crate) async fn the_name_of_a_signing_key_is_taken_for_ever(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    rotate(&*store, org_id, "k1", "second", 5, 10).await;
    let again = SigningKey { is_default: true, ..signing_key_of(org_id, "k1") };
    assert!(matches!(keep_signing_key(&*store, &again).await, Err(StoreError::Exists(_))));
    store.revoke_signing_key(org_id, "k1", moment(5), &entry(org_id)).await.unwrap();
    assert!(matches!(keep_signing_key(&*store, &again).await, Err(StoreError::Exists(_))));
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"), "a failed insert changes nothing");
}

pub(crate) async fn a_rotated_signing_key_keeps_its_versions(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let ai_id = Some(Uuid::new_v4());
    keep_signing_key(&*store, &SigningKey { ai_id, ..signing_key_of(org_id, "k1") }).await.unwrap();
    let second = rotate(&*store, org_id, "k1", "second", 10, 100).await;
    assert_eq!(told_of(&second), (2, "second", true, None));
    assert_eq!((second.ai_id, second.created_at), (ai_id, moment(10)));
    // The first verifies no longer than it was told at first, the second no longer than it is told now.
    rotate(&*store, org_id, "k1", "third", 20, 500).await;
    let versions = store.signing_key(org_id, Some("k1")).await.unwrap();
    let versions: Vec<_> = versions.iter().map(told_of).collect();
    assert_eq!(
        versions,
        [(3, "third", true, None), (2, "second", false, Some(500)), (1, "secret of k1", false, Some(100))]
    );
    // A shorter time ends the older ones with it.
    rotate(&*store, org_id, "k1", "fourth", 30, 30).await;
    let versions = store.signing_key(org_id, None).await.unwrap();
    let until: Vec<_> = versions.iter().map(|key| told_of(key).3).collect();
    assert_eq!(until, [None, Some(30), Some(30), Some(30)]);
    assert_eq!(store.signing_keys(org_id).await.unwrap().len(), 4);
    assert_eq!(told(&*store, org_id, "signing_key.rotate").await, 3);
}

pub(crate) async fn a_signing_key_rotated_by_many_at_once_has_each_version_once(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let org_id = organisation(&*stores[0], "acme").await;
    keep_signing_key(&*stores[0], &signing_key_of(org_id, "k1")).await.unwrap();
    let rotating: Vec<_> = (0..7)
        .map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move { rotate(&*store, org_id, "k1", &format!("{n}"), 10, 100).await.version })
        })
        .collect();
    let mut versions = Vec::new();
    for rotated in rotating {
        versions.push(rotated.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (2..9).collect::<Vec<_>>());
    let kept = stores[0].signing_key(org_id, None).await.unwrap();
    assert_eq!(kept.iter().filter(|key| key.is_default).count(), 1);
    assert_eq!(kept.iter().filter(|key| key.verify_until.is_none()).count(), 1);
}

pub(crate) async fn a_revoked_signing_key_stays_revoked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    rotate(&*store, org_id, "k1", "second", 3, 100).await;
    let revoke = async |key_id, ns| {
        let audit = entry_of(Some(org_id), "signing_key.revoke");
        store.revoke_signing_key(org_id, key_id, moment(ns), &audit).await.unwrap()
    };
    assert!(!revoke("k2", 5).await);
    assert!(revoke("k1", 5).await);
    assert!(revoke("k1", 6).await);
    assert_eq!(told(&*store, org_id, "signing_key.revoke").await, 1);
    let found = store.signing_key(org_id, Some("k1")).await.unwrap();
    assert!(found.iter().all(|version| version.revoked_at == Some(moment(5))), "every version");
    let secret = SigningSecret::new("third");
    let rotated = store.rotate_signing_key(org_id, "k1", &secret, moment(7), moment(8), &entry(org_id)).await;
    assert!(rotated.unwrap().is_none());
}

pub(crate) async fn at_most_eight_versions_of_a_signing_key_verify_at_once(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    for ns in 11..18 {
        rotate(&*store, org_id, "k1", &format!("at {ns}"), ns, 100 + ns).await;
    }
    let verifying = async |key_id, ns| {
        let found = store.verifying_keys(org_id, key_id, moment(ns)).await.unwrap();
        found.iter().map(|key| key.version).collect::<Vec<_>>()
    };
    assert_eq!(verifying(Some("k1"), 20).await, (1..=8).rev().collect::<Vec<_>>());
    let told_before = told(&*store, org_id, "signing_key.rotate").await;
    let one_more = async |ns, until_ns| {
        let (secret, audit) = (SigningSecret::new("more"), entry_of(Some(org_id), "signing_key.rotate"));
        store.rotate_signing_key(org_id, "k1", &secret, moment(ns), moment(until_ns), &audit).await
    };
    let refused = one_more(20, 200).await;
    assert!(matches!(&refused, Err(StoreError::Refused(why)) if why.contains("at most 8 versions")), "{refused:?}");
    assert_eq!(verifying(None, 20).await.len(), 8, "it changed nothing");
    assert_eq!(store.signing_key(org_id, None).await.unwrap()[0].verify_until, None, "it changed nothing");
    assert_eq!(told(&*store, org_id, "signing_key.rotate").await, told_before);
    // The first ended at 111: there is room again, for one.
    assert_eq!(one_more(111, 200).await.unwrap().unwrap().version, 9);
    assert!(one_more(111, 200).await.is_err());
    assert_eq!(verifying(None, 111).await, (2..=9).rev().collect::<Vec<_>>());
    // Who ends the older ones at once always may.
    assert_eq!(one_more(112, 112).await.unwrap().unwrap().version, 10);
    assert_eq!(verifying(Some("k1"), 112).await, [10]);
    store.revoke_signing_key(org_id, "k1", moment(113), &entry(org_id)).await.unwrap();
    assert!(verifying(Some("k1"), 114).await.is_empty() && verifying(None, 114).await.is_empty());
}

pub(crate) async fn an_organisation_has_a_bounded_number_of_signing_keys(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    for n in 0..SIGNING_KEYS_MAX {
        keep_signing_key(&*store, &signing_key_of(org_id, &format!("k{n}"))).await.unwrap();
    }
    // Versions are no keys.
    rotate(&*store, org_id, "k0", "second", 10, 100).await;
    let more = signing_key_of(org_id, "more");
    assert!(matches!(keep_signing_key(&*store, &more).await, Err(StoreError::Refused(_))));
    keep_signing_key(&*store, &signing_key_of(other, "theirs")).await.unwrap();
    store.revoke_signing_key(org_id, "k0", moment(5), &entry(org_id)).await.unwrap();
    keep_signing_key(&*store, &more).await.unwrap();
}
