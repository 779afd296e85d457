//! `gapin dlq`: dead letters, over the API or, for operators, on the log itself.

mod api;
mod line;
mod on_log;

use aibbar::{
    Timestamp,
    dead_letter::{Place, Reason},
};
use clap::{Args, Subcommand};
use gateway::dead_letters::{Filter, State};
use serde_json::Value;
use url::Url;

use self::{api::Api, on_log::OnLog};
use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    settings::{
        client::{ApiKeySettings, GatewayUrlSettings},
        data_dir::DataDirSettings,
        event_log::EventLogSettings,
        values::{Secret, whole},
    },
    terminal::{Colours, note, say, say_json},
};

/// List, show and redrive dead letters: what could never be stored
#[derive(Args, Debug)]
pub(crate) struct DlqArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List dead letters, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List(Box<ListArgs>),
    /// Show one dead letter with the record that it carries
    Show(Box<ShowArgs>),
    /// Append the records of dead letters to the log again
    #[command(after_help = REDRIVE_EXAMPLES)]
    Redrive(Box<RedriveArgs>),
}

/// Which letters.
#[derive(Args, Debug)]
struct FilterArgs {
    /// Only with this reason: event_id_conflict, not_a_record or refused_by_store
    #[arg(long, value_name = "REASON", value_parser = reason)]
    reason: Option<Reason>,
    /// Only those made at or after this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,
    /// Only those made before this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Timestamp>,
}

/// Where the letters are.
#[derive(Args, Debug)]
struct WhereArgs {
    /// Read the log on Kafka itself, as its operator: letters of every organisation, and of nobody
    #[arg(long)]
    on_log: bool,
    #[command(flatten)]
    event_log: EventLogSettings,
    #[command(flatten)]
    url: GatewayUrlSettings,
    #[command(flatten)]
    api_key: ApiKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

#[derive(Args, Debug)]
struct ListArgs {
    #[command(flatten)]
    filter: FilterArgs,
    /// Only those in this state: open or redriven
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// At most so many
    #[arg(long, value_name = "N", default_value = "100", value_parser = whole::<1, 1_000_000>)]
    limit: u64,
    /// One JSON object per letter
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

#[derive(Args, Debug)]
struct ShowArgs {
    /// The letter's id, as `gapin dlq list` shows it
    #[arg(value_parser = id)]
    id: Place,
    /// The whole letter as JSON on one line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

#[derive(Args, Debug)]
struct RedriveArgs {
    /// The letters' ids, as `gapin dlq list` shows them
    #[arg(value_name = "ID", value_parser = id)]
    ids: Vec<Place>,
    /// All open letters that can be redriven, as far as the filters match
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// With --all: at most so many
    #[arg(long, value_name = "N", default_value = "10000", value_parser = whole::<1, 1_000_000>)]
    limit: u64,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON object per letter
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

pub(crate) const EXAMPLES: &str = "\
A key with the scope topics:manage sees its organisation's letters: `gapin keys create --name dlq --scopes topics:manage`
makes one. With --on-log the operator sees those of everyone, and of nobody, on Kafka. An embedded log belongs to the process that runs on it: ask that one over the API.

Examples:
  gapin dlq list --state open
  gapin dlq show 0-41
  gapin dlq redrive --all --reason refused_by_store --dry-run";

const LIST_EXAMPLES: &str = "\
Examples:
  gapin dlq list --reason event_id_conflict --from 2026-01-31T00:00:00Z
  gapin dlq list --json | jq -r .event_id
  KAFKA_BROKERS=kafka:9092 gapin dlq list --on-log";

const REDRIVE_EXAMPLES: &str = "\
What is stored already does no harm; what fails again becomes a new letter that names the old one. A letter with the reason
event_id_conflict can't be redriven: the event that has its id stays. --all leaves such out, and says how many.

Examples:
  gapin dlq redrive 0-41 0-42
  gapin dlq redrive --all --reason refused_by_store --dry-run
  KAFKA_BROKERS=kafka:9092 gapin dlq redrive --all --on-log";

pub(crate) async fn run(args: DlqArgs) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => list(*args).await,
        Action::Show(args) => show(*args).await,
        Action::Redrive(args) => redrive(*args).await,
    }
}

/// The letters, wherever they are asked for.
enum Letters {
    Api(Api),
    Log(OnLog),
}

/// What a redrive of all leaves.
#[derive(Debug, Default)]
struct Rest {
    /// Whether more letters match.
    more: bool,
    /// How many match and can't be redriven, and why: a sentence for each reason.
    left_out: Vec<String>,
}

/// The sentence about letters that are left out for one reason.
fn left_out(count: u64, detail: &str) -> String {
    format!("{count} left out: {detail}")
}

impl WhereArgs {
    async fn open(self) -> Result<Letters, Failure> {
        if self.on_log {
            return OnLog::open(&self.event_log).await.map(Letters::Log);
        }
        let defaults = Defaults::read(&self.data_dir.data_dir)?;
        let (url, key): (Url, Secret) = (defaults.url(self.url)?, defaults.api_key(self.api_key)?);
        Api::new(&url, key).map(Letters::Api)
    }
}

impl FilterArgs {
    fn filter(&self, state: Option<State>) -> Filter {
        Filter { reason: self.reason, state, from: self.from, to: self.to }
    }

