//! Organisations and their keys.

use std::sync::Arc;

use aibbar::{SigningSecret, Timestamp};
use store::{ApiKey, OrgId, Scope, SigningKey, StoreError, api_key, vault::KeyHash};
use uuid::Uuid;

use crate::place::{Place, Store};

async fn organisation(store: &dyn Store, name: &str) -> OrgId {
    store.ensure_organisation(name).await.unwrap().id
}

fn moment(ns: i64) -> Timestamp {
    Timestamp::from_unix_ns(1_700_000_000_000_000_000 + ns)
}

fn api_key_of(org_id: OrgId, name: &str) -> ApiKey {
    ApiKey {
        id: Uuid::now_v7(),
        org_id,
        name: name.to_owned(),
        prefix: api_key::generate().prefix,
        hash: KeyHash([9; 32]),
        scopes: Scope::ALL.to_vec(),
        created_at: moment(1),
        expires_at: None,
        revoked_at: None,
    }
}

fn signing_key_of(org_id: OrgId, key_id: &str) -> SigningKey {
    SigningKey {
        org_id,
        key_id: key_id.to_owned(),
        secret: SigningSecret::new(format!("secret of {key_id}")),
        is_default: false,
        created_at: moment(1),
        verify_until: None,
        revoked_at: None,
    }
}

#[track_caller]
fn assert_same_api_key(found: &ApiKey, expected: &ApiKey) {
    assert_eq!((found.id, found.org_id, &found.name), (expected.id, expected.org_id, &expected.name));
    assert_eq!((&found.prefix, found.hash, &found.scopes), (&expected.prefix, expected.hash, &expected.scopes));
    let times = |key: &ApiKey| (key.created_at, key.expires_at, key.revoked_at);
    assert_eq!(times(found), times(expected));
}

async fn default_key(store: &dyn Store, org_id: OrgId) -> Option<String> {
    store.signing_key(org_id, None).await.unwrap().map(|key| key.key_id)
}

pub(crate) async fn an_organisation_is_made_once(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.organisation("acme").await.unwrap(), None);
    let made = store.ensure_organisation("acme").await.unwrap();
    assert_eq!(made.name, "acme");
    assert_eq!(store.ensure_organisation("acme").await.unwrap(), made);
    assert_eq!(store.organisation("acme").await.unwrap(), Some(made.clone()));
    assert_ne!(store.ensure_organisation("Acme").await.unwrap().id, made.id);
}

pub(crate) async fn an_organisation_is_made_once_by_many_at_once(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let makers: Vec<_> = (0..8)
        .map(|n| {
            let store: Arc<dyn Store> = stores[n % 2].clone();
            tokio::spawn(async move { organisation(&*store, "acme").await })
        })
        .collect();
    let mut ids = Vec::new();
    for maker in makers {
        ids.push(maker.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(stores[0].version().await.unwrap(), 1);
}

pub(crate) async fn names_are_checked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, &"é".repeat(64)).await;
    for name in ["", &"x".repeat(65), "a\0b", "a\nb"] {
        assert!(matches!(store.ensure_organisation(name).await, Err(StoreError::Refused(_))), "{name:?}");
        let key = store.insert_api_key(&api_key_of(org_id, name)).await;
        assert!(matches!(key, Err(StoreError::Refused(_))), "{name:?}");
        let key = store.insert_signing_key(&signing_key_of(org_id, name)).await;
        assert!(matches!(key, Err(StoreError::Refused(_))), "{name:?}");
    }
}

pub(crate) async fn an_api_key_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let mut key = api_key_of(org_id, "ci");
    key.scopes = vec![Scope::EventsRead, Scope::EventsWrite];
    key.expires_at = Some(moment(123_456_789));
    store.insert_api_key(&key).await.unwrap();
    let found = store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap();
    assert_same_api_key(&found, &key);
    assert!(store.api_key_by_prefix(&key.prefix[..10]).await.unwrap().is_none());

    let mut without_scopes = api_key_of(org_id, "nothing");
    without_scopes.scopes.clear();
    store.insert_api_key(&without_scopes).await.unwrap();
    let found = store.api_key_by_prefix(&without_scopes.prefix).await.unwrap().unwrap();
    assert_same_api_key(&found, &without_scopes);
}

