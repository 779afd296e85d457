//! `gapin verify`: checks the signatures of events from standard input.

use std::io::BufReader;

use aibbar::{Event, Refusal};
use clap::Args;
use serde_json::json;

use super::sign::for_each_event;
use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    settings::{client::SigningSettings, data_dir::DataDirSettings},
    terminal::{Colour, Colours, say, say_json},
};

/// Verify signed events: one JSON object, or one on each line, from standard input
#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// One JSON object per event: {"line","valid","event_id"} or {"line","valid","code","detail"}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    signing: SigningSettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  gapin verify < signed.ndjson
  gapin sign < event.json | gapin verify --json";

pub(crate) fn run(args: VerifyArgs) -> Result<Exit, Failure> {
    let signer = Defaults::read(&args.data_dir.data_dir)?.signer(args.signing)?;
    let colours = Colours::of(&std::io::stdout());
    let mut exit = Exit::Ok;
    for_each_event(BufReader::new(std::io::stdin().lock()), |line, event| {
        let verified = event
            .map_err(|why| Refusal::new(aibbar::Code::InvalidJson, why))
            .and_then(|json| Event::parse(&json))
            .and_then(|event| event.verify([&signer.secret]).map(|_| event.event_id()));
        if verified.is_err() {
            exit = Exit::SomeRefused;
        }
        match (verified, args.json) {
            (Ok(event_id), true) => say_json(&json!({ "line": line, "valid": true, "event_id": event_id })),
            (Ok(event_id), false) => say(&format!("line {line}: {} {event_id}", colours.paint(Colour::Green, "valid"))),
            (Err(refusal), true) => say_json(&json!({
                "line": line, "valid": false, "code": refusal.code.as_str(), "detail": refusal.detail,
            })),
            (Err(refusal), false) => say(&format!("line {line}: {} {refusal}", colours.paint(Colour::Red, "invalid"))),
        }
    })?;
    Ok(exit)
}
