//! `gapin bench`: a load, and what it cost.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::{Args, ValueEnum};
use load_tests::{
    Corpus, Load, NoRound, Pace, Sender, Target, Watched, keys,
    result::{FORMAT, Machine, Results, Round, Run, date_and_time},
    rounds,
    scenario::{Phase, PhasePace, SCENARIOS, Scenario, Size},
    table::table,
};
use uuid::Uuid;

use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    settings::{
        client::{AiSettings, ApiKeySettings, GatewayUrlSettings, SigningSettings},
        data_dir::DataDirSettings,
        values::{count, seconds, whole},
    },
    terminal::{note, say},
};

/// Connections, events in a request, keys, readers, rounds: more than any of them has use for.
const MANY: u64 = 100_000;
/// A day.
const LENGTH_S_MAX: u64 = 24 * 60 * 60;
/// Events in a request, as the gateway takes them by default.
const BATCH_MAX: u64 = 5_000;
const SCENARIO_HELP: &str = "A load that has a name; what it says wins over --rate, --connections, --batch, --duration, \
                             --warm-up, --readers, --queries and --keys. `list` shows them";

/// Send a load to a gateway, and tell how long answers took, what it cost, and whether all of it was kept
#[derive(Args, Debug)]
pub(crate) struct BenchArgs {
    /// Requests a second, whether or not answers come; `max`: each connection sends as soon as it was answered
    #[arg(long, value_name = "N|max", default_value = "max", value_parser = rate)]
    rate: Rate,
    /// Connections
    #[arg(long, value_name = "N", default_value = "64", value_parser = count::<1, MANY>)]
    connections: usize,
    /// Events in each request
    #[arg(long, value_name = "N", default_value = "1", value_parser = count::<1, BATCH_MAX>)]
    batch: usize,
    /// For so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds::<1, LENGTH_S_MAX>)]
    duration: Duration,
    /// End earlier, after so many events; those of the warm-up are among them
    #[arg(long, value_name = "N", value_parser = whole::<1, { u64::MAX }>)]
    events: Option<u64>,
    /// Seconds at first that count for nothing but what is kept
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds::<0, LENGTH_S_MAX>)]
    warm_up: Duration,
    /// So many times the same
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole::<1, MANY>)]
    rounds: u64,
    /// Rounds that are thrown away and repeated because the machine did other work, at most; the next counts
    #[arg(long, value_name = "N", default_value_t = rounds::THROWN_AWAY_MAX)]
    thrown_away_max: u32,
    /// AI systems, each with a signing key of its own that is made before and revoked afterwards (scope `keys:manage`);
    /// 1: the key of the settings
    #[arg(long, value_name = "N", default_value = "1", value_parser = count::<1, 1_000>)]
    keys: usize,
    /// Send as these instead, in turn: lines of {"organisation": 0, "api_key": "…", "key_id": "…", "secret": "…"}
    #[arg(long, value_name = "FILE", conflicts_with = "keys")]
    senders: Option<PathBuf>,
    /// Live readers meanwhile
    #[arg(long, value_name = "N", default_value = "0", value_parser = count::<0, MANY>)]
    readers: usize,
    /// Ask queries meanwhile: by id, by AI system, by time
    #[arg(long)]
    queries: bool,
    /// What is sent: events of all sizes (median 0.94 KB, of a hundred one above 20 KB), or the median event alone
    #[arg(long, value_enum, default_value = "mixed")]
    corpus: CorpusKind,
    /// The corpus is made of this
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole::<0, { u64::MAX }>)]
    seed: u64,
    /// A process under test, on this machine, whose processor time and memory are told; may be given several times
    #[arg(long, value_name = "[NAME=]PID", value_parser = watched)]
    pid: Vec<Watched>,
    #[arg(long, value_name = "NAME", value_parser = scenario, help = SCENARIO_HELP)]
    scenario: Option<Named>,
    /// How much of the scenario
    #[arg(long, value_enum, default_value = "small", requires = "scenario")]
    size: SizeWord,
    /// Do not read the log and the store afterwards to see whether all that was acknowledged is there
    #[arg(long)]
    no_check: bool,
    /// Write all that was measured to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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

pub(crate) const EXAMPLES: &str = "\
Events are signed before they are wanted. Times count from the moment at which the schedule wanted
a request, so that a gateway that stalls can't hide it. Costs are told in microseconds and in Q:
what this machine takes to parse one median event and to hash it. Events are real and stay: use an
organisation that is there for this. Docs: docs/performance.md

