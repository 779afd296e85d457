//! Questions: exactly what was asked for, newest first, page after page.

use aibbar::{EventType, Timestamp};
use store::EventFilter;
use uuid::Uuid;

use crate::{
    place::{Place, Store},
    rows::{ORG, OTHER_ORG, Row, at, find, id_at, mid, newest_first, put, row},
};

fn any() -> EventFilter {
    EventFilter::default()
}

fn text(text: &str) -> EventFilter {
    EventFilter { text: Some(text.to_owned()), ..any() }
}

pub(crate) async fn each_filter_finds_what_it_names(place: &Place) {
    let store = place.open().await;
    let types = [EventType::Action, EventType::Decision, EventType::Error, EventType::Query, EventType::Response];
    let rows: Vec<Row> = types
        .iter()
        .zip(0..)
        .map(|(event_type, n)| {
            let row = row(mid("2026-06").plus_ms(i64::from(n) * 20 * 86_400_000)).of_type(*event_type);
            row.ai(100 + n as u128).session(&format!("s{n}")).request(&format!("r{n}")).text(&format!("text {n}"))
        })
        .collect();
    put(&*store, &rows).await;
    assert_eq!(find(&*store, ORG, any()).await, newest_first(&rows));
    for (n, (row, event_type)) in rows.iter().zip(types).enumerate() {
        for filter in [
            EventFilter { ai_id: Some(Uuid::from_u128(100 + n as u128)), ..any() },
            EventFilter { event_type: Some(event_type), ..any() },
            EventFilter { session_id: Some(format!("s{n}")), ..any() },
            EventFilter { request_id: Some(format!("r{n}")), ..any() },
            text(&format!("text {n}")),
        ] {
            assert_eq!(find(&*store, ORG, filter.clone()).await, [row.record()], "{filter:?}");
        }
    }
    let none = EventFilter { session_id: Some("S0".into()), ..any() };
    assert!(find(&*store, ORG, none).await.is_empty(), "ids are compared as they are");
}

pub(crate) async fn filters_combine(place: &Place) {
    let store = place.open().await;
    let wanted = row(mid("2026-10")).ai(1).of_type(EventType::Action).session("s").request("r").text("needle");
    let others = [
        wanted.clone().ai(2),
        wanted.clone().of_type(EventType::Error),
        wanted.clone().session("t"),
        wanted.clone().request("q"),
        wanted.clone().text("hay"),
    ]
    .map(|other| other.id(id_at(mid("2026-10"))));
    let other_time = row(mid("2026-09")).ai(1).of_type(EventType::Action).session("s").request("r").text("needle");
    put(&*store, &others).await;
    put(&*store, &[wanted.clone(), other_time]).await;
    let filter = EventFilter {
        ai_id: Some(Uuid::from_u128(1)),
        event_type: Some(EventType::Action),
        from: Some(at("2026-10-01T00:00:00Z")),
        to: Some(at("2026-11-01T00:00:00Z")),
        session_id: Some("s".into()),
        request_id: Some("r".into()),
        text: Some("needle".into()),
    };
    assert_eq!(find(&*store, ORG, filter.clone()).await, [wanted.record()]);
    let page = store.query(ORG, &filter, Some(wanted.event_id()), 10).await.unwrap();
    assert!(page.records.is_empty());
}

pub(crate) async fn bounds_in_time_are_exact_to_the_nanosecond(place: &Place) {
    let store = place.open().await;
    let noon = at("2026-10-15T12:00:00Z").unix_ns();
    let moment = |ns: i64| Timestamp::from_unix_ns(noon + ns);
    let rows = [row(moment(-1)), row(moment(0)), row(moment(1))];
    put(&*store, &rows).await;
    let between =
        |from: Option<i64>, to: Option<i64>| EventFilter { from: from.map(moment), to: to.map(moment), ..any() };
    for (from, to, expected) in [
        (Some(0), None, &rows[1..]),
        (None, Some(0), &rows[..1]),
        (Some(0), Some(1), &rows[1..2]),
        (Some(-1), Some(2), &rows[..]),
        (Some(1), Some(1), &rows[..0]),
        (Some(2), Some(-5), &rows[..0]),
    ] {
        let found = find(&*store, ORG, between(from, to)).await;
        assert_eq!(found, newest_first(expected), "{from:?} {to:?}");
    }
    let ever = EventFilter {
        from: Some(Timestamp::from_unix_ns(i64::MIN)),
        to: Some(Timestamp::from_unix_ns(i64::MAX)),
        ..any()
    };
    assert_eq!(find(&*store, ORG, ever).await.len(), 3);
}

