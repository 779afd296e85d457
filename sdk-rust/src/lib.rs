//! The SDK of GAPIN, the flight recorder for AI systems.

pub mod errors;
mod http;
mod settings;

pub use errors::{ApiError, ApiErrorKind, Error, Fault, InvalidEventError};
pub use settings::Settings;
