//! The spool: what a gateway whose Kafka is away acknowledges meanwhile.

mod status;

pub use status::{SpoolState, SpoolStatus};
