//! `gapin redact`: what would be hidden of a text or of JSON, and why. Needs no server, and tells nobody.

mod input;
mod rules;

use std::{
    fs::File,
    io::{self, BufReader, Read, Write as _},
    path::PathBuf,
};

use aibbar::{RuleSet, event, redact::Finding};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use self::{
    input::{Pieces, Said, Spot},
    rules::RuleArgs,
};
use crate::{
    exit::{Exit, Failure},
    terminal::{Colour, Colours, note, printable},
};

/// The longest pointer that a line for people shows, in characters.
const POINTER_CHARS_MAX: usize = 200;

/// Lines that are no UTF-8 and are told one by one; of a file in another encoding that would be every other.
const BROKEN_TOLD_MAX: u64 = 10;

/// Hide personal data and secrets in text, JSON or NDJSON
#[derive(Args, Debug)]
pub(crate) struct RedactArgs {
    /// What to read; absent or `-`: standard input
    file: Option<PathBuf>,
    /// How it is read
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    read_as: Format,
    /// Tell on standard error what was hidden, and why
    #[arg(long)]
    explain: bool,
    /// The same as JSON, one object for each finding
    #[arg(long)]
    json: bool,
    /// Print nothing on standard output, and exit with 1 when there is something to hide
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    rules: RuleArgs,
}

/// How the input is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// By its first line: one JSON value a line, one JSON value, or text
    Auto,
    /// Text, line by line
    Text,
    /// One JSON value, laid out as it may be
    Json,
    /// One JSON value on each line; a line that is none is text
    Ndjson,
}

pub(crate) const EXAMPLES: &str = "\
A line may have 32 MiB; nothing is printed of one that is longer. A private key over several lines of text is seen whole.
What is no UTF-8 can't be looked into: U+FFFD takes its place, standard error says where, and the exit code is 3 (convert it
first, as with `iconv -f latin1 -t utf8`). The places that --explain and --json name are characters of what comes out, from 0,
where the stand-in is: how long what stood there was is told nowhere. Members of JSON come out in the order of their names. Pseudonyms are made with a key of this run alone: the same value
has the same pseudonym until it ends.

Examples:
  gapin redact < app.log
  gapin redact --explain < event.json
  gapin redact --check dump.ndjson && echo clean
  gapin redact --mode pseudonym --ip-address on < access.log
  gapin redact --rules rules.json < events.ndjson      (the JSON of PUT /api/v1/redaction)";

pub(crate) fn run(args: RedactArgs) -> Result<Exit, Failure> {
    let rules = args.rules.rules()?;
    let input: Box<dyn Read> = match &args.file {
        Some(path) if path.as_os_str() != "-" => Box::new(
            File::open(path).map_err(|error| Failure::usage(format!("{} can't be read: {error}", path.display())))?,
        ),
        _ => Box::new(io::stdin().lock()),
    };
    let mut pieces = Pieces::new(BufReader::new(input), args.read_as);
    let mut out = Out { stdout: io::BufWriter::new(io::stdout().lock()), is_quiet: args.check };
    let told = Told { people: args.explain && !args.json, programs: args.json };
    let mut exit = Exit::Ok;
    let mut broken = 0u64;
    loop {
        // Who reads along waits for what is there, and not for a full buffer.
        if pieces.must_wait() {
            out.flush()?;
        }
        let Some(piece) = pieces.next_piece().map_err(unreadable)? else { break };
        if let Some(spot) = piece.broken_at {
            exit = Exit::SomeRefused;
            broken += 1;
            if broken <= BROKEN_TOLD_MAX {
                let Spot { line, byte } = spot;
                note(&format!("line {line}, byte {byte}: no UTF-8; a U+FFFD stands for each run of such bytes"));
            }
        }
        let (redacted, findings, is_more) = match piece.said {
            Said::Text(text) => text_without(&rules, text),
            Said::Json { value, is_laid_out } => json_without(&rules, value, is_laid_out),
            Said::TooLong => {
                exit = Exit::SomeRefused;
                note(&format!(
                    "line {}: longer than the {} bytes that are read",
                    piece.line,
                    crate::lines::LINE_BYTES_MAX
                ));
                continue;
            }
            Said::Invalid(why) => {
                exit = Exit::SomeRefused;
                note(&format!("line {}: no JSON: {why}", piece.line));
                continue;
            }
        };
        out.write(&redacted)?;
        if args.check && !findings.is_empty() && exit == Exit::Ok {
            exit = Exit::Failed;
        }
        told.tell(piece.line, &findings, is_more);
    }
    out.flush()?;
    if broken > BROKEN_TOLD_MAX {
        note(&format!("{} more lines are no UTF-8", broken - BROKEN_TOLD_MAX));
    }
    Ok(exit)
}