Examples:
  gapin bench
  gapin bench --rate 500 --connections 32 --duration 30
  gapin bench --batch 100 --connections 16 --pid gateway=$(pidof -s gapin) --json result.json
  gapin bench --scenario list
  gapin bench --scenario single-64 --size full --rounds 3";

/// `--rate`.
#[derive(Clone, Copy, Debug)]
struct Rate(Pace);

/// `--scenario`: `None` lists them.
#[derive(Clone, Copy, Debug)]
struct Named(Option<&'static Scenario>);

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CorpusKind {
    Mixed,
    Median,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SizeWord {
    Small,
    Full,
}

pub(crate) async fn run(args: BenchArgs) -> Result<Exit, Failure> {
    if let Some(Named(None)) = args.scenario {
        return list();
    }
    let ended = tokio::task::spawn_blocking(move || measure(&args)).await;
    ended.map_err(|error| Failure::failed(error.to_string()))?
}

fn list() -> Result<Exit, Failure> {
    for Scenario { name, what, .. } in SCENARIOS {
        say(&format!("{name:<12}  {what}"))?;
    }
    Ok(Exit::Ok)
}

fn measure(args: &BenchArgs) -> Result<Exit, Failure> {
    let target = target(args)?;
    let scenario = args.scenario.and_then(|named| named.0);
    let keys = scenario.map_or(args.keys, |scenario| scenario.keys);
    let own = senders(args)?;
    let made = match keys {
        1 => None,
        keys => Some(blocking(keys::make(&target, &own[0], keys))?),
    };
    let base = Load {
        target: target.clone(),
        senders: made.clone().unwrap_or(own),
        corpus: Arc::new(match args.corpus {
            CorpusKind::Mixed => Corpus::mixed(args.seed, load_tests::corpus::EVENTS),
            CorpusKind::Median => Corpus::median(),
        }),
        pace: args.rate.0,
        connections: args.connections,
        batch: args.batch,
        warm_up: args.warm_up,
        length: args.duration,
        events_max: args.events,
        heeds_retry_after: false,
        readers: args.readers,
        queries: args.queries,
        watched: args.pid.clone(),
        watches_all: !args.pid.is_empty(),
        check: !args.no_check,
    };
    let phases = scenario.map_or_else(|| vec![phase_of(args)], |scenario| scenario.phases(size(args.size)).to_vec());
    let count = u32::try_from(args.rounds).unwrap_or(u32::MAX);
    // A machine that does other work excuses times, and never a loss.
    let mut is_whole = true;
    let measured = rounds::run(&base, &phases, count, args.thrown_away_max, |round, counts| {
        is_whole &= is_kept(round);
        let told = if counts { "" } else { "\n  thrown away, and once more" };
        // Who closed standard output still gets the file.
        let _ = say(&format!("{}{told}", table(round)));
    });
    if let Some(made) = &made
        && let Err(error) = blocking(keys::revoke(&target, made))
    {
        note(&format!("signing keys of this run are left: {error}"));
    }
    let measured = measured.map_err(failure)?;
    if let Some(file) = &args.json {
        let run = Run {
            scenario: scenario.map_or("own", |scenario| scenario.name).to_owned(),
            command: command(args),
            rounds: measured.rounds,
            thrown_away: measured.thrown_away,
        };
        write(file, run)?;
    }
    Ok(if is_whole { Exit::Ok } else { Exit::Failed })
}

/// What was acknowledged is there, once.
fn is_kept(round: &Round) -> bool {
    round.kept.is_none_or(|kept| {
        kept.lost == 0 && kept.doubled == 0 && kept.in_log.is_none_or(|log| log == kept.acknowledged)
    })
}

fn phase_of(args: &BenchArgs) -> Phase {
    let pace = match args.rate.0 {
        Pace::Max => PhasePace::Max,
        Pace::PerSecond(requests) => PhasePace::EventsPerSecond(requests * args.batch as f64),
    };
    Phase {
        name: "load",
        pace,
        connections: args.connections,
        batch: args.batch,
        warm_up_s: args.warm_up.as_secs(),
        length_s: args.duration.as_secs(),
        heeds_retry_after: false,
        readers: args.readers,
        queries: args.queries,
    }
}

fn target(args: &BenchArgs) -> Result<Target, Failure> {
    let url = Defaults::read(&args.data_dir.data_dir)?.url(args.url.clone())?;
    Target::new(&url).map_err(|error| Failure::usage(error.to_string()))
}

fn senders(args: &BenchArgs) -> Result<Arc<[Sender]>, Failure> {
    if let Some(file) = &args.senders {
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{} can't be read: {error}", file.display())))?;
        let senders =
            Sender::read_lines(&text).map_err(|fault| Failure::usage(format!("{}: {fault}", file.display())))?;
        return match senders.is_empty() {
            true => Err(Failure::usage(format!("{} names no sender", file.display()))),
            false => Ok(senders.into()),
        };
    }
    let defaults = Defaults::read(&args.data_dir.data_dir)?;
    let signer = defaults.signer(args.signing.clone())?;
    Ok(Arc::new([Sender {
        organisation: 0,
        api_key: defaults.api_key(args.api_key.clone())?.expose().to_owned(),
        key_id: signer.key_id,
        secret: signer.secret,
        // Of its own, so that a newcomer's AI system is not flooded.
        ai_id: args.ai.ai_id.unwrap_or_else(Uuid::new_v4),
    }]))
}

fn write(file: &Path, run: Run) -> Result<(), Failure> {
    let (date, time) = date_and_time();
    let results = Results {
        format: FORMAT,
        date,
        time,
        commit: format!("v{}", env!("CARGO_PKG_VERSION")),
        shape: "unknown".to_owned(),
        size: "own".to_owned(),
        machine: Machine::this(),
        q_us: run.rounds.iter().map(|round| round.q_us).fold(f64::INFINITY, f64::min),
        rows: Vec::new(),
        runs: vec![run],
    };
    let text = serde_json::to_string_pretty(&results).map_err(|error| Failure::failed(error.to_string()))?;
    fs::write(file, text + "\n")
        .map_err(|error| Failure::failed(format!("{} can't be written: {error}", file.display())))
}

/// What was typed, as far as it decides what is measured.
fn command(args: &BenchArgs) -> String {
    let mut command = "gapin bench".to_owned();
    match args.scenario.and_then(|named| named.0) {
        Some(scenario) => command.push_str(&format!(" --scenario {}", scenario.name)),
        None => {
            if let Pace::PerSecond(rate) = args.rate.0 {
                command.push_str(&format!(" --rate {rate}"));
            }
            command.push_str(&format!(" --connections {} --batch {}", args.connections, args.batch));
            command.push_str(&format!(" --duration {} --warm-up {}", args.duration.as_secs(), args.warm_up.as_secs()));
            let counted = [("keys", args.keys as u64, 1), ("readers", args.readers as u64, 0)];
            for (name, value, default) in counted {
                if value != default {
                    command.push_str(&format!(" --{name} {value}"));
                }
            }
            if let Some(events) = args.events {
                command.push_str(&format!(" --events {events}"));
            }
            if args.queries {
                command.push_str(" --queries");
            }
        }
    }
    if args.rounds != 1 {
        command.push_str(&format!(" --rounds {}", args.rounds));
    }
    if args.seed != 1 {
        command.push_str(&format!(" --seed {}", args.seed));
    }
    if matches!(args.corpus, CorpusKind::Median) {
        command.push_str(" --corpus median");
    }
    if args.senders.is_some() {
        command.push_str(" --senders FILE");
    }
    if args.scenario.is_some() && matches!(args.size, SizeWord::Full) {
        command.push_str(" --size full");
    }
    command
}

fn blocking<T>(future: impl Future<Output = Result<T, load_tests::NoAnswer>>) -> Result<T, Failure> {
    tokio::runtime::Handle::current().block_on(future).map_err(|error| failure(error.into()))
}

fn failure(error: NoRound) -> Failure {
    match error {
        NoRound::NoAnswer(load_tests::NoAnswer::Gone(_)) => Failure::unreachable(error.to_string()),
        error => Failure::failed(error.to_string()),
    }
}

fn size(word: SizeWord) -> Size {
    match word {
        SizeWord::Small => Size::Small,
        SizeWord::Full => Size::Full,
    }
}

fn rate(text: &str) -> Result<Rate, String> {
    match text.parse::<f64>() {
        _ if text == "max" => Ok(Rate(Pace::Max)),
        Ok(rate) if (0.01..=10_000_000.0).contains(&rate) => Ok(Rate(Pace::PerSecond(rate))),
        _ => Err("requests a second, from 0.01 to 10000000, or max".to_owned()),
    }
}

fn watched(text: &str) -> Result<Watched, String> {
    Watched::parse(text).ok_or_else(|| "a process id, or a name and a process id, such as gateway=4711".to_owned())
}

fn scenario(text: &str) -> Result<Named, String> {
    if text == "list" {
        return Ok(Named(None));
    }
    Scenario::named(text).map(|scenario| Named(Some(scenario))).ok_or_else(|| {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        format!("list, {}", names.join(", "))
    })
}
