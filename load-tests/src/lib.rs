//! The instruments: an open-loop load generator, what it measures, and the scenarios.
//!
//! What is measured on a machine that others use, too, is cost: processor time per event, and ratios taken in one run.
//! This crate measures and tells; it starts no system (`examples/system.rs` does) and prints nothing.

mod check;
mod connection;
pub mod corpus;
mod durations;
mod event_id;
mod ids;
pub mod keys;
mod live;
mod load;
mod machine;
mod marks;
mod processes;
mod queries;
mod random;
pub mod result;
pub mod rounds;
pub mod scenario;
mod schedule;
mod sender;
mod sending;
mod stock;
pub mod table;
mod tally;
mod template;
pub mod usage;
mod yardstick;

pub use connection::{NoAnswer, Target};
pub use corpus::Corpus;
pub use load::{Load, NoRound};
pub use processes::Watched;
pub use schedule::Pace;
pub use sender::Sender;
pub use yardstick::Yardstick;
