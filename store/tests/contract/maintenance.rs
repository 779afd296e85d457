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

/// A connection that looks up the partitions while one is attached can miss it for good, so all look once more behind that.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_looks_again_behind_a_new_month() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let Place::Postgres { url } = &place else { unreachable!("it is PostgreSQL") };
    // A dump, say: it has the table open for hours, and keeps nobody.
    let dump = Place::client(url).await;
    dump.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM aibbar_events").await.unwrap();
    let late = row(mid("2021-03"));
    assert_eq!(store.write(&build(&[late])).await.unwrap(), [Stored]);
    dump.batch_execute("COMMIT").await.unwrap();

    // What was changed by a younger transaction has the smaller age.
    const TOLD_AFTER: &str = "SELECT age(told.xmin) < age(made.xmin) FROM pg_attribute told, pg_inherits made \
                              WHERE told.attrelid = 'aibbar_events'::regclass AND told.attname = 'org_id' \
                              AND made.inhrelid = 'aibbar_events_2021_03'::regclass";
    assert!(dump.query_one(TOLD_AFTER, &[]).await.unwrap().get::<_, bool>(0));
    // What an operator had set of it stays.
    dump.batch_execute("ALTER TABLE ONLY aibbar_events ALTER COLUMN org_id SET STATISTICS 500").await.unwrap();
    assert_eq!(store.write(&build(&[row(mid("2021-04"))])).await.unwrap(), [Stored]);
    const SET: &str = "SELECT attstattarget::int FROM pg_attribute \
                       WHERE attrelid = 'aibbar_events'::regclass AND attname = 'org_id'";
    assert_eq!(dump.query_one(SET, &[]).await.unwrap().get::<_, i32>(0), 500);
}
