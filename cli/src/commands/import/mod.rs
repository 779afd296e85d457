//! `gapin import openai-chat`: recorded conversations become signed events.
//!
//! A thread reads, maps and signs; what it makes goes through a short queue to the sender. So the
//! memory is that of a few batches, however large the input.

mod mapping;
mod report;
mod sender;
mod times;
mod transcript;

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use aibbar::{Event, Timestamp};
use clap::{Args, Subcommand};
use serde::Deserialize as _;
use serde_json::Value;
use tokio::sync::mpsc;
use uuid::Uuid;

use self::{
    mapping::{Shared, map},
    report::{Refused, Report},
    sender::{Sender, Signed},
    times::{Beginnings, keyed_digest},
    transcript::Conversation,
};
use crate::{
    client::{Defaults, Signer},
    exit::{Exit, Failure},
    lines::{LINE_BYTES_MAX, Line, Lines},
    progress::Progress,
    settings::{
        client::{AiSettings, ApiKeySettings, GatewayUrlSettings, SigningSettings},
        data_dir::DataDirSettings,
        values::{rfc3339, seconds},
    },
    terminal::{note, say, say_json},
};

/// Signed events that wait for the sender.
const QUEUE_EVENTS_MAX: usize = 1_024;

/// Record what AI systems did before there was a recorder
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    format: Format,
}

#[derive(Subcommand, Debug)]
enum Format {
    /// Chat transcripts in OpenAI's message format, one JSON object on each line
    #[command(name = "openai-chat", after_help = EXAMPLES)]
    OpenAiChat(OpenAiChatArgs),
}

/// Chat transcripts in OpenAI's message format.
#[derive(Args, Debug)]
struct OpenAiChatArgs {
    /// The transcripts: {"id","model","messages":[…]} on each line; - reads standard input
    file: PathBuf,

    /// When conversations began whose recording does not tell, as RFC 3339 with an offset
    #[arg(long, value_name = "TIME", value_parser = rfc3339)]
    started_at: Option<Timestamp>,

    /// How long a batch is tried again while the gateway does not take it, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds::<0, 86_400>)]
    retry_max_seconds: Duration,

    /// The outcome as one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    url: GatewayUrlSettings,
    #[command(flatten)]
    api_key: ApiKeySettings,
    #[command(flatten)]
    signing: SigningSettings,
    #[command(flatten)]
    ai: AiSettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

const EXAMPLES: &str = "\
A user turn becomes an ai.query, an assistant's text an ai.response, a tool call with its result an
ai.action. Importing a file again, or one that has grown, adds only what is new: an event's id
follows from what it says and when it was.

Times are those of the messages or of the line (created, created_at or timestamp). Where there are
none, --started-at; without it, a moment of January of this year (of last year until early
February) that follows from the conversation's id. Each event is a second after the one before it.

Examples:
  gapin import openai-chat transcripts.jsonl
  zcat logs.jsonl.gz | gapin import openai-chat - --json
  gapin import openai-chat logs.jsonl --started-at 2026-03-01T09:00:00+01:00";

pub(crate) async fn run(args: ImportArgs) -> Result<Exit, Failure> {
    let Format::OpenAiChat(args) = args.format;
    let started = Instant::now();
    let defaults = Defaults::read(&args.data_dir.data_dir)?;
    let ai_id = defaults.ai_id(args.ai)?.ok_or_else(|| defaults.absent("GAPIN_AI_ID"))?;
    let signer = defaults.signer(args.signing)?;
    let sender = Sender::new(&defaults.url(args.url)?, defaults.api_key(args.api_key)?, args.retry_max_seconds)?;
    let (input, length) = open(&args.file)?;

    let progress = Progress::start(length);
    let beginnings = Beginnings::new(args.started_at, Timestamp::from(SystemTime::now()));
    let (queue, events) = mpsc::channel(QUEUE_EVENTS_MAX);
    let reader = Reader {
        signer,
        ai_id,
        beginnings,
        queue,
        progress: progress.clone(),
        report: Report::default(),
        made_up_times: 0,
    };
    let reading = tokio::task::spawn_blocking(move || reader.read(input));
    let (mut report, failure) = sender
        .send_all(events, |report| {
            progress.tell(format!("{} events acknowledged, {} refused", report.acknowledged, report.refused));
        })
        .await;
    // Not with the error itself: of a panic it quotes the words, and those may be the input's.
    let read = reading.await.map_err(|_| Failure::failed("the input was not read: reading it was broken off"))?;
    progress.finish();

    let (read, read_failure) = match read {
        Ok(read) => (read, None),
        Err((read, failure)) => (read, Some(failure)),
    };
    report.add(read.report);
    show(&report, read.made_up_times, args.json, args.started_at.is_some(), started.elapsed())?;
    match failure.or(read_failure) {
        Some(failure) => Err(failure),
        None if report.is_whole() => Ok(Exit::Ok),
        None => Ok(Exit::SomeRefused),
    }
}

fn open(file: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
    if file == Path::new("-") {
        return Ok((Box::new(std::io::stdin()), None));
    }
    let unreadable = |error: std::io::Error| Failure::usage(format!("{} can't be read: {error}", file.display()));
    let opened = File::open(file).map_err(unreadable)?;
    let metadata = opened.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(Failure::usage(format!("{} is a folder, not a file", file.display())));
    }
    Ok((Box::new(opened), metadata.is_file().then_some(metadata.len())))
}

