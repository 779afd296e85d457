//! What is past its retention leaves; what is not, and what is held, stays; the trail tells exactly what left.

use std::{
    sync::Mutex,
    time::{Duration, Instant, SystemTime},
};

use aibbar::Timestamp;
use serde_json::json;
use store::{
    AuditEntry, EventFilter, InstallationRetention, OrgId, StoreError,
    WriteOutcome::{AlreadyStored, Stored},
    retention::{ClockTrust, DROP_ACTION, Dropped, How, Sweep},
};
use uuid::Uuid;

use crate::{
    identity::{moment, organisation},
    legal_holds::{held, hold_of, place_hold, release},
    people::{entry_of, told, trail},
    place::{Place, Store},
    rows::{ORG, OTHER_ORG, Row, at, build, find, id_at, mid, newest_first, put, row},
};

const INSTALLATION: InstallationRetention = InstallationRetention { days: 400, days_max: 500 };

/// Four hundred days earlier, events of 2025-04 are past their time wherever nobody says more, and those of 2026-05 are not.
const NOW: &str = "2026-07-03T00:00:00Z";

/// More than leave in one step, and less than leave in three.
const MANY: usize = 4_500;
const AT_ONCE: u64 = 2_000;

/// Drops what is past its time at this moment; what each step dropped.
async fn sweep_at(store: &dyn Store, now: Timestamp) -> Vec<(u64, How)> {
    let steps = Mutex::new(Vec::new());
    let tell = |step: Dropped| steps.lock().unwrap().push((step.events, step.how));
    let sweep = Sweep { installation: INSTALLATION, now, is_stopped: &|| false, told: &tell };
    store.drop_past_retention(&sweep).await.unwrap();
    steps.into_inner().unwrap()
}

async fn sweep(store: &dyn Store) -> Vec<(u64, How)> {
    sweep_at(store, at(NOW)).await
}

fn sum(steps: &[(u64, How)]) -> u64 {
    steps.iter().map(|(events, _)| events).sum()
}

async fn keep_days(store: &dyn Store, org_id: OrgId, days: Option<u32>) {
    let entry = entry_of(Some(org_id), "retention.update");
    store.set_retention(org_id, days, moment(1), &entry).await.unwrap();
}

async fn all_of(store: &dyn Store, org_id: OrgId) -> Vec<String> {
    find(store, org_id, EventFilter::default()).await
}

/// The trail's entries of what was dropped, oldest first.
async fn dropped(store: &dyn Store, org_id: OrgId) -> Vec<AuditEntry> {
    let mut entries = trail(store, org_id).await;
    entries.retain(|entry| entry.action == DROP_ACTION);
    entries.reverse();
    entries
}

async fn events_told(store: &dyn Store, org_id: OrgId) -> u64 {
    dropped(store, org_id).await.iter().map(|entry| entry.detail["events"].as_u64().unwrap()).sum()
}

pub(crate) async fn events_past_the_installations_retention_leave_and_others_stay(place: &Place) {
    let store = place.open().await;
    let old =
        [row(mid("2025-03")), row(mid("2025-03")).of(OTHER_ORG), row(mid("2025-04")), row(at("2019-01-01T00:00:00Z"))];
    let kept = [row(mid("2026-05")), row(mid("2026-06")), row(mid("2026-06")).of(OTHER_ORG)];
    put(&*store, &old).await;
    put(&*store, &kept).await;

    let steps = sweep(&*store).await;
    let expected = match place.is_postgres() {
        true => vec![(2, How::Partition), (1, How::Partition), (1, How::Rows)],
        false => vec![(3, How::Rows), (1, How::Rows)],
    };
    assert_eq!(steps, expected);
    assert_eq!(all_of(&*store, ORG).await, newest_first(&kept[..2]));
    assert_eq!(all_of(&*store, OTHER_ORG).await, newest_first(&kept[2..]));
    assert_eq!(sweep(&*store).await, []);

    // What is late is stored, and leaves the next time.
    assert_eq!(store.write(&build(&old)).await.unwrap(), [Stored; 4]);
    assert_eq!(store.count(ORG).await.unwrap(), 5);
    assert_eq!(sum(&sweep(&*store).await), 4);
}

