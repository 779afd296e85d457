//! Reads records until there are enough of them, or the first has waited long enough, and makes them rows as they come:
//! by then the store writes the batch before, and nobody waits for it.

use std::{collections::VecDeque, time::Duration};

use bus::{GroupMember, LogError, LogRecord, ReadLimits};
use store::events::NewRow;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Settings, dead_letter::contradiction};

/// After so many records the writing of the batch before has its turn.
const TURN_RECORDS: usize = 64;

/// How long one idle read waits: bounds how soon other duties get their turn.
const IDLE_WAIT: Duration = Duration::from_secs(1);

/// So many records a batch may hold, however few are set, when a row failed for a reason that nobody can tell: what is
/// behind it bears witness that it is the row.
const WITNESSED_RECORDS_MAX: usize = 1_000;
const WITNESSED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How much the next batch may hold; at first, and once the store takes batches, what is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    records_max: usize,
    bytes_max: usize,
    set: (usize, usize),
}

impl Size {
    pub(crate) fn of(settings: &Settings) -> Self {
        let set = (settings.batch_records_max.max(1), settings.batch_bytes_max.max(1));
        Self { records_max: set.0, bytes_max: set.1, set }
    }

    /// The store did not take a batch: half as many records, so that one which is too much for it, or for the time that
    /// it is given, is not tried again and again as it is.
    pub(crate) fn shrink(&mut self) {
        self.records_max = (self.records_max / 2).max(1);
    }

    /// A row failed and nothing else of its batch was there to be taken: more of what is behind it.
    pub(crate) fn widen(&mut self) {
        self.records_max = self.records_max.saturating_mul(2).min(self.set.0.max(WITNESSED_RECORDS_MAX));
        self.bytes_max = self.set.1.max(WITNESSED_BYTES_MAX);
    }

    /// The store took a batch.
    pub(crate) fn recover(&mut self) {
        self.records_max = self.records_max.saturating_mul(2).min(self.set.0);
        self.bytes_max = self.set.1;
    }
}

/// A batch while it is being collected. It may be left and gone on with: nothing of it is lost by that.
#[derive(Default)]
pub(crate) struct Gathering {
    batch: Batch,
    /// What came and was not looked at yet.
    unread: VecDeque<LogRecord>,
    /// What more it may hold, and until when it is collected; nothing before its first record.
    bounds: Option<(Room, Instant)>,
}

/// Records, in the order in which they were read.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) records: Vec<LogRecord>,
    /// What the store is given.
    pub(crate) rows: Vec<NewRow>,
    /// Of each row, which of the records it is.
    pub(crate) sources: Vec<usize>,
    /// Which of the records are none, and why.
    pub(crate) unreadable: Vec<(usize, String)>,
    /// The member's when the first of them was read: in another one they are not to be committed any more.
    pub(crate) generation: u64,
}

impl Batch {
    fn push(&mut self, record: LogRecord) {
        let place = self.records.len();
        match row(&record) {
            Ok(row) => {
                self.rows.push(row);
                self.sources.push(place);
            }
            Err(why) => self.unreadable.push((place, why)),
        }
        self.records.push(record);
    }
}

fn row(source: &LogRecord) -> Result<NewRow, String> {
    let row = NewRow::decode(&source.payload).map_err(|error| error.0)?;
    match contradiction(source, row.head()) {
        Some(why) => Err(why.to_owned()),
        None => Ok(row),
    }
}

impl Gathering {
    /// Goes on until there is a batch: empty when nothing came for a while, or when stopping before anything came.
    ///
    /// An error after the first record gives up that record: the caller rewinds, and it is read again. Cancel safe.
    pub(crate) async fn fill(
        &mut self,
        member: &mut dyn GroupMember,
        settings: &Settings,
        size: Size,
        stopping: &CancellationToken,
    ) -> Result<(), LogError> {
        let idle_until = Instant::now() + IDLE_WAIT;
        loop {
            self.read_on().await;
            let (room, deadline) = match &self.bounds {
                None => (Room { records: size.records_max, bytes: size.bytes_max }, idle_until),
                Some((room, deadline)) => (*room, *deadline),
            };
            let wait_max = deadline.saturating_duration_since(Instant::now());
            if room.is_full() || (self.bounds.is_some() && wait_max.is_zero()) {
                return Ok(());
            }
            let limits = ReadLimits { records_max: room.records, bytes_max: room.bytes, wait_max };
            let more = tokio::select! {
                biased;
                () = stopping.cancelled() => return Ok(()),
                more = member.next(limits) => more?,
            };
            if more.is_empty() {
                return Ok(());
            }
            if self.bounds.is_none() {
                self.batch.generation = member.generation();
            }
            let (room, _) = self.bounds.get_or_insert((room, Instant::now() + settings.batch_age_max));
            room.take(&more);
            // They are the batch's from here on, whenever this is left: none of them would be read again.
            self.unread.extend(more);
        }
    }

