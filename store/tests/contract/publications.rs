//! Idempotency keys of what is published.

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

pub(crate) async fn a_request_is_done_once_and_remembered(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let request = publication(org_id, 1, 1);
    assert_eq!(begin(&*store, request, 1_000).await, Begun::Yours(None));
    assert_eq!(begin(&*store, request, 1_001).await, Begun::UnderWay);
    assert_eq!(begin(&*store, publication(other, 1, 1), 1_001).await, Begun::Yours(None));
    store.end_publication(&request, Some("[[0,7]]")).await.unwrap();
    for at_ms in [1_002, 1_200, 1_999] {
        assert_eq!(begin(&*store, request, at_ms).await, Begun::Yours(Some("[[0,7]]".to_owned())));
        store.end_publication(&request, Some("[[0,7]]")).await.unwrap();
    }
    store.end_publication(&request, None).await.unwrap();
    assert_eq!(begin(&*store, request, 1_003).await, Begun::Yours(None));
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
    store.end_publication(&another, None).await.unwrap();
    assert_eq!(begin(&*store, request, 1_002).await, Begun::UnderWay, "who has another body ends nothing");
    store.end_publication(&request, Some("[]")).await.unwrap();
    assert_eq!(begin(&*store, another, 1_003).await, Begun::OtherBody);
    assert_eq!(begin(&*store, publication(org_id, 2, 2), 1_003).await, Begun::Yours(None));
}

pub(crate) async fn what_was_broken_off_is_taken_over_and_what_is_old_is_forgotten(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let (request, another) = (publication(org_id, 1, 1), publication(org_id, 1, 2));
    begin(&*store, request, 1_000).await;
    assert_eq!(begin(&*store, request, 1_101).await, Begun::Yours(None));
    assert_eq!(begin(&*store, request, 1_150).await, Begun::UnderWay);
    store.end_publication(&request, Some("[]")).await.unwrap();
    // The day began with the first.
    assert_eq!(begin(&*store, another, 1_999).await, Begun::OtherBody);
    assert_eq!(begin(&*store, another, 2_000).await, Begun::Yours(None));
    assert_eq!(store.sweep_publications(moment(2_000 * MS)).await.unwrap(), 0);
    assert_eq!(store.sweep_publications(moment(2_001 * MS)).await.unwrap(), 1);
    assert_eq!(begin(&*store, request, 2_002).await, Begun::Yours(None));
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
    let yours = begun.iter().filter(|begun| **begun == Begun::Yours(None)).count();
    assert_eq!(yours, 1, "{begun:?}");
}
