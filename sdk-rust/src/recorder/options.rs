//! Every bound and duration of a recorder, with its default.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value;

use super::Recorder;
use crate::{
    errors::{Error, Fault},
    settings::Settings,
};

/// What becomes of an event for which the queue has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum WhenFull {
    /// The oldest that waits is let go for it.
    #[default]
    DropOldest,
    /// It is let go itself.
    DropNewest,
    /// Its caller waits for room. In asynchronous code that holds up the thread.
    Block,
}

/// How batches are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all: for a gateway on the same machine.
    None,
    /// What everything between here and the gateway knows.
    Gzip,
    /// Costs a fraction of gzip's time.
    #[cfg(feature = "zstd")]
    Zstd,
}

/// Why an event was let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DropReason {
    /// There was no room in the queue.
    QueueFull,
    /// It could not be sent for as long as `retry_for`.
    RetryTimeSpent,
    /// The recorder was closed.
    Closed,
    /// The disk queue could not be written or read. What can't be read is only counted: nobody has its text.
    QueueFailed,
}

impl DropReason {
    /// The word: `queue_full`, `retry_time_spent`, `closed`, `queue_failed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::RetryTimeSpent => "retry_time_spent",
            Self::Closed => "closed",
            Self::QueueFailed => "queue_failed",
        }
    }
}

pub(super) type OnRefused = Arc<dyn Fn(&Value, &Fault) + Send + Sync>;
pub(super) type OnDropped = Arc<dyn Fn(&Value, DropReason) + Send + Sync>;

/// The options as they were chosen.
#[derive(Clone)]
pub(crate) struct Options {
    pub(super) queue_events_max: usize,
    pub(super) queue_bytes_max: usize,
    pub(super) when_full: WhenFull,
    pub(super) batch_events_max: usize,
    pub(super) batch_bytes_max: usize,
    pub(super) batch_age: Duration,
    pub(super) compression: Compression,
    pub(super) compress_bytes_min: usize,
    pub(super) retry_wait_min: Duration,
    pub(super) retry_wait_max: Duration,
    pub(super) retry_for: Duration,
    pub(super) flush_timeout: Duration,
    pub(super) disk_queue: Option<PathBuf>,
    pub(super) on_refused: Option<OnRefused>,
    pub(super) on_dropped: Option<OnDropped>,
    pub(super) ends_at_sigterm: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue_events_max: 10_000,
            queue_bytes_max: 64 * 1024 * 1024,
            when_full: WhenFull::DropOldest,
            batch_events_max: 500,
            batch_bytes_max: 1024 * 1024,
            batch_age: Duration::from_millis(200),
            compression: Compression::Gzip,
            compress_bytes_min: 1024,
            retry_wait_min: Duration::from_millis(100),
            retry_wait_max: Duration::from_secs(10),
            retry_for: Duration::from_secs(300),
            flush_timeout: Duration::from_secs(5),
            disk_queue: None,
            on_refused: None,
            on_dropped: None,
            ends_at_sigterm: false,
        }
    }
}

/// Makes a recorder, with options.
#[must_use]
pub struct RecorderBuilder {
    settings: Settings,
    options: Options,
}

impl fmt::Debug for RecorderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chosen = &self.options;
        f.debug_struct("RecorderBuilder")
            .field("settings", &self.settings)
            .field("queue_events_max", &chosen.queue_events_max)
            .field("queue_bytes_max", &chosen.queue_bytes_max)
            .field("when_full", &chosen.when_full)
            .field("batch_events_max", &chosen.batch_events_max)
            .field("batch_bytes_max", &chosen.batch_bytes_max)
            .field("batch_age", &chosen.batch_age)
            .field("compression", &chosen.compression)
            .field("compress_bytes_min", &chosen.compress_bytes_min)
            .field("retry_wait_min", &chosen.retry_wait_min)
            .field("retry_wait_max", &chosen.retry_wait_max)
            .field("retry_for", &chosen.retry_for)
            .field("flush_timeout", &chosen.flush_timeout)
            .field("disk_queue", &chosen.disk_queue)
            .field("end_at_sigterm", &chosen.ends_at_sigterm)
            .finish_non_exhaustive()
    }
}