pub(crate) async fn an_id_a_day_from_its_timestamp_is_found_by_time(place: &Place) {
    let store = place.open().await;
    let timestamp = at("2026-11-01T00:00:00.000000001Z");
    let day_ms = 24 * 60 * 60 * 1000;
    let rows =
        [row(timestamp).id(id_at(timestamp.plus_ms(-day_ms))), row(timestamp).id(id_at(timestamp.plus_ms(day_ms)))];
    put(&*store, &rows).await;
    let just_then =
        EventFilter { from: Some(timestamp), to: Some(Timestamp::from_unix_ns(timestamp.unix_ns() + 1)), ..any() };
    assert_eq!(find(&*store, ORG, just_then).await, newest_first(&rows));
}

pub(crate) async fn pages_are_complete_while_rows_arrive(place: &Place) {
    let store = place.open().await;
    let start = at("2026-08-01T00:00:00Z");
    let there: Vec<Row> = (0..60).map(|n| row(start.plus_ms(n * 100_000_000))).collect();
    put(&*store, &there).await;

    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store.query(ORG, &any(), before, 7).await.unwrap();
        assert!(page.records.len() <= 7);
        seen.extend(page.records);
        // Some newer than everything, some in between what was and what will be seen.
        let arriving: Vec<Row> = (0..5).map(|n| row(start.plus_ms(n * 2_000_000_000 + 77))).collect();
        put(&*store, &arriving).await;
        match page.next_before {
            Some(last) => before = Some(last),
            None => break,
        }
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), seen.len(), "nothing is shown twice");
    for record in newest_first(&there) {
        assert!(seen.contains(&record), "nothing that was there is left out");
    }
}