pub(crate) async fn taken_prefixes_and_names_are_told(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let first = api_key_of(org_id, "ci");
    store.insert_api_key(&first).await.unwrap();

    let same_prefix = ApiKey { prefix: first.prefix.clone(), ..api_key_of(other, "new") };
    assert!(matches!(store.insert_api_key(&same_prefix).await, Err(StoreError::Exists(_))));
    let same_name = store.insert_api_key(&api_key_of(org_id, "ci")).await;
    assert!(matches!(same_name, Err(StoreError::Exists(_))));
    store.insert_api_key(&api_key_of(other, "ci")).await.unwrap();

    store.revoke_api_key(org_id, first.id, moment(5)).await.unwrap();
    store.insert_api_key(&api_key_of(org_id, "ci")).await.unwrap();
}

pub(crate) async fn api_keys_are_listed_newest_first(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for (name, ns) in [("second", 2), ("first", 1), ("third", 3)] {
        store.insert_api_key(&ApiKey { created_at: moment(ns), ..api_key_of(org_id, name) }).await.unwrap();
    }
    let names: Vec<String> = store.api_keys(org_id).await.unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["third", "second", "first"]);
}

pub(crate) async fn a_revoked_api_key_stays_revoked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = api_key_of(org_id, "ci");
    store.insert_api_key(&key).await.unwrap();
    assert!(!store.revoke_api_key(org_id, Uuid::now_v7(), moment(5)).await.unwrap());
    assert!(store.revoke_api_key(org_id, key.id, moment(5)).await.unwrap());
    assert!(store.revoke_api_key(org_id, key.id, moment(6)).await.unwrap());
    let found = store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(moment(5)));
}

pub(crate) async fn a_key_of_no_organisation_is_refused(place: &Place) {
    let store = place.open().await;
    let api_key = store.insert_api_key(&api_key_of(Uuid::now_v7(), "ci")).await;
    assert!(matches!(api_key, Err(StoreError::Refused(_))), "{api_key:?}");
    let signing_key = store.insert_signing_key(&signing_key_of(Uuid::now_v7(), "k1")).await;
    assert!(matches!(signing_key, Err(StoreError::Refused(_))), "{signing_key:?}");
}

pub(crate) async fn a_signing_key_comes_back_with_its_secret(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = SigningKey {
        secret: SigningSecret::new("sig_é😀"),
        verify_until: Some(moment(999)),
        ..signing_key_of(org_id, "k1")
    };
    store.insert_signing_key(&key).await.unwrap();
    let found = store.signing_key(org_id, Some("k1")).await.unwrap().unwrap();
    assert_eq!(found.secret.expose(), "sig_é😀");
    assert_eq!((found.org_id, found.key_id.as_str(), found.is_default), (org_id, "k1", true));
    assert_eq!((found.created_at, found.verify_until, found.revoked_at), (moment(1), Some(moment(999)), None));
    assert!(store.signing_key(org_id, Some("k2")).await.unwrap().is_none());
}

pub(crate) async fn the_first_signing_key_is_the_default_until_another_takes_over(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    assert_eq!(default_key(&*store, org_id).await, None);
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    store.insert_signing_key(&signing_key_of(org_id, "k2")).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"));
    let third = SigningKey { is_default: true, created_at: moment(2), ..signing_key_of(org_id, "k3") };
    store.insert_signing_key(&third).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k3"));
    let keys = store.signing_keys(org_id).await.unwrap();
    let listed: Vec<(&str, bool)> = keys.iter().map(|key| (key.key_id.as_str(), key.is_default)).collect();
    assert_eq!(listed, [("k3", true), ("k2", false), ("k1", false)]);
}

pub(crate) async fn the_default_moves_on_from_a_revoked_key(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    store.revoke_signing_key(org_id, "k1", moment(5)).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"), "revoked ones too");
    store.insert_signing_key(&signing_key_of(org_id, "k2")).await.unwrap();
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k2"));
}

pub(crate) async fn the_name_of_a_signing_key_is_taken_for_ever(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    let again = SigningKey { is_default: true, ..signing_key_of(org_id, "k1") };
    assert!(matches!(store.insert_signing_key(&again).await, Err(StoreError::Exists(_))));
    store.revoke_signing_key(org_id, "k1", moment(5)).await.unwrap();
    assert!(matches!(store.insert_signing_key(&again).await, Err(StoreError::Exists(_))));
    assert_eq!(default_key(&*store, org_id).await.as_deref(), Some("k1"), "a failed insert changes nothing");
}

