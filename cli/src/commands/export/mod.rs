//! `gapin export`: stored events become a file.
//!
//! The gateway streams; what comes is written under a temporary name, and under its own once it is whole.

mod target;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use aibbar::{EventType, Timestamp};
use clap::{Args, ValueEnum};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use url::Url;
use uuid::Uuid;

use self::target::Target;
use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    http::{self, endpoint},
    progress::Progress,
    settings::{
        client::{ApiKeySettings, GatewayUrlSettings, uuid},
        data_dir::DataDirSettings,
        values::{Secret, event_type, rfc3339},
    },
    terminal::{note, printable},
};

/// An export of any size comes to its end within this, or is asked for in parts.
const EXPORT_MAX: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How long nothing may come. The gateway lets something be heard within a minute, however rare what matches is.
const SILENCE_MAX: Duration = Duration::from_secs(120);
/// How long it may take to learn why an export was broken off.
const EXPLANATION_MAX: Duration = Duration::from_secs(10);
/// Bytes of a refusal that are read.
const REFUSAL_BYTES_MAX: usize = 64 * 1024;

/// Save stored events to a file
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// Where to: the file is there once it is whole; - writes to standard output
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    /// Lines of JSON, or a table
    // `format` alone is what log lines look like.
    #[arg(id = "export_format", long = "format", value_name = "FORMAT", value_enum, default_value = "ndjson")]
    format: Format,

    /// Events at or after this time, as RFC 3339 with an offset
    #[arg(long, value_name = "TIME", value_parser = rfc3339)]
    from: Option<Timestamp>,

    /// Events before this time. Absent: all that is there as the export begins
    #[arg(long, value_name = "TIME", value_parser = rfc3339)]
    to: Option<Timestamp>,

    /// Only this AI system
    #[arg(long, value_name = "UUID", value_parser = uuid)]
    ai_id: Option<Uuid>,

    /// Only this type: ai.action, ai.decision, ai.error, ai.query or ai.response
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type)]
    event_type: Option<EventType>,

    /// Only this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,

    /// Only this request
    #[arg(long, value_name = "ID")]
    request: Option<String>,

    /// Only events in which this text stands, in either case
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    #[command(flatten)]
    url: GatewayUrlSettings,
    #[command(flatten)]
    api_key: ApiKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

/// The formats of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// The records as they are kept, one on each line
    Ndjson,
    /// A table for spreadsheets, with a head line
    Csv,
    /// A table for analysis
    Parquet,
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }
}

pub(crate) const EXAMPLES: &str = "\
Oldest events first. A file that was there is replaced once the new one is whole; an export that is
broken off leaves it as it was. What was written to standard output is whole when the command ends
with 0, and with nothing else.

Examples:
  gapin export --output events.ndjson
  gapin export --format parquet --from 2026-03-01T00:00:00Z --to 2026-04-01T00:00:00Z -o march.parquet
  gapin export --type ai.error --format csv -o errors.csv
  gapin export -o - | jq .event.ai_id";

pub(crate) async fn run(args: ExportArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    let defaults = Defaults::read(&args.data_dir.data_dir)?;
    let gateway = defaults.url(args.url.clone())?;
    let api_key = defaults.api_key(args.api_key.clone())?;
    let answer = ask(&gateway, &api_key, &args).await?;

    // Waited for before there is anything that would be left behind.
    let interrupted = interrupted()?;
    let target = Target::open(&args.output)?;
    let progress = Progress::start(None);
    let carried = tokio::select! {
        carried = carry(answer, target, &progress) => carried,
        () = interrupted => Err(Failure::failed("interrupted before the export was whole")),
    };
    progress.finish();
    let bytes = match carried {
        Err(broken) if broken.exit == Exit::Unreachable => return Err(explained(broken, &gateway, &api_key).await),
        carried => carried?,
    };
    note(&format!("{bytes} bytes of {} ({:.1} s)", args.format.as_str(), started.elapsed().as_secs_f64()));
    Ok(Exit::Ok)
}