pub(crate) async fn an_export_walks_oldest_first_and_is_complete_while_rows_arrive(place: &Place) {
    let store = place.open().await;
    let start = at("2026-08-01T00:00:00Z");
    let there: Vec<Row> = (0..60).map(|n| row(start.plus_ms(n * 100_000_000)).ai(2 + n as u128 % 2)).collect();
    let outside = [row(start.plus_ms(-1)), row(start.plus_ms(60 * 100_000_000)), row(start).of(OTHER_ORG)];
    put(&*store, &there).await;
    put(&*store, &outside).await;
    let filter = EventFilter { from: Some(start), to: Some(start.plus_ms(60 * 100_000_000)), ..any() };

    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.export(ORG, &filter, after, 7).await.unwrap();
        assert!(page.records.len() <= 7);
        seen.extend(page.records);
        // Before what was seen, in between, and behind what is asked for.
        let arriving: Vec<Row> = (0..5).map(|n| row(start.plus_ms(n * 2_000_000_000 + 77))).collect();
        put(&*store, &arriving).await;
        match page.next_after {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    let mut oldest_first = newest_first(&there);
    oldest_first.reverse();
    seen.retain(|record| oldest_first.contains(record));
    assert_eq!(seen, oldest_first, "all that was there, each once, in order");

    let of_one = EventFilter { ai_id: Some(Uuid::from_u128(3)), ..filter };
    let page = store.export(ORG, &of_one, None, 10_000).await.unwrap();
    let first = newest_first(there.iter().filter(|row| row.build().head().ai_id == Uuid::from_u128(3))).pop();
    assert_eq!(page.records.first(), first.as_ref(), "filters are the list's");
}

pub(crate) async fn an_exports_page_of_large_records_is_short_and_leads_on(place: &Place) {
    let store = place.open().await;
    let large = "x".repeat(2_500_000);
    let rows: Vec<Row> = (0..8).map(|_| row(mid("2026-10")).text(&large)).collect();
    for row in &rows {
        put(&*store, std::slice::from_ref(row)).await;
    }
    let first = store.export(ORG, &any(), None, 100).await.unwrap();
    assert!((1..8).contains(&first.records.len()), "{} records", first.records.len());
    let rest = store.export(ORG, &any(), first.next_after, 100).await.unwrap();
    assert_eq!(rest.next_after, None);
    let mut oldest_first = newest_first(&rows);
    oldest_first.reverse();
    assert!([first.records, rest.records].concat() == oldest_first);
}

pub(crate) async fn a_page_of_large_records_is_short_and_leads_on(place: &Place) {
    let store = place.open().await;
    let large = "x".repeat(2_500_000);
    let rows: Vec<Row> = (0..10).map(|_| row(mid("2026-10")).text(&large)).collect();
    for row in &rows {
        put(&*store, std::slice::from_ref(row)).await;
    }
    let first = store.query(ORG, &any(), None, 100).await.unwrap();
    assert!((1..10).contains(&first.records.len()), "{} records", first.records.len());
    let rest = store.query(ORG, &any(), first.next_before, 100).await.unwrap();
    assert_eq!(rest.next_before, None);
    assert!([first.records, rest.records].concat() == newest_first(&rows));
}

pub(crate) async fn a_limit_of_nothing_answers_nothing(place: &Place) {
    let store = place.open().await;
    put(&*store, &[row(mid("2026-10")), row(mid("2026-10"))]).await;
    for (limit, records, more) in [(0, 0, false), (1, 1, true), (2, 2, false), (u32::MAX, 2, false)] {
        let page = store.query(ORG, &any(), None, limit).await.unwrap();
        assert_eq!((page.records.len(), page.next_before.is_some()), (records, more), "limit {limit}");
    }
}

pub(crate) async fn text_is_found_as_people_write_it(place: &Place) {
    let store = place.open().await;
    let stored = "She said \"Hi\" to ÉMILE, 100% sure_thing\n\\o/ \u{0}\u{1f} 😀";
    put(&*store, &[row(mid("2026-10")).text(stored), row(mid("2026-10")).text("something else")]).await;
    let check = async |needle: &str, found: bool| {
        assert_eq!(find(&*store, ORG, text(needle)).await.len(), usize::from(found), "{needle:?}");
    };
    check("she SAID", true).await;
    check("\"hi\"", true).await;
    check("said \"Hi\" to", true).await;
    check("ÉMILE", true).await;
    check("émile", false).await; // only ASCII letters match in either case
    check("Émile", true).await;
    check("100% sure_", true).await;
    check("100_", false).await;
    check("1%e", false).await;
    check("thing\n\\o/", true).await;
    check("\u{0}\u{1f}", true).await;
    check("😀", true).await;
    check("hi\" or 1=1 --", false).await;
    assert_eq!(find(&*store, ORG, text("")).await.len(), 2);
}

pub(crate) async fn text_is_not_found_in_what_the_gateway_added(place: &Place) {
    let store = place.open().await;
    let row = row(mid("2026-10")).text("Zürich 😀 gateway");
    put(&*store, std::slice::from_ref(&row)).await;
    for (needle, found) in
        [("gw-1", 0), ("event_id", 0), (&row.event_id().to_string(), 0), ("gateway\"}", 0), ("gateway", 1)]
    {
        assert_eq!(find(&*store, ORG, text(needle)).await.len(), found, "{needle}");
    }
}

pub(crate) async fn organisations_see_only_their_own(place: &Place) {
    let store = place.open().await;
    let ours = row(mid("2026-10")).session("s").request("r");
    let theirs = row(mid("2026-10")).session("s").request("r").of(OTHER_ORG);
    put(&*store, &[ours.clone(), theirs.clone()]).await;
    let all_filters = [
        any(),
        EventFilter { ai_id: Some(Uuid::from_u128(1)), ..any() },
        EventFilter { event_type: Some(EventType::Query), ..any() },
        EventFilter { session_id: Some("s".into()), ..any() },
        EventFilter { request_id: Some("r".into()), ..any() },
        EventFilter { from: Some(mid("2026-09")), to: Some(mid("2026-11")), ..any() },
        text("hello"),
    ];
    for filter in all_filters {
        assert_eq!(find(&*store, ORG, filter.clone()).await, [ours.record()], "{filter:?}");
        assert_eq!(find(&*store, OTHER_ORG, filter.clone()).await, [theirs.record()], "{filter:?}");
        assert!(find(&*store, Uuid::nil(), filter).await.is_empty());
    }
    assert_eq!(store.get(ORG, theirs.event_id()).await.unwrap(), None);
    let page = store.query(ORG, &any(), Some(theirs.event_id()), 10).await.unwrap();
    assert!(!page.records.contains(&theirs.record()));
}

pub(crate) async fn count_counts_one_organisation(place: &Place) {
    let store: std::sync::Arc<dyn Store> = place.open().await;
    put(&*store, &[row(mid("2026-10")), row(mid("2026-09")), row(mid("2026-10")).of(OTHER_ORG)]).await;
    assert_eq!(store.count(ORG).await.unwrap(), 2);
    assert_eq!(store.count(OTHER_ORG).await.unwrap(), 1);
    assert_eq!(store.count(Uuid::nil()).await.unwrap(), 0);
}
