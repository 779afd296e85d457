//! What time it is.

use std::time::SystemTime;

use aibbar::Timestamp;

/// Now, by the system's clock.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
