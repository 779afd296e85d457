//! Tests of the way from the log to a client: nothing is lost on it, whoever comes when.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use aibbar::record::{EVENTS_TOPIC, ORG_HEADER};
use bus::{
    EventLog, LogRecord, NewRecord, Positions, ReadLimits, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use futures_util::FutureExt;
use parking_lot::Mutex;
use serde_json::{Value, json};
use store::{
    OrgId,
    events::EventFilter,
    sqlite::{SqliteSettings, SqliteStore},
    vault::{MasterKey, Vault},
};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    feed::{Asked, Broken, Feed, STEP_EVERY},
    filter::LiveFilter,
    frame::Frame,
    hub::{Client, Hub},
    line::Line,
    queue::Queue,
    tail::Tail,
    topic::events,
};
use crate::{metrics::Metrics, settings::LiveSettings, streams::cursor::Cursor};

const ORG: OrgId = OrgId::from_u128(7);

/// Far longer than any step takes.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// So many records of this size are one read of the log for a replay, which takes a mebibyte.
const RECORDS_OF_A_READ: u64 = 10;
const PADDING_BYTES: usize = 100_000;

/// A log with one partition, and a hub.
struct Place {
    log: Arc<LocalLog>,
    hub: Arc<Hub>,
    line: Line,
    _dir: TempDir,
}

impl Place {
    /// With these settings; whether the log is tailed, or the test does what the tail does.
    async fn open(settings: LiveSettings, line: Line, is_tailed: bool) -> Place {
        let dir = tempfile::tempdir().unwrap();
        let log = Arc::new(LocalLog::open(&dir.path().join("log"), LocalSettings::default()).unwrap());
        let topic = TopicSpec { name: EVENTS_TOPIC.into(), partitions: 1, retention: None, compacted: false };
        log.ensure_topic(&topic).await.unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let store = SqliteStore::open(&dir.path().join("store.db"), SqliteSettings::default(), vault).await.unwrap();
        let metrics = Metrics::register(&prometheus::Registry::new()).unwrap();
        let stop = CancellationToken::new();
        if !is_tailed {
            stop.cancel();
        }
        let hub = Hub::start(log.clone(), Arc::new(store), Vec::new(), Arc::new(metrics), settings, stop);
        if !is_tailed {
            hub.stopped().await;
        }
        Place { log, hub, line, _dir: dir }
    }

    /// Without a tail, with a queue of one record, and with so many large records in the log.
    async fn by_hand(records: u64) -> Place {
        let settings = LiveSettings { queue_records_max: 1, ..LiveSettings::default() };
        let place = Place::open(settings, Line::new(1, 1), false).await;
        place.append(0..records, PADDING_BYTES).await;
        place
    }

    async fn append(&self, numbers: std::ops::Range<u64>, padding: usize) {
        let records = numbers.map(|number| NewRecord {
            key: Bytes::from(format!("ai {number}")),
            payload: payload(number, padding),
            headers: vec![(ORG_HEADER.into(), Bytes::from(ORG.to_string()))],
        });
        for appended in self.log.append(EVENTS_TOPIC, records.collect()).await {
            appended.unwrap();
        }
    }

    /// As a tail reads them.
    async fn records(&self, from: u64, to: u64) -> Vec<LogRecord> {
        let mut reader = self.log.reader(EVENTS_TOPIC, at(from)).await.unwrap();
        let mut records = Vec::new();
        while records.len() < (to - from) as usize {
            let limits = ReadLimits { records_max: 1, bytes_max: 1, wait_max: WAIT_MAX };
            records.extend(reader.next(limits).await.unwrap());
        }
        records
    }

    async fn client(&self, cursor: Option<u64>) -> Feed {
        let cursors = cursor.map(|offset| vec![Cursor::new(events().id, at(offset))]);
        self.try_client(cursors).await.unwrap()
    }

    async fn try_client(&self, cursors: Option<Vec<Cursor>>) -> Result<Feed, Broken> {
        let filter = Arc::new(LiveFilter::new(EventFilter::default(), None).unwrap());
        let asked = Asked { org_id: ORG, topics: vec![Arc::new(events())], filter, batched: false };
        Ok(Feed::open(&self.hub, &self.line, asked, cursors).await?.0)
    }
}

fn at(offset: u64) -> Positions {
    Positions::from([(0, offset)])
}

