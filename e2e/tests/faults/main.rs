//! Processes are killed, services go away, disks fill up, clocks are set back: nothing that was acknowledged is lost,
//! nothing is there twice, nothing is out of order, and nothing is there that was refused.
//!
//! Everything that is left to chance comes from one number, which each test prints; `GAPIN_FAULT_SEED` gives it.
//! `make soak` runs this suite many times, and longer. What the tests promise: `docs/reliability.md`.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::print_stdout, reason = "figures, and how to have the same again")]

mod everything;
mod fault;
mod ground;
mod in_log;
mod one_by_one;
mod three_brokers;