fn text_without(rules: &RuleSet, text: String) -> (String, Vec<Finding>, bool) {
    let mut value = Value::String(text);
    let (findings, is_more) = rules.explain(&mut value);
    let Value::String(text) = value else { unreachable!("a text stays a text") };
    (text, findings, is_more)
}

fn json_without(rules: &RuleSet, mut value: Value, is_laid_out: bool) -> (String, Vec<Finding>, bool) {
    let (findings, is_more) = match &mut value {
        // An event's ids, times and signature are what the door for events leaves alone.
        Value::Object(object) if object.contains_key("event_type") && object.contains_key("ai_id") => {
            event::explain_redaction(object, rules)
        }
        value => rules.explain(value),
    };
    let text = if is_laid_out { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
    let mut text = text.expect("JSON can be written as JSON");
    text.push('\n');
    (text, findings, is_more)
}

/// Standard output, or nothing.
struct Out<'o> {
    stdout: io::BufWriter<io::StdoutLock<'o>>,
    is_quiet: bool,
}

impl Out<'_> {
    fn write(&mut self, text: &str) -> Result<(), Failure> {
        if self.is_quiet { Ok(()) } else { self.stdout.write_all(text.as_bytes()).map_err(unwritable) }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.stdout.flush().map_err(unwritable)
    }
}

fn unreadable(error: io::Error) -> Failure {
    Failure::failed(format!("the input can't be read: {error}"))
}

fn unwritable(error: io::Error) -> Failure {
    match error.kind() {
        // The reader has seen enough (`gapin redact | head`): no failure, and nobody to tell.
        io::ErrorKind::BrokenPipe => Failure::new(Exit::Ok, ""),
        _ => Failure::failed(format!("standard output can't be written: {error}")),
    }
}

/// Who wants to know what was found.
struct Told {
    people: bool,
    programs: bool,
}

impl Told {
    fn tell(&self, line: u64, findings: &[Finding], is_more: bool) {
        let colours = Colours::of(&io::stderr());
        for finding in findings {
            let rule = finding.rule.as_deref();
            if self.programs {
                let told = json!({
                    "line": line, "pointer": finding.pointer, "in_key": finding.in_key, "kind": finding.kind.as_str(),
                    "rule": rule, "mode": finding.mode.as_str(), "why": finding.why.as_str(),
                    "start": finding.start, "end": finding.end,
                });
                note(&told.to_string());
            } else if self.people {
                let pointer = printable(&finding.pointer, POINTER_CHARS_MAX);
                let place = if finding.in_key { format!("{pointer} (its name)") } else { pointer };
                let kind = rule.map_or_else(|| finding.kind.as_str().to_owned(), |rule| format!("custom:{rule}"));
                let (kind, why) = (colours.paint(Colour::Yellow, &kind), finding.why.as_str());
                let gap = if place.is_empty() { "" } else { " " };
                note(&format!("line {line}{gap}{place}: {kind} at {}–{}: {why}", finding.start, finding.end));
            }
        }
        if is_more && self.people {
            note(&format!("line {line}: and more"));
        }
    }
}
