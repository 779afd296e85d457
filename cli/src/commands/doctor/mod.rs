//! `gapin doctor`: checks what is configured, and says in plain words what is wrong and how to mend it.

mod checks;
mod finding;
mod kafka;
mod spool;

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use url::Url;

use self::finding::{Finding, State};
use crate::{
    client::Defaults,
    exit::{Exit, Failure},
    settings::{
        client::{ApiKeySettings, GatewayUrlSettings},
        data_dir::DataDirSettings,
        event_log::EventLogSettings,
        event_store::EventStoreSettings,
        gateway::{ListenSettings, MetricsListenSettings, RedisSettings},
        secrets::MasterKeySettings,
        spool::SpoolingSettings,
        values::Secret,
    },
    terminal::{Colour, Colours, say, say_json},
    wiring::{is_log_embedded, notices},
};

/// No check may take longer.
const CHECK_MAX: Duration = Duration::from_secs(10);

/// Check everything that is configured, and tell how to mend what is wrong
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    /// Only ask whether the process on this machine is ready: for health checks of containers
    #[arg(long)]
    ready: bool,

    /// One JSON object per check: {"check","state","finding","mend"}
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    url: GatewayUrlSettings,
    #[command(flatten)]
    api_key: ApiKeySettings,
    #[command(flatten)]
    listen: ListenSettings,
    #[command(flatten)]
    metrics_listen: MetricsListenSettings,
    #[command(flatten)]
    event_log: EventLogSettings,
    #[command(flatten)]
    spool: SpoolingSettings,
    #[command(flatten)]
    event_store: EventStoreSettings,
    #[command(flatten)]
    redis: RedisSettings,
    #[command(flatten)]
    master_key: MasterKeySettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
With --ready the process is looked for at GAPIN_URL, else GAPIN_METRICS_LISTEN, else where dev.env
says, else GAPIN_LISTEN. With Kafka one record is appended on trial to the topic gapin.check, made for nothing else, and
deleted again.

Examples:
  gapin doctor
  KAFKA_BROKERS=kafka:9092 gapin doctor --json
  gapin doctor --ready";

pub(crate) async fn run(args: DoctorArgs) -> Result<Exit, Failure> {
    let findings = if args.ready {
        vec![bounded("gateway", checks::ready(&ready_url(&args)?)).await]
    } else {
        examine(&args).await
    };
    for finding in &findings {
        show(finding, args.json)?;
    }
    Ok(match findings.iter().map(|finding| finding.state).max() {
        Some(State::Unreachable) => Exit::Unreachable,
        Some(State::Wrong) => Exit::Failed,
        Some(State::Fine | State::Doubtful) | None => Exit::Ok,
    })
}

/// Every check of what is configured.
async fn examine(args: &DoctorArgs) -> Vec<Finding> {
    let mut findings = vec![
        bounded("data", checks::data_dir(&args.data_dir)).await,
        bounded("store", checks::store(&args.data_dir, &args.event_store, &args.master_key)).await,
        bounded("log", checks::log(&args.event_log, &args.data_dir)).await,
    ];
    if !is_log_embedded(&args.event_log) {
        findings.push(bounded("spool", spool::spool(&args.spool, &args.data_dir)).await);
    }
    match notices(&args.redis) {
        Ok(Some(notices)) => findings.push(bounded("redis", checks::redis(&notices)).await),
        Ok(None) => {}
        Err(failure) => {
            findings.push(Finding { check: "redis", ..Finding::wrong(failure.sentence, "Mend REDIS_URL.") })
        }
    }
    if let Some(url) = configured_url(args) {
        findings.push(bounded("gateway", checks::ready(&url)).await);
        if let Some(key) = configured_key(args) {
            findings.push(bounded("api key", checks::api_key(&url, &key)).await);
        }
        findings.push(bounded("clock", checks::clock(Some(&url))).await);
    } else {
        findings.push(bounded("clock", checks::clock(None)).await);
    }
    findings
}

async fn bounded(check: &'static str, examined: impl Future<Output = Finding>) -> Finding {
    match tokio::time::timeout(CHECK_MAX, examined).await {
        Ok(finding) => Finding { check, ..finding },
        Err(_) => Finding {
            check,
            ..Finding::unreachable(
                format!("no answer within {} s", CHECK_MAX.as_secs()),
                "Look whether the address is right and nothing on the way drops packets.",
            )
        },
    }
}

/// The gateway that someone named: by a setting, or `gapin dev` in `dev.env`.
fn configured_url(args: &DoctorArgs) -> Option<Url> {
    Defaults::read(&args.data_dir.data_dir).ok()?.url(args.url.clone()).ok()
}

/// The API key that client commands would use.
fn configured_key(args: &DoctorArgs) -> Option<Secret> {
    Defaults::read(&args.data_dir.data_dir).ok()?.api_key(args.api_key.clone()).ok()
}

/// Where the process on this machine is asked.
fn ready_url(args: &DoctorArgs) -> Result<Url, Failure> {
    if let Some(url) = &args.url.url {
        return Ok(url.clone());
    }
    let address: SocketAddr = match (args.metrics_listen.metrics_listen, configured_url(args)) {
        (Some(address), _) => address,
        (None, Some(url)) => return Ok(url),
        (None, None) => args.listen.listen,
    };
    let url = super::dev::url_of(address);
    Url::parse(&url).map_err(|_| Failure::usage(format!("{url} is no URL")))
}

fn show(finding: &Finding, json: bool) -> Result<(), Failure> {
    if json {
        return say_json(finding);
    }
    let colours = Colours::of(&std::io::stdout());
    let (mark, colour) = match finding.state {
        State::Fine => ("ok     ", Colour::Green),
        State::Doubtful => ("doubt  ", Colour::Yellow),
        State::Wrong | State::Unreachable => ("wrong  ", Colour::Red),
    };
    let mend = match &finding.mend {
        Some(mend) => format!("\n{:16}{mend}", ""),
        None => String::new(),
    };
    say(&format!("{}{:<9}{}{mend}", colours.paint(colour, mark), finding.check, finding.finding))
}
