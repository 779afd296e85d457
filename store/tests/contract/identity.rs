//! Organisations as far as keys need them, and the version that tells of changes.

use std::sync::Arc;

use aibbar::{SigningSecret, Timestamp};
use store::{
    AiSystem, ApiKey, AuditEntry, Limit, Limits, OrgId, Plan, Scope, SigningKey, StoreError,
    ai_systems::AiSystemChanges, api_key, identity::ApiKeyChanges, organisations::OrganisationChanges, vault::KeyHash,
};
use uuid::Uuid;

use crate::{
    people::entry_of,
    place::{Place, Store},
};

pub(crate) async fn organisation(store: &dyn Store, name: &str) -> OrgId {
    store.ensure_organisation(name).await.unwrap().id
}

pub(crate) fn moment(ns: i64) -> Timestamp {
    Timestamp::from_unix_ns(1_700_000_000_000_000_000 + ns)
}

pub(crate) fn api_key_of(org_id: OrgId, name: &str) -> ApiKey {
    ApiKey {
        id: Uuid::now_v7(),
        org_id,
        name: name.to_owned(),
        prefix: api_key::generate().prefix,
        hash: KeyHash { pepper_version: 1, bytes: [9; 32] },
        previous: None,
        scopes: Scope::ALL.to_vec(),
        limits: Limits::default(),
        limits_are_granted: false,
        allowed_ips: Vec::new(),
        made_by: "ada@example.org".to_owned(),
        created_at: moment(1),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    }
}

pub(crate) fn signing_key_of(org_id: OrgId, key_id: &str) -> SigningKey {
    SigningKey {
        org_id,
        key_id: key_id.to_owned(),
        version: 1,
        secret: SigningSecret::new(format!("secret of {key_id}")),
        is_default: false,
        ai_id: None,
        made_by: "ada@example.org".to_owned(),
        created_at: moment(1),
        last_used_at: None,
        verify_until: None,
        revoked_at: None,
    }
}

pub(crate) fn ai_system_of(org_id: OrgId, name: &str) -> AiSystem {
    AiSystem {
        org_id,
        ai_id: Uuid::new_v4(),
        name: name.to_owned(),
        owner: None,
        description: None,
        environment: None,
        created_at: moment(1),
        updated_at: moment(1),
    }
}

/// An entry for a change that a test does not look at in the trail.
pub(crate) fn entry(org_id: OrgId) -> AuditEntry {
    entry_of(Some(org_id), "test.change")
}

pub(crate) async fn keep_api_key(store: &dyn Store, key: &ApiKey) -> Result<(), StoreError> {
    store.insert_api_key(key, &entry_of(Some(key.org_id), "api_key.create")).await
}

pub(crate) async fn keep_signing_key(store: &dyn Store, key: &SigningKey) -> Result<(), StoreError> {
    store.insert_signing_key(key, &entry_of(Some(key.org_id), "signing_key.create")).await
}

pub(crate) async fn default_key(store: &dyn Store, org_id: OrgId) -> Option<String> {
    store.signing_key(org_id, None).await.unwrap().first().map(|key| key.key_id.clone())
}

pub(crate) async fn an_organisation_is_made_once(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.organisation("acme").await.unwrap(), None);
    let made = store.ensure_organisation("acme").await.unwrap();
    assert_eq!(made.name, "acme");
    assert_eq!((made.plan.as_str(), made.registered_systems_only), ("default", false));
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

pub(crate) async fn the_organisation_that_was_made_first_stays_the_first(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.first_organisation().await.unwrap(), None);
    let first = store.ensure_organisation("zebra").await.unwrap();
    store.ensure_organisation("ant").await.unwrap();
    assert_eq!(store.first_organisation().await.unwrap(), Some(first));
}

pub(crate) async fn names_are_checked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, &"é".repeat(64)).await;
    for name in ["", &"x".repeat(65), "a\0b", "a\nb"] {
        let made = store.ensure_organisation(name).await.map(|_| ());
        let key = keep_api_key(&*store, &api_key_of(org_id, name)).await;
        let signing_key = keep_signing_key(&*store, &signing_key_of(org_id, name)).await;
        let system = store.insert_ai_system(&ai_system_of(org_id, name), &entry(org_id)).await;
        for refused in [made, key, signing_key, system] {
            assert!(matches!(refused, Err(StoreError::Refused(_))), "{name:?}");
        }
    }
}

pub(crate) async fn a_key_of_no_organisation_is_refused(place: &Place) {
    let store = place.open().await;
    let api_key = keep_api_key(&*store, &api_key_of(Uuid::now_v7(), "ci")).await;
    assert!(matches!(api_key, Err(StoreError::Refused(_))), "{api_key:?}");
    let signing_key = keep_signing_key(&*store, &signing_key_of(Uuid::now_v7(), "k1")).await;
    assert!(matches!(signing_key, Err(StoreError::Refused(_))), "{signing_key:?}");
}

