//! Whether a process lives and can do its work.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, http::header::RETRY_AFTER, web};
use async_trait::async_trait;
use bus::spool::{SpoolState, SpoolStatus};
use futures_util::future::join_all;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::spool::{SpoolReport, SpoolView, misses_log, takes_records};

/// How long one dependency may take to answer.
const PROBE_MAX_WAIT: Duration = Duration::from_secs(2);

/// How long an answer is good for: a storm of probes asks the dependencies once.
const ANSWER_GOOD_FOR: Duration = Duration::from_secs(1);

/// When who was told that it is not ready may ask again, in seconds.
const RETRY_AFTER_S: u32 = 2;

/// What the log is called among the dependencies.
pub const LOG: &str = "log";

/// Asks one dependency whether it works now.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// Whether it works.
    async fn probe(&self) -> Result<(), NotUp>;
}

/// Why a dependency can't be counted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotUp {
    /// Nothing was heard of it yet: whoever asks it has only begun.
    Starting,
    /// It does not work; the text goes to the log, never to the client.
    Down(String),
}

/// Something that a process depends on.
pub struct Dependency {
    /// `log`, `store`, `redis`.
    pub name: &'static str,
    /// What serves it: `kafka`, `local`, `postgres`, `sqlite`, `redis`.
    pub kind: &'static str,
    /// Whether the process is not ready without it. One that is not required only degrades.
    pub required: bool,
    /// How it is asked.
    pub probe: Box<dyn Probe>,
}

/// The dependencies of a process, and whether it is on its way out.
pub struct Readiness {
    dependencies: Vec<Dependency>,
    spool: Option<SpoolView>,
    draining: CancellationToken,
    started: Instant,
    last: Mutex<Option<(Instant, Report)>>,
}

/// Whether a process can do its work, and each thing that it depends on.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Readiness)]
pub(crate) struct Report {
    /// `ready`; `degraded` without something that is not required; `unavailable` without something that is; `draining`
    /// on its way out.
    #[schema(pattern = "^(ready|degraded|unavailable|draining)$")]
    status: &'static str,
    dependencies: Vec<State>,
    /// Where events wait while the log is away; absent where there is no spool.
    #[serde(skip_serializing_if = "Option::is_none")]
    spool: Option<SpoolReport>,
}

/// One thing that a process depends on.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Dependency)]
struct State {
    /// `log`, `store`, `redis`.
    name: &'static str,
    /// What serves it: `kafka`, `local`, `postgres`, `sqlite`, `redis`.
    kind: &'static str,
    /// Whether the process is not ready without it.
    required: bool,
    /// `up` or `down`; `starting` until it was heard of for the first time.
    #[schema(pattern = "^(up|down|starting)$")]
    state: &'static str,
}

/// That a process lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct Liveness {
    /// `live`.
    status: &'static str,
}

/// A process in one line.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    /// As in the report on its readiness.
    status: &'static str,
    /// The program's version.
    version: &'static str,
    /// How long it has run.
    uptime_seconds: u64,
    /// The state of the spool; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    spool: Option<&'static str>,
}

impl Readiness {
    /// Ready as long as every required dependency answers and nobody has begun to drain.
    pub fn new(dependencies: Vec<Dependency>, draining: CancellationToken) -> Self {
        Self { dependencies, spool: None, draining, started: Instant::now(), last: Mutex::default() }
    }

    /// The same with a spool before the log: as long as it takes records, the log is not required.
    pub fn with_spool(self, spool: Option<SpoolView>) -> Self {
        Self { spool, ..self }
    }

    async fn report(&self) -> Report {
        // Held over the probes on purpose: those who ask meanwhile wait for the one answer.
        let mut last = self.last.lock().await;
        if let Some((_, report)) = last.as_ref().filter(|(at, _)| at.elapsed() < ANSWER_GOOD_FOR) {
            return report.clone();
        }
        let dependencies = join_all(self.dependencies.iter().map(ask)).await;
        let report = judge(dependencies, self.spool.as_ref().map(|spool| spool()));
        *last = Some((Instant::now(), report.clone()));
        report
    }
}

/// What the answers come to, with the spool in the log's stead.
fn judge(mut dependencies: Vec<State>, spool: Option<SpoolStatus>) -> Report {
    let mut degraded = false;
    if let Some(spool) = &spool {
        degraded = spool.state != SpoolState::Idle || spool.unreadable_slots > 0;
        for log in dependencies.iter_mut().filter(|dependency| dependency.name == LOG) {
            log.required = !takes_records(spool.state);
            if misses_log(spool.state) {
                log.state = "down";
            }
        }
    }
    let missing = |required| dependencies.iter().any(|d| d.state != "up" && d.required == required);
    let status = match (missing(true), missing(false) || degraded) {
        (true, _) => "unavailable",
        (false, true) => "degraded",
        (false, false) => "ready",
    };
    Report { status, dependencies, spool: spool.as_ref().map(SpoolReport::of) }
}