    /// Makes rows of what came, and lets others have their turn in between.
    async fn read_on(&mut self) {
        while !self.unread.is_empty() {
            self.unread.drain(..TURN_RECORDS.min(self.unread.len())).for_each(|record| self.batch.push(record));
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batch.records.is_empty() && self.unread.is_empty()
    }

    /// What was collected; the next batch begins.
    pub(crate) fn take(&mut self) -> Batch {
        let Gathering { mut batch, unread, .. } = std::mem::take(self);
        unread.into_iter().for_each(|record| batch.push(record));
        batch
    }
}

#[derive(Clone, Copy)]
struct Room {
    records: usize,
    bytes: usize,
}

impl Room {
    fn is_full(self) -> bool {
        self.records == 0 || self.bytes == 0
    }

    fn take(&mut self, records: &[LogRecord]) {
        self.records = self.records.saturating_sub(records.len());
        let bytes: usize = records.iter().map(|record| record.payload.len()).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bus::{
        EventLog as _, NewRecord, Positions, TopicSpec,
        local::{LocalLog, LocalSettings},
        positions_after,
    };
    use proptest::prelude::*;

    use super::*;

    const TOPIC: &str = "records";

    /// Appends records of these keys and sizes, and collects batches until all of them were seen.
    async fn batches(records: &[(u8, usize)], partitions: u32, settings: &Settings) -> Vec<Vec<LogRecord>> {
        let folder = tempfile::tempdir().unwrap();
        let log = LocalLog::open(folder.path(), LocalSettings::default()).unwrap();
        log.ensure_topic(&TopicSpec { name: TOPIC.to_owned(), partitions, retention: None, compacted: false })
            .await
            .unwrap();
        let new = records.iter().enumerate().map(|(number, (key, bytes))| NewRecord {
            key: vec![*key].into(),
            payload: format!("{number:04}{}", "x".repeat(*bytes)).into(),
            headers: Vec::new(),
        });
        assert!(log.append(TOPIC, new.collect()).await.iter().all(Result::is_ok));
        let mut member = log.join(TOPIC, "group", "member").await.unwrap();
        let (mut batches, mut seen) = (Vec::new(), 0);
        while seen < records.len() {
            let mut gathering = Gathering::default();
            gathering.fill(member.as_mut(), settings, Size::of(settings), &CancellationToken::new()).await.unwrap();
            let batch = gathering.take().records;
            seen += batch.len();
            batches.push(batch);
        }
        batches
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn batches_hold_every_record_once_in_order_within_their_bounds(
            records in prop::collection::vec((0_u8..4, 0_usize..300), 1..60),
            partitions in 1_u32..4,
            records_max in 1_usize..20,
            bytes_max in 1_usize..2_000,
        ) {
            let settings = Settings {
                batch_records_max: records_max,
                batch_bytes_max: bytes_max,
                batch_age_max: Duration::from_millis(1),
                ..Settings::default()
            };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let batches = runtime.block_on(batches(&records, partitions, &settings));

            let mut next = Positions::new();
            for batch in batches.iter().filter(|batch| !batch.is_empty()) {
                prop_assert!(batch.len() <= records_max);
                let but_the_last: usize = batch[..batch.len() - 1].iter().map(|record| record.payload.len()).sum();
                prop_assert!(but_the_last < bytes_max, "{but_the_last} bytes, and then one more record");
                for record in batch {
                    let wanted = next.entry(record.position.partition).or_default();
                    prop_assert_eq!(record.position.offset, *wanted, "a hole, or a record twice");
                    *wanted += 1;
                }
                for (partition, after) in positions_after(batch) {
                    prop_assert_eq!(Some(&after), next.get(&partition));
                }
            }
            let seen: u64 = next.values().sum();
            prop_assert_eq!(seen, records.len() as u64);
            for key in 0..4 {
                let of_key = |payloads: Vec<&[u8]>| payloads.into_iter().map(|p| p[..4].to_vec()).collect::<Vec<_>>();
                let collected = of_key(batches.iter().flatten().filter(|r| r.key[..] == [key]).map(|r| &r.payload[..]).collect());
                prop_assert!(collected.is_sorted(), "the records of one key are out of order");
            }
        }
    }
}