pub(crate) async fn organisations_see_only_their_own_keys(place: &Place) {
    let store = place.open().await;
    let (ours, theirs) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let their_key = api_key_of(theirs, "ci");
    let id = their_key.id;
    keep_api_key(&*store, &their_key).await.unwrap();
    keep_signing_key(&*store, &signing_key_of(theirs, "k1")).await.unwrap();

    assert!(store.api_keys(ours, None, 10).await.unwrap().is_empty());
    assert!(store.api_key(ours, id).await.unwrap().is_none());
    let changes = ApiKeyChanges { name: Some("mine".to_owned()), ..ApiKeyChanges::default() };
    assert!(store.update_api_key(ours, id, &changes, &entry(ours)).await.unwrap().is_none());
    let new = api_key::generate();
    assert!(store.rotate_api_key(ours, id, &new.prefix, &their_key.hash, None, &entry(ours)).await.unwrap().is_none());
    assert!(!store.revoke_api_key(ours, id, moment(5), &entry(ours)).await.unwrap());
    assert_eq!(store.api_keys(theirs, None, 10).await.unwrap(), [their_key]);

    assert!(store.signing_keys(ours).await.unwrap().is_empty());
    assert!(store.signing_key(ours, Some("k1")).await.unwrap().is_empty());
    assert!(store.signing_key(ours, None).await.unwrap().is_empty());
    let secret = SigningSecret::new("mine");
    let rotated = store.rotate_signing_key(ours, "k1", &secret, moment(5), moment(6), &entry(ours)).await;
    assert!(rotated.unwrap().is_none());
    assert!(!store.set_default_signing_key(ours, "k1", &entry(ours)).await.unwrap());
    assert!(!store.revoke_signing_key(ours, "k1", moment(5), &entry(ours)).await.unwrap());
    let theirs_still = store.signing_key(theirs, None).await.unwrap();
    assert_eq!((theirs_still.len(), theirs_still[0].revoked_at), (1, None));
    assert!(store.audit(ours, &Default::default(), None, 10).await.unwrap().entries.is_empty());
    // The same name is another key.
    keep_signing_key(&*store, &signing_key_of(ours, "k1")).await.unwrap();
}

pub(crate) async fn the_version_and_the_trail_grow_with_every_change_and_only_then(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let told = async || store.audit(org_id, &Default::default(), None, 1_000).await.unwrap().entries.len();
    let mut last = (store.version().await.unwrap(), told().await);
    let mut check = async |what: &str, is_change: bool| {
        let now = (store.version().await.unwrap(), told().await);
        assert_eq!(now.0 > last.0, is_change, "the version, at {what}");
        assert_eq!(now.1, last.1 + usize::from(is_change), "the trail, at {what}");
        last = now;
    };
    organisation(&*store, "acme").await;
    check("the same organisation again", false).await;

    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    check("a new API key", true).await;
    assert!(keep_api_key(&*store, &key).await.is_err());
    check("the same again", false).await;
    let changes = ApiKeyChanges {
        limits: Some(Limits { requests_per_minute: Limit::AtMost(5), events_per_day: Limit::Off }),
        ..ApiKeyChanges::default()
    };
    store.update_api_key(org_id, key.id, &changes, &entry(org_id)).await.unwrap();
    check("other limits", true).await;
    store.update_api_key(org_id, key.id, &changes, &entry(org_id)).await.unwrap();
    check("the same limits again", false).await;
    let new = api_key::generate();
    store.rotate_api_key(org_id, key.id, &new.prefix, &key.hash, None, &entry(org_id)).await.unwrap();
    check("a rotation", true).await;
    store.touch_api_keys(&[(key.id, moment(9))]).await.unwrap();
    check("a use", false).await;
    store.revoke_api_key(org_id, key.id, moment(5), &entry(org_id)).await.unwrap();
    check("its end", true).await;
    store.revoke_api_key(org_id, key.id, moment(5), &entry(org_id)).await.unwrap();
    check("its end again", false).await;

    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    check("a new signing key", true).await;
    let secret = SigningSecret::new("new");
    store.rotate_signing_key(org_id, "k1", &secret, moment(5), moment(6), &entry(org_id)).await.unwrap();
    check("its rotation", true).await;
    store.rotate_signing_key(org_id, "k2", &secret, moment(5), moment(6), &entry(org_id)).await.unwrap();
    check("the rotation of none", false).await;
    store.set_default_signing_key(org_id, "k1", &entry(org_id)).await.unwrap();
    check("a default that it was already", false).await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k3")).await.unwrap();
    check("another signing key", true).await;
    store.set_default_signing_key(org_id, "k3", &entry(org_id)).await.unwrap();
    check("another default", true).await;
    store.revoke_signing_key(org_id, "k2", moment(5), &entry(org_id)).await.unwrap();
    check("the end of none", false).await;
    store.revoke_signing_key(org_id, "k1", moment(5), &entry(org_id)).await.unwrap();
    check("its end", true).await;

    let system = ai_system_of(org_id, "bot");
    store.insert_ai_system(&system, &entry(org_id)).await.unwrap();
    check("a new AI system", true).await;
    let changes = AiSystemChanges { owner: Some(Some("ops".to_owned())), ..AiSystemChanges::default() };
    store.update_ai_system(org_id, system.ai_id, &changes, moment(7), &entry(org_id)).await.unwrap();
    check("its owner", true).await;
    store.update_ai_system(org_id, system.ai_id, &changes, moment(8), &entry(org_id)).await.unwrap();
    check("the same owner again", false).await;
    store.delete_ai_system(org_id, system.ai_id, &entry(org_id)).await.unwrap();
    check("its end in the register", true).await;
    store.delete_ai_system(org_id, system.ai_id, &entry(org_id)).await.unwrap();
    check("its end again", false).await;

    store.signing_keys(org_id).await.unwrap();
    check("a look", false).await;
}

