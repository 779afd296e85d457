//! Counts the instructions of the path of an event, as far as it is pure or the embedded log's: see the crate.

mod subjects;

use std::process::ExitCode;

fn main() -> ExitCode {
    guard::main(&subjects::all())
}
