//! Legal holds, as they are kept. What they keep is in `retention`.

use aibbar::Timestamp;
use store::{
    LegalHold, OrgId, StoreError,
    legal_holds::{ACTIVE_HOLDS_MAX, HeldNow, Release},
};
use uuid::Uuid;

use crate::{
    identity::{moment, organisation},
    people::{entry_of, told},
    place::{Place, Store},
};

/// A hold of an AI system, or of everything.
pub(crate) fn hold_of(org_id: OrgId, ai_id: Option<u128>) -> LegalHold {
    LegalHold {
        id: Uuid::now_v7(),
        org_id,
        ai_id: ai_id.map(Uuid::from_u128),
        name: Some("case 4711".to_owned()),
        reason: "Doe v. Example\nTravel".to_owned(),
        placed_by: "ada@example.org".to_owned(),
        placed_at: moment(1),
        release: None,
    }
}

pub(crate) async fn place_hold(store: &dyn Store, hold: &LegalHold) -> Result<(), StoreError> {
    store.place_hold(hold, &entry_of(Some(hold.org_id), "legal_hold.place")).await
}

/// A hold that is kept.
pub(crate) async fn held(store: &dyn Store, org_id: OrgId, ai_id: Option<u128>) -> LegalHold {
    let hold = hold_of(org_id, ai_id);
    place_hold(store, &hold).await.unwrap();
    hold
}

pub(crate) async fn release(store: &dyn Store, hold: &LegalHold, at: Timestamp) -> Option<LegalHold> {
    let release = Release { reason: "settled".to_owned(), by: "bob@example.org".to_owned(), at };
    let entry = entry_of(Some(hold.org_id), "legal_hold.release");
    store.release_hold(hold.org_id, hold.id, &release, &entry).await.unwrap()
}

pub(crate) async fn a_hold_comes_back_as_it_was_and_ends_once(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let all = held(&*store, org_id, None).await;
    let one = held(&*store, org_id, Some(7)).await;
    for hold in [&all, &one] {
        assert_eq!(store.legal_hold(org_id, hold.id).await.unwrap().as_ref(), Some(hold));
    }
    assert_eq!(store.held_now(org_id).await.unwrap(), HeldNow { everything: true, ai_systems: 1 });
    let ended = release(&*store, &all, moment(2)).await.unwrap();
    let expected = Release { reason: "settled".to_owned(), by: "bob@example.org".to_owned(), at: moment(2) };
    assert_eq!(ended, LegalHold { release: Some(expected), ..all.clone() });
    assert_eq!(release(&*store, &all, moment(3)).await.unwrap(), ended, "it ended once");
    assert_eq!(store.legal_hold(org_id, all.id).await.unwrap(), Some(ended));
    assert_eq!(store.held_now(org_id).await.unwrap(), HeldNow { everything: false, ai_systems: 1 });
    assert_eq!(told(&*store, org_id, "legal_hold.place").await, 2);
    assert_eq!(told(&*store, org_id, "legal_hold.release").await, 1);
}

pub(crate) async fn holds_are_listed_newest_first_in_pages(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let mut holds = Vec::new();
    for ai_id in 0..5 {
        holds.push(held(&*store, org_id, Some(ai_id)).await);
    }
    release(&*store, &holds[1], moment(2)).await.unwrap();
    holds.sort_by_key(|hold| std::cmp::Reverse(hold.id));
    let ids = |found: Vec<LegalHold>| found.iter().map(|hold| hold.id).collect::<Vec<_>>();
    let list = async |active, before, limit| ids(store.legal_holds(org_id, active, before, limit).await.unwrap());
    let all = ids(holds.clone());
    assert_eq!(list(None, None, 10).await, all);
    assert_eq!(list(None, None, 2).await, all[..2]);
    assert_eq!(list(None, Some(all[1]), 10).await, all[2..]);
    assert_eq!(list(Some(false), None, 10).await, [all[3]]);
    assert_eq!(list(Some(true), None, 10).await, [all[0], all[1], all[2], all[4]]);
}

pub(crate) async fn strange_holds_are_refused(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let good = hold_of(org_id, None);
    let strange = [
        LegalHold { reason: String::new(), ..good.clone() },
        LegalHold { reason: "x".repeat(1_025), ..good.clone() },
        LegalHold { name: Some("two\nlines".to_owned()), ..good.clone() },
        LegalHold { org_id: Uuid::now_v7(), ..good.clone() },
    ];
    for hold in &strange {
        assert!(matches!(place_hold(&*store, hold).await, Err(StoreError::Refused(_))), "{hold:?}");
    }
    place_hold(&*store, &good).await.unwrap();
    assert!(matches!(place_hold(&*store, &good).await, Err(StoreError::Exists(_))));
    assert_eq!(told(&*store, org_id, "legal_hold.place").await, 1);
}

pub(crate) async fn organisations_see_only_their_own_holds(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let theirs = held(&*store, other, None).await;
    assert_eq!(store.legal_hold(org_id, theirs.id).await.unwrap(), None);
    assert_eq!(store.legal_holds(org_id, None, None, 10).await.unwrap(), []);
    assert_eq!(store.held_now(org_id).await.unwrap(), HeldNow::default());
    assert_eq!(release(&*store, &LegalHold { org_id, ..theirs.clone() }, moment(2)).await, None);
    assert_eq!(store.legal_hold(other, theirs.id).await.unwrap(), Some(theirs));
}

pub(crate) async fn an_organisation_has_a_bounded_number_of_active_holds(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let first = held(&*store, org_id, Some(0)).await;
    let org = if place.is_postgres() { format!("'{org_id}'") } else { format!("x'{}'", org_id.simple()) };
    let id = if place.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let more = ACTIVE_HOLDS_MAX - 1;
    let many = format!(
        "INSERT INTO legal_holds (id, org_id, reason, placed_by, placed_at_ns) \
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {more}) \
         SELECT {id}, {org}, 'many', 'test', 1 FROM n"
    );
    place.execute(&many).await.unwrap();
    assert!(matches!(place_hold(&*store, &hold_of(org_id, None)).await, Err(StoreError::Refused(_))));
    held(&*store, other, None).await;
    release(&*store, &first, moment(2)).await.unwrap();
    held(&*store, org_id, None).await;
}
