//! What organisations say of redaction, and the keys of their pseudonyms.

use std::sync::Arc;

use aibbar::{
    RuleSet,
    redact::{PseudonymKey, Settings},
};
use serde_json::json;
use store::{
    OrgId, StoreError,
    redaction::OrganisationRedaction,
    vault::{MasterKey, MasterKeys, Vault},
};
use uuid::Uuid;

use crate::{
    identity::{entry, moment, organisation},
    people::{entry_of, told},
    place::{Place, Store},
};

/// Puts in every row what only a version that knows more can read.
const OF_A_LATER_VERSION: &str = "UPDATE redaction SET settings = '{\"modes\":{\"email\":\"shred\"}}'";

fn settings(mode: &str) -> Settings {
    serde_json::from_value(json!({
        "modes": { "email": mode },
        "rules": [{ "name": "employee", "pattern": "EMP-[0-9]{6}", "mode": "pseudonym" }],
    }))
    .unwrap()
}

async fn set(store: &dyn Store, org_id: OrgId, mode: &str) -> OrganisationRedaction {
    let entry = entry_of(Some(org_id), "redaction.update");
    store.set_redaction(org_id, &settings(mode), moment(1), &entry).await.unwrap()
}

/// What this key makes of a value: equal for equal keys alone.
fn pseudonym(key: &PseudonymKey) -> String {
    let rules = RuleSet::new(&settings("pseudonym"), Some(key.clone())).unwrap();
    let (text, _) = rules.redact_text("bob@example.com");
    assert!(text.starts_with("[EMAIL:"), "{text}");
    text.into_owned()
}

pub(crate) async fn settings_come_back_as_they_were_with_a_key_of_their_own(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    assert!(store.redaction(org_id).await.unwrap().is_none());
    let entry = entry_of(Some(org_id), "redaction.update");
    let made = store.set_redaction(org_id, &settings("pseudonym"), moment(1), &entry).await.unwrap();
    assert_eq!((made.org_id, made.version, made.key_version), (org_id, 1, 1));
    assert_eq!((made.updated_at, made.key_made_at), (moment(1), moment(1)));
    assert_eq!((made.settings, &made.updated_by), (settings("pseudonym"), &entry.actor.name));
    let found = place.open().await.redaction(org_id).await.unwrap().unwrap();
    assert_eq!((found.version, found.settings), (1, settings("pseudonym")));
    assert_eq!(pseudonym(&found.key), pseudonym(&made.key));
    assert!(store.redaction(other).await.unwrap().is_none(), "organisations see only their own");
    let theirs = set(&*store, other, "pseudonym").await;
    assert_ne!(pseudonym(&theirs.key), pseudonym(&made.key));
    let strange = store.set_redaction(Uuid::now_v7(), &settings("mask"), moment(1), &entry).await;
    assert!(matches!(strange, Err(StoreError::Refused(_))), "{strange:?}");
}

pub(crate) async fn a_change_of_settings_is_told_once_and_touches_its_organisation(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    for (mode, version) in [("mask", 1), ("mask", 1), ("off", 2), ("pseudonym", 3)] {
        let before = store.version().await.unwrap();
        let is = set(&*store, org_id, mode).await;
        assert_eq!((is.version, is.key_version), (version, 1), "the key stays");
        let changes = store.changes_since(before, 10).await.unwrap();
        assert_eq!(
            told(&*store, org_id, "redaction.update").await as u64,
            version,
            "changes are told, and nothing else"
        );
        assert!(changes.organisations.is_empty() || changes.organisations == [org_id]);
        assert_eq!(changes.organisations.is_empty(), changes.version == before);
    }
}

pub(crate) async fn an_erased_key_is_gone_and_another_in_its_place(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let erase = entry_of(Some(org_id), "redaction.erase_key");
    assert!(store.erase_pseudonym_key(org_id, moment(2), &erase).await.unwrap().is_none(), "there is none");
    assert_eq!(told(&*store, org_id, "redaction.erase_key").await, 0);
    let was = set(&*store, org_id, "pseudonym").await;
    let before = store.version().await.unwrap();
    let is = store.erase_pseudonym_key(org_id, moment(2), &erase).await.unwrap().unwrap();
    assert_eq!((is.version, is.made_at), (2, moment(2)));
    assert_ne!(pseudonym(&is.key), pseudonym(&was.key));
    let found = store.redaction(org_id).await.unwrap().unwrap();
    assert_eq!((found.version, found.key_version, found.key_made_at), (1, 2, moment(2)));
    assert_eq!(found.settings, was.settings);
    assert_eq!(pseudonym(&found.key), pseudonym(&is.key));
    assert_eq!(store.changes_since(before, 10).await.unwrap().organisations, [org_id]);
    assert_eq!(told(&*store, org_id, "redaction.erase_key").await, 1);
    assert_eq!(place.count("redaction").await, 1, "nothing of the old key is left");
}

