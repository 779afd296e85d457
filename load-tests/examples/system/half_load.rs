//! What the gateway adds at half load: what of each answer was not the log's.

use load_tests::{
    result::{Round, Run},
    scenario::Size,
};

use crate::{command, rig::Rig};

pub(crate) const NAME: &str = "half-load";

/// Single events at half of what 64 connections make.
pub(crate) fn run(rig: &Rig, size: Size) -> Result<Run, String> {
    let length = if size == Size::Full { "60" } else { "6" };
    let common = ["--connections", "64", "--duration", length, "--no-check"];
    println!("\n{NAME}: single events over 64 connections as fast as it goes, then at half of that");
    let max = last(rig.bench(&common)?)?;
    let rate = format!("{:.1}", (max.rate_per_s / 2.0).max(1.0));
    let half = last(rig.bench(&[common.as_slice(), &["--rate", &rate]].concat())?)?;
    let rounds = vec![Round { phase: "max".to_owned(), ..max }, Round { phase: "half".to_owned(), ..half }];
    Ok(Run { scenario: NAME.to_owned(), command: command(NAME, rig.shape(), size), rounds, thrown_away: 0 })
}

fn last(run: Run) -> Result<Round, String> {
    run.rounds.into_iter().next_back().ok_or_else(|| "nothing was measured".to_owned())
}
