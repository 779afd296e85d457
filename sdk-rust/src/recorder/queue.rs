//! What waits to be sent. Not safe for threads by itself: the engine's lock guards it.

#[cfg(feature = "disk-queue")]
mod disk;
mod memory;

use std::{fmt, path::Path, time::Instant};

use bytes::Bytes;
use uuid::Uuid;

use self::memory::MemoryQueue;
use crate::errors::Error;

/// A queue in memory, or in a folder: that takes over what was left there, as far as a bound allows.
///
/// # Errors
/// [`Error::Configuration`] where the folder can't be used.
#[cfg_attr(not(feature = "disk-queue"), expect(unused_variables))]
pub(super) fn of(folder: Option<&Path>, bound: Count) -> Result<Box<dyn Queue>, Error> {
    match folder {
        None => Ok(Box::new(MemoryQueue::default())),
        #[cfg(feature = "disk-queue")]
        Some(folder) => Ok(Box::new(disk::DiskQueue::open(folder, bound)?)),
        #[cfg(not(feature = "disk-queue"))]
        Some(_) => Err(Error::Configuration("disk_queue needs the feature `disk-queue` of gapin-sdk".to_owned())),
    }
}

/// What an event takes in memory beside its text.
pub(super) const ENTRY_OVERHEAD_BYTES: usize = 256;
/// What signing adds to an event's line.
pub(super) const SIGNATURE_BYTES: usize = SIGNATURE_BEGIN.len() + 64 + "\"\n".len();

/// What stands before and behind the digits of a signature that an event has already, at the end of its text.
const SIGNATURE_BEGIN: &[u8] = br#","signature":""#;
const SIGNATURE_END: &[u8] = br#""}"#;

/// One event: its canonical bytes without signature, or its text with the one that it was recorded with as the last member,
/// and how it fared. A copy shares the bytes.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its place in the order of recording.
    pub(super) ticket: u64,
    pub(super) event_id: Uuid,
    pub(super) payload: Bytes,
    pub(super) at: Instant,
    pub(super) first_tried: Option<Instant>,
    pub(super) is_retimed: bool,
}

impl Entry {
    /// The bytes that it is counted with.
    pub(super) fn size(&self) -> usize {
        self.payload.len() + ENTRY_OVERHEAD_BYTES
    }

    /// Whether it was signed already when it was recorded.
    pub(super) fn is_signed(&self) -> bool {
        // Inside of a value nothing looks so: quotes in texts are escaped, and an inner object's end is not the last.
        let digits = self.payload.strip_suffix(SIGNATURE_END).and_then(|text| text.split_last_chunk::<64>());
        digits.is_some_and(|(before, digits)| {
            before.ends_with(SIGNATURE_BEGIN) && digits.iter().all(u8::is_ascii_hexdigit)
        })
    }
}

/// The text of an event that is signed already, from that without the signature and the brace at the end.
pub(super) fn with_signature(mut open: Vec<u8>, signature: &str) -> Vec<u8> {
    for part in [SIGNATURE_BEGIN, signature.as_bytes(), SIGNATURE_END] {
        open.extend_from_slice(part);
    }
    open
}

/// How many events, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) events: usize,
    pub(super) bytes: usize,
}

impl Count {
    pub(super) fn add(&mut self, entry: &Entry) {
        self.events += 1;
        self.bytes += entry.size();
    }

    pub(super) fn without(self, part: Self) -> Self {
        Self { events: self.events.saturating_sub(part.events), bytes: self.bytes.saturating_sub(part.bytes) }
    }

    pub(super) fn take(&mut self, entry: &Entry) {
        self.events = self.events.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(entry.size());
    }
}

/// The disk could not be written or read.
#[derive(Debug)]
pub(super) struct QueueFailed;

impl fmt::Display for QueueFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk queue can't be used")
    }
}

impl std::error::Error for QueueFailed {}

/// A queue: what is taken is held until it is done, or put back.
pub(super) trait Queue: Send {
    /// What it holds: waiting, and taken but not done.
    fn held(&self) -> Count;

    /// What waits.
    fn waiting(&self) -> Count;

    /// Adds the newest. Gives it back where that fails.
    fn put(&mut self, entry: Entry) -> Result<(), Entry>;

    /// The oldest that wait; at least one if any do.
    fn take(&mut self, events_max: usize, bytes_max: usize) -> Result<Vec<Entry>, QueueFailed>;

    /// What was taken waits again, before all others.
    fn put_back(&mut self, entries: Vec<Entry>);

    /// What was taken is held no longer.
    fn done(&mut self, entries: &[Entry]) -> Result<(), QueueFailed>;

    /// Takes over more of what others left, where it has become empty enough.
    fn refill(&mut self) {}

    /// Ticket and time of the oldest that waits.
    fn oldest(&self) -> Option<(u64, Instant)>;

    /// The first ticket that nothing here has.
    fn next_ticket(&self) -> u64;

    /// How many it could not read and passed over, since this was asked last.
    fn lost(&mut self) -> usize {
        0
    }

    /// Lets go of what it holds outside of memory.
    fn close(&mut self);
}
