//! `gapin tail`: follows the live stream over a WebSocket.

mod line;
mod stream;

use aibbar::{EventType, topic::TopicName};
use clap::Args;
use serde_json::value::RawValue;
use url::Url;
use uuid::Uuid;

use self::{
    line::{line_of_event, line_of_message},
    stream::Follower,
};
use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    http::endpoint,
    settings::{
        client::{ApiKeySettings, GatewayUrlSettings, uuid},
        data_dir::DataDirSettings,
        values::{event_type, topic, whole},
    },
    terminal::{Colours, say},
};

/// Follow events, or the messages of a topic, live, each on one line
#[derive(Args, Debug)]
pub(crate) struct TailArgs {
    /// The messages of this topic, instead of events
    #[arg(long, value_name = "NAME", value_parser = topic, conflicts_with_all = ["ai_id", "event_type", "session", "request"])]
    topic: Option<TopicName>,

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

    /// Only events, or messages, in which this text stands, in either case
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// Go on from this cursor; `earliest` begins with the oldest record that the log keeps
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,

    /// End after so many
    #[arg(long, value_name = "N", value_parser = whole::<1, 1_000_000_000_000>)]
    limit: Option<u64>,

    /// The whole record of each event, or all that is told of a message, as JSON on one line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    url: GatewayUrlSettings,
    #[command(flatten)]
    api_key: ApiKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
A connection that breaks is made again, and goes on where it was. Notes go to standard error.

Examples:
  gapin tail
  gapin tail --type ai.error --json | jq .event.error
  gapin tail --cursor earliest --session airline-0-0 --limit 20
  gapin tail --topic orders --cursor earliest";

pub(crate) async fn run(args: TailArgs) -> Result<Exit, Failure> {
    let defaults = Defaults::read(&args.data_dir.data_dir)?;
    let url = live_url(&defaults.url(args.url.clone())?, &args);
    let follower = Follower::new(url, defaults.api_key(args.api_key.clone())?, args.cursor.clone());
    let mut printer =
        Printer { lines: args.lines(), colours: Colours::of(&std::io::stdout()), left: args.limit.unwrap_or(u64::MAX) };
    tokio::select! {
        ended = follower.follow(|record| printer.print(record)) => ended,
        interrupted = tokio::signal::ctrl_c() => match interrupted {
            Ok(()) => Ok(Exit::Ok),
            Err(error) => Err(Failure::failed(format!("signals can't be waited for: {error}"))),
        },
    }
}

/// The WebSocket's address with the filters; the cursor comes with each connection.
fn live_url(gateway: &Url, args: &TailArgs) -> Url {
    let mut url = endpoint(gateway, "ws/events");
    let scheme = if gateway.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).expect("http and https may become ws and wss");
    let ai_id = args.ai_id.map(|ai_id| ai_id.to_string());
    let filters = [
        ("topic", args.topic.as_ref().map(TopicName::as_str)),
        ("ai_id", ai_id.as_deref()),
        ("event_type", args.event_type.map(EventType::as_str)),
        ("session_id", args.session.as_deref()),
        ("request_id", args.request.as_deref()),
        ("q", args.text.as_deref()),
        ("batch", Some("1")),
    ];
    url.query_pairs_mut().extend_pairs(filters.into_iter().filter_map(|(name, value)| Some((name, value?))));
    url
}

impl TailArgs {
    fn lines(&self) -> Lines {
        match &self.topic {
            _ if self.json => Lines::Json,
            Some(topic) if !topic.is_events() => Lines::Messages,
            _ => Lines::Events,
        }
    }
}

/// What a line is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    Events,
    Messages,
    /// The record as it came.
    Json,
}

/// Prints records until there were enough.
struct Printer {
    lines: Lines,
    colours: Colours,
    left: u64,
}

impl Printer {
    /// `false` when no more are wanted.
    fn print(&mut self, record: &RawValue) -> Result<bool, Failure> {
        match self.lines {
            Lines::Json => say(record.get())?,
            Lines::Events => say(&line_of_event(record, self.colours))?,
            Lines::Messages => say(&line_of_message(record, self.colours))?,
        }
        self.left -= 1;
        Ok(self.left > 0)
    }
}
