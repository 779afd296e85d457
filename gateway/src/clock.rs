//! What time it is.

use std::time::SystemTime;

use aibbar::Timestamp;

/// Milliseconds since the Unix epoch, by the system's clock.
pub(crate) fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Now, by the system's clock.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
