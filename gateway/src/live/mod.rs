//! The live stream: the log tailed once, fanned out to every client through bounded queues.

mod cursor;
mod feed;
mod filter;
mod frame;
pub(crate) mod hub;
mod queue;
pub(crate) mod socket;
