//! Making room ahead, answering whether all is well.

use aibbar::Timestamp;
use store::WriteOutcome::Stored;

use crate::{
    place::Place,
    rows::{at, build, mid, row},
};

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