/// Comes when somebody wants an end of it: Ctrl-C, `kill`, or a terminal that is closed.
fn interrupted() -> Result<impl Future<Output = ()>, Failure> {
    let on = |kind| signal(kind).map_err(|error| Failure::failed(format!("signals can't be waited for: {error}")));
    let (mut interrupt, mut terminate, mut hang_up) =
        (on(SignalKind::interrupt())?, on(SignalKind::terminate())?, on(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}

async fn ask(gateway: &Url, api_key: &Secret, args: &ExportArgs) -> Result<Response, Failure> {
    let client = http::client(gateway, EXPORT_MAX);
    let client = client.map_err(|error| Failure::failed(format!("no HTTP client: {error}")))?;
    let request = client.get(address(gateway, args)).bearer_auth(api_key.expose());
    let unreachable = |why: String| Failure::unreachable(format!("{gateway} can't be reached: {why}"));
    let answer = timeout(SILENCE_MAX, request.send())
        .await
        .map_err(|_| unreachable("it does not answer".to_owned()))?
        .map_err(|error| unreachable(error.without_url().to_string()))?;
    match answer.status() {
        status if status.is_success() => Ok(answer),
        _ => Err(refused(answer).await),
    }
}

/// The connection can't tell why an export was broken off, but whether the key was revoked meanwhile can be asked.
async fn explained(broken: Failure, gateway: &Url, api_key: &Secret) -> Failure {
    let Ok(client) = http::client(gateway, EXPLANATION_MAX) else { return broken };
    let mut question = endpoint(gateway, "aibbar/events");
    question.query_pairs_mut().append_pair("limit", "1");
    match client.get(question).bearer_auth(api_key.expose()).send().await {
        Ok(answer) if matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            let Failure { exit, sentence } = refused(answer).await;
            Failure::new(exit, format!("{}; {sentence}", broken.sentence))
        }
        _ => broken,
    }
}

async fn refused(mut answer: Response) -> Failure {
    let mut body = Vec::new();
    while let Ok(Ok(Some(piece))) = timeout(SILENCE_MAX, answer.chunk()).await
        && body.len() < REFUSAL_BYTES_MAX
    {
        body.extend_from_slice(&piece);
    }
    refusal(answer.status(), &body)
}

fn refusal(status: StatusCode, body: &[u8]) -> Failure {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |name: &str| printable(body[name].as_str().unwrap_or_default(), 400);
    let sentence = format!("the gateway refuses: {} {} {}", status.as_u16(), word("code"), word("detail"));
    let exit = match status {
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => Exit::Unreachable,
        _ => Exit::Failed,
    };
    Failure::new(exit, sentence.trim_end())
}

fn address(gateway: &Url, args: &ExportArgs) -> Url {
    let mut url = endpoint(gateway, "aibbar/events/export");
    let [from, to] = [args.from, args.to].map(|at| at.map(|at| at.to_string()));
    let ai_id = args.ai_id.map(|ai_id| ai_id.to_string());
    let asked = [
        ("format", Some(args.format.as_str())),
        ("from", from.as_deref()),
        ("to", to.as_deref()),
        ("ai_id", ai_id.as_deref()),
        ("event_type", args.event_type.map(EventType::as_str)),
        ("session_id", args.session.as_deref()),
        ("request_id", args.request.as_deref()),
        ("q", args.text.as_deref()),
    ];
    url.query_pairs_mut().extend_pairs(asked.into_iter().filter_map(|(name, value)| Some((name, value?))));
    url
}

/// Carries the answer to its end; answers how many bytes there were.
async fn carry(mut answer: Response, mut target: Target, progress: &Progress) -> Result<u64, Failure> {
    let started = Instant::now();
    let mut bytes: u64 = 0;
    loop {
        let broken = |why: String| Failure::unreachable(format!("the export was broken off, and is not whole: {why}"));
        let piece = timeout(SILENCE_MAX, answer.chunk())
            .await
            .map_err(|_| broken("nothing comes any more".to_owned()))?
            .map_err(|error| broken(error.without_url().to_string()))?;
        let Some(piece) = piece else { break };
        target.write(&piece)?;
        bytes += piece.len() as u64;
        progress.advance(piece.len() as u64);
        let mib = bytes as f64 / (1024.0 * 1024.0);
        progress.tell(format!("{mib:.1} MiB, {:.1} MiB a second", mib / started.elapsed().as_secs_f64().max(0.001)));
    }
    target.keep()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_refusal_is_told_with_an_exit_code_that_fits() {
        let told = refusal(StatusCode::TOO_MANY_REQUESTS, br#"{"code":"too_many_exports","detail":"Wait."}"#);
        assert_eq!(told.exit, Exit::Unreachable);
        assert_eq!(told.sentence, "the gateway refuses: 429 too_many_exports Wait.");
        assert_eq!(refusal(StatusCode::FORBIDDEN, b"<html>").sentence, "the gateway refuses: 403");
    }
}
