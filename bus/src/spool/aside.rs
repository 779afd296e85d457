//! What the log refuses for good, for people to look at.

use std::path::Path;

use bytes::Bytes;

use super::{
    shelf::{REFUSED_OF, REFUSED_TOPIC, REFUSED_WHY},
    slot_dir,
    slots::slots,
};
use crate::{LogError, LogRecord, Offset, local::peek_folder};

/// A record that was acknowledged and that the log refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutAside {
    /// The slot that it lies in.
    pub slot: u32,
    /// Its place there: it has another once the log refused it again.
    pub offset: Offset,
    /// The topic that it was for.
    pub topic: String,
    /// Why the log refused it.
    pub reason: String,
    /// When it was put aside, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// The key that it was appended with.
    pub key: Bytes,
    /// What it carries.
    pub payload: Bytes,
}

/// Hands over what lies aside in each slot of a spool folder, one record at a time, also while gateways use it. Only
/// reads; blocks on the disk. A slot that can't be read is the error at the end, and keeps nobody from the others.
pub fn put_aside(dir: &Path, mut each: impl FnMut(PutAside)) -> Result<(), LogError> {
    let mut failed = None;
    for slot in slots(dir)? {
        let looked = peek_folder(&slot_dir(dir, slot), REFUSED_TOPIC, |record| each(of_record(slot, record)));
        failed = failed.or(looked.err());
    }
    failed.map_or(Ok(()), Err)
}

fn of_record(slot: u32, record: LogRecord) -> PutAside {
    let word = |name| record.header(name).map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
    PutAside {
        slot,
        offset: record.position.offset,
        topic: word(REFUSED_OF),
        reason: word(REFUSED_WHY),
        at_ms: record.appended_at_ms,
        key: record.key,
        payload: record.payload,
    }
}
