//! `gapin spool`: what the log refuses for good, as it lies in the spool's folder of this machine.

use std::path::PathBuf;

use aibbar::Timestamp;
use bus::spool::{PutAside, put_aside};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Failure},
    settings::{data_dir::DataDirSettings, spool::SpoolingSettings},
    terminal::{Colour, Colours, note, printable, say, say_json},
};

const REASON_CHARS_MAX: usize = 100;

/// List and show acknowledged records that Kafka refuses for good
#[derive(Args, Debug)]
pub(crate) struct SpoolArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List the records that lie aside, slot by slot, oldest first
    List(ListArgs),
    /// Show one of them: the record as it is, redacted as it was recorded
    Show(ShowArgs),
}

/// Where the folder is.
#[derive(Args, Debug)]
struct WhereArgs {
    #[command(flatten)]
    spool: SpoolingSettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

#[derive(Args, Debug)]
struct ListArgs {
    /// One JSON object per record
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

#[derive(Args, Debug)]
struct ShowArgs {
    /// The record's id, as `gapin spool list` shows it
    id: String,
    #[command(flatten)]
    place: WhereArgs,
}

pub(crate) const EXAMPLES: &str = "\
What a gateway acknowledged while Kafka was away, and Kafka then refuses for good (as larger than the topic's
max.message.bytes), lies aside in the spool's folder. It is handed on once more at each start of a gateway there: raise
the topic's bound, and start the gateway again. An id holds until then. Both commands only read.

Examples:
  gapin spool list
  gapin spool show 0-3 | jq .record.event_id";

pub(crate) fn run(args: SpoolArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => list(&args),
        Action::Show(args) => show(&args),
    }
}

impl WhereArgs {
    fn dir(&self) -> PathBuf {
        self.spool.dir(&self.data_dir)
    }

    /// Hands over each record until one can't be told of.
    fn each(&self, mut tell: impl FnMut(PutAside) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut told = Ok(());
        let looked = put_aside(&self.dir(), |record| {
            if told.is_ok() {
                told = tell(record);
            }
        });
        told?;
        looked.map_err(|error| Failure::failed(error.to_string()))
    }
}

fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let colours = Colours::of(&std::io::stdout());
    let mut shown = 0u64;
    args.place.each(|record| {
        if shown == 0 && !args.json {
            let names = format!("{:<8}  {:<24}  {:<20}  {:>9}  {}", "ID", "AT", "TOPIC", "BYTES", "REASON");
            say(&colours.paint(Colour::Dim, &names))?;
        }
        shown += 1;
        if args.json { say_json(&of_record(&record)) } else { say(&line(&record)) }
    })?;
    if shown == 0 && !args.json {
        note(&format!("nothing lies aside in {}", args.place.dir().display()));
    }
    Ok(Exit::Ok)
}

fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let mut found = None;
    args.place.each(|record| {
        if id(&record) == args.id {
            found = Some(record.payload);
        }
        Ok(())
    })?;
    let found = found.ok_or_else(|| Failure::failed(format!("no record {} lies aside (any more)", args.id)))?;
    // A record of ours is one line of JSON.
    match serde_json::from_slice::<Value>(&found) {
        Ok(record) => say_json(&record)?,
        Err(_) => return Err(Failure::failed(format!("{} is no record of GAPIN's", args.id))),
    }
    Ok(Exit::Ok)
}

fn id(record: &PutAside) -> String {
    format!("{}-{}", record.slot, record.offset)
}

fn at(record: &PutAside) -> String {
    Timestamp::from_unix_ms(record.at_ms).to_string()
}

fn of_record(record: &PutAside) -> Value {
    json!({
        "id": id(record), "at": at(record), "topic": record.topic, "reason": record.reason,
        "ai_id": String::from_utf8_lossy(&record.key), "bytes": record.payload.len(),
    })
}

fn line(record: &PutAside) -> String {
    format!(
        "{:<8}  {:<24}  {:<20}  {:>9}  {}",
        id(record),
        at(record),
        printable(&record.topic, 20),
        record.payload.len(),
        printable(&record.reason, REASON_CHARS_MAX),
    )
}