pub(crate) async fn two_instances_see_each_others_changes(place: &Place) {
    let (first, second) = (place.open().await, place.open().await);
    let org_id = organisation(&*first, "acme").await;
    assert_eq!(organisation(&*second, "acme").await, org_id);
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*second, &key).await.unwrap();
    assert!(first.api_key_by_prefix(&key.prefix).await.unwrap().is_some());
    let version = first.version().await.unwrap();
    assert_eq!(second.version().await.unwrap(), version);
    second.revoke_api_key(org_id, key.id, moment(5), &entry(org_id)).await.unwrap();
    assert!(first.version().await.unwrap() > version);
    assert!(first.api_key_by_prefix(&key.prefix).await.unwrap().unwrap().key.revoked_at.is_some());
    keep_signing_key(&*first, &signing_key_of(org_id, "k1")).await.unwrap();
    assert_eq!(default_key(&*second, org_id).await.as_deref(), Some("k1"));
}

pub(crate) async fn strange_names_are_not_found(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    for name in ["", "\0", "k1\0", "' OR 1=1 --", "%", &"x".repeat(100_000)] {
        assert!(store.organisation(name).await.unwrap().is_none());
        assert!(store.api_key_by_prefix(name).await.unwrap().is_none());
        assert!(store.signing_key(org_id, Some(name)).await.unwrap().is_empty());
        assert!(!store.set_default_signing_key(org_id, name, &entry(org_id)).await.unwrap());
        assert!(!store.revoke_signing_key(org_id, name, moment(1), &entry(org_id)).await.unwrap());
    }
}

pub(crate) async fn a_change_is_told_of_the_organisation_that_it_touches(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let mut since = store.version().await.unwrap();
    let mut changes = async || {
        let changes = store.changes_since(since, 1).await.unwrap();
        assert!(changes.version >= since && changes.version == store.version().await.unwrap());
        since = changes.version;
        (changes.all, changes.organisations)
    };
    assert_eq!(changes().await, (false, vec![]));
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    assert_eq!(changes().await, (false, vec![org_id]));
    assert_eq!(changes().await, (false, vec![]), "told once");
    keep_signing_key(&*store, &signing_key_of(other, "k1")).await.unwrap();
    assert_eq!(changes().await, (false, vec![other]));
    // Whatever the entry of the trail says: it counts whose key it is.
    store.revoke_api_key(org_id, key.id, moment(5), &entry(other)).await.unwrap();
    assert_eq!(changes().await, (false, vec![org_id]));
    store.insert_ai_system(&ai_system_of(other, "bot"), &entry(other)).await.unwrap();
    assert_eq!(changes().await, (false, vec![other]));
    let only = OrganisationChanges { registered_systems_only: Some(true), ..OrganisationChanges::default() };
    store.update_organisation(org_id, &only, &entry(org_id)).await.unwrap();
    assert_eq!(changes().await, (false, vec![org_id]));
    // A plan is of all who are on it, and who does not ask for long asks for everything.
    let limits = Limits { requests_per_minute: Limit::AtMost(5), events_per_day: Limit::Off };
    store.set_plan(&Plan { name: "small".to_owned(), limits }, &entry(org_id)).await.unwrap();
    assert_eq!(changes().await, (true, vec![]));
    keep_signing_key(&*store, &signing_key_of(other, "k2")).await.unwrap();
    keep_signing_key(&*store, &signing_key_of(org_id, "k2")).await.unwrap();
    assert_eq!(changes().await, (true, vec![]), "more than were asked for");
    assert_eq!(changes().await, (false, vec![]));
    assert!(store.changes_since(since + 1, 1).await.unwrap().all, "of a version that is not yet");
}
