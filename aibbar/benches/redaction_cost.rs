//! What hostile text costs: 256 KiB of near-misses, per byte, against usual text in the same run.
//!
//! Prints the ten worst, and fails when one is beyond the bound.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod hostile;

use std::time::{Duration, Instant};

use aibbar::{Kind, RuleSet};

const EVENT_BYTES: usize = 256 * 1024;
/// So many times the usual cost of a byte is hostile text allowed to cost.
const SLOWER_MAX: f64 = 20.0;

fn all() -> RuleSet {
    RuleSet::default().with(Kind::IpAddress, true)
}

/// The best of a few is what the text costs when nothing else has the processor.
fn cost(text: &str, times: usize) -> Duration {
    (0..times)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(all().redact_text(std::hint::black_box(text)));
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn main() {
    let usual = hostile::filled(hostile::USUAL, EVENT_BYTES);
    all().redact_text(&usual); // compiles the rules
    let usual = cost(&usual, 5).as_secs_f64() / usual.len() as f64;

    let repeated = hostile::PIECES.iter().map(|piece| (format!("{piece:?} …"), hostile::filled(piece, EVENT_BYTES)));
    let runs = hostile::RUNS.iter().map(|(beginning, character)| {
        (format!("{beginning:?} and {character:?} …"), hostile::run(beginning, *character, EVENT_BYTES))
    });
    let mut costs: Vec<(f64, String)> = repeated
        .chain(runs)
        .map(|(name, text)| {
            let slower = |times| cost(&text, times).as_secs_f64() / text.len() as f64 / usual;
            // Once is enough for most; what seems slow may only have had to wait.
            (Some(slower(1)).filter(|slower| *slower <= SLOWER_MAX / 2.0).unwrap_or_else(|| slower(5)), name)
        })
        .collect();
    costs.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{} hostile texts of {EVENT_BYTES} bytes; usual text costs {:.1} ns a byte", costs.len(), usual * 1e9);
    for (slower, name) in costs.iter().take(10) {
        println!("{slower:>6.1} times: {name}");
    }
    assert!(costs[0].0 <= SLOWER_MAX, "{} costs {:.0} times the usual", costs[0].1, costs[0].0);
}