pub(crate) async fn an_event_at_the_edge_stays(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    keep_days(&*store, org_id, Some(30)).await;
    let (now, edge) = (at("2026-07-31T00:00:00Z"), at("2026-07-01T00:00:00Z"));
    const DAY_MS: i64 = 86_400_000;
    let ids = [edge, edge.plus_ms(-DAY_MS), edge.plus_ms(DAY_MS)].map(id_at);
    let rows = ids.map(|id| row(edge).of(org_id).id(id));
    put(&*store, &rows).await;
    assert_eq!(sweep_at(&*store, now).await, []);
    // A millisecond later its time is over; one whose id lies a day ahead goes that day later.
    assert_eq!(sum(&sweep_at(&*store, now.plus_ms(1)).await), 2);
    assert_eq!(all_of(&*store, org_id).await, newest_first(&rows[2..]));
    assert_eq!(sum(&sweep_at(&*store, now.plus_ms(DAY_MS + 1)).await), 1);
}

pub(crate) async fn a_store_whose_partition_was_dropped_by_another_goes_on(place: &Place) {
    let (first, second) = (place.open().await, place.open().await);
    put(&*first, &[row(mid("2025-03"))]).await;
    sweep(&*second).await;
    let rows = [row(mid("2025-03")), row(mid("2026-06"))];
    assert_eq!(first.write(&build(&rows)).await.unwrap(), [Stored; 2]);
    assert_eq!(all_of(&*second, ORG).await, newest_first(&rows));
}

pub(crate) async fn an_organisations_own_retention_is_its_own(place: &Place) {
    let store = place.open().await;
    let short = organisation(&*store, "short").await;
    let silent = organisation(&*store, "silent").await;
    // Says more than the operator lets it.
    let long = organisation(&*store, "long").await;
    keep_days(&*store, short, Some(30)).await;
    keep_days(&*store, long, Some(30_000)).await;
    let rows = |org_id| [mid("2025-01"), mid("2025-04"), mid("2026-05")].map(|when| row(when).of(org_id));
    let (short_rows, silent_rows, long_rows) = (rows(short), rows(silent), rows(long));
    for rows in [&short_rows, &silent_rows, &long_rows] {
        put(&*store, rows).await;
    }

    let steps = sweep(&*store).await;
    if place.is_postgres() {
        // Everybody's time is over; most of a month; one of three.
        assert_eq!(steps, [(3, How::Partition), (2, How::MovedPartition), (1, How::Rows)]);
    }
    assert_eq!(sum(&steps), 6);
    assert_eq!(all_of(&*store, short).await, [""; 0]);
    assert_eq!(all_of(&*store, silent).await, newest_first(&silent_rows[2..]));
    assert_eq!(all_of(&*store, long).await, newest_first(&long_rows[1..]));
    assert_eq!(sweep(&*store).await, []);

    keep_days(&*store, long, None).await;
    assert_eq!(sum(&sweep(&*store).await), 1);
    assert_eq!(all_of(&*store, long).await, newest_first(&long_rows[2..]));
}

pub(crate) async fn what_an_organisation_says_of_retention_comes_back_and_is_told_once(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    assert_eq!(store.retention(org_id).await.unwrap(), None);
    for (days, times) in [(None, 0), (Some(90), 1), (Some(90), 1), (Some(36_500), 2), (None, 3), (None, 3)] {
        keep_days(&*store, org_id, days).await;
        let own = store.retention(org_id).await.unwrap();
        assert_eq!(own.as_ref().map(|own| own.events_days), days);
        assert!(own.is_none_or(|own| own.updated_at == moment(1) && own.updated_by == "gapin command"));
        assert_eq!(told(&*store, org_id, "retention.update").await, times, "{days:?}");
    }
    assert_eq!(store.retention(other).await.unwrap(), None);
    for (org_id, days) in [(org_id, 0), (org_id, 36_501), (Uuid::now_v7(), 90)] {
        let entry = entry_of(Some(org_id), "retention.update");
        let strange = store.set_retention(org_id, Some(days), moment(1), &entry).await;
        assert!(matches!(strange, Err(StoreError::Refused(_))), "{days}");
    }
}

