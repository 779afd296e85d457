//! Reading the topic: as far as it goes into an index, and single letters at their places.

use std::time::{Duration, Instant};

use aibbar::{
    dead_letter::{DeadLetter, Entry, Place},
    record::DEAD_LETTERS_TOPIC,
};
use bus::{EventLog, LogError, LogRecord, Position, Positions, ReadLimits};

use super::index::Index;
use crate::live::hub::org_of;

/// One read of the topic.
pub(super) const READ_LIMITS: ReadLimits =
    ReadLimits { records_max: 500, bytes_max: 4 * 1024 * 1024, wait_max: Duration::from_millis(500) };

/// How long the log may take to hand over letters at places where it has some.
const FETCH_MAX: Duration = Duration::from_secs(10);

/// Letters that lie no further apart are read in one go: a new reader costs more than so many entries.
const GAP_MAX: u64 = 200;

/// Takes what was read into an index. What is no entry of ours is passed over.
pub(super) fn take_in(index: &mut Index, read: &[LogRecord]) {
    for record in read {
        match Entry::decode(&record.payload, org_of(record)) {
            Ok(Entry::Letter(letter)) => index.add(place(record.position), record.appended_at_ms, letter),
            Ok(Entry::Redriven(marker)) => index.mark(marker),
            Err(not_a_letter) => {
                let Position { partition, offset } = record.position;
                tracing::debug!(partition, offset, %not_a_letter, "an entry of the dead letters was passed over");
            }
        }
    }
}

/// Reads the whole topic as it is now: for the operator's command, which has no index yet.
///
/// # Errors
/// When the log can't be read, or hands over nothing for a while although there is more.
pub async fn read_all(log: &dyn EventLog) -> Result<Index, LogError> {
    let bounds = log.bounds(DEAD_LETTERS_TOPIC).await?;
    let mut left: u64 = bounds.values().map(|bounds| bounds.end - bounds.earliest).sum();
    let from: Positions = bounds.iter().map(|(&partition, bounds)| (partition, bounds.earliest)).collect();
    let mut index = Index::default();
    let mut reader = log.reader(DEAD_LETTERS_TOPIC, from).await?;
    let mut heard = Instant::now();
    while left > 0 {
        let read = reader.next(READ_LIMITS).await?;
        if read.is_empty() {
            if heard.elapsed() > FETCH_MAX {
                return Err(silent());
            }
            continue;
        }
        heard = Instant::now();
        let old = read.iter().filter(|r| bounds.get(&r.position.partition).is_some_and(|b| r.position.offset < b.end));
        left = left.saturating_sub(old.count() as u64);
        take_in(&mut index, &read);
    }
    Ok(index)
}

/// Reads the letters at these places, in their order; `None` where none lies (any more). Stops before one more would make
/// them more than `bytes_max`: what is missing at the end was not read.
///
/// # Errors
/// When the log can't be read.
pub async fn fetch(
    log: &dyn EventLog,
    places: &[Place],
    bytes_max: usize,
) -> Result<Vec<Option<DeadLetter>>, LogError> {
    let bounds = log.bounds(DEAD_LETTERS_TOPIC).await?;
    let is_there =
        |place: &Place| bounds.get(&place.partition).is_some_and(|b| (b.earliest..b.end).contains(&place.offset));
    let mut letters = Vec::with_capacity(places.len());
    let mut bytes = 0;
    let mut ahead: Option<Ahead> = None;
    for place in places {
        if !is_there(place) {
            letters.push(None);
            continue;
        }
        let mut reading = match ahead.take().filter(|ahead| ahead.leads_to(*place)) {
            Some(reading) => reading,
            None => Ahead::begin(log, *place).await?,
        };
        let found = reading.find(*place).await?;
        ahead = Some(reading);
        bytes += found.as_ref().map_or(0, |record| record.payload.len());
        if bytes > bytes_max && !letters.is_empty() {
            break;
        }
        letters.push(found.and_then(|record| match Entry::decode(&record.payload, org_of(&record)) {
            Ok(Entry::Letter(letter)) => Some(letter),
            _ => None,
        }));
    }
    Ok(letters)
}

/// A reader on its way through one partition.
struct Ahead {
    reader: Box<dyn bus::LogReader>,
    /// The next offset that it has not handed over.
    next: Place,
    /// What it handed over and nobody wanted yet.
    read: std::collections::VecDeque<LogRecord>,
}

impl Ahead {
    async fn begin(log: &dyn EventLog, place: Place) -> Result<Ahead, LogError> {
        let reader = log.reader(DEAD_LETTERS_TOPIC, Positions::from([(place.partition, place.offset)])).await?;
        Ok(Ahead { reader, next: place, read: std::collections::VecDeque::new() })
    }

    fn leads_to(&self, place: Place) -> bool {
        let from = self.read.front().map_or(self.next.offset, |record| record.position.offset);
        place.partition == self.next.partition && (from..=self.next.offset + GAP_MAX).contains(&place.offset)
    }

    async fn find(&mut self, wanted: Place) -> Result<Option<LogRecord>, LogError> {
        let deadline = Instant::now() + FETCH_MAX;
        loop {
            while let Some(record) = self.read.pop_front() {
                match record.position.offset.cmp(&wanted.offset) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => return Ok(Some(record)),
                    // The topic has a hole there.
                    std::cmp::Ordering::Greater => {
                        self.read.push_front(record);
                        return Ok(None);
                    }
                }
            }
            if Instant::now() > deadline {
                return Err(silent());
            }
            // One is mostly enough, and a page of large letters is not read for one of them.
            let limits = ReadLimits { records_max: 16, bytes_max: 1024 * 1024, ..READ_LIMITS };
            let read = self.reader.next(limits).await?;
            if let Some(last) = read.last() {
                self.next.offset = last.position.offset + 1;
            }
            self.read.extend(read);
        }
    }
}

fn silent() -> LogError {
    LogError::Unavailable(format!("it handed over nothing for {} s", FETCH_MAX.as_secs()))
}

fn place(position: Position) -> Place {
    Place { partition: position.partition, offset: position.offset }
}