/// Reads the input, maps and signs.
struct Reader {
    signer: Signer,
    ai_id: Uuid,
    beginnings: Beginnings,
    queue: mpsc::Sender<Signed>,
    progress: Progress,
    report: Report,
    made_up_times: u64,
}

/// What the reader came to.
struct ReadThrough {
    report: Report,
    /// Conversations whose times were made up.
    made_up_times: u64,
}

impl Reader {
    /// Reads to the end, or until the sender has given up.
    fn read(mut self, input: impl Read) -> Result<ReadThrough, (ReadThrough, Failure)> {
        let mut lines = Lines::new(BufReader::with_capacity(256 * 1024, input), LINE_BYTES_MAX);
        loop {
            let line = match lines.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(self.into_read()),
                Err(error) => {
                    let failure = Failure::failed(format!("the input can't be read to its end: {error}"));
                    return Err((self.into_read(), failure));
                }
            };
            self.progress.advance(line.length);
            if !self.take(line) {
                return Ok(self.into_read());
            }
        }
    }

    fn into_read(self) -> ReadThrough {
        ReadThrough { report: self.report, made_up_times: self.made_up_times }
    }

    /// One line; `false` when the sender takes nothing more.
    fn take(&mut self, line: Line) -> bool {
        let conversation = match line.bytes {
            Some(bytes) => read_conversation(&bytes),
            None => Err(format!("the line is longer than {LINE_BYTES_MAX} bytes")),
        };
        let (conversation, raw) = match conversation {
            Ok(read) => read,
            Err(why) => {
                self.report.cannot_read(line.number, why);
                return true;
            }
        };
        self.report.conversations += 1;
        let raw_messages = raw.get("messages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let session_id = conversation.id.clone().unwrap_or_else(|| self.id_of_nameless(raw_messages));
        let started_at = conversation.at.moment().unwrap_or_else(|| {
            if conversation.messages.iter().any(|message| message.at.moment().is_none()) {
                self.made_up_times += 1;
            }
            self.beginnings.of(&session_id, &self.signer.secret)
        });
        let shared = Shared { ai_id: self.ai_id, key_id: self.signer.key_id.as_deref() };
        let mapped = map(&conversation, raw_messages, &session_id, started_at, &shared);
        for number in mapped.unknown_messages {
            self.report.cannot_read(line.number, format!("message {number} has a role that is not known"));
        }
        for unsigned in mapped.events {
            match Event::sign(unsigned, &self.signer.secret) {
                Ok(event) => {
                    if self.queue.blocking_send(Signed { line: line.number, json: event.to_json() }).is_err() {
                        return false;
                    }
                }
                Err(refusal) => self.report.refuse(Refused {
                    line: line.number,
                    code: refusal.code.as_str().to_owned(),
                    detail: refusal.detail,
                }),
            }
        }
        true
    }

    /// A conversation without an id is known by how it begins, which stays when it grows.
    fn id_of_nameless(&self, messages: &[Value]) -> String {
        let beginning = serde_json::to_vec(&messages[..messages.len().min(2)]).unwrap_or_default();
        format!("openai-chat-{}", hex::encode(keyed_digest(&self.signer.secret, &beginning)))
    }
}

fn read_conversation(line: &[u8]) -> Result<(Conversation, Value), String> {
    let raw: Value = serde_json::from_slice(line).map_err(|error| format!("not JSON (column {})", error.column()))?;
    let conversation = Conversation::deserialize(&raw)
        .map_err(|_| "not a conversation: it needs `messages`, a list of objects that each have a `role`".to_owned())?;
    Ok((conversation, raw))
}

fn show(
    report: &Report,
    made_up_times: u64,
    json: bool,
    started_at_is_given: bool,
    took: Duration,
) -> Result<(), Failure> {
    if json {
        let mut shown = serde_json::to_value(report).map_err(|error| Failure::failed(error.to_string()))?;
        shown["seconds"] = ((took.as_secs_f64() * 1_000.0).round() / 1_000.0).into();
        shown["made_up_times"] = made_up_times.into();
        return say_json(&shown);
    }
    for refused in &report.refusals {
        note(&format!("line {}: {}: {}", refused.line, refused.code, refused.detail));
    }
    let untold = (report.refused + report.unreadable).saturating_sub(report.refusals.len() as u64);
    if untold > 0 {
        note(&format!("and {untold} more"));
    }
    say(&format!(
        "{} conversations: {} events sent, {} acknowledged, {} refused, {} unreadable ({:.1} s)",
        report.conversations,
        report.sent,
        report.acknowledged,
        report.refused,
        report.unreadable,
        took.as_secs_f64()
    ))?;
    if made_up_times > 0 && !started_at_is_given {
        note(&format!(
            "{made_up_times} conversations do not say when they were: their events have times in January that follow \
             from their ids. --started-at sets a time."
        ));
    }
    Ok(())
}
