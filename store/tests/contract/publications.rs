//! Idempotency keys of what is published.

use aibbar::Timestamp;
use store::{
    OrgId, StoreError,
    publications::{Begun, Publication, PublicationBounds},
};

use tokio::task::JoinSet;

use crate::{
    identity::{moment, organisation},
    place::{Place, Store},
};

const BOUNDS: PublicationBounds = PublicationBounds { remembered_ms: 1_000, held_ms: 100 };

const MS: i64 = 1_000_000;

fn publication(org_id: OrgId, key: u8, body: u8) -> Publication {
    Publication { org_id, key: [key; 32], body: [body; 32] }
}

async fn begin(store: &dyn Store, publication: Publication, at_ms: i64) -> Begun {
    store.begin_publication(&publication, moment(at_ms * MS), BOUNDS).await.unwrap()
}

/// The caller's, since this time.
fn yours(since_ms: i64, settled: Option<&str>) -> Begun {
    Begun::Yours { settled: settled.map(str::to_owned), held_until: until(since_ms) }
}

/// When a hold ends that began then.
fn until(since_ms: i64) -> Timestamp {
    moment((since_ms + BOUNDS.held_ms) * MS)
}

pub(crate) async fn a_request_is_done_once_and_remembered(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let request = publication(org_id, 1, 1);
    assert_eq!(begin(&*store, request, 1_000).await, yours(1_000, None));
    assert_eq!(begin(&*store, request, 1_001).await, Begun::UnderWay);
    assert_eq!(begin(&*store, publication(other, 1, 1), 1_001).await, yours(1_001, None));
    assert!(store.end_publication(&request, until(1_000), Some("[[0,7]]")).await.unwrap());
    for at_ms in [1_002, 1_200, 1_999] {
        assert_eq!(begin(&*store, request, at_ms).await, yours(at_ms, Some("[[0,7]]")));
        assert!(store.end_publication(&request, until(at_ms), Some("[[0,7]]")).await.unwrap());
    }
    assert_eq!(begin(&*store, request, 1_999).await, yours(1_999, Some("[[0,7]]")));
    assert!(store.end_publication(&request, until(1_999), None).await.unwrap());
    assert_eq!(begin(&*store, request, 1_003).await, yours(1_003, None));
    let nobodys = publication(uuid::Uuid::now_v7(), 1, 1);
    let refused = store.begin_publication(&nobodys, moment(1), BOUNDS).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
}

pub(crate) async fn another_body_under_the_same_key_is_told(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let (request, another) = (publication(org_id, 1, 1), publication(org_id, 1, 2));
    begin(&*store, request, 1_000).await;
    assert_eq!(begin(&*store, another, 1_001).await, Begun::OtherBody);
    assert!(!store.end_publication(&another, until(1_000), None).await.unwrap());
    assert_eq!(begin(&*store, request, 1_002).await, Begun::UnderWay, "who has another body ends nothing");
    assert!(store.end_publication(&request, until(1_000), Some("[]")).await.unwrap());
    assert_eq!(begin(&*store, another, 1_003).await, Begun::OtherBody);
    assert_eq!(begin(&*store, publication(org_id, 2, 2), 1_003).await, yours(1_003, None));
}

pub(crate) async fn what_was_broken_off_is_taken_over_and_what_is_old_is_forgotten(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let (request, another) = (publication(org_id, 1, 1), publication(org_id, 1, 2));
    begin(&*store, request, 1_000).await;
    assert_eq!(begin(&*store, request, 1_101).await, yours(1_101, None));
    assert_eq!(begin(&*store, request, 1_150).await, Begun::UnderWay);
    assert!(store.end_publication(&request, until(1_101), Some("[]")).await.unwrap());
    // The day began with the first.
    assert_eq!(begin(&*store, another, 1_999).await, Begun::OtherBody);
    assert_eq!(begin(&*store, another, 2_000).await, yours(2_000, None));
    assert_eq!(store.sweep_publications(moment(2_000 * MS)).await.unwrap(), 0);
    assert_eq!(store.sweep_publications(moment(2_001 * MS)).await.unwrap(), 1);
    assert_eq!(begin(&*store, request, 2_002).await, yours(2_002, None));
}

pub(crate) async fn who_was_overtaken_ends_nothing_and_holds_nothing(place: &Place) {
    let store = place.open().await;
    let request = publication(organisation(&*store, "acme").await, 1, 1);
    begin(&*store, request, 1_000).await;
    // In time, the hold is longer from then on, and the first moment is worth nothing any more.
    assert!(store.hold_publication(&request, until(1_000), until(1_090)).await.unwrap());
    assert!(!store.end_publication(&request, until(1_000), None).await.unwrap());
    assert_eq!(begin(&*store, request, 1_150).await, Begun::UnderWay);
    // Too late, it is another's.
    assert_eq!(begin(&*store, request, 1_190).await, yours(1_190, None));
    assert!(!store.hold_publication(&request, until(1_090), until(1_195)).await.unwrap());
    for settled in [Some("[mine]"), None] {
        assert!(!store.end_publication(&request, until(1_090), settled).await.unwrap());
    }
    assert_eq!(begin(&*store, request, 1_200).await, Begun::UnderWay, "the other still has it");
    assert!(store.end_publication(&request, until(1_190), Some("[]")).await.unwrap());
    assert!(!store.end_publication(&request, until(1_190), None).await.unwrap(), "it ends once");
    assert_eq!(begin(&*store, request, 1_300).await, yours(1_300, Some("[]")));
}

pub(crate) async fn of_many_at_once_one_works(place: &Place) {
    let store = place.open().await;
    let request = publication(organisation(&*store, "acme").await, 1, 1);
    let mut many = JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        many.spawn(async move { begin(&*store, request, 1_000).await });
    }
    let begun = many.join_all().await;
    let won = begun.iter().filter(|begun| **begun == yours(1_000, None)).count();
    assert_eq!(won, 1, "{begun:?}");
}
