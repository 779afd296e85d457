//! Making room ahead, dropping what is old, answering whether all is well.

use aibbar::Timestamp;
use store::{EventFilter, WriteOutcome::Stored};

use crate::{
    place::Place,
    rows::{ORG, OTHER_ORG, at, build, find, id_at, mid, newest_first, put, row},
};

pub(crate) async fn old_records_leave_and_new_ones_stay(place: &Place) {
    let store = place.open().await;
    let old =
        [row(mid("2026-05")), row(mid("2026-05")).of(OTHER_ORG), row(mid("2026-06")), row(at("2019-01-01T00:00:00Z"))];
    let kept = [row(mid("2026-07")), row(mid("2026-08")), row(mid("2026-08")).of(OTHER_ORG)];
    put(&*store, &old).await;
    put(&*store, &kept).await;

    let dropped = store.drop_older_than(at("2026-07-01T00:00:00Z")).await.unwrap();
    // Two months and one row outside of all months, or four rows.
    assert_eq!(dropped, if place.is_postgres() { 3 } else { 4 });
    assert_eq!(find(&*store, ORG, EventFilter::default()).await, newest_first(&kept[..2]));
    assert_eq!(find(&*store, OTHER_ORG, EventFilter::default()).await, newest_first(&kept[2..]));
    assert_eq!(store.drop_older_than(at("2026-07-01T00:00:00Z")).await.unwrap(), 0);

    assert_eq!(store.write(&build(&old)).await.unwrap(), [Stored; 4]);
    assert_eq!(store.count(ORG).await.unwrap(), 5);
}

pub(crate) async fn a_record_at_the_edge_stays(place: &Place) {
    let store = place.open().await;
    let oldest_kept = at("2026-07-01T00:00:00Z");
    let kept = [row(oldest_kept), row(oldest_kept).id(id_at(oldest_kept.plus_ms(-86_400_000)))];
    put(&*store, &kept).await;
    store.drop_older_than(oldest_kept).await.unwrap();
    assert_eq!(find(&*store, ORG, EventFilter::default()).await, newest_first(&kept));
    // A nanosecond later neither is kept by SQLite; PostgreSQL keeps what lies in a month that is not over.
    let later = Timestamp::from_unix_ns(oldest_kept.unix_ns() + 1);
    store.drop_older_than(later).await.unwrap();
    assert_eq!(store.count(ORG).await.unwrap(), if place.is_postgres() { 1 } else { 0 });
}

pub(crate) async fn a_store_whose_partition_was_dropped_by_another_goes_on(place: &Place) {
    let (first, second) = (place.open().await, place.open().await);
    put(&*first, &[row(mid("2026-05"))]).await;
    second.drop_older_than(mid("2026-07")).await.unwrap();
    let rows = [row(mid("2026-05")), row(mid("2026-06"))];
    assert_eq!(first.write(&build(&rows)).await.unwrap(), [Stored; 2]);
    assert_eq!(find(&*second, ORG, EventFilter::default()).await, newest_first(&rows));
}

pub(crate) async fn preparing_again_and_at_once_is_fine(place: &Place) {
    let (first, second) = (place.open().await, place.open().await);
    let now = mid("2026-12");
    let all = tokio::join!(first.prepare(now), second.prepare(now), first.prepare(now), second.prepare(now));
    for prepared in [all.0, all.1, all.2, all.3] {
        prepared.unwrap();
    }
    first.prepare(at("1970-01-01T00:00:00Z")).await.unwrap();
    first.prepare(Timestamp::from_unix_ns(i64::MAX)).await.unwrap();
    assert_eq!(second.write(&build(&[row(now), row(mid("2027-02"))])).await.unwrap(), [Stored; 2]);
}

pub(crate) async fn check_answers(place: &Place) {
    place.open().await.check().await.unwrap();
}
