//! Whether a process lives and can do its work.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, web};
use async_trait::async_trait;
use futures_util::future::join_all;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

/// How long one dependency may take to answer.
const PROBE_MAX_WAIT: Duration = Duration::from_secs(2);

/// How long an answer is good for: a storm of probes asks the dependencies once.
const ANSWER_GOOD_FOR: Duration = Duration::from_secs(1);

/// Asks one dependency whether it works now.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// Whether it works; the text goes to the log, never to the client.
    async fn probe(&self) -> Result<(), String>;
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
    /// `up` or `down`.
    #[schema(pattern = "^(up|down)$")]
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
}

impl Readiness {
    /// Ready as long as every required dependency answers and nobody has begun to drain.
    pub fn new(dependencies: Vec<Dependency>, draining: CancellationToken) -> Self {
        Self { dependencies, draining, started: Instant::now(), last: Mutex::default() }
    }

    async fn report(&self) -> Report {
        // Held over the probes on purpose: those who ask meanwhile wait for the one answer.
        let mut last = self.last.lock().await;
        if let Some((_, report)) = last.as_ref().filter(|(at, _)| at.elapsed() < ANSWER_GOOD_FOR) {
            return report.clone();
        }
        let dependencies = join_all(self.dependencies.iter().map(ask)).await;
        let missing = |required| dependencies.iter().any(|d| d.state == "down" && d.required == required);
        let status = match (missing(true), missing(false)) {
            (true, _) => "unavailable",
            (false, true) => "degraded",
            (false, false) => "ready",
        };
        let report = Report { status, dependencies };
        *last = Some((Instant::now(), report.clone()));
        report
    }
}

async fn ask(dependency: &Dependency) -> State {
    let answer = tokio::time::timeout(PROBE_MAX_WAIT, dependency.probe.probe()).await;
    let state = match answer {
        Ok(Ok(())) => "up",
        Ok(Err(cause)) => {
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
#[utoipa::path(
    get, path = "/health/ready", tag = "Operations",
    responses(
        (status = 200, description = "It can do its work: `ready` or `degraded`.", body = Report, example = json!({
            "status": "ready",
            "dependencies": [
                { "name": "log", "kind": "kafka", "required": true, "state": "up" },
                { "name": "store", "kind": "postgres", "required": false, "state": "up" },
            ],
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
        _ => HttpResponse::ServiceUnavailable().json(report),
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
    })
}
