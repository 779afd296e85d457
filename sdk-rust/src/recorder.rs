//! The background recorder: one line where something happens, and the rest is its own work.

mod draft;
mod engine;
mod events;
#[cfg(unix)]
mod exit;
mod mend;
mod options;
mod queue;
mod reporter;
mod sender;
mod skew;
mod stats;
mod worker;

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use serde::Serialize;
use uuid::Uuid;

use self::{draft::Draft, engine::Engine, options::Options};
pub use self::{
    events::{ActionBuilder, DecisionBuilder, ErrorBuilder, QueryBuilder, ResponseBuilder},
    options::{Compression, DropReason, RecorderBuilder, WhenFull},
    stats::Stats,
};
use crate::{
    errors::Error,
    settings::{Resolved, Settings},
};

/// Records events in the background. Its methods never fail and, unless it was made with [`WhenFull::Block`] or
/// a queue on disk, never wait.
///
/// Each takes a copy of what it is given, queues it, and answers the event's id (`None` when it was let go). A thread of
/// its own signs, batches, compresses, sends, and sends again. Clones are the same recorder; it is safe to use from threads
/// and tasks of every runtime, and of none. When the last clone goes, what is queued is sent, within `flush_timeout`.
#[derive(Clone)]
pub struct Recorder(Arc<Owner>);

/// Ends the recorder with its last clone.
struct Owner {
    settings: Arc<Resolved>,
    engine: Arc<Engine>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.engine.close_blocking(self.engine.options.flush_timeout);
    }
}

impl Recorder {
    /// With the options that [`RecorderBuilder`] begins with.
    ///
    /// # Errors
    /// [`Error::Configuration`] where a setting is missing or can't be meant.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Self::builder(settings).build()
    }

    /// [`Recorder::new`], with everything from the environment.
    ///
    /// # Errors
    /// [`Error::Configuration`] where a setting is missing or can't be meant.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::new())
    }

    /// To choose what may happen to an event.
    pub fn builder(settings: Settings) -> RecorderBuilder {
        RecorderBuilder::new(settings)
    }

    fn of(settings: Settings, options: Options) -> Result<Self, Error> {
        let settings = Arc::new(settings.resolve()?);
        let engine = Engine::new(Arc::clone(&settings), options)?;
        Ok(Self(Arc::new(Owner { settings, engine })))
    }

    /// A function that the AI system called, and what came of it.
    pub fn action(&self, function: impl AsRef<str>) -> ActionBuilder<'_> {
        ActionBuilder::new(self, function.as_ref())
    }

    /// A choice between options: of what type, and by what logic.
    pub fn decision(&self, r#type: impl AsRef<str>, logic: impl AsRef<str>) -> DecisionBuilder<'_> {
        DecisionBuilder::new(self, r#type.as_ref(), logic.as_ref())
    }

    /// What went wrong.
    pub fn error(&self, code: impl AsRef<str>, message: impl AsRef<str>) -> ErrorBuilder<'_> {
        ErrorBuilder::new(self, code.as_ref(), message.as_ref())
    }

    /// What went wrong, by an error: its code is its type's name, its stack are the errors that it came of.
    pub fn failure(&self, error: &(dyn StdError + '_)) -> ErrorBuilder<'_> {
        ErrorBuilder::of(self, error)
    }

    /// What was asked.
    pub fn query(&self) -> QueryBuilder<'_> {
        QueryBuilder::new(self)
    }

    /// What came back.
    pub fn response(&self, output: impl Serialize) -> ResponseBuilder<'_> {
        ResponseBuilder::new(self, &output)
    }

    /// An event as a whole, such as a `serde_json::Value`; what is absent is filled in. One that is signed already is recorded as
    /// it is.
    pub fn record(&self, event: impl Serialize) -> Option<Uuid> {
        draft::record_whole(self, &event)
    }

    /// Waits until everything that was recorded before is acknowledged, refused or let go. False: not in time.
    pub async fn flush(&self, timeout: Duration) -> bool {
        self.0.engine.flush(timeout).await
    }

    /// [`Recorder::flush`] for code that is not asynchronous. Inside of a runtime it would hold up the thread.
    pub fn flush_blocking(&self, timeout: Duration) -> bool {
        self.0.engine.flush_blocking(timeout)
    }

    /// Flushes within `flush_timeout`, and ends. False when something was left, which is then let go (or stays on disk).
    pub async fn close(&self) -> bool {
        self.0.engine.close(self.0.engine.options.flush_timeout).await
    }

    /// [`Recorder::close`] for code that is not asynchronous.
    pub fn close_blocking(&self) -> bool {
        self.0.engine.close_blocking(self.0.engine.options.flush_timeout)
    }

    /// The counters now.
    pub fn stats(&self) -> Stats {
        self.0.engine.stats()
    }

    /// For instruments: counts a fault that their caller must not see.
    pub fn swallowed(&self, place: &str, error: &(dyn StdError + '_)) {
        self.0.engine.fault(place, &draft::code_of(error));
    }

    /// What events say of the AI's version where nothing else is said.
    pub fn ai_version(&self) -> &str {
        &self.0.settings.ai_version
    }

    /// The safe form of a value, as it is now.
    pub(crate) fn written(&self, value: &(impl Serialize + ?Sized)) -> Vec<u8> {
        draft::written(self, value)
    }

    fn draft(&self, kind: &'static draft::Kind) -> Draft<'_> {
        Draft::new(self, kind)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("url", &self.0.settings.url).finish_non_exhaustive()
    }
}
