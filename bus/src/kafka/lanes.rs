//! Appends to one partition take turns: while one is on its way, what comes waits here, and goes together afterwards.
//!
//! librdkafka could let them wait itself, and does so at the price of a processor: its idempotent producer sends nothing
//! more to a partition that has more than a few records on their way, and while records wait for that longer than they
//! were to linger, its thread asks for the socket without a pause (librdkafka 2.12, `rd_kafka_toppar_producer_serve`: the
//! time to wake up is now, and nothing may be sent). Under load that was a third of the gateway's processor time. So
//! nothing is handed over that could not be sent, and it sleeps.
//!
//! A lane is a partition of a topic, as far as we know: the brokers tell how many there are when a topic is learned of,
//! and acknowledgements do. A wrong guess costs a wait or some of that time, and nothing else: that records of one key
//! lie in one partition, in order, is librdkafka's doing. Records without a key, of which it says itself where they go,
//! share one lane.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use crate::{AppendError, NewRecord, Partition, Position, partitioner::partition_for_key};

/// What became of records, in their order.
pub(super) type Outcomes = Vec<Result<Position, AppendError>>;

/// What takes one turn at most; what is larger by itself goes alone. librdkafka sends about as much in one request
/// (`batch.size`), and so few are handed over before the first of them has lingered.
const TURN_RECORDS_MAX: usize = 500;
const TURN_BYTES_MAX: usize = 1_000_000;

/// Topics whose partitions are remembered; past it, all are learned anew.
const TOPICS_KNOWN_MAX: usize = 10_000;

/// Where appends wait for each other.
pub(super) struct Lanes {
    /// What may wait or be on its way.
    bounds: Load,
    state: Mutex<State>,
    /// Told whenever a lane falls idle.
    fell_idle: Notify,
}

#[derive(Default)]
struct State {
    /// The lanes that somebody drives, and what waits in them.
    driven: HashMap<Lane, VecDeque<Job>>,
    /// All that waits or is on its way.
    load: Load,
    /// How many partitions each topic is known to have.
    partitions: HashMap<Arc<str>, u32>,
}

/// Records, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) records: usize,
    pub(super) bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Lane {
    topic: Arc<str>,
    number: Partition,
}

/// Records of one append and one lane.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) records: Vec<NewRecord>,
    /// By when it has to be acknowledged.
    pub(super) deadline: Instant,
    load: Load,
    answer: oneshot::Sender<Outcomes>,
}

/// What became of an append when it joined.
pub(super) struct Joined {
    /// Of the lanes that nobody drove: they have to be driven now.
    pub(super) drivers: Vec<Driver>,
    /// Of each lane that it is in.
    pub(super) parts: Vec<Part>,
    /// Whether nothing was known of the topic.
    pub(super) is_of_new_topic: bool,
}

/// Of an append, what is in one lane.
pub(super) struct Part {
    /// Which of the append's records these are.
    pub(super) places: Vec<usize>,
    /// Closed without an answer when whoever drove the lane broke off.
    pub(super) answered: oneshot::Receiver<Outcomes>,
}

/// A lane fell to whoever holds this: turn by turn it takes what waits there, until nothing does.
pub(super) struct Driver {
    lanes: Arc<Lanes>,
    lane: Lane,
    /// What its turn has on the way.
    under_way: Load,
    has_left: bool,
}

impl Lanes {
    pub(super) fn new(bounds: Load) -> Self {
        Self { bounds, state: Mutex::default(), fell_idle: Notify::new() }
    }

    /// Puts records into their lanes, all of them or, with too much there already, none. An append that is larger than
    /// the bounds goes in by itself.
    pub(super) fn join(
        self: &Arc<Self>,
        topic: &str,
        records: Vec<NewRecord>,
        deadline: Instant,
    ) -> Result<Joined, AppendError> {
        let load = Load::of(&records);
        let known = {
            let mut state = self.state.lock();
            if state.load != Load::default() && state.load.plus(load).exceeds(self.bounds) {
                return Err(AppendError::QueueFull);
            }
            state.load = state.load.plus(load);
            state.partitions.get_key_value(topic).map(|(topic, partitions)| (topic.clone(), *partitions))
        };
        let is_of_new_topic = known.is_none();
        let (topic, partitions) = known.unwrap_or_else(|| (topic.into(), 1));
        if is_of_new_topic {
            self.learned(&topic, partitions);
        }
        let (mut jobs, mut parts) = (Vec::new(), Vec::new());
        for (number, (places, records)) in by_lane(records, partitions) {
            let (answer, answered) = oneshot::channel();
            let job = Job { load: Load::of(&records), records, deadline, answer };
            jobs.push((Lane { topic: topic.clone(), number }, job));
            parts.push(Part { places, answered });
        }
        let mut free = Vec::new();
        {
            let mut state = self.state.lock();
            for (lane, job) in jobs {
                if !state.driven.contains_key(&lane) {
                    free.push(lane.clone());
                }
                state.driven.entry(lane).or_default().push_back(job);
            }
        }
        let driver = |lane| Driver { lanes: self.clone(), lane, under_way: Load::default(), has_left: false };
        Ok(Joined { drivers: free.into_iter().map(driver).collect(), parts, is_of_new_topic })
    }

