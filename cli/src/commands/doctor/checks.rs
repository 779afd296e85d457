//! The checks, one function each. None changes anything that lasts, but for an empty topic that one of them tries Kafka on.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use gateway::notices::Notices;
use store::StoreError;
use url::Url;

use super::{finding::Finding, kafka, spool::SpoolTold};
use crate::{
    data_dir::DataDir,
    http::{self, endpoint},
    master_key::WhenAbsent,
    settings::{
        data_dir::DataDirSettings, event_log::EventLogSettings, event_store::EventStoreSettings,
        secrets::MasterKeySettings, values::Secret,
    },
    wiring::{StoreSettings, is_log_embedded, open_log, open_store},
};

/// Below this a log that is written all day is full before anyone looks.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;
const HTTP_MAX: Duration = Duration::from_secs(5);
/// Events more than five minutes ahead are refused: a clock that is off by a tenth of that needs a look.
const CLOCK_SKEW_MAX_S: u64 = 30;
/// 1 January 2025: a clock before that was never set.
const CLOCK_MIN_S: u64 = 1_735_689_600;

pub(super) async fn data_dir(settings: &DataDirSettings) -> Finding {
    let path = &settings.data_dir;
    if !path.exists() {
        return Finding::fine(format!("{} is not there yet; the first start makes it", path.display()));
    }
    if let Err(error) = tempfile_in(path) {
        let mend = format!("Give this user the right to write there (chown, chmod u+rwx {}).", path.display());
        return Finding::wrong(format!("{} can't be written: {error}", path.display()), mend);
    }
    match fs4::available_space(path) {
        Ok(free) if free < FREE_BYTES_MIN => Finding::doubtful(
            format!("{} has {} MiB left", path.display(), free / (1024 * 1024)),
            "Make room, or move the data with --data-dir: a full disk makes the gateway answer 503.",
        ),
        Ok(free) => Finding::fine(format!("{} can be written, {} GiB free", path.display(), free >> 30)),
        Err(error) => Finding::doubtful(format!("the free space can't be read: {error}"), "Look with `df`."),
    }
}

/// Makes a file and removes it again.
fn tempfile_in(dir: &Path) -> std::io::Result<()> {
    let path = dir.join(format!("doctor.{}", uuid::Uuid::new_v4().simple()));
    std::fs::File::create_new(&path)?;
    std::fs::remove_file(&path)
}

pub(super) async fn store(
    data_dir: &DataDirSettings,
    event_store: &EventStoreSettings,
    master_key: &MasterKeySettings,
) -> Finding {
    if event_store.database_url.is_none() && !data_dir.data_dir.exists() {
        return Finding::fine("sqlite, made at the first start (DATABASE_URL is not set)");
    }
    let settings = StoreSettings { data_dir, event_store, master_key };
    let store = match open_store(settings, WhenAbsent::Refused).await {
        Ok(store) => store,
        Err(failure) => return Finding::wrong(failure.sentence, "Mend what the sentence names, and look again."),
    };
    match store.stores.identity.version().await {
        Ok(_) => Finding::fine(format!("{} answers, is up to date, and was made with this master key", store.kind)),
        Err(StoreError::Unavailable(why)) => Finding::unreachable(
            format!("{} can't be reached: {why}", store.kind),
            "Look at the host, port, user and password in DATABASE_URL, and whether the server runs.",
        ),
        Err(error) => Finding::wrong(
            error.to_string(),
            "A new database is made ready by `gapin migrate`; one that was made with another master key needs that key.",
        ),
    }
}

pub(super) async fn log(settings: &EventLogSettings, data_dir: &DataDirSettings) -> Finding {
    if is_log_embedded(settings) {
        let words = "a file in the data directory (KAFKA_BROKERS is not set)";
        if !data_dir.data_dir.exists() {
            return Finding::fine(words);
        }
        // Opened only while nobody else has it: the log belongs to one process.
        return match DataDir::ensure(&data_dir.data_dir).and_then(|dir| dir.lock()) {
            Err(_) => Finding::fine(format!("{words}, in use by a running gapin")),
            Ok(_lock) => match open_log(settings, data_dir) {
                Ok(log) => check_log(&*log.log, words).await,
                Err(failure) => Finding::wrong(failure.sentence, "Look at the permissions and the free space there."),
            },
        };
    }
    kafka::log(settings).await
}

async fn check_log(log: &dyn bus::EventLog, words: &str) -> Finding {
    let checked = log.check().await;
    log.close(Duration::from_secs(1)).await;
    match checked {
        Ok(()) => Finding::fine(words),
        Err(error) => Finding::wrong(error.to_string(), "Look at the permissions and the free space there."),
    }
}

