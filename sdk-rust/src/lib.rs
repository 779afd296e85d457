//! The SDK of GAPIN, the flight recorder for AI systems.

mod client;
mod compose;
pub mod context;
pub mod errors;
mod http;
mod moment;
pub mod recorder;
mod resources;
mod safe;
mod settings;
mod signed;
pub mod stream;
mod strict;
pub mod verify;
pub mod wrap;

pub use aibbar::EventType;
pub use client::{Accepted, Client};
pub use errors::{ApiError, ApiErrorKind, Error, Fault, InvalidEventError};
pub use recorder::{Recorder, RecorderBuilder};
pub use resources::{
    ApiKey, EventFilter, Events, KeyChange, Keys, MadeKey, MessageResult, Moment, NewKey, NewMessage, NewTopic, Pages,
    Publish, PublishAll, PublishResults, Published, Record, RecordNotes, Redaction, Topic, TopicChange,
    TopicStatistics, Topics,
};
pub use settings::Settings;
pub use stream::{EventStream, Gap, Live};
pub use verify::{canonicalize, sign, verify};