fn payload(number: u64, padding: usize) -> Bytes {
    let event = json!({
        "event_type": "ai.query", "ai_id": Uuid::nil(), "timestamp": "2026-03-01T09:30:00Z", "sequence": number,
        "signature": "ab".repeat(32), "metadata": {}, "query": { "prompt": "x".repeat(padding) },
    });
    let record = json!({ "event_id": Uuid::nil(), "org_id": ORG, "received_at": "2026-03-01T09:30:00Z" });
    Bytes::from(json!({ "event": event, "record": record }).to_string())
}

/// The frames of the next step.
async fn step(feed: &mut Feed) -> Vec<Value> {
    let frames = timeout(WAIT_MAX, feed.next()).await.expect("a step in time").unwrap();
    frames.into_iter().map(|frame: Frame| serde_json::from_slice(&frame.into_pieces().concat()).unwrap()).collect()
}

/// The numbers of the records of the next steps, until there are so many.
async fn numbers(feed: &mut Feed, count: u64) -> Vec<u64> {
    let mut numbers = Vec::new();
    while (numbers.len() as u64) < count {
        for frame in step(feed).await {
            numbers.push(frame["event"]["sequence"].as_u64().unwrap_or_else(|| panic!("{frame} after {numbers:?}")));
        }
    }
    numbers
}

#[tokio::test]
async fn a_batch_under_way_when_a_client_joins_is_read_from_the_log() {
    let place = Place::by_hand(3 * RECORDS_OF_A_READ).await;
    let watching = place.hub.watching_events();
    watching.begin(&at(10));
    // The tail has looked who watches, and hands out 10 to 19.
    assert!(watching.raise_head(&at(20)).is_empty());
    let (mut resumed, fresh) = (place.client(Some(10)).await, place.client(None).await);
    assert_eq!(fresh.places().at(0).positions, at(20));
    watching.raise_mark();
    assert_eq!(numbers(&mut resumed, 10).await, Vec::from_iter(10..20));
    assert!(step(&mut resumed).await.is_empty(), "it becomes live");
    place.hub.hand_out_events(&place.records(20, 21).await).await;
    assert_eq!(numbers(&mut resumed, 1).await, [20]);
}

#[tokio::test]
async fn a_batch_under_way_when_a_full_queue_is_emptied_is_read_from_the_log() {
    let place = Place::by_hand(3 * RECORDS_OF_A_READ + 1).await;
    let watching = place.hub.watching_events();
    watching.begin(&at(10));
    let mut feed = place.client(Some(0)).await;
    assert_eq!(numbers(&mut feed, 10).await, Vec::from_iter(0..10));
    // More than its queue holds, while it reads.
    place.hub.hand_out_events(&place.records(10, 20).await).await;
    // And more, of which the mark does not tell yet.
    let late = place.records(20, 30).await;
    let watchers = watching.raise_head(&at(30));
    place.hub.hand_out_events_to(&watchers, &late).await;
    assert!(step(&mut feed).await.is_empty(), "it sees that it missed some, and reads on");
    watching.raise_mark();
    assert_eq!(numbers(&mut feed, 20).await, Vec::from_iter(10..30));
    assert!(step(&mut feed).await.is_empty(), "it becomes live");
    place.hub.hand_out_events(&place.records(30, 31).await).await;
    assert_eq!(numbers(&mut feed, 1).await, [30]);
}

#[tokio::test]
async fn a_mark_does_not_lead_past_what_was_not_handed_out() {
    let place = Place::by_hand(20).await;
    let watching = place.hub.watching_events();
    watching.begin(&at(0));
    let mut feed = place.client(Some(0)).await;
    place.hub.hand_out_events(&place.records(0, 1).await).await;
    let batch = place.records(1, 3).await;
    let watchers = watching.raise_head(&at(3));
    // It empties its queue while the batch is on its way.
    assert_eq!(numbers(&mut feed, 1).await, [0]);
    assert_eq!(feed.places().at(0).positions, at(1));
    place.hub.hand_out_events_to(&watchers, &batch).await;
    watching.raise_mark();
    assert_eq!(step(&mut feed).await[0]["event"]["sequence"], 1);
    assert_eq!(feed.places().at(0).positions, at(3), "and it was told that it missed one");
}