/// So many events of an AI system in a month that is past its time.
fn rows_of(org_id: OrgId, ai: u128, count: usize) -> Vec<Row> {
    (0..count).map(|n| row(mid("2025-03").plus_ms(n as i64)).of(org_id).ai(ai)).collect()
}

pub(crate) async fn a_hold_of_an_ai_system_keeps_its_events_of_a_month_that_goes(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let (kept, rest) = (rows_of(org_id, 1, 2), rows_of(org_id, 2, 3));
    // The same AI system of another organisation is another.
    let theirs = rows_of(other, 1, 1);
    for rows in [&kept, &rest, &theirs] {
        put(&*store, rows).await;
    }
    let hold = held(&*store, org_id, Some(1)).await;

    let steps = sweep(&*store).await;
    assert_eq!(sum(&steps), 4);
    if place.is_postgres() {
        assert_eq!(steps, [(4, How::MovedPartition)]);
    }
    assert_eq!(all_of(&*store, org_id).await, newest_first(&kept));
    assert_eq!(store.count(other).await.unwrap(), 0);
    let of_system = EventFilter { ai_id: Some(Uuid::from_u128(1)), ..EventFilter::default() };
    assert_eq!(find(&*store, org_id, of_system).await, newest_first(&kept));
    assert_eq!(sweep(&*store).await, [], "what is left is held");

    // The month goes on as any other.
    assert_eq!(store.write(&build(&kept)).await.unwrap(), [AlreadyStored; 2]);
    put(&*store, &rest).await;
    assert_eq!(sum(&sweep(&*store).await), 3);
    assert_eq!(all_of(&*store, org_id).await, newest_first(&kept));

    release(&*store, &hold, moment(2)).await.unwrap();
    assert_eq!(sum(&sweep(&*store).await), 2);
    assert_eq!(store.count(org_id).await.unwrap(), 0);
}

pub(crate) async fn a_month_of_which_most_is_held_leaves_row_by_row(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let (kept, rest) = (rows_of(org_id, 1, 5), rows_of(org_id, 2, 4));
    put(&*store, &kept).await;
    put(&*store, &rest).await;
    held(&*store, org_id, Some(1)).await;
    assert_eq!(sweep(&*store).await, [(4, How::Rows)]);
    assert_eq!(all_of(&*store, org_id).await, newest_first(&kept));
    let entries = dropped(&*store, org_id).await;
    assert_eq!((&*entries[0].target_kind, &*entries[0].target_id), ("ai_system", &*Uuid::from_u128(2).to_string()));
}

pub(crate) async fn a_hold_of_an_organisation_keeps_everything_until_it_is_released(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    keep_days(&*store, org_id, Some(1)).await;
    let rows = [row(at("2019-01-01T00:00:00Z")), row(mid("2025-03")), row(mid("2026-05"))].map(|row| row.of(org_id));
    put(&*store, &rows).await;
    put(&*store, &rows_of(other, 1, 2)).await;
    let holds = [held(&*store, org_id, None).await, held(&*store, org_id, None).await];
    held(&*store, org_id, Some(7)).await;

    for hold in holds {
        sweep(&*store).await;
        assert_eq!(all_of(&*store, org_id).await, newest_first(&rows));
        assert_eq!(store.count(other).await.unwrap(), 0, "others do not wait for it");
        release(&*store, &hold, moment(2)).await.unwrap();
    }
    assert_eq!(sum(&sweep(&*store).await), 3);
    assert_eq!(events_told(&*store, org_id).await, 3);
    assert_eq!(store.count(org_id).await.unwrap(), 0);
}