pub(super) async fn redis(notices: &Notices) -> Finding {
    match notices.ping().await {
        Ok(()) => Finding::fine("redis answers"),
        Err(error) => Finding::unreachable(
            format!("redis does not answer: {error}"),
            "Look at the host, port and password in REDIS_URL. Without Redis gateways learn of a changed key a \
             little later.",
        ),
    }
}

pub(super) async fn ready(gateway: &Url) -> Finding {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Report {
        status: String,
        dependencies: Vec<Dependency>,
        spool: Option<SpoolTold>,
    }
    #[derive(serde::Deserialize)]
    struct Dependency {
        name: String,
        state: String,
    }
    let url = endpoint(gateway, "health/ready");
    let answer = match get(&url).await {
        Ok(answer) => answer,
        Err(error) => {
            let why = if error.is_timeout() { "no answer in time" } else { "no connection" };
            return Finding::unreachable(
                format!("{url}: {why}"),
                "Start it (`gapin dev`, `gapin gateway`), or set GAPIN_URL to where it listens.",
            );
        }
    };
    let status = answer.status();
    let report: Report = answer.json().await.unwrap_or_default();
    let down: Vec<_> = report
        .dependencies
        .iter()
        .filter(|dependency| dependency.state != "up")
        .map(|dependency| dependency.name.as_str())
        .collect();
    if let Some(told) = report.spool.filter(|told| told.needs_a_look()) {
        return told.finding(&url);
    }
    match (status.as_u16(), down.as_slice()) {
        (200, []) => Finding::fine(format!("{url} is ready")),
        (200, down) => Finding::doubtful(
            format!("{url} works without its {}", down.join(" and ")),
            "Events are taken; what needs the missing part waits for it.",
        ),
        (503, down) => Finding::unreachable(
            format!("{url} is not ready ({}): {}", report.status, down.join(" and ")),
            "Mend the parts that it names; it is ready by itself when they are back.",
        ),
        (other, _) => Finding::wrong(format!("{url} answers {other}"), "Look whether GAPIN_URL is a gapin gateway."),
    }
}

/// Whether the API key that the client commands use is one of this gateway's.
pub(super) async fn api_key(gateway: &Url, key: &Secret) -> Finding {
    let url = endpoint(gateway, "aibbar/events");
    let asked = async {
        http::client(&url, HTTP_MAX)?.get(url.clone()).bearer_auth(key.expose()).query(&[("limit", "1")]).send().await
    };
    match asked.await.map(|answer| answer.status().as_u16()) {
        Ok(200) => Finding::fine("the gateway takes the API key"),
        Ok(401) => Finding::wrong(
            "the gateway refuses the API key: revoked, expired, or another installation's",
            "Set GAPIN_API_KEY to one that `gapin keys create` made; `gapin dev` replaces its own at its next start.",
        ),
        Ok(403) => Finding::doubtful(
            "the API key may not read events",
            "`gapin tail` needs a key with the scope events:read; recording needs events:write.",
        ),
        Ok(503) => Finding::unreachable("the gateway can't look up the API key now", "Mend its store."),
        Ok(other) => Finding::wrong(format!("{url} answers {other}"), "Look whether GAPIN_URL is a gapin gateway."),
        Err(_) => Finding::unreachable(format!("{url}: no connection"), "Start the gateway, or mend GAPIN_URL."),
    }
}

pub(super) async fn clock(gateway: Option<&Url>) -> Finding {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs());
    if now < CLOCK_MIN_S {
        return Finding::wrong("the clock of this machine was never set", "Set it, and keep it set (chrony, NTP).");
    }
    let Some(theirs) = (match gateway {
        Some(gateway) => gateway_clock(gateway).await,
        None => None,
    }) else {
        return Finding::fine("this machine's clock is set");
    };
    let skew = now.abs_diff(theirs);
    if skew > CLOCK_SKEW_MAX_S {
        Finding::doubtful(
            format!("this machine's clock and the gateway's are {skew} s apart"),
            "Keep both set (chrony, NTP): events more than 5 minutes ahead are refused.",
        )
    } else {
        Finding::fine("this machine's clock and the gateway's agree")
    }
}

/// The gateway's `Date`, in Unix seconds.
async fn gateway_clock(gateway: &Url) -> Option<u64> {
    let answer = get(&endpoint(gateway, "health/live")).await.ok()?;
    let date = answer.headers().get(reqwest::header::DATE)?.to_str().ok()?.to_owned();
    let format = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let at = time::PrimitiveDateTime::parse(&date, format).ok()?.assume_utc();
    u64::try_from(at.unix_timestamp()).ok()
}

async fn get(url: &Url) -> reqwest::Result<reqwest::Response> {
    http::client(url, HTTP_MAX)?.get(url.clone()).send().await
}
