//! The guard of speed: counts the instructions of a piece of work under callgrind, and compares them with a budget.
//!
//! Time can't be tested: a machine is shared, and another is twice as fast. The instructions that a piece of work takes are
//! the same whenever it runs and nearly the same wherever, so a change that makes it slower is seen at once. A program
//! here is a list of [`Subject`]s given to [`main`]; it starts itself once per subject under valgrind, which counts
//! between two calls of [`mark`](mark::instructions_are_counted_from_here).
//!
//! Never measures time, and never decides what is fast: `make bench` does.

pub mod budgets;
pub mod callgrind;
pub mod mark;
mod program;
pub mod samples;
mod subject;

pub use program::main;
pub use subject::Subject;
