//! Reading what is older than the live stream, topic by topic, when it is this client's turn.
//!
//! What it waits for, its turn or the log, is kept across calls: whoever asks for the next step and gives up takes up
//! where it left, and loses neither its place in the line nor a reader that takes its time.

use std::{sync::Arc, time::Duration};

use bus::{EventLog, LogError, LogReader, LogRecord, Positions, ReadLimits};
use futures_util::{FutureExt, future::BoxFuture};
use store::OrgId;
use tokio::time::Instant;

use super::{
    line::{Line, Turn},
    topic::{Place, Places},
};

/// One read of older records.
const REPLAY_LIMITS: ReadLimits =
    ReadLimits { records_max: 500, bytes_max: 1024 * 1024, wait_max: Duration::from_secs(1) };

/// So many reads in a row that bring nothing mean that what is left before the end are holes in the log, not records,
/// where the log does not tell. Generous: a reader of Kafka's may take seconds to reach its brokers, and records must
/// not be skipped.
const EMPTY_READS_MAX: u32 = 30;

/// After so many of them the log is asked whether it is there at all.
const EMPTY_READS_BEFORE_ASKING: u32 = EMPTY_READS_MAX / 2;

/// A reading of older records.
pub(super) struct Replay {
    log: Arc<dyn EventLog>,
    line: Line,
    org_id: OrgId,
    standing: Standing,
    /// Where it ends in each topic; none until that was said, with its turn.
    until: Vec<Arc<Positions>>,
    /// The topic that is read now.
    at: usize,
    /// Of that topic.
    reading: Reading,
    /// Reads in a row that brought nothing.
    empty_reads: u32,
}

/// Whether it may read.
pub(super) enum Standing {
    /// Others do, and it waits for its turn.
    InLine(BoxFuture<'static, Turn>),
    /// It does.
    Reads(Turn),
}

enum Reading {
    /// Nothing is asked of the log now; the reader is made when something must be read.
    Idle(Option<Box<dyn LogReader>>),
    Under(BoxFuture<'static, Result<Read, LogError>>),
}

struct Read {
    reader: Box<dyn LogReader>,
    records: Vec<LogRecord>,
}

/// What a step came to.
pub(super) enum Step {
    /// It is this client's turn: where it ends is to be [said](Replay::read_until) now.
    Begins,
    /// Others have their turn before it goes on.
    Rests,
    /// These come next in the topic of this number.
    Records(usize, Vec<LogRecord>),
    /// The last topic was read as far as it must be.
    Ends,
}

impl Replay {
    /// For a client of this organisation: the last one in the line.
    pub(super) fn new(log: Arc<dyn EventLog>, line: Line, org_id: OrgId) -> Replay {
        let standing = Standing::InLine(line.turn(org_id));
        Replay { log, line, org_id, standing, until: Vec::new(), at: 0, reading: Reading::Idle(None), empty_reads: 0 }
    }

    /// Its turn, or its place in the line, for another reading of the same client's.
    pub(super) fn into_standing(self) -> Standing {
        self.standing
    }

    /// Stands there instead.
    pub(super) fn stand(&mut self, standing: Standing) {
        self.standing = standing;
    }

    /// Reads on until here, beginning with the first topic. Partitions that the places do not name are new, and are read
    /// from their beginning.
    pub(super) fn read_until(&mut self, until: Vec<Arc<Positions>>, places: &mut Places) {
        let mut has_new = false;
        for (index, until) in until.iter().enumerate() {
            let positions = &mut places.at_mut(index).positions;
            for partition in until.keys() {
                has_new |= !positions.contains_key(partition);
                positions.entry(*partition).or_default();
            }
        }
        // A reader goes on where its topic was left, in the partitions that it was made for; there is one reader.
        if has_new || until.len() > 1 {
            self.reading = Reading::Idle(None);
        }
        (self.until, self.at, self.empty_reads) = (until, 0, 0);
    }

    /// The next step; moves the places over what holds no records. Cancel safe.
    pub(super) async fn step(&mut self, places: &mut Places) -> Result<Step, LogError> {
        match &mut self.standing {
            Standing::InLine(turn) => self.standing = Standing::Reads(turn.await),
            Standing::Reads(turn) if turn.is_over(Instant::now()) && matches!(self.reading, Reading::Idle(_)) => {
                (self.reading, self.until) = (Reading::Idle(None), Vec::new());
                self.standing = Standing::InLine(self.line.turn(self.org_id));
                return Ok(Step::Rests);
            }
            Standing::Reads(_) => {}
        }
        if self.until.is_empty() {
            return Ok(Step::Begins);
        }
        while let Some(until) = self.until.get(self.at).cloned() {
            let place = places.at_mut(self.at);
            if place.has_reached(&until) {
                place.raise_to(&until);
                (self.at, self.empty_reads) = (self.at + 1, 0);
                if self.at < self.until.len() {
                    self.reading = Reading::Idle(None);
                }
                continue;
            }
            let records = self.read(place).await?;
            if !records.is_empty() {
                self.empty_reads = 0;
                return Ok(Step::Records(self.at, records));
            }
            self.empty_reads += 1;
            if self.empty_reads >= EMPTY_READS_MAX {
                place.raise_to(&until);
            }
        }
        Ok(Step::Ends)
    }

    /// What the log has next, and maybe nothing; what it knows to be empty is passed over.
    async fn read(&mut self, place: &mut Place) -> Result<Vec<LogRecord>, LogError> {
        if let Reading::Idle(reader) = &mut self.reading {
            let (log, topic, from) = (self.log.clone(), place.topic.in_log.clone(), place.positions.clone());
            let asks = (self.empty_reads + 1).is_multiple_of(EMPTY_READS_BEFORE_ASKING);
            self.reading = Reading::Under(read(log, topic, from, reader.take(), asks).boxed());
        }
        let Reading::Under(reading) = &mut self.reading else { return Ok(Vec::new()) };
        let read = reading.await;
        self.reading = Reading::Idle(None);
        let Read { reader, records } = read?;
        if records.is_empty() {
            place.raise_to(&reader.passed());
        }
        self.reading = Reading::Idle(Some(reader));
        Ok(records)
    }
}

/// One read, by this reader or a new one.
async fn read(
    log: Arc<dyn EventLog>,
    topic: String,
    from: Positions,
    reader: Option<Box<dyn LogReader>>,
    asks: bool,
) -> Result<Read, LogError> {
    let mut reader = match reader {
        Some(reader) => reader,
        None => log.reader(&topic, from).await?,
    };
    let records = reader.next(REPLAY_LIMITS).await?;
    if records.is_empty() && asks {
        // While it is away there are no holes, only silence.
        log.bounds(&topic).await?;
    }
    Ok(Read { reader, records })
}