pub(crate) async fn a_revoked_signing_key_stays_revoked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    assert!(!store.revoke_signing_key(org_id, "k2", moment(5)).await.unwrap());
    assert!(store.revoke_signing_key(org_id, "k1", moment(5)).await.unwrap());
    assert!(store.revoke_signing_key(org_id, "k1", moment(6)).await.unwrap());
    let found = store.signing_key(org_id, Some("k1")).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(moment(5)));
}

pub(crate) async fn organisations_see_only_their_own_keys(place: &Place) {
    let store = place.open().await;
    let (ours, theirs) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let their_key = api_key_of(theirs, "ci");
    store.insert_api_key(&their_key).await.unwrap();
    store.insert_signing_key(&signing_key_of(theirs, "k1")).await.unwrap();
    assert!(store.api_keys(ours).await.unwrap().is_empty());
    assert!(store.signing_keys(ours).await.unwrap().is_empty());
    assert!(store.signing_key(ours, Some("k1")).await.unwrap().is_none());
    assert!(store.signing_key(ours, None).await.unwrap().is_none());
    assert!(!store.revoke_api_key(ours, their_key.id, moment(5)).await.unwrap());
    assert!(!store.revoke_signing_key(ours, "k1", moment(5)).await.unwrap());
    assert_eq!(store.api_keys(theirs).await.unwrap()[0].revoked_at, None);
    // The same name is another key.
    store.insert_signing_key(&signing_key_of(ours, "k1")).await.unwrap();
}

pub(crate) async fn the_version_grows_with_every_change_and_only_then(place: &Place) {
    let store = place.open().await;
    let mut last = store.version().await.unwrap();
    let mut check = async |what: &str, grew: bool| {
        let now = store.version().await.unwrap();
        assert_eq!(now > last, grew, "{what}");
        last = now;
    };
    let org_id = organisation(&*store, "acme").await;
    check("a new organisation", true).await;
    organisation(&*store, "acme").await;
    check("the same again", false).await;
    let key = api_key_of(org_id, "ci");
    store.insert_api_key(&key).await.unwrap();
    check("a new API key", true).await;
    assert!(store.insert_api_key(&key).await.is_err());
    check("the same again", false).await;
    store.revoke_api_key(org_id, key.id, moment(5)).await.unwrap();
    check("its end", true).await;
    store.revoke_api_key(org_id, key.id, moment(5)).await.unwrap();
    check("its end again", false).await;
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    check("a new signing key", true).await;
    store.revoke_signing_key(org_id, "k2", moment(5)).await.unwrap();
    check("the end of none", false).await;
    store.revoke_signing_key(org_id, "k1", moment(5)).await.unwrap();
    check("its end", true).await;
    store.signing_keys(org_id).await.unwrap();
    check("a look", false).await;
}

pub(crate) async fn two_instances_see_each_others_changes(place: &Place) {
    let (first, second) = (place.open().await, place.open().await);
    let org_id = organisation(&*first, "acme").await;
    assert_eq!(organisation(&*second, "acme").await, org_id);
    let key = api_key_of(org_id, "ci");
    second.insert_api_key(&key).await.unwrap();
    assert!(first.api_key_by_prefix(&key.prefix).await.unwrap().is_some());
    let version = first.version().await.unwrap();
    assert_eq!(second.version().await.unwrap(), version);
    second.revoke_api_key(org_id, key.id, moment(5)).await.unwrap();
    assert!(first.version().await.unwrap() > version);
    assert!(first.api_key_by_prefix(&key.prefix).await.unwrap().unwrap().revoked_at.is_some());
    first.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    assert_eq!(default_key(&*second, org_id).await.as_deref(), Some("k1"));
}

pub(crate) async fn strange_names_are_not_found(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    store.insert_signing_key(&signing_key_of(org_id, "k1")).await.unwrap();
    for name in ["", "\0", "k1\0", "' OR 1=1 --", "%", &"x".repeat(100_000)] {
        assert!(store.organisation(name).await.unwrap().is_none());
        assert!(store.api_key_by_prefix(name).await.unwrap().is_none());
        assert!(store.signing_key(org_id, Some(name)).await.unwrap().is_none());
        assert!(!store.revoke_signing_key(org_id, name, moment(1)).await.unwrap());
    }
}
