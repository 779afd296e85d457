//! How costs grow: with keys, with organisations, with what is stored.

use std::fs;

use e2e::Organisation;
use load_tests::{
    result::{Round, Run},
    scenario::Size,
};
use serde_json::json;

use crate::{command, rig::Rig};

pub(crate) const KEYS: &str = "growth-keys";
pub(crate) const ORGANISATIONS: &str = "growth-organisations";
pub(crate) const STORED: &str = "growth-stored";

/// A rate that every machine takes, so that what differs is what an event costs.
const RATE: &str = "500";

/// Single events with 1, and so many signing keys. An organisation has at most 1,000.
pub(crate) fn keys(rig: &Rig, size: Size) -> Result<Run, String> {
    let mut rounds = Vec::new();
    for keys in if size == Size::Full { [1, 10, 100, 990] } else { [1, 10, 50, 200] } {
        println!("\n{KEYS}: {keys}");
        rounds.extend(round(rig, &["--keys", &keys.to_string()], keys, size)?);
    }
    Ok(as_run(KEYS, rig, size, rounds))
}

/// Single events of 1, and so many organisations, each with keys of its own.
pub(crate) fn organisations(rig: &Rig, size: Size) -> Result<Run, String> {
    let file = rig.system.data_dir().join("senders.ndjson");
    let mut lines = String::new();
    let (mut made, mut rounds) = (0, Vec::new());
    for count in if size == Size::Full { [1, 10, 100, 1_000] } else { [1, 5, 15, 30] } {
        println!("\n{ORGANISATIONS}: {count}");
        while made < count {
            lines.push_str(&sender(&rig.system.organisation(), made));
            made += 1;
        }
        fs::write(&file, &lines).map_err(|error| error.to_string())?;
        rounds.extend(round(rig, &["--senders", &file.display().to_string()], count, size)?);
    }
    fs::remove_file(&file).map_err(|error| error.to_string())?;
    Ok(as_run(ORGANISATIONS, rig, size, rounds))
}

fn sender(organisation: &Organisation, number: u64) -> String {
    let Organisation { api_key, key_id, secret, .. } = organisation;
    let line = json!({ "organisation": number, "api_key": api_key, "key_id": key_id, "secret": secret.expose() });
    format!("{line}\n")
}

/// Single events into a store that holds nothing yet, and into one that holds so many: of the median one, since ten million
/// of all sizes need more disk than most machines have to spare.
pub(crate) fn stored(rig: &Rig, size: Size) -> Result<Run, String> {
    let (mut there, mut rounds) = (0, Vec::new());
    for stored in if size == Size::Full { [0, 100_000, 1_000_000, 10_000_000] } else { [0, 20_000, 50_000, 100_000] } {
        println!("\n{STORED}: {stored}");
        if stored > there {
            fill(rig, stored - there, &["--corpus", "median"])?;
            there = stored;
        }
        let measured = round(rig, &[], stored, size)?;
        there += measured.iter().map(|round| round.events_sent).sum::<u64>();
        rounds.extend(measured);
    }
    Ok(as_run(STORED, rig, size, rounds))
}

/// Sends so many events as fast as it goes.
pub(crate) fn fill(rig: &Rig, events: u64, args: &[&str]) -> Result<Run, String> {
    let events = events.to_string();
    // Never twice: what is there is counted.
    let batches = [
        "--batch",
        "100",
        "--connections",
        "16",
        "--warm-up",
        "0",
        "--duration",
        "86400",
        "--no-check",
        "--thrown-away-max",
        "0",
    ];
    rig.bench(&[batches.as_slice(), &["--events", &events], args].concat())
}

fn round(rig: &Rig, args: &[&str], at: u64, size: Size) -> Result<Vec<Round>, String> {
    let length = if size == Size::Full { "30" } else { "6" };
    let load = ["--rate", RATE, "--duration", length, "--no-check"];
    let run = rig.bench(&[load.as_slice(), args].concat())?;
    Ok(run.rounds.into_iter().map(|round| Round { phase: "growth".to_owned(), at: Some(at), ..round }).collect())
}

fn as_run(name: &str, rig: &Rig, size: Size, rounds: Vec<Round>) -> Run {
    Run { scenario: name.to_owned(), command: command(name, rig.shape(), size), rounds, thrown_away: 0 }
}
