//! What this gateway alone knows, counted in memory until it is written.
//!
//! Each thread counts in a shard of its own, behind a lock that nobody else wants but the writer, for the moment in which
//! it takes what is there: so to count costs an uncontended atomic.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::HashMap,
    mem,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use aibbar::record::EVENTS_TOPIC;
use parking_lot::Mutex;
use prometheus::IntCounter;
use store::{
    OrgId,
    statistics::{Count, Measure, bucket_of, minute_of},
};

use crate::{clock, problem::Problem};

/// Shards: more than there are workers, usually.
const SHARDS: usize = 32;

/// Sums in one shard at most; what is past it until the next write is lost, and the loss is counted.
const SUMS_PER_SHARD_MAX: usize = 4_096;

/// What is counted in this gateway and not written yet.
pub(crate) struct Counting {
    shards: [Mutex<HashMap<Key, Sum>>; SHARDS],
    lost: IntCounter,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    org_id: OrgId,
    measure: Measure,
    at_s: i64,
    label: Cow<'static, str>,
}

#[derive(Default)]
struct Sum {
    counted: u64,
    total: u64,
}

impl Counting {
    /// `lost` counts what there was no room for.
    pub(crate) fn new(lost: IntCounter) -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), lost }
    }

    /// Events that were refused, each with its problem.
    pub(crate) fn refused_events<'p>(&self, org_id: OrgId, problems: impl Iterator<Item = &'p Problem>) {
        let refused = self.refused(org_id, problems);
        if refused > 0 {
            self.add(org_id, Measure::RefusedMessages, Cow::Borrowed(EVENTS_TOPIC), refused, 0);
        }
    }

    /// Messages that were refused, each with its problem; those of a known topic count for it too:
    /// [`Counting::refused_of`].
    pub(crate) fn refused_messages<'p>(&self, org_id: OrgId, problems: impl Iterator<Item = &'p Problem>) {
        self.refused(org_id, problems);
    }

    fn refused<'p>(&self, org_id: OrgId, problems: impl Iterator<Item = &'p Problem>) -> u64 {
        let mut by_code: Vec<(&'static str, u64)> = Vec::new();
        for code in problems.map(|problem| problem.kind().code()) {
            match by_code.iter_mut().find(|(known, _)| *known == code) {
                Some((_, counted)) => *counted += 1,
                None => by_code.push((code, 1)),
            }
        }
        for (code, counted) in &by_code {
            self.add(org_id, Measure::Refused, Cow::Borrowed(code), *counted, 0);
        }
        by_code.iter().map(|(_, counted)| counted).sum()
    }

    /// Messages to this topic, which is there, that were refused.
    pub(crate) fn refused_of(&self, org_id: OrgId, topic: &str, messages: u64) {
        self.add(org_id, Measure::RefusedMessages, Cow::Owned(topic.to_owned()), messages, 0);
    }

    /// Messages to this topic that were acknowledged, and their bytes.
    pub(crate) fn published(&self, org_id: OrgId, topic: &str, messages: u64, bytes: u64) {
        self.add(org_id, Measure::Messages, Cow::Owned(topic.to_owned()), messages, bytes);
    }

    /// Something of this kind was hidden in a message that was acknowledged.
    pub(crate) fn hidden(&self, org_id: OrgId, kind: &'static str, things: u64) {
        self.add(org_id, Measure::Redactions, Cow::Borrowed(kind), things, 0);
    }

    /// A request of which something was acknowledged, so long after its caller was known.
    pub(crate) fn acknowledged(&self, org_id: OrgId, after: Duration) {
        let us = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
        self.add(org_id, Measure::Acknowledgement, Cow::Owned(bucket_of(after)), 1, us);
    }

    /// A request that was refused as a whole.
    pub(crate) fn refused_request(&self, org_id: OrgId, problem: &Problem) {
        self.add(org_id, Measure::RefusedRequests, Cow::Borrowed(problem.kind().code()), 1, 0);
    }

    fn add(&self, org_id: OrgId, measure: Measure, label: Cow<'static, str>, counted: u64, total: u64) {
        let key = Key { org_id, measure, at_s: minute_of(clock::now()), label };
        let mut sums = self.shards[own_shard()].lock();
        let has_room = sums.len() < SUMS_PER_SHARD_MAX;
        match sums.get_mut(&key) {
            Some(sum) => {
                sum.counted += counted;
                sum.total = sum.total.saturating_add(total);
            }
            None if has_room => {
                sums.insert(key, Sum { counted, total });
            }
            None => self.lost.inc_by(counted),
        }
    }

    /// Takes everything that was counted since the last time.
    pub(crate) fn take(&self) -> Vec<Count> {
        let taken = self.shards.iter().flat_map(|shard| mem::take(&mut *shard.lock()));
        let count = |(key, sum): (Key, Sum)| Count {
            org_id: key.org_id,
            measure: key.measure,
            at_s: key.at_s,
            label: key.label.into_owned(),
            counted: sum.counted,
            total: sum.total,
        };
        taken.map(count).collect()
    }
}