async fn ask(dependency: &Dependency) -> State {
    let answer = tokio::time::timeout(PROBE_MAX_WAIT, dependency.probe.probe()).await;
    let state = match answer {
        Ok(Ok(())) => "up",
        Ok(Err(NotUp::Starting)) => "starting",
        Ok(Err(NotUp::Down(cause))) => {
            tracing::warn!(dependency = dependency.name, %cause, "a dependency is down");
            "down"
        }
        Err(_) => {
            tracing::warn!(dependency = dependency.name, "a dependency does not answer");
            "down"
        }
    };
    State { name: dependency.name, kind: dependency.kind, required: dependency.required, state }
}

/// `GET /health/live`: the process answers.
#[utoipa::path(
    get, path = "/health/live", tag = "Operations",
    responses((status = 200, description = "It does.", body = Liveness, example = json!({ "status": "live" }))),
)]
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Liveness { status: "live" })
}

/// `GET /health/ready`: each dependency by name; 503 when a required one is away or the process drains.
///
/// Where events wait in a spool while the log is away, the log is required only once the spool takes no more.
#[utoipa::path(
    get, path = "/health/ready", tag = "Operations",
    responses(
        (status = 200, description = "It can do its work: `ready` or `degraded`.", body = Report, example = json!({
            "status": "ready",
            "dependencies": [
                { "name": "log", "kind": "kafka", "required": true, "state": "up" },
                { "name": "store", "kind": "postgres", "required": false, "state": "up" },
            ],
            "spool": {
                "state": "idle", "records": 0, "bytes": 0, "bytes_max": 1073741824, "oldest_age_seconds": 0.0,
                "drain_records_per_second": 0.0, "refused_records": 0, "unreadable_slots": 0,
            },
        })),
        (status = 503, description = "It can't: `unavailable` or `draining`.", body = Report, example = json!({
            "status": "unavailable",
            "dependencies": [{ "name": "log", "kind": "kafka", "required": true, "state": "down" }],
        })),
    ),
)]
pub(crate) async fn ready(readiness: web::Data<Arc<Readiness>>) -> HttpResponse {
    let mut report = readiness.report().await;
    if readiness.draining.is_cancelled() {
        report.status = "draining";
    }
    match report.status {
        "ready" | "degraded" => HttpResponse::Ok().json(report),
        _ => HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, RETRY_AFTER_S)).json(report),
    }
}

/// `GET /health`: version and age, for people.
#[utoipa::path(
    get, path = "/health", tag = "Operations",
    responses((status = 200, description = "Whatever its state.", body = Summary, example = json!({
        "status": "ready", "version": "0.1.0", "uptime_seconds": 86400,
    }))),
)]
pub(crate) async fn summary(readiness: web::Data<Arc<Readiness>>) -> HttpResponse {
    let report = readiness.report().await;
    HttpResponse::Ok().json(Summary {
        status: report.status,
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: readiness.started.elapsed().as_secs(),
        spool: report.spool.as_ref().map(SpoolReport::state),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(state: &'static str) -> Vec<State> {
        vec![State { name: LOG, kind: "kafka", required: true, state }]
    }

    fn spool(state: SpoolState) -> Option<SpoolStatus> {
        Some(SpoolStatus {
            state,
            records: 1,
            bytes: 1,
            bytes_max: 1,
            oldest_appended_at_ms: None,
            drained_records_total: 0,
            drain_records_per_second: 0.0,
            refused_records: 0,
            unreadable_slots: 0,
            reason: None,
        })
    }

    #[test]
    fn it_is_ready_as_long_as_the_log_or_the_spool_takes_records() {
        use SpoolState as S;
        for (log_is, spool_is, expected) in [
            ("up", None, "ready"),
            ("down", None, "unavailable"),
            ("starting", None, "unavailable"),
            ("up", spool(S::Idle), "ready"),
            ("down", spool(S::Idle), "degraded"),
            ("up", spool(S::Spooling), "degraded"),
            ("down", spool(S::Spooling), "degraded"),
            ("up", spool(S::Draining), "degraded"),
            ("up", spool(S::Unavailable), "degraded"),
            ("down", spool(S::Unavailable), "unavailable"),
            ("up", spool(S::Full), "unavailable"),
            ("down", spool(S::Full), "unavailable"),
        ] {
            let told = format!("log {log_is}, spool {spool_is:?}");
            assert_eq!(judge(log(log_is), spool_is).status, expected, "{told}");
        }
    }

    #[test]
    fn a_part_of_the_spool_that_can_not_be_read_is_told_also_while_nothing_waits() {
        let damaged = spool(SpoolState::Idle).map(|status| SpoolStatus { unreadable_slots: 1, ..status });
        assert_eq!(judge(log("up"), damaged).status, "degraded");
    }
}
