//! Random appends by several writers, through random faults and restarts: nobody is refused, what was
//! acknowledged is there, and of each key in the order in which it was acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bus::{EventLog, LogRecord, NewRecord, spool::SpooledLog};
use futures_util::future::join_all;
use proptest::prelude::*;

use crate::{TOPIC, everything, faulty, faulty::Weather, open, rig::record, settings, until_drained, until_free};

/// Runs of the whole, each of some ten faults: a second or so each.
const CASES: u32 = 24;

/// What happens between two moments of peace.
#[derive(Clone, Debug)]
struct Phase {
    weather: Weather,
    /// Appends of each writer.
    appends: usize,
    ends_in: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    GoesOn,
    /// The process dies, and comes back.
    Dies,
    /// It is closed, and comes back.
    Closes,
}

fn weather() -> impl Strategy<Value = Weather> {
    use Weather as W;
    prop_oneof![
        2 => Just(W::Fine), 2 => Just(W::Away), 1 => Just(W::Deaf), 2 => Just(W::Cut), 1 => Just(W::Late), 4 => Just(W::Changing),
    ]
}

fn phase() -> impl Strategy<Value = Phase> {
    let end = prop_oneof![5 => Just(End::GoesOn), 2 => Just(End::Dies), 1 => Just(End::Closes)];
    (weather(), 1..12_usize, end).prop_map(|(weather, appends, ends_in)| Phase { weather, appends, ends_in })
}

/// One of several that append at once. It owns its keys: the next record of a key is given after the answer to the one before.
#[derive(Clone, Debug)]
struct Writer {
    keys: Vec<String>,
    next: usize,
    acknowledged: Vec<(String, usize)>,
}

impl Writer {
    /// Appends batches of one to five records over its keys; one in eight is given up in the middle.
    async fn append(mut self, log: Arc<SpooledLog>, appends: usize) -> Self {
        for _ in 0..appends {
            let records = 1 + self.next % 5;
            let batch: Vec<_> = (0..records).map(|_| self.next_record()).collect();
            let numbers: Vec<_> = batch.iter().map(|(key, number, _)| (key.clone(), *number)).collect();
            let batch: Vec<NewRecord> = batch.into_iter().map(|(_, _, record)| record).collect();
            let appending = log.append(TOPIC, batch);
            if self.next.is_multiple_of(8) {
                // Whoever asked went away; its records may be kept or not.
                let _ = tokio::time::timeout(std::time::Duration::ZERO, appending).await;
                continue;
            }
            let outcomes = appending.await;
            assert!(outcomes.iter().all(Result::is_ok), "the spool has room for all of it: {outcomes:?}");
            let acknowledged = numbers.into_iter().zip(outcomes).filter(|(_, outcome)| outcome.is_ok());
            self.acknowledged.extend(acknowledged.map(|(number, _)| number));
        }
        self
    }

    fn next_record(&mut self) -> (String, usize, NewRecord) {
        let (number, key) = (self.next, self.keys[self.next * 7 % self.keys.len()].clone());
        self.next += 1;
        let record = record(&key, &number.to_string());
        (key, number, record)
    }
}

/// Of each key every record once, in the order in which they first came.
fn first_occurrences(records: &[LogRecord]) -> BTreeMap<String, Vec<usize>> {
    let mut of_keys: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for record in records {
        let key = String::from_utf8(record.key.to_vec()).unwrap();
        let number: usize = std::str::from_utf8(&record.payload).unwrap().parse().unwrap();
        if seen.insert((key.clone(), number)) {
            of_keys.entry(key).or_default().push(number);
        }
    }
    of_keys
}

async fn weather_the(phases: Vec<Phase>, seed: u64) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().unwrap();
    let primary = faulty(dir.path()).await;
    primary.seed(seed);
    let settings = settings(dir.path());
    let mut log = open(&primary, &settings).await;
    let writer = |n: usize| {
        let keys = (0..=n).map(|key| format!("{n}-{key}")).collect();
        Writer { keys, next: 0, acknowledged: Vec::new() }
    };
    let mut writers: Vec<_> = (0..4).map(writer).collect();
    for phase in phases {
        primary.set(phase.weather);
        let appending = writers.into_iter().map(|writer| {
            let log = log.clone();
            tokio::spawn(writer.append(log, phase.appends))
        });
        writers = join_all(appending).await.into_iter().map(Result::unwrap).collect();
        if phase.ends_in == End::Closes {
            log.close(std::time::Duration::from_millis(50)).await;
        }
        if phase.ends_in != End::GoesOn {
            drop(log);
            until_free(&settings).await;
            log = open(&primary, &settings).await;
        }
    }
    primary.set(Weather::Fine);
    until_drained(&log).await;
    let kept = first_occurrences(&everything(&*primary.log, TOPIC).await);
    let mut acknowledged: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (key, number) in writers.into_iter().flat_map(|writer| writer.acknowledged) {
        acknowledged.entry(key).or_default().push(number);
    }
    for (key, numbers) in acknowledged {
        let wanted: BTreeSet<_> = numbers.iter().collect();
        let kept: Vec<_> =
            kept.get(&key).into_iter().flatten().filter(|number| wanted.contains(number)).copied().collect();
        prop_assert_eq!(&kept, &numbers, "key {}", key);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn what_was_acknowledged_is_there_in_order_through_any_faults_and_restarts(
        phases in prop::collection::vec(phase(), 1..12),
        seed in any::<u64>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(weather_the(phases, seed))?;
    }
}
