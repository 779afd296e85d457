//! The instruments: an open-loop load generator, what it measures, and the scenarios.
//!
//! What is measured on a machine that others use, too, is cost: processor time per event, and ratios taken in one run.
//! This crate measures and tells; it starts no system (`examples/system.rs` does) and prints nothing.

pub mod result;