    /// The topic has so many partitions.
    pub(super) fn learned(&self, topic: &str, partitions: u32) {
        let mut state = self.state.lock();
        if let Some(known) = state.partitions.get_mut(topic) {
            *known = partitions;
            return;
        }
        if state.partitions.len() >= TOPICS_KNOWN_MAX {
            state.partitions.clear();
        }
        state.partitions.insert(topic.into(), partitions);
    }

    /// Tells all that wait that nothing of theirs was sent, and why.
    pub(super) fn give_up_waiting(&self, error: &AppendError) {
        let given_up: Vec<Job> = {
            let mut state = self.state.lock();
            let given_up: Vec<Job> = state.driven.values_mut().flat_map(std::mem::take).collect();
            state.load = given_up.iter().fold(state.load, |load, job| load.minus(job.load));
            given_up
        };
        given_up.into_iter().for_each(|job| job.refuse(error));
    }

    /// Waits until no lane is driven.
    pub(super) async fn idle(&self) {
        loop {
            let mut told = std::pin::pin!(self.fell_idle.notified());
            told.as_mut().enable();
            if self.state.lock().driven.is_empty() {
                return;
            }
            told.await;
        }
    }
}

/// Which records go into which lane, each in its order.
fn by_lane(records: Vec<NewRecord>, partitions: u32) -> BTreeMap<Partition, (Vec<usize>, Vec<NewRecord>)> {
    let mut lanes: BTreeMap<Partition, (Vec<usize>, Vec<NewRecord>)> = BTreeMap::new();
    for (place, record) in records.into_iter().enumerate() {
        let (places, records) = lanes.entry(partition_for_key(&record.key, partitions)).or_default();
        places.push(place);
        records.push(record);
    }
    lanes
}

impl Driver {
    pub(super) fn topic(&self) -> &str {
        &self.lane.topic
    }

    /// What goes next, in the order in which it came. When nothing waits it is `None`, and the lane is nobody's any more.
    pub(super) fn next_turn(&mut self) -> Option<Vec<Job>> {
        let lanes = self.lanes.clone();
        let mut state = lanes.state.lock();
        let Some(waiting) = state.driven.get_mut(&self.lane).filter(|waiting| !waiting.is_empty()) else {
            self.leave(&mut state);
            return None;
        };
        let mut turn = Vec::new();
        while let Some(next) = waiting.front() {
            let load = self.under_way.plus(next.load);
            if !turn.is_empty() && load.exceeds(Load { records: TURN_RECORDS_MAX, bytes: TURN_BYTES_MAX }) {
                break;
            }
            self.under_way = load;
            turn.extend(waiting.pop_front());
        }
        Some(turn)
    }

    /// The turn is done, and its room is free: said before anyone is answered, who may come again at once. The highest
    /// partition in which a record came to lie tells that there are as many at least.
    pub(super) fn done(&mut self, highest: Option<Partition>) {
        let mut state = self.lanes.state.lock();
        state.load = state.load.minus(std::mem::take(&mut self.under_way));
        if let Some(highest) = highest
            && let Some(known) = state.partitions.get_mut(&self.lane.topic)
        {
            *known = (*known).max(highest.saturating_add(1));
        }
    }

    /// Answers what waited in the lane, to be dropped when the state is free.
    fn leave(&mut self, state: &mut State) -> VecDeque<Job> {
        self.has_left = true;
        let left = state.driven.remove(&self.lane).unwrap_or_default();
        state.load = state.load.minus(std::mem::take(&mut self.under_way));
        state.load = left.iter().fold(state.load, |load, job| load.minus(job.load));
        self.lanes.fell_idle.notify_waiters();
        left
    }
}

