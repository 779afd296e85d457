//! The SDK of GAPIN, the flight recorder for AI systems.

pub mod errors;
mod settings;

pub use errors::{ApiError, ApiErrorKind, Error, InvalidEventError};
pub use settings::Settings;