pub(crate) async fn what_was_dropped_is_in_the_trail_exactly(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    put(&*store, &rows_of(org_id, 1, 3)).await;
    put(&*store, &rows_of(other, 1, 2)).await;
    sweep(&*store).await;
    for (org_id, events) in [(org_id, 3), (other, 2)] {
        let entries = dropped(&*store, org_id).await;
        let [entry] = &*entries else { panic!("{entries:?}") };
        assert_eq!(
            (entry.org_id, entry.actor.kind.as_str(), entry.result.as_str()),
            (Some(org_id), "system", "success")
        );
        let target = (&*entry.target_kind, &*entry.target_id);
        let detail = match place.is_postgres() {
            true => {
                assert_eq!(target, ("month", "2025-03"));
                json!({ "from": "2025-03-01T00:00:00Z", "to": "2025-04-01T00:00:00Z", "by": "partition" })
            }
            false => {
                assert_eq!(target, ("organisation", &*org_id.to_string()));
                let to = mid("2025-03").plus_ms(events);
                json!({ "from": mid("2025-03").to_string(), "to": to.to_string(), "by": "rows" })
            }
        };
        let mut detail = detail.as_object().unwrap().clone();
        detail.extend(
            json!({ "events": events, "rule": "installation", "retention_days": 400 }).as_object().unwrap().clone(),
        );
        assert_eq!(entry.detail, detail);
    }

    keep_days(&*store, org_id, Some(30)).await;
    // Of the other more stays than goes, so the month can't go.
    put(&*store, &[row(mid("2026-05")).of(org_id), row(mid("2026-05")).of(other), row(mid("2026-05")).of(other)]).await;
    sweep(&*store).await;
    let entries = dropped(&*store, org_id).await;
    assert_eq!((entries.len(), dropped(&*store, other).await.len()), (2, 1));
    let detail = json!({
        "from": mid("2026-05").to_string(), "to": mid("2026-05").plus_ms(1).to_string(), "events": 1, "by": "rows",
        "rule": "organisation", "retention_days": 30,
    });
    assert_eq!(json!(entries[1].detail), detail);
}

/// An organisation with many events that are past its own retention, in a month in which others keep more.
async fn with_many(store: &dyn Store) -> OrgId {
    let org_id = organisation(store, "acme").await;
    keep_days(store, org_id, Some(30)).await;
    let rows =
        |org_id, count| -> Vec<Row> { (0..count).map(|n| row(mid("2026-05").plus_ms(n as i64)).of(org_id)).collect() };
    put(store, &rows(org_id, MANY)).await;
    // So many that the month can't go instead of its rows.
    put(store, &rows(OTHER_ORG, MANY + 1)).await;
    org_id
}

pub(crate) async fn a_sweep_that_is_stopped_is_gone_on_with(place: &Place) {
    let store = place.open().await;
    let org_id = with_many(&*store).await;
    let steps = Mutex::new(Vec::new());
    let tell = |step: Dropped| steps.lock().unwrap().push(step.events);
    let is_stopped = || !steps.lock().unwrap().is_empty();
    let sweep_once = Sweep { installation: INSTALLATION, now: at(NOW), is_stopped: &is_stopped, told: &tell };
    store.drop_past_retention(&sweep_once).await.unwrap();
    assert_eq!(*steps.lock().unwrap(), [AT_ONCE]);
    assert_eq!(store.count(org_id).await.unwrap(), MANY as u64 - AT_ONCE);
    assert_eq!(events_told(&*store, org_id).await, AT_ONCE, "what went is told, and nothing else");

    // As another process that begins anew.
    let store = place.open().await;
    assert_eq!(sweep(&*store).await, [(AT_ONCE, How::Rows), (MANY as u64 - 2 * AT_ONCE, How::Rows)]);
    assert_eq!(store.count(org_id).await.unwrap(), 0);
    assert_eq!(store.count(OTHER_ORG).await.unwrap(), MANY as u64 + 1);
    assert_eq!(events_told(&*store, org_id).await, MANY as u64);
}