impl Drop for Driver {
    /// Whoever breaks off leaves a lane that others can drive; what waited in it has no answer.
    fn drop(&mut self) {
        if !self.has_left {
            let lanes = self.lanes.clone();
            let left = self.leave(&mut lanes.state.lock());
            drop(left);
        }
    }
}

impl Job {
    /// Whether somebody waits for it still.
    pub(super) fn is_awaited(&self) -> bool {
        !self.answer.is_closed()
    }

    pub(super) fn answer(self, outcomes: Outcomes) {
        // Whoever does not wait any more need not be told.
        let _ = self.answer.send(outcomes);
    }

    pub(super) fn refuse(self, error: &AppendError) {
        let outcomes = vec![Err(error.clone()); self.records.len()];
        self.answer(outcomes);
    }
}

impl Load {
    fn of(records: &[NewRecord]) -> Load {
        Load { records: records.len(), bytes: records.iter().map(NewRecord::size_bytes).sum() }
    }

    fn plus(self, other: Load) -> Load {
        Load { records: self.records + other.records, bytes: self.bytes + other.bytes }
    }

    fn minus(self, other: Load) -> Load {
        Load { records: self.records - other.records, bytes: self.bytes - other.bytes }
    }

    fn exceeds(self, bounds: Load) -> bool {
        self.records > bounds.records || self.bytes > bounds.bytes
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;

    const TOPIC: &str = "events";
    const LARGE: Load = Load { records: 100_000, bytes: 100_000_000 };

    fn lanes(bounds: Load, partitions: u32) -> Arc<Lanes> {
        let lanes = Arc::new(Lanes::new(bounds));
        lanes.learned(TOPIC, partitions);
        lanes
    }

    fn record(key: &str, payload_bytes: usize) -> NewRecord {
        NewRecord {
            key: Bytes::copy_from_slice(key.as_bytes()),
            payload: vec![b'x'; payload_bytes].into(),
            headers: vec![],
        }
    }

    /// A deadline is only carried here.
    fn deadline() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn join(lanes: &Arc<Lanes>, keys: &[&str]) -> Joined {
        let records = keys.iter().map(|key| record(key, 10)).collect();
        lanes.join(TOPIC, records, deadline()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn keys(turn: &[Job]) -> Vec<&str> {
        turn.iter().flat_map(|job| &job.records).map(|record| std::str::from_utf8(&record.key).unwrap()).collect()
    }

    #[test]
    fn what_comes_while_a_turn_is_under_way_goes_together_in_the_next() {
        let lanes = lanes(LARGE, 1);
        let mut driver = join(&lanes, &["a"]).drivers.pop().unwrap();
        assert_eq!(keys(&driver.next_turn().unwrap()), ["a"]);
        for later in [&["b", "c"][..], &["d"]] {
            assert!(join(&lanes, later).drivers.is_empty(), "somebody drives the lane");
        }
        driver.done(None);
        assert_eq!(keys(&driver.next_turn().unwrap()), ["b", "c", "d"]);
        driver.done(None);
        assert!(driver.next_turn().is_none());
        let next = join(&lanes, &["e"]);
        assert_eq!(next.drivers.len(), 1, "the lane was left");
        drop(driver);
        assert!(join(&lanes, &["f"]).drivers.is_empty(), "who left it takes it from nobody");
    }

    #[test]
    fn an_append_is_in_the_lanes_of_its_keys_and_each_knows_its_places() {
        let lanes = lanes(LARGE, 3);
        let names: Vec<String> = (0..50).map(|n| format!("key-{n}")).collect();
        let named: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut joined = join(&lanes, &named);
        assert_eq!((joined.drivers.len(), joined.parts.len()), (3, 3));
        for (driver, part) in joined.drivers.iter_mut().zip(&joined.parts) {
            let turn = driver.next_turn().unwrap();
            let expected: Vec<&str> = part.places.iter().map(|place| named[*place]).collect();
            assert_eq!(keys(&turn), expected);
            let numbers = expected.iter().map(|key| partition_for_key(key.as_bytes(), 3));
            assert!(numbers.into_iter().all(|number| number == driver.lane.number));
        }
        let mut places: Vec<usize> = joined.parts.iter().flat_map(|part| part.places.clone()).collect();
        places.sort_unstable();
        assert_eq!(places, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_turn_is_bounded_in_records_and_bytes_and_what_is_larger_goes_alone() {
        let lanes = lanes(LARGE, 1);
        let mut driver = join(&lanes, &["first"]).drivers.pop().unwrap();
        driver.next_turn().unwrap();
        let put = |count: usize, bytes: usize| {
            drop(
                lanes
                    .join(TOPIC, vec![record("k", bytes); count], deadline())
                    .unwrap_or_else(|error| panic!("{error}")),
            );
        };
        put(TURN_RECORDS_MAX - 1, 1);
        put(1, 1);
        put(1, 1);
        put(TURN_RECORDS_MAX * 3, 1);
        put(1, TURN_BYTES_MAX / 2);
        put(1, TURN_BYTES_MAX);
        put(1, 1);
        let turns = std::iter::from_fn(|| {
            driver.done(None);
            driver.next_turn()
        })
        .map(|turn| turn.iter().map(|job| job.load.records).collect());
        let turns: Vec<Vec<usize>> = turns.collect();
        assert_eq!(
            turns,
            [vec![TURN_RECORDS_MAX - 1, 1], vec![1], vec![TURN_RECORDS_MAX * 3], vec![1], vec![1], vec![1]]
        );
    }

    #[test]
    fn the_bounds_hold_over_what_waits_and_what_is_under_way() {
        let lanes = lanes(Load { records: 3, bytes: 1_000 }, 1);
        let put = |count| lanes.join(TOPIC, vec![record("k", 10); count], deadline());
        let Joined { mut drivers, parts: _parts, .. } = join(&lanes, &["k", "k", "k", "k"]);
        assert!(put(1).is_err(), "an append larger than all there may be goes in by itself, and nothing else with it");
        drivers[0].next_turn().unwrap();
        assert!(put(1).is_err(), "it is on its way");
        drivers[0].done(None);
        assert!(drivers[0].next_turn().is_none());
        let _two = put(2).unwrap_or_else(|error| panic!("{error}"));
        assert!(put(2).is_err());
        let _three = put(1).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(put(1), Err(AppendError::QueueFull)));
    }

    #[test]
    fn who_breaks_off_leaves_the_lane_and_its_room() {
        let lanes = lanes(Load { records: 2, bytes: 1_000 }, 1);
        let Joined { mut drivers, mut parts, .. } = join(&lanes, &["a"]);
        let mut driver = drivers.pop().unwrap();
        let turn = driver.next_turn().unwrap();
        let mut waiting = join(&lanes, &["b"]).parts.pop().unwrap();
        drop((turn, driver));
        for part in [&mut parts[0], &mut waiting] {
            assert_eq!(part.answered.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        }
        assert_eq!(join(&lanes, &["c", "d"]).drivers.len(), 1);
    }

    #[test]
    fn what_waits_is_given_up_and_what_is_under_way_is_not() {
        let lanes = lanes(Load { records: 2, bytes: 1_000 }, 1);
        let Joined { mut drivers, mut parts, .. } = join(&lanes, &["a"]);
        let turn = drivers[0].next_turn().unwrap();
        let mut waiting = join(&lanes, &["b"]).parts.pop().unwrap();
        let error = AppendError::Unavailable("gone".to_owned());
        lanes.give_up_waiting(&error);
        assert_eq!(waiting.answered.try_recv(), Ok(vec![Err(error)]));
        assert!(parts[0].answered.try_recv().is_err() && turn[0].is_awaited());
        drivers[0].done(None);
        assert!(drivers[0].next_turn().is_none());
        assert_eq!(lanes.state.lock().load, Load::default());
    }

    #[test]
    fn more_partitions_are_seen_in_acknowledgements() {
        let lanes = lanes(LARGE, 1);
        let mut driver = join(&lanes, &["a"]).drivers.pop().unwrap();
        driver.done(Some(0));
        assert_eq!(lanes.state.lock().partitions[TOPIC], 1);
        driver.done(Some(11));
        driver.done(Some(3));
        assert_eq!(lanes.state.lock().partitions[TOPIC], 12);
    }

    #[test]
    fn a_topic_is_new_once() {
        let lanes = Arc::new(Lanes::new(LARGE));
        assert!(join(&lanes, &["a"]).is_of_new_topic);
        assert!(!join(&lanes, &["a"]).is_of_new_topic);
    }

    #[tokio::test]
    async fn idle_is_when_no_lane_is_driven() {
        let lanes = lanes(LARGE, 8);
        lanes.idle().await;
        let joined = join(&lanes, &["a", "b", "c"]);
        let waiting = tokio::spawn({
            let lanes = lanes.clone();
            async move { lanes.idle().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(joined.drivers);
        waiting.await.unwrap();
    }
}
