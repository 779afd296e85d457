//! What was acknowledged, held against what is in the log and in the store.
//!
//! Both are read through the API, to their ends: nothing is inferred from counters.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use uuid::Uuid;

use crate::{
    connection::{Connection, NoAnswer, Target, bearer},
    event_id::EventIds,
    ids::Ids,
    marks::Marks,
    result::Kept,
    sender::Sender,
};

/// A consumer that stores nothing more for so long will not.
const STANDSTILL_MAX: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The log's reader is done when nothing came for so long.
const LOG_WAIT_MS: u32 = 1_000;

/// What is to be looked for.
pub(crate) struct Sought<'a> {
    pub(crate) target: &'a Target,
    pub(crate) senders: &'a [Sender],
    pub(crate) ids: EventIds,
    /// Numbers of what was acknowledged.
    pub(crate) acknowledged: &'a Marks,
    /// RFC 3339: before the first event was signed.
    pub(crate) from: &'a str,
}

#[derive(Default)]
struct Found {
    marks: Marks,
    doubled: u64,
}

impl Found {
    fn add(&mut self, ids: EventIds, id: Uuid) {
        if let Some(number) = ids.number(id)
            && self.marks.mark(number)
        {
            self.doubled += 1;
        }
    }
}

/// Waits until all is stored, or until no more comes; then counts.
pub(crate) async fn check(sought: &Sought<'_>) -> Result<Kept, NoAnswer> {
    let mut stored = in_store(sought).await?;
    let (mut count, mut since) = (stored.marks.count(), Instant::now());
    while sought.acknowledged.count_without(&stored.marks) > 0 && since.elapsed() < STANDSTILL_MAX {
        tokio::time::sleep(LOOK_EVERY).await;
        stored = in_store(sought).await?;
        if stored.marks.count() != count {
            (count, since) = (stored.marks.count(), Instant::now());
        }
    }
    let in_log = in_log(sought).await?;
    let acknowledged = sought.acknowledged.count();
    Ok(Kept {
        acknowledged,
        in_log: in_log.map(|log| acknowledged - sought.acknowledged.count_without(&log.marks)),
        stored: acknowledged - sought.acknowledged.count_without(&stored.marks),
        lost: sought.acknowledged.count_without(&stored.marks),
        doubled: stored.doubled,
        unacknowledged: stored.marks.count_without(sought.acknowledged),
    })
}

/// One sender of each organisation: what one may read, all of it may.
fn readers<'a>(sought: &Sought<'a>) -> impl Iterator<Item = &'a Sender> {
    let mut seen = std::collections::BTreeSet::new();
    sought.senders.iter().filter(move |sender| seen.insert(sender.organisation))
}

async fn in_store(sought: &Sought<'_>) -> Result<Found, NoAnswer> {
    let mut found = Found::default();
    for sender in readers(sought) {
        read(sought, sender, &format!("/aibbar/events/export?from={}", sought.from), &mut found).await?;
    }
    Ok(found)
}

/// `None` where the log is not to be read with these keys.
async fn in_log(sought: &Sought<'_>) -> Result<Option<Found>, NoAnswer> {
    let mut found = Found::default();
    for sender in readers(sought) {
        let path = format!("/events/read?topic=aibbar.events&from={}&wait_ms={LOG_WAIT_MS}", sought.from);
        match read(sought, sender, &path, &mut found).await {
            Ok(()) => {}
            Err(NoAnswer::Refused { .. }) => return Ok(None),
            Err(gone) => return Err(gone),
        }
    }
    Ok(Some(found))
}

/// Reads lines of records to their end.
async fn read(sought: &Sought<'_>, sender: &Sender, path: &str, found: &mut Found) -> Result<(), NoAnswer> {
    let mut connection = Connection::open(sought.target).await?;
    let response = connection.lines(path, &bearer(&sender.api_key)).await?;
    let mut body = response.into_body();
    let mut ids = Ids::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| NoAnswer::Gone(error.to_string()))?;
        if let Some(piece) = frame.data_ref() {
            ids.find(piece, |id| found.add(sought.ids, id));
        }
    }
    Ok(())
}