pub(crate) async fn nothing_goes_once_a_hold_is_answered(place: &Place) {
    let store = place.open().await;
    let org_id = with_many(&*store).await;
    let holder = place.open().await;
    // Between two steps of one sweep.
    let tell = |_| {
        let placing = async { place_hold(&*holder, &hold_of(org_id, None)).await.unwrap() };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(placing));
    };
    let sweep_on = Sweep { installation: INSTALLATION, now: at(NOW), is_stopped: &|| false, told: &tell };
    store.drop_past_retention(&sweep_on).await.unwrap();
    assert_eq!(store.count(org_id).await.unwrap(), MANY as u64 - AT_ONCE);
    assert_eq!(told(&*store, org_id, "legal_hold.place").await, 1, "there was one step");
    sweep(&*store).await;
    assert_eq!(store.count(org_id).await.unwrap(), MANY as u64 - AT_ONCE);
}

pub(crate) async fn events_are_written_and_read_while_others_are_dropped(place: &Place) {
    const ROUNDS: usize = 30;
    let store = place.open().await;
    let writing = place.open().await;
    let writer = tokio::spawn(async move {
        let mut kept = Vec::new();
        for _ in 0..ROUNDS {
            // Late by more than their retention, together with others.
            let rows = [row(mid("2025-03")), row(mid("2025-04")).of(OTHER_ORG), row(mid("2026-06"))];
            let written = loop {
                match writing.write(&build(&rows)).await {
                    // Its months were dropped under it each time that it tried.
                    Err(StoreError::Unavailable(_)) => {}
                    written => break written.unwrap(),
                }
            };
            assert_eq!(written, [Stored; 3]);
            kept.push(rows[2].clone());
            assert_eq!(all_of(&*writing, ORG).await[..kept.len()], newest_first(&kept));
        }
        kept
    });
    while !writer.is_finished() {
        let sweep = Sweep { installation: INSTALLATION, now: at(NOW), is_stopped: &|| false, told: &|_| () };
        match store.drop_past_retention(&sweep).await {
            Ok(()) | Err(StoreError::Unavailable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let kept = writer.await.unwrap();
    sweep(&*store).await;
    assert_eq!(all_of(&*store, ORG).await, newest_first(&kept));
    assert_eq!(store.count(OTHER_ORG).await.unwrap(), 0);
    for org_id in [ORG, OTHER_ORG] {
        assert_eq!(events_told(&*store, org_id).await, ROUNDS as u64, "each that went is told once");
    }
}

fn clock() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

pub(crate) async fn a_clock_that_jumped_drops_nothing_for_a_day(place: &Place) {
    const DAY_NS: i64 = 86_400_000_000_000;
    let store = place.open().await;
    assert_eq!(store.look_at_clock(clock()).await.unwrap(), ClockTrust::Trusted);
    // As if the last look had been three days ago.
    let earlier = format!("UPDATE retention_state SET clock_seen_at_ns = clock_seen_at_ns - {}", 3 * DAY_NS);
    place.execute(&earlier).await.unwrap();
    let now = clock();
    let until = Timestamp::from_unix_ns(now.unix_ns() + DAY_NS);
    assert_eq!(store.look_at_clock(now).await.unwrap(), ClockTrust::Jumped { until });
    // Another process, and one that is started anew, know it too.
    assert_eq!(place.open().await.look_at_clock(clock()).await.unwrap(), ClockTrust::Jumped { until });
    place.execute(&format!("UPDATE retention_state SET paused_until_ns = paused_until_ns - {DAY_NS}")).await.unwrap();
    assert_eq!(store.look_at_clock(clock()).await.unwrap(), ClockTrust::Trusted);
}

pub(crate) async fn a_clock_that_is_not_the_databases_drops_nothing(place: &Place) {
    const HOURS_MS: i64 = 3 * 3_600_000;
    let store = place.open().await;
    for ahead_ms in [HOURS_MS, -HOURS_MS] {
        let trust = store.look_at_clock(clock().plus_ms(ahead_ms)).await.unwrap();
        let ClockTrust::Disagrees { ahead_ms: found } = trust else { panic!("{trust:?}") };
        assert!((found - ahead_ms).abs() < 60_000, "{found}");
        // And it is not what a right one is measured by.
        assert_eq!(store.look_at_clock(clock()).await.unwrap(), ClockTrust::Trusted);
    }
}

/// In PostgreSQL a month is counted before the lock is taken behind which holds are placed and retentions set.
#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_is_placed_while_a_month_is_about_to_go_keeps_it() {
    let place = Place::postgres().await;
    let Place::Postgres { url } = &place else { unreachable!("it is PostgreSQL") };
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let rows = rows_of(org_id, 1, 3);
    put(&*store, &rows).await;
    let hold = format!(
        "INSERT INTO legal_holds (id, org_id, reason, placed_by, placed_at_ns) \
         VALUES (gen_random_uuid(), '{org_id}', 'case', 'test', 1)"
    );
    let longer = format!("INSERT INTO retention VALUES ('{org_id}', 500, 'test', 1)");
    for (kept_by, undo) in [(hold, "UPDATE legal_holds SET released_at_ns = 2"), (longer, "DELETE FROM retention")] {
        let mut holder = Place::client(url).await;
        let placing = holder.transaction().await.unwrap();
        placing.batch_execute("SELECT id FROM retention_state FOR NO KEY UPDATE").await.unwrap();
        placing.batch_execute(&kept_by).await.unwrap();
        let sweeping = store.clone();
        let sweeping = tokio::spawn(async move {
            let sweep = Sweep { installation: INSTALLATION, now: at(NOW), is_stopped: &|| false, told: &|_| () };
            sweeping.drop_past_retention(&sweep).await
        });
        until_someone_waits(&placing).await;
        placing.commit().await.unwrap();
        let swept = sweeping.await.unwrap();
        assert!(matches!(swept, Err(StoreError::Unavailable(_))), "it is to be tried again: {swept:?}");
        assert_eq!(sweep(&*store).await, []);
        assert_eq!(all_of(&*store, org_id).await, newest_first(&rows));
        assert_eq!(events_told(&*store, org_id).await, 0);
        place.execute(undo).await.unwrap();
    }
    assert_eq!(sweep(&*store).await, [(3, How::Partition)]);
}

/// Waits until somebody in this database waits for a lock.
async fn until_someone_waits(client: &tokio_postgres::Transaction<'_>) {
    const WAITING: &str = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
                           WHERE NOT l.granted AND a.datname = current_database()";
    let deadline = Instant::now() + Duration::from_secs(30);
    while client.query_one(WAITING, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(Instant::now() < deadline, "nobody waits");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A reader that takes long keeps a month from going, and nobody else: it goes the next time.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_in_use_waits_and_the_others_go() {
    let place = Place::postgres().await;
    let Place::Postgres { url } = &place else { unreachable!("it is PostgreSQL") };
    let store = place.open().await;
    put(&*store, &[row(mid("2025-03")), row(at("2019-01-01T00:00:00Z"))]).await;
    let mut reader = Place::client(url).await;
    let reading = reader.transaction().await.unwrap();
    reading.batch_execute("SELECT count(*) FROM aibbar_events_2025_03").await.unwrap();
    let quiet = Sweep { installation: INSTALLATION, now: at(NOW), is_stopped: &|| false, told: &|_| () };
    let swept = store.drop_past_retention(&quiet).await;
    assert!(matches!(swept, Err(StoreError::Unavailable(_))), "{swept:?}");
    assert_eq!(all_of(&*store, ORG).await.len(), 1, "that of 2019 went");
    assert_eq!(store.write(&build(&[row(mid("2026-06"))])).await.unwrap(), [Stored], "and nobody waits behind it");
    reading.commit().await.unwrap();
    assert_eq!(sweep(&*store).await, [(1, How::Partition)]);
}
