//! The readers of this gateway: places for those who read now, and a few readers that wait where the last page ended.
//!
//! On Kafka a reader is a client of its own, with connections and threads; making one takes longer than reading a page.
//! So one that gave a page is kept for a while, for whoever comes with that page's cursor.

use std::time::{Duration, Instant};

use bus::Partition;
use parking_lot::Mutex;
use prometheus::{IntCounterVec, IntGauge, Opts, Registry};
use store::OrgId;
use tokio_util::sync::CancellationToken;

use super::reading::Reading;
use crate::{
    bytes_budget::BytesBudget,
    problem::{Kind, Problem},
    settings::ReadSettings,
    streams::{
        cursor::Cursor,
        places::{NoPlace, Place, Places},
        topic::FoundTopic,
    },
};

/// How long a reader waits for its next page.
const KEPT_MAX: Duration = Duration::from_secs(30);

/// When another try may find a place.
const RETRY_AFTER_S: u32 = 1;

/// How often readers that nobody came for are let go.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The readers of one gateway.
pub(crate) struct Readers {
    places: Places,
    /// What all reads hold at once. Nothing is held while messages are waited for, and nothing is taken from events that
    /// come in.
    pub(crate) bytes: BytesBudget,
    kept: Mutex<Vec<Kept>>,
    kept_max: usize,
    begun: IntCounterVec,
    now: IntGauge,
}

struct Kept {
    reading: Reading,
    since: Instant,
}

/// A place to read; given back when it goes.
pub(super) struct ReadPlace {
    _place: Place,
    now: IntGauge,
}

impl Readers {
    pub(crate) fn new(settings: &ReadSettings, registry: &Registry) -> prometheus::Result<Self> {
        let begun = IntCounterVec::new(
            Opts::new("gapin_reads_total", "Reads of topics, by where their reader came from: `made` or `kept`."),
            &["reader"],
        )?;
        let now = IntGauge::new("gapin_reads", "Reads of topics that are answered now.")?;
        registry.register(Box::new(begun.clone()))?;
        let held =
            IntGauge::new("gapin_read_held_bytes", "Bytes of messages that are being read, until they are sent.")?;
        registry.register(Box::new(now.clone()))?;
        registry.register(Box::new(held.clone()))?;
        let places = Places::new(settings.reads_max, settings.reads_per_organisation_max);
        let bytes = BytesBudget::new(settings.read_bytes_max, held);
        Ok(Self { places, bytes, kept: Mutex::default(), kept_max: settings.kept_readers_max, begun, now })
    }

    /// A place to read.
    pub(super) fn place(&self, org_id: OrgId) -> Result<ReadPlace, Problem> {
        let place = self.places.take(org_id).map_err(|none| match none {
            NoPlace::Gateway => {
                Problem::new(Kind::Overloaded, "There are as many reads at once as may be; try again shortly.")
            }
            NoPlace::Organisation => Problem::retry_after(
                Kind::TooManyReaders,
                RETRY_AFTER_S,
                "Your organisation reads as much at once as it may; try again shortly.",
            ),
        })?;
        self.now.inc();
        Ok(ReadPlace { _place: place, now: self.now.clone() })
    }

    /// How many reads are being answered.
    pub(crate) fn active(&self) -> usize {
        self.places.taken()
    }

    /// A reader that waits exactly there.
    pub(super) fn take(&self, topic: &FoundTopic, only: Option<Partition>, cursor: &Cursor) -> Option<Reading> {
        let mut kept = self.kept.lock();
        let at = kept.iter().position(|kept| kept.reading.is_at(topic, only, cursor));
        let how = if at.is_some() { "kept" } else { "made" };
        self.begun.with_label_values(&[how]).inc();
        at.map(|at| kept.swap_remove(at).reading)
    }

    /// A reader that is made for this read.
    pub(super) fn note_made(&self) {
        self.begun.with_label_values(&["made"]).inc();
    }

    /// Keeps a reader for the next page; the one that waited longest goes for it.
    pub(super) fn keep(&self, reading: Reading) {
        let mut kept = self.kept.lock();
        if kept.len() >= self.kept_max {
            let longest = kept.iter().enumerate().min_by_key(|(_, kept)| kept.since).map(|(at, _)| at);
            longest.map(|at| kept.swap_remove(at));
        }
        if self.kept_max > 0 {
            kept.push(Kept { reading, since: Instant::now() });
        }
    }

    /// Lets go of readers that nobody came for, until told to stop.
    pub(crate) async fn tend(self: std::sync::Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {
                    self.kept.lock().clear();
                    return;
                }
            }
            self.kept.lock().retain(|kept| kept.since.elapsed() < KEPT_MAX);
        }
    }
}

impl Drop for ReadPlace {
    fn drop(&mut self) {
        self.now.dec();
    }
}
