//! The event log: an ordered, durable stream of records in topics and partitions.
//!
//! One trait, [`EventLog`], with exactly two logs behind it: [`kafka`] (Apache Kafka, Redpanda) and
//! [`local`] (a SQLite file in this process); a [`spool`] puts the second before the first, for the time
//! in which that is away. One contract suite runs on all, so a promise made by one holds for the others. This crate
//! never looks inside a payload: what a record means is for `aibbar` to say.

mod backoff;
#[cfg(feature = "kafka")]
pub mod kafka;
mod layer;
pub mod local;
mod log;
mod partitioner;
pub mod spool;
mod topic_spec;

pub use backoff::Backoff;
pub use layer::LogLayer;
pub use log::*;
pub use partitioner::partition_for_key;
pub use topic_spec::PARTITIONS_MAX;
