//! What those who run a process ask it: `/health*` and `/metrics`, also on a port of their own.

pub(crate) mod health;
pub(crate) mod metrics;
mod server;
pub(crate) mod spool;

pub use health::{Dependency, LOG, NotUp, Probe, Readiness};
pub(crate) use server::table;
pub use server::{Server, serve};
pub use spool::SpoolView;

pub(crate) use health::{live, ready, summary};
pub(crate) use metrics::{MetricsDoor, metrics};
