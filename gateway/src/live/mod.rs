//! The live stream: the log tailed once, fanned out to every client through bounded queues.

mod cursor;
mod feed;
mod filter;
mod frame;
mod held;
pub(crate) mod hub;
mod outbox;
mod queue;
pub(crate) mod socket;