#[tokio::test]
async fn what_comes_between_two_steps_goes_together() {
    let place = Place::open(LiveSettings::default(), Line::new(1, 1), false).await;
    place.append(0..3, 1).await;
    place.hub.watching_events().begin(&at(0));
    let mut feed = place.client(None).await;
    let begun = Instant::now();
    place.hub.hand_out_events(&place.records(0, 1).await).await;
    assert_eq!(step(&mut feed).await.len(), 1);
    assert!(feed.not_before >= begun + STEP_EVERY);
    // As long as it takes two more to come.
    feed.not_before = Instant::now() + WAIT_MAX;
    for offset in 1..3 {
        place.hub.hand_out_events(&place.records(offset, offset + 1).await).await;
        assert!(feed.next().now_or_never().is_none());
    }
    feed.not_before = Instant::now();
    let numbers = step(&mut feed).await.into_iter().map(|frame| frame["event"]["sequence"].as_u64().unwrap());
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn one_client_has_one_turn_and_gives_it_back() {
    let place = Place::by_hand(20).await;
    place.hub.watching_events().begin(&at(20));
    let mut feed = place.client(Some(0)).await;
    assert_eq!(numbers(&mut feed, 10).await, Vec::from_iter(0..10));
    // There is one turn, which it has.
    let mut waiting = place.client(Some(0)).await;
    assert!(waiting.next().now_or_never().is_none());
    feed.resume(Some(&[Cursor::new(events().id, at(5))])).await.unwrap();
    assert_eq!(numbers(&mut feed, 15).await, Vec::from_iter(5..20));
    assert!(waiting.next().now_or_never().is_none());
    feed.pause();
    assert_eq!(numbers(&mut waiting, 20).await, Vec::from_iter(0..20));
}

#[tokio::test]
async fn a_paused_client_keeps_nothing_and_is_told_of_the_end_of_its_topic() {
    let place = Place::by_hand(2).await;
    let watching = place.hub.watching_events();
    watching.begin(&at(0));
    let mut feed = place.client(None).await;
    feed.pause();
    place.hub.hand_out_events(&place.records(0, 2).await).await;
    assert!(feed.next().now_or_never().is_none());
    feed.resume(None).await.unwrap();
    assert_eq!(numbers(&mut feed, 2).await, [0, 1]);
    feed.pause();
    watching.end();
    assert_eq!(feed.next().await.unwrap_err(), Broken::TopicDeleted);
    assert_eq!(place.try_client(None).await.err(), Some(Broken::TopicDeleted));
}

#[tokio::test]
async fn partitions_that_come_while_older_records_are_read_are_read_whole() {
    let place = Place::by_hand(20).await;
    place.hub.watching_events().begin(&at(20));
    let mut feed = place.client(Some(0)).await;
    assert_eq!(numbers(&mut feed, 10).await, Vec::from_iter(0..10));
    // More than its queue holds, so that it reads on; and by then there is another partition.
    place.hub.hand_out_events(&place.records(10, 13).await).await;
    place.log.add_partitions(EVENTS_TOPIC, 2).await.unwrap();
    place.append(20..40, 0).await;
    let bounds = place.log.bounds(EVENTS_TOPIC).await.unwrap();
    assert!(bounds[&1].end > 0, "some lie in the new one");
    place.hub.watching_events().begin(&bounds.iter().map(|(&partition, bounds)| (partition, bounds.end)).collect());
    let mut read = numbers(&mut feed, 30).await;
    read.sort_unstable();
    assert_eq!(read, Vec::from_iter(10..40));
}

#[tokio::test]
async fn what_is_gone_before_it_was_read_holds_no_stream_up() {
    let place = Place::by_hand(20).await;
    place.hub.watching_events().begin(&at(20));
    let mut feed = place.client(Some(0)).await;
    place.log.trim(EVENTS_TOPIC, 0, 20).await.unwrap();
    assert!(step(&mut feed).await.is_empty(), "its turn comes");
    assert!(step(&mut feed).await.is_empty(), "the log says that there is nothing more");
    assert_eq!(feed.places().at(0).positions, at(20));
    place.append(20..21, 0).await;
    place.hub.hand_out_events(&place.records(20, 21).await).await;
    assert_eq!(numbers(&mut feed, 1).await, [20]);
}

/// A tail by itself, with nobody's hub around it; it has read the log up to here.
fn tail_at(offset: u64) -> Tail {
    let tail = Tail::new(Arc::new(events()), Vec::new());
    tail.watching.begin(&at(offset));
    tail
}

fn somebody() -> Arc<Client> {
    Arc::new(Client {
        filter: Arc::new(LiveFilter::new(EventFilter::default(), None).unwrap()),
        queue: Queue::new(1, 1),
        stalled: Mutex::default(),
        evicted: CancellationToken::new(),
        topic_deleted: CancellationToken::new(),
    })
}

#[tokio::test]
async fn a_tail_that_nobody_watches_rests_and_goes_on_at_the_end_of_the_log_that_a_client_is_told() {
    let place = Place::by_hand(3).await;
    let tail = tail_at(0);
    let mut resting = Box::pin(tail.rest(place.log.as_ref()));
    assert!((&mut resting).now_or_never().is_none());
    place.append(3..5, 0).await;
    assert_eq!(tail.watching.join(ORG, somebody()), None, "it is told nothing yet");
    let (went_on, told) = tokio::join!(timeout(WAIT_MAX, resting), timeout(WAIT_MAX, tail.watching.began()));
    assert_eq!((went_on.unwrap().unwrap(), told.unwrap().as_ref()), (at(5), &at(5)));
    assert_eq!(tail.watching.join(ORG, somebody()).as_deref(), Some(&at(5)), "and the next one at once");
    assert_eq!(tail.rest(place.log.as_ref()).await.unwrap(), at(5), "it does not rest while it is watched");
}

#[tokio::test]
async fn a_client_that_comes_while_the_log_is_away_is_told_the_last_place_that_was_seen() {
    let place = Place::by_hand(0).await;
    let tail = tail_at(7);
    let mut resting = Box::pin(tail.rest(place.log.as_ref()));
    assert!((&mut resting).now_or_never().is_none());
    place.log.delete_topic(EVENTS_TOPIC).await.unwrap();
    assert_eq!(tail.watching.join(ORG, somebody()), None);
    assert!(timeout(WAIT_MAX, resting).await.unwrap().is_err());
    assert_eq!(tail.watching.began().await.as_ref(), &at(7));
    assert_eq!(tail.watching.join(ORG, somebody()).as_deref(), Some(&at(7)));
    // It goes on from there, however often it has to try.
    tail.watching.begin(&at(9));
    assert_eq!(tail.watching.began().await.as_ref(), &at(7));
}

/// Clients that come and go, read slowly and resume, while records keep coming.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_comes_when_sees_every_record() {
    const CLIENTS: u64 = 8;
    const RECORDS: u64 = 6_000;
    let settings = LiveSettings { queue_records_max: 16, ..LiveSettings::default() };
    let place = Arc::new(Place::open(settings, Line::new(3, 2), true).await);
    let clients: Vec<_> = (0..CLIENTS).map(|number| tokio::spawn(watch(place.clone(), number, RECORDS))).collect();
    for from in (0..RECORDS).step_by(25) {
        place.append(from..from + 25, 0).await;
    }
    let mut resumed = 0;
    for client in clients {
        let (seen, times) = timeout(WAIT_MAX, client).await.expect("it sees all in time").unwrap();
        assert_eq!(seen.len() as u64, RECORDS);
        resumed += times;
    }
    assert!(resumed > CLIENTS, "they came and went: {resumed} times");
}