/// The shard of this thread.
fn own_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static OWN: Cell<Option<usize>> = const { Cell::new(None) });
    OWN.with(|own| {
        own.get().unwrap_or_else(|| {
            let shard = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
            own.set(Some(shard));
            shard
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{collections::BTreeMap, sync::Arc};

    use store::statistics::Durations;

    use super::*;
    use crate::problem::Kind;

    const ORG: OrgId = OrgId::from_u128(1);

    fn counting() -> Arc<Counting> {
        Arc::new(Counting::new(IntCounter::new("lost", "lost").unwrap()))
    }

    fn sums(counts: &[Count], measure: Measure) -> BTreeMap<&str, (u64, u64)> {
        let mut sums = BTreeMap::new();
        for count in counts.iter().filter(|count| count.measure == measure) {
            let sum: &mut (u64, u64) = sums.entry(count.label.as_str()).or_default();
            *sum = (sum.0 + count.counted, sum.1 + count.total);
        }
        sums
    }

    #[test]
    fn what_many_threads_count_is_taken_once() {
        let counting = counting();
        let threads = (0..8).map(|_| {
            let counting = counting.clone();
            std::thread::spawn(move || {
                let problems =
                    [Problem::new(Kind::EmptyBatch, "why"), Problem::overloaded(), Problem::new(Kind::EmptyBatch, "")];
                for _ in 0..1_000 {
                    counting.refused_events(ORG, problems.iter());
                    counting.published(ORG, "orders", 2, 10);
                    counting.acknowledged(ORG, Duration::from_millis(3));
                }
            })
        });
        let mut counts = Vec::new();
        for thread in threads.collect::<Vec<_>>() {
            counts.extend(counting.take());
            thread.join().unwrap();
        }
        counts.extend(counting.take());
        assert!(counting.take().is_empty());
        let refused = sums(&counts, Measure::Refused);
        assert_eq!(refused, BTreeMap::from([("empty_batch", (16_000, 0)), ("overloaded", (8_000, 0))]));
        assert_eq!(sums(&counts, Measure::RefusedMessages)[EVENTS_TOPIC], (24_000, 0));
        assert_eq!(sums(&counts, Measure::Messages)["orders"], (16_000, 80_000));
        let mut durations = Durations::default();
        for (label, (counted, total)) in sums(&counts, Measure::Acknowledgement) {
            durations.add(label, counted, total);
        }
        assert_eq!((durations.counted(), durations.mean_us()), (8_000, Some(3_000.0)));
    }

    #[test]
    fn what_has_no_room_is_told_as_lost_and_what_has_goes_on() {
        let counting = counting();
        for topic in 0..SUMS_PER_SHARD_MAX + 10 {
            counting.published(ORG, &topic.to_string(), 3, 1);
        }
        counting.published(ORG, "0", 1, 1);
        assert!(counting.lost.get() >= 30);
        let counts = counting.take();
        let counted: u64 = counts.iter().map(|count| count.counted).sum();
        assert_eq!(counted + counting.lost.get(), 3 * (SUMS_PER_SHARD_MAX as u64 + 10) + 1);
    }
}
