//! The SDK of GAPIN, the flight recorder for AI systems.

mod compose;
pub mod context;
pub mod errors;
mod http;
pub mod instruments;
mod moment;
pub mod recorder;
mod safe;
mod settings;
pub mod wrap;

pub use errors::{ApiError, ApiErrorKind, Error, Fault, InvalidEventError};
pub use recorder::{Recorder, RecorderBuilder};
pub use settings::Settings;
