//! The sums of every window are those of what was sent, whatever was rolled up before, between and behind it: told by a model
//! that keeps everything.

use aibbar::{EventType, Timestamp, topic::TopicName};
use store::statistics::{Count, HOUR_S, MINUTE_S, Measure, OTHER, Span, minute_of};

use crate::{
    place::{Place, Store},
    rows::{ORG, OTHER_ORG, Row, at, put, row},
};

/// The windows of the metrics API: seconds of a step, and steps.
const WINDOWS: [(i64, i64); 4] = [(60, 60), (300, 72), (900, 96), (7_200, 84)];

/// Where the world begins: on no hour, and on no quarter of one.
const BEGINNING: &str = "2026-05-05T23:17:41.5Z";

/// It lasts so long that hours are forgotten too.
const LASTS_S: i64 = 11 * 24 * HOUR_S;

const EVENT_TYPES: [EventType; 3] = [EventType::Query, EventType::Response, EventType::Error];

/// The walks of the world that are tried: what is said of one that fails.
const SEEDS: [u64; 2] = [1, 2];

/// Numbers that look like chance, the same for the same seed (xorshift64*).
struct Chance(u64);

impl Chance {
    /// From 0 up to this, without it.
    fn below(&mut self, end: i64) -> i64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as i64) % end
    }
}

/// Everything that was sent, as it was sent.
#[derive(Default)]
struct Model {
    /// Where its minute begins, its type, and the number of its AI system.
    events: Vec<(i64, EventType, u128)>,
    /// Where its minute begins, and its topic.
    messages: Vec<(i64, String)>,
}

impl Model {
    fn events_within(&self, from_s: i64, to_s: i64) -> impl Iterator<Item = &(i64, EventType, u128)> {
        self.events.iter().filter(move |(at_s, ..)| (from_s..to_s).contains(at_s))
    }

    fn messages_within(&self, from_s: i64, to_s: i64) -> impl Iterator<Item = &(i64, String)> {
        self.messages.iter().filter(move |(at_s, _)| (from_s..to_s).contains(at_s))
    }
}

struct World<'s> {
    store: &'s dyn Store,
    chance: Chance,
    model: Model,
    now: Timestamp,
    writes: u64,
}

impl World<'_> {
    /// A moment of the time that passed since, or, seldom, one of up to a week ago: whoever stores it was away.
    fn moment(&mut self, since: Timestamp) -> Timestamp {
        let passed_ms = (self.now.unix_ms() - since.unix_ms()).max(1);
        let since_ms = if self.chance.below(20) == 0 { 7 * 24 * HOUR_S * 1_000 } else { passed_ms };
        self.now.plus_ms(-self.chance.below(since_ms))
    }

    async fn goes_on(&mut self) {
        let before = self.now;
        // From moments to most of a day: what is due for rolling up is now nothing, and now many hours.
        let scale = [MINUTE_S, HOUR_S, 20 * HOUR_S][self.chance.below(3) as usize];
        self.now = before.plus_ms(1 + self.chance.below(scale * 1_000));
        self.events_come(before).await;
        self.messages_come(before).await;
    }

    async fn events_come(&mut self, since: Timestamp) {
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..self.chance.below(25) {
            let received = self.moment(since);
            let event_type = EVENT_TYPES[self.chance.below(3) as usize];
            let ai = self.chance.below(5) as u128;
            self.model.events.push((minute_of(received), event_type, ai));
            rows.push(row(received).of_type(event_type).ai(ai));
            rows.push(row(received).of(OTHER_ORG));
        }
        put(self.store, &rows).await;
    }

    async fn messages_come(&mut self, since: Timestamp) {
        let mut counts = Vec::new();
        for _ in 0..self.chance.below(25) {
            let (at_s, label) = (minute_of(self.moment(since)), format!("topic-{}", self.chance.below(3)));
            self.model.messages.push((at_s, label.clone()));
            counts.push(Count { org_id: ORG, measure: Measure::Messages, at_s, label, counted: 1, total: 10 });
        }
        self.writes += 1;
        self.store.add_counts("gw", self.writes, &counts, self.now).await.unwrap();
    }

    /// Some of the hours that are due, or all of them.
    async fn is_tidied(&mut self) {
        let hours = [0, 3, i64::MAX][self.chance.below(3) as usize];
        let mut done = 0;
        while done < hours && self.store.tidy_statistics(self.now).await.unwrap() {
            done += 1;
        }
    }

    async fn sums_are_right(&self, step_s: i64, steps: i64) {
        let span = Span::up_to(self.now, step_s, steps);
        let told = format!("{span:?} at {}", self.now);
        let expected: Vec<(i64, u64)> = (span.from_s..span.to_s)
            .step_by(step_s as usize)
            .map(|at_s| (at_s, self.model.events_within(at_s, at_s + step_s).count() as u64))
            .filter(|(_, events)| *events > 0)
            .collect();
        let all = self.store.series_of_all(ORG, Measure::Events, span).await.unwrap();
        assert_eq!(all.iter().map(|point| (point.at_s, point.counted)).collect::<Vec<_>>(), expected, "{told}");
        for event_type in EVENT_TYPES {
            let series = self.store.series(ORG, Measure::Events, span).await.unwrap();
            let of_type = series.iter().filter(|point| point.label == event_type.as_str());
            let expected = self.model.events_within(span.from_s, span.to_s).filter(|event| event.1 == event_type);
            assert_eq!(of_type.map(|point| point.counted).sum::<u64>(), expected.count() as u64, "{told}");
        }
        let systems = self.store.largest(ORG, Measure::AiSystems, span, 100).await.unwrap();
        for share in &systems {
            let of_system = |event: &&(i64, EventType, u128)| uuid::Uuid::from_u128(event.2).to_string() == share.label;
            let expected = self.model.events_within(span.from_s, span.to_s).filter(of_system).count() as u64;
            assert_eq!(share.counted, expected, "{told}");
        }
        let of_all = |shares: &[store::statistics::Share]| shares.iter().map(|share| share.counted).sum::<u64>();
        assert_eq!(of_all(&systems), self.model.events_within(span.from_s, span.to_s).count() as u64, "{told}");
        let delays = self.store.series_of_all(ORG, Measure::StoreDelay, span).await.unwrap();
        assert_eq!(delays.iter().map(|point| point.counted).sum::<u64>(), of_all(&systems), "{told}");
        let topics = self.store.largest(ORG, Measure::Messages, span, 100).await.unwrap();
        let messages = self.model.messages_within(span.from_s, span.to_s).count() as u64;
        assert_eq!(of_all(&topics), messages, "{told}");
        assert_eq!(topics.iter().map(|share| share.total).sum::<u64>(), 10 * messages, "{told}");
    }

    /// A topic that was made before the first of its messages knows them all.
    async fn a_topic_is_right(&self, made_at: Timestamp) {
        let name = TopicName::parse("topic-0").unwrap();
        let found = self.store.topic_statistics(ORG, &name, made_at, self.now).await.unwrap();
        let midnight = self.now.unix_ms() / 1_000 / (24 * HOUR_S) * (24 * HOUR_S);
        let since = |from_s| {
            let messages = self.model.messages_within(from_s, i64::MAX);
            messages.filter(|(_, topic)| topic == name.as_str()).count() as u64
        };
        assert_eq!(found.messages_30_days, since(i64::MIN), "at {}", self.now);
        assert_eq!(found.messages_today, since(midnight), "at {}", self.now);
    }
}