/// Sees so many records, and says how often it began anew.
async fn watch(place: Arc<Place>, client: u64, records: u64) -> (BTreeSet<u64>, u64) {
    let mut seen = BTreeSet::new();
    let mut feed = place.client(Some(0)).await;
    let (mut steps, mut resumed) = (0, 0);
    while (seen.len() as u64) < records {
        let mut was_told_a_gap = false;
        for frame in step(&mut feed).await {
            match frame["event"]["sequence"].as_u64() {
                Some(number) => {
                    assert!(
                        number == 0 || seen.contains(&(number - 1)),
                        "{number} came, and the one before it did not"
                    );
                    seen.insert(number);
                }
                None => was_told_a_gap = true,
            }
        }
        steps += 1;
        // Each in a rhythm of its own.
        if !was_told_a_gap && steps % (3 + client) != 0 {
            continue;
        }
        resumed += 1;
        let here = vec![Cursor::new(events().id, at(seen.last().map_or(0, |last| last + 1)))];
        match client % 3 {
            0 => feed.resume(Some(&here)).await.map(drop).unwrap(),
            1 => feed = place.try_client(Some(here)).await.unwrap(),
            _ if was_told_a_gap => feed.resume(Some(&here)).await.map(drop).unwrap(),
            _ => {
                feed.pause();
                tokio::task::yield_now().await;
                feed.resume(None).await.map(drop).unwrap();
            }
        }
    }
    (seen, resumed)
}