impl RecorderBuilder {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, options: Options::default() }
    }

    /// How many events may wait; 10,000.
    pub fn queue_events_max(mut self, events: usize) -> Self {
        self.options.queue_events_max = events;
        self
    }

    /// How many bytes may wait; 64 MiB.
    pub fn queue_bytes_max(mut self, bytes: usize) -> Self {
        self.options.queue_bytes_max = bytes;
        self
    }

    /// What becomes of an event for which there is no room; [`WhenFull::DropOldest`].
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.options.when_full = when_full;
        self
    }

    /// How many events are sent at once; 500.
    pub fn batch_events_max(mut self, events: usize) -> Self {
        self.options.batch_events_max = events;
        self
    }

    /// How many bytes are sent at once, before compression; 1 MiB.
    pub fn batch_bytes_max(mut self, bytes: usize) -> Self {
        self.options.batch_bytes_max = bytes;
        self
    }

    /// How long an event waits for others; 200 ms.
    pub fn batch_age(mut self, age: Duration) -> Self {
        self.options.batch_age = age;
        self
    }

    /// How batches are compressed.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.options.compression = compression;
        self
    }

    /// Smaller batches are not compressed; 1,024.
    pub fn compress_bytes_min(mut self, bytes: usize) -> Self {
        self.options.compress_bytes_min = bytes;
        self
    }

    /// The bound of the first wait before sending again; it doubles, and how much of it is waited is left to chance; 100 ms.
    pub fn retry_wait_min(mut self, wait: Duration) -> Self {
        self.options.retry_wait_min = wait;
        self
    }

    /// The bound of all such waits; 10 s. A gateway's `Retry-After` may be longer.
    pub fn retry_wait_max(mut self, wait: Duration) -> Self {
        self.options.retry_wait_max = wait;
        self
    }

    /// How long an event is sent again before it is let go; 300 s.
    pub fn retry_for(mut self, time: Duration) -> Self {
        self.options.retry_for = time;
        self
    }

    /// How long `close()`, and the end of the last clone, wait for what is queued; 5 s.
    pub fn flush_timeout(mut self, timeout: Duration) -> Self {
        self.options.flush_timeout = timeout;
        self
    }

    /// A folder: what is recorded there survives a crash of the process, and waits for as long as there is room.
    #[cfg(feature = "disk-queue")]
    pub fn disk_queue(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.disk_queue = Some(folder.into());
        self
    }

    /// Is told of each event that the gateway refused for good; it is not sent again. Runs on the recorder's thread.
    pub fn on_refused(mut self, told: impl Fn(&Value, &Fault) + Send + Sync + 'static) -> Self {
        self.options.on_refused = Some(Arc::new(told));
        self
    }

    /// Is told of each event that was let go, and why. Runs on the recorder's thread, or on that of whoever records.
    pub fn on_dropped(mut self, told: impl Fn(&Value, DropReason) + Send + Sync + 'static) -> Self {
        self.options.on_dropped = Some(Arc::new(told));
        self
    }

    /// At SIGTERM sends what is queued, within `flush_timeout`, and then ends the process as SIGTERM ends it. For programs
    /// that do not handle the signal themselves.
    #[cfg(unix)]
    pub fn end_at_sigterm(mut self) -> Self {
        self.options.ends_at_sigterm = true;
        self
    }

    /// The recorder.
    ///
    /// # Errors
    /// [`Error::Configuration`] where a setting is missing, or an option can't be meant.
    pub fn build(self) -> Result<Recorder, Error> {
        let chosen = &self.options;
        let counts = [
            ("queue_events_max", chosen.queue_events_max),
            ("queue_bytes_max", chosen.queue_bytes_max),
            ("batch_events_max", chosen.batch_events_max),
            ("batch_bytes_max", chosen.batch_bytes_max),
        ];
        let times = [
            ("retry_wait_min", chosen.retry_wait_min),
            ("retry_wait_max", chosen.retry_wait_max),
            ("retry_for", chosen.retry_for),
        ];
        let zero = counts.iter().find(|(_, count)| *count == 0).map(|(name, _)| *name);
        let zero = zero.or_else(|| times.iter().find(|(_, time)| time.is_zero()).map(|(name, _)| *name));
        if let Some(name) = zero {
            return Err(Error::Configuration(format!("{name} is more than 0")));
        }
        Recorder::of(self.settings, self.options)
    }
}
