//! Prints how well redaction does: `cargo run -p aibbar --example redaction_score -- [--misses]`.
//!
//! Twice: on the labelled cases of `../shared/data/redaction`, and on texts made by rules (`corpus`). With `--misses` every case that
//! went wrong is printed too.
#![allow(clippy::print_stdout)]

mod corpus;
mod labelled;
mod score;

use std::path::Path;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/redaction");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let misses = std::env::args().any(|argument| argument == "--misses");
    let labelled = labelled::score(Path::new(DATA))?;
    let made = score::score(corpus::cases());
    for board in [&labelled, &made] {
        if misses {
            board.misses.iter().for_each(|miss| println!("{miss}"));
        }
    }
    println!("Labelled cases:\n\n{}\nMade by rules:\n\n{}", labelled.table(), made.table());
    Ok(())
}