pub(crate) async fn every_window_sums_up_to_what_was_sent(place: &Place) {
    for seed in SEEDS {
        let store = place.open().await;
        let beginning = at(BEGINNING);
        let chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut world = World { store: &*store, chance, model: Model::default(), now: beginning, writes: 0 };
        let mut made_at = beginning;
        while world.now.unix_ms() - beginning.unix_ms() < LASTS_S * 1_000 {
            world.goes_on().await;
            if let Some(first) = world.model.messages.iter().map(|(at_s, _)| *at_s).min() {
                made_at = made_at.min(Timestamp::from_unix_ms(first * 1_000 + 59_999));
            }
            world.is_tidied().await;
            for (step_s, steps) in WINDOWS {
                world.sums_are_right(step_s, steps).await;
            }
            world.a_topic_is_right(made_at).await;
        }
        place.execute("DELETE FROM statistics").await.unwrap();
        place.execute("DELETE FROM statistics_writers").await.unwrap();
    }
}

pub(crate) async fn what_has_no_place_of_its_own_is_told_however_little_it_is(place: &Place) {
    let store = place.open().await;
    let noon = at("2026-05-15T12:00:00Z");
    let count = |label: &str, counted| {
        let label = label.to_owned();
        Count { org_id: ORG, measure: Measure::AiSystems, at_s: minute_of(noon), label, counted, total: counted * 7 }
    };
    let mut counts: Vec<Count> = (0..20).map(|n| count(&uuid::Uuid::from_u128(n).to_string(), 100)).collect();
    counts.push(count(OTHER, 3));
    store.add_counts("gw", 1, &counts, noon).await.unwrap();
    let span = Span::up_to(noon, MINUTE_S, 60);
    let largest = store.largest(ORG, Measure::AiSystems, span, 11).await.unwrap();
    assert!(largest.iter().all(|share| share.label != OTHER));
    let other = store.share_of(ORG, Measure::AiSystems, span, OTHER).await.unwrap();
    assert_eq!((other.counted, other.total), (3, 21));
    let none = store.share_of(OTHER_ORG, Measure::AiSystems, span, OTHER).await.unwrap();
    assert_eq!((none.counted, none.total), (0, 0));
    let before = Span { to_s: span.to_s - MINUTE_S, ..span };
    assert_eq!(store.share_of(ORG, Measure::AiSystems, before, OTHER).await.unwrap().counted, 0);
}

pub(crate) async fn a_topic_keeps_its_first_hour(place: &Place) {
    let store = place.open().await;
    // Made at some minute of an hour, and used at once.
    let made_at = at("2026-05-15T12:41:30Z");
    let orders = TopicName::parse("orders").unwrap();
    let messages = |minute: i64, counted| {
        let (at_s, label) = (minute_of(made_at) + minute * MINUTE_S, "orders".to_owned());
        Count { org_id: ORG, measure: Measure::Messages, at_s, label, counted, total: counted * 10 }
    };
    store.add_counts("gw", 1, &[messages(0, 5), messages(3, 7), messages(40, 11)], made_at).await.unwrap();
    let told = async |now| {
        let found = store.topic_statistics(ORG, &orders, made_at, now).await.unwrap();
        (found.messages_30_days, found.bytes_30_days)
    };
    assert_eq!(told(made_at.plus_ms(HOUR_S * 1_000)).await, (23, 230));
    let two_days_later = made_at.plus_ms(48 * HOUR_S * 1_000);
    while store.tidy_statistics(two_days_later).await.unwrap() {}
    assert_eq!(place.count("statistics WHERE step_s = 60").await, 0);
    assert_eq!(told(two_days_later).await, (23, 230));
}
