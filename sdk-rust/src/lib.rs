//! The SDK of GAPIN, the flight recorder for AI systems: your AI signs what it does, a gateway keeps it, and afterwards you
//! can ask what it did, on whose orders, and prove it.
//!
//! ```no_run
//! use gapin_sdk::{Recorder, context};
//!
//! # fn main() -> Result<(), gapin_sdk::Error> {
//! let recorder = Recorder::from_env()?;
//! context::new().session_id("order-7").scope(|| {
//!     recorder.decision("refund", "within 30 days").options(["refund", "refuse"]).chosen("refund").record();
//! });
//! # Ok(())
//! # }
//! ```
//!
//! A [`Recorder`] works in the background and never fails. A [`Client`] records an event and waits until it is kept, reads,
//! watches the live stream, and manages topics and keys. [`sign`], [`verify()`] and [`canonicalize`] are for who does it alone.

mod backoff;
mod client;
mod compose;
pub mod context;
pub mod errors;
mod http;
pub mod instruments;
mod moment;
pub mod recorder;
mod resources;
mod safe;
mod settings;
mod signed;
pub mod stream;
mod strict;
// Where both are there, the system's own TLS is taken.
#[cfg(all(feature = "rustls", any(test, not(feature = "native-tls"))))]
mod tls;
pub mod verify;
pub mod wrap;

pub use aibbar::{Event, EventType, Timestamp};
pub use client::{Accepted, Client};
pub use errors::{ApiError, ApiErrorKind, Error, Fault, InvalidEventError, UnreadableError};
pub use recorder::{Recorder, RecorderBuilder};
pub use resources::{
    ApiKey, EventFilter, Events, KeyChange, Keys, MadeKey, MessageResult, Moment, NewKey, NewMessage, NewTopic, Pages,
    Publish, PublishAll, PublishResults, Published, Record, RecordNotes, Redaction, Topic, TopicChange,
    TopicStatistics, Topics,
};
pub use settings::Settings;
pub use stream::{EventStream, Gap, Live, LiveMessage, LiveStream, MessageFilter, MessageStream, StreamFilter};
pub use verify::{canonicalize, sign, verify};