pub(crate) async fn settings_set_by_many_at_once_have_one_key(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let org_id = organisation(&*stores[0], "acme").await;
    let setters: Vec<_> = (0..8)
        .map(|n| {
            let store: Arc<dyn Store> = stores[n % 2].clone();
            tokio::spawn(async move { set(&*store, org_id, ["mask", "pseudonym"][n % 2]).await })
        })
        .collect();
    let mut keys = Vec::new();
    for setter in setters {
        keys.push(pseudonym(&setter.await.unwrap().key));
    }
    keys.dedup();
    assert_eq!(keys.len(), 1);
    let version = stores[0].redaction(org_id).await.unwrap().unwrap().version;
    assert_eq!(told(&*stores[0], org_id, "redaction.update").await as u64, version);
}

pub(crate) async fn a_key_that_was_moved_to_another_organisation_does_not_open(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    set(&*store, org_id, "pseudonym").await;
    set(&*store, other, "mask").await;
    // Whoever can write to the database, but has no master key, can't make one's pseudonyms another's.
    let moved = "UPDATE redaction SET sealed_key = (SELECT r.sealed_key FROM redaction r WHERE r.settings LIKE '%\"email\":\"pseudonym\"%') \
                 WHERE settings LIKE '%\"email\":\"mask\"%'";
    place.execute(moved).await.unwrap();
    assert!(matches!(store.redaction(other).await, Err(StoreError::Unreadable(_))));
    store.redaction(org_id).await.unwrap().unwrap();
    // What a later version wrote is not taken for less than it says.
    place.execute(OF_A_LATER_VERSION).await.unwrap();
    assert!(matches!(store.redaction(org_id).await, Err(StoreError::Unreadable(_))));
}

pub(crate) async fn settings_of_a_later_version_are_replaced_and_keep_no_key_from_being_erased(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let was = set(&*store, org_id, "pseudonym").await;
    place.execute(OF_A_LATER_VERSION).await.unwrap();
    let before = store.version().await.unwrap();
    let erase = entry_of(Some(org_id), "redaction.erase_key");
    let erased = store.erase_pseudonym_key(org_id, moment(2), &erase).await.unwrap().unwrap();
    assert_eq!(erased.version, 2);
    assert_ne!(pseudonym(&erased.key), pseudonym(&was.key));
    assert_eq!(told(&*store, org_id, "redaction.erase_key").await, 1);
    assert!(matches!(store.redaction(org_id).await, Err(StoreError::Unreadable(_))), "they are what they were");

    let is = set(&*store, org_id, "mask").await;
    assert_eq!((is.version, is.key_version, is.settings), (2, 2, settings("mask")));
    assert_eq!(pseudonym(&is.key), pseudonym(&erased.key));
    assert_eq!(store.redaction(org_id).await.unwrap().unwrap().settings, settings("mask"));
    assert_eq!(told(&*store, org_id, "redaction.update").await, 2);
    assert_eq!(store.changes_since(before, 10).await.unwrap().organisations, [org_id]);

    // What can't be opened any more can still be left behind.
    place.execute("UPDATE redaction SET key_version = 9").await.unwrap();
    assert!(matches!(store.redaction(org_id).await, Err(StoreError::Unreadable(_))));
    let again = entry_of(Some(org_id), "redaction.erase_key");
    let erased = store.erase_pseudonym_key(org_id, moment(3), &again).await.unwrap().unwrap();
    assert_eq!(erased.version, 10);
    let found = store.redaction(org_id).await.unwrap().unwrap();
    assert_eq!((found.version, found.key_version), (2, 10));
    assert_eq!(pseudonym(&found.key), pseudonym(&erased.key));
}

pub(crate) async fn pseudonym_keys_are_sealed_under_a_new_master_key(place: &Place) {
    let (old, new) = (MasterKey::from_bytes([1; 32]), MasterKey::from_bytes([2; 32]));
    let store = place.open_vault(Arc::new(Vault::new(old.clone()))).await.unwrap();
    let mut expected = Vec::new();
    // More than are sealed anew at once.
    for n in 0..105 {
        let org_id = organisation(&*store, &format!("org {n}")).await;
        expected.push((org_id, pseudonym(&set(&*store, org_id, "pseudonym").await.key)));
    }
    let org_id = expected[0].0;
    let again = store.erase_pseudonym_key(org_id, moment(3), &entry(org_id)).await.unwrap().unwrap();
    expected[0].1 = pseudonym(&again.key);
    let both = MasterKeys::led_by(new.clone(), &old.into());
    let rotating = place.open_vault(Arc::new(Vault::new(both))).await.unwrap();
    assert_eq!(rotating.reseal().await.unwrap(), 106, "the keys and a pepper");
    assert_eq!(rotating.reseal().await.unwrap(), 0, "there is nothing left to do");
    let store = place.open_vault(Arc::new(Vault::new(new))).await.unwrap();
    for (org_id, expected) in expected {
        assert_eq!(pseudonym(&store.redaction(org_id).await.unwrap().unwrap().key), expected);
    }
}