    fn is_empty(&self) -> bool {
        self.reason.is_none() && self.from.is_none() && self.to.is_none()
    }
}

async fn list(args: ListArgs) -> Result<Exit, Failure> {
    let filter = args.filter.filter(args.state);
    let colours = Colours::of(&std::io::stdout());
    let mut shown = 0;
    let mut print = |letter: Value| {
        if shown == 0 && !args.json {
            say(&line::heading(colours))?;
        }
        shown += 1;
        if args.json { say_json(&letter) } else { say(&line::of_letter(&letter, colours)) }
    };
    match args.place.open().await? {
        Letters::Api(api) => api.list(&filter, args.limit, print).await?,
        Letters::Log(log) => log.list(&filter, args.limit).into_iter().try_for_each(&mut print)?,
    }
    if shown == 0 && !args.json {
        note("no dead letters");
    }
    Ok(Exit::Ok)
}

async fn show(args: ShowArgs) -> Result<Exit, Failure> {
    let letter = match args.place.open().await? {
        Letters::Api(api) => api.show(args.id).await?,
        Letters::Log(log) => log.show(args.id).await?,
    };
    if args.json {
        say_json(&letter)?
    } else {
        say(&line::whole(&letter))?
    }
    Ok(Exit::Ok)
}

async fn redrive(args: RedriveArgs) -> Result<Exit, Failure> {
    if args.ids.is_empty() && !args.all {
        return Err(Failure::usage("name the letters by their ids, or say --all (with --reason, --from, --to)"));
    }
    if !args.ids.is_empty() && !args.filter.is_empty() {
        return Err(Failure::usage("--reason, --from and --to pick letters with --all, not beside ids"));
    }
    let filter = args.filter.filter(Some(State::Open));
    let colours = Colours::of(&std::io::stdout());
    let (mut done, mut failed) = (0u64, 0u64);
    let mut print = |result: Value| {
        if result["status"] == "failed" {
            failed += 1
        } else {
            done += 1
        }
        if args.json { say_json(&result) } else { say(&line::of_result(&result, colours)) }
    };
    let rest = match args.place.open().await? {
        Letters::Api(api) if args.all => api.redrive_all(filter, args.limit, args.dry_run, &mut print).await?,
        Letters::Api(api) => api.redrive(&args.ids, args.dry_run, &mut print).await?,
        Letters::Log(log) => {
            let (chosen, rest) = if args.all { log.matching(&filter, args.limit) } else { (args.ids, Rest::default()) };
            log.redrive(&chosen, args.dry_run, &mut print).await?;
            rest
        }
    };
    if !args.json {
        let verb = if args.dry_run { "would be redriven" } else { "redriven" };
        let more = if rest.more { "; more letters match" } else { "" };
        note(&format!("{done} {verb}, {failed} failed{more}"));
    }
    rest.left_out.iter().for_each(|left_out| note(left_out));
    Ok(if failed > 0 { Exit::SomeRefused } else { Exit::Ok })
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::parse(text).ok_or_else(|| format!("one of {}", Reason::ALL.map(Reason::as_str).join(", ")))
}

fn state(text: &str) -> Result<State, String> {
    State::parse(text).ok_or_else(|| "open or redriven".to_owned())
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "a time such as 2026-01-31T12:00:00Z".to_owned())
}

fn id(text: &str) -> Result<Place, String> {
    Place::parse(text).ok_or_else(|| "the id of a dead letter, such as 0-41".to_owned())
}
