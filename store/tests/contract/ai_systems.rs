//! The register of AI systems.

use store::{AiSystem, StoreError, ai_systems::AiSystemChanges, organisations::OrganisationChanges};
use uuid::Uuid;

use crate::{
    identity::{ai_system_of, api_key_of, entry, keep_api_key, moment, organisation},
    people::{entry_of, told},
    place::Place,
};

fn full_ai_system(org_id: Uuid) -> AiSystem {
    AiSystem {
        owner: Some("Ops <ops@example.org>".to_owned()),
        description: Some("answers\nquestions 😀".to_owned()),
        environment: Some("production".to_owned()),
        ..ai_system_of(org_id, "bot")
    }
}

pub(crate) async fn an_ai_system_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for system in [full_ai_system(org_id), ai_system_of(org_id, "plain")] {
        store.insert_ai_system(&system, &entry_of(Some(org_id), "ai_system.create")).await.unwrap();
        assert_eq!(store.ai_system(org_id, system.ai_id).await.unwrap(), Some(system));
    }
    assert_eq!(store.ai_system(org_id, Uuid::new_v4()).await.unwrap(), None);
    assert_eq!(told(&*store, org_id, "ai_system.create").await, 2);
}

pub(crate) async fn the_id_and_the_name_of_an_ai_system_are_its_own(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let system = full_ai_system(org_id);
    store.insert_ai_system(&system, &entry(org_id)).await.unwrap();
    let same_id = AiSystem { ai_id: system.ai_id, ..ai_system_of(org_id, "another") };
    for taken in [same_id, ai_system_of(org_id, "bot")] {
        assert!(matches!(store.insert_ai_system(&taken, &entry(org_id)).await, Err(StoreError::Exists(_))));
    }
    // What another organisation has is nobody's business.
    let theirs = AiSystem { org_id: other, ..system.clone() };
    store.insert_ai_system(&theirs, &entry(other)).await.unwrap();
    assert!(store.delete_ai_system(other, system.ai_id, &entry(other)).await.unwrap());
    assert_eq!(store.ai_system(org_id, system.ai_id).await.unwrap(), Some(system));
    assert_eq!(store.ai_systems(other, None, 10).await.unwrap(), []);
    let long = AiSystem { description: Some("x".repeat(2_049)), ..ai_system_of(org_id, "long") };
    assert!(matches!(store.insert_ai_system(&long, &entry(org_id)).await, Err(StoreError::Refused(_))));
    let unknown = store.insert_ai_system(&ai_system_of(Uuid::now_v7(), "bot"), &entry(org_id)).await;
    assert!(matches!(unknown, Err(StoreError::Refused(_))), "{unknown:?}");
}

pub(crate) async fn ai_systems_are_listed_by_id_in_pages(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for id in [3, 1, 2_u128] {
        let system = AiSystem { ai_id: Uuid::from_u128(id), ..ai_system_of(org_id, &format!("bot {id}")) };
        store.insert_ai_system(&system, &entry(org_id)).await.unwrap();
    }
    let page = async |after: Option<u128>, limit| {
        let systems = store.ai_systems(org_id, after.map(Uuid::from_u128), limit).await.unwrap();
        systems.iter().map(|system| system.ai_id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 10).await, [1, 2, 3]);
    assert_eq!(page(None, 2).await, [1, 2]);
    assert_eq!(page(Some(2), 2).await, [3]);
}

pub(crate) async fn an_ai_system_changes_as_told_and_leaves_once(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let system = full_ai_system(org_id);
    store.insert_ai_system(&system, &entry(org_id)).await.unwrap();
    store.insert_ai_system(&ai_system_of(org_id, "taken"), &entry(org_id)).await.unwrap();
    let update = async |changes: AiSystemChanges, ns| {
        let audit = entry_of(Some(org_id), "ai_system.update");
        store.update_ai_system(org_id, system.ai_id, &changes, moment(ns), &audit).await
    };
    let emptied = AiSystemChanges { owner: Some(None), name: Some("new".to_owned()), ..AiSystemChanges::default() };
    let expected = AiSystem { owner: None, name: "new".to_owned(), updated_at: moment(50), ..system.clone() };
    assert_eq!(update(emptied.clone(), 50).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(update(emptied, 60).await.unwrap().as_ref(), Some(&expected), "nothing changed, not even the time");
    assert_eq!(store.ai_system(org_id, system.ai_id).await.unwrap(), Some(expected));
    let taken = AiSystemChanges { name: Some("taken".to_owned()), ..AiSystemChanges::default() };
    assert!(matches!(update(taken, 70).await, Err(StoreError::Exists(_))));
    assert_eq!(told(&*store, org_id, "ai_system.update").await, 1);

    let delete = async || {
        store.delete_ai_system(org_id, system.ai_id, &entry_of(Some(org_id), "ai_system.delete")).await.unwrap()
    };
    assert!(delete().await);
    assert!(!delete().await);
    assert_eq!(update(AiSystemChanges::default(), 80).await.unwrap(), None);
    assert_eq!(told(&*store, org_id, "ai_system.delete").await, 1);
}

pub(crate) async fn an_organisation_takes_any_ai_system_or_registered_ones_only(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let system = full_ai_system(org_id);
    store.insert_ai_system(&system, &entry(org_id)).await.unwrap();
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    // The door for events learns it with the key.
    let told_with_the_key =
        async || store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap().registered_systems_only;
    assert!(!told_with_the_key().await);
    let unknown = Uuid::new_v4();
    let takes = async |org_id, ai_id| store.takes_ai_system(org_id, ai_id).await.unwrap();
    assert!(takes(org_id, system.ai_id).await && takes(org_id, unknown).await);
    for org_id in [org_id, other] {
        let changes = OrganisationChanges { registered_systems_only: Some(true), ..OrganisationChanges::default() };
        store.update_organisation(org_id, &changes, &entry(org_id)).await.unwrap();
    }
    assert!(told_with_the_key().await);
    assert!(takes(org_id, system.ai_id).await);
    assert!(!takes(org_id, unknown).await);
    assert!(!takes(other, system.ai_id).await, "registered with another organisation");
    assert!(!takes(Uuid::now_v7(), system.ai_id).await, "of no organisation");
    store.delete_ai_system(org_id, system.ai_id, &entry(org_id)).await.unwrap();
    assert!(!takes(org_id, system.ai_id).await);
}
