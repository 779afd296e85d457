//! The work on one request with messages, once its body was read: begun under its idempotency key, checked, appended, counted,
//! and ended under its key. It runs to its end, whoever waits for it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use store::PublicationStore;

use super::{
    Published,
    check::{self, Checking},
    counted,
    idempotency::{self, Once},
    incoming::Mode,
};
use crate::{
    app::App,
    auth::Caller,
    door::{Body, Inside, Place, Sent, refusals},
    limits::request::Allowance,
    problem::Problem,
    topics::LOG_MAX_WAIT,
    trace::Trace,
};

/// Everything about a request but its messages.
pub(super) struct Publishing {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) mode: Mode,
    /// The topic of what names none.
    pub(super) topic: Option<String>,
    /// The `Idempotency-Key`.
    pub(super) key: Option<String>,
    /// When the request came.
    pub(super) started: Instant,
    pub(super) allowance: Allowance,
    /// The trace of the request.
    pub(super) trace: Trace,
}

/// What became of each message, and how long the log's answer was waited for, where it was asked; or why there was nothing
/// done at all.
type Outcomes = Result<(Vec<Result<Published, Problem>>, Option<Duration>), Problem>;

/// What came of it, and what is left of the day.
pub(super) type Done = (Outcomes, Allowance);

impl Publishing {
    /// Publishes these parts of the body.
    pub(super) async fn run(mut self, parts: Vec<Bytes>, body: Body, place: Place) -> Done {
        let published = self.publish(parts, body, place).await;
        (published, self.allowance)
    }

    async fn publish(&mut self, parts: Vec<Bytes>, body: Body, place: Place) -> Outcomes {
        let (app, org_id, count) = (self.app.clone(), self.caller.org_id(), parts.len());
        let store = &*app.stores.publications;
        let mut once = self.begin(store, body.bytes()).await?;
        let settled = once.as_ref().map(|once| once.settled(count)).unwrap_or_default();

        // What was settled before costs nothing again.
        let left: Vec<usize> = (0..count).filter(|&index| settled.get(index).is_none_or(Option::is_none)).collect();
        let allowed = self.allowance.take(&app.limits, left.len()).await;
        let checking = Checking {
            app: &app,
            caller: &self.caller,
            mode: &self.mode,
            topic: self.topic.as_deref(),
            once: once.as_ref(),
            log_until: tokio::time::Instant::now() + LOG_MAX_WAIT,
        };
        let in_check = self.trace.check();
        let checked = checking.all(&parts, &left[..allowed]).await;
        drop((in_check, parts));
        if let Some(once) = &mut once
            && let Err(problem) = once.hold_on(store, app.door.append_max_wait() + LOG_MAX_WAIT).await
        {
            self.allowance.give_back(&app.limits, allowed);
            return Err(problem);
        }
        let topics: Vec<_> = checked.iter().map(|one| Some(one.as_ref().ok()?.receipt.topic.clone())).collect();
        let appending = self.trace.append(&checked, "messages");
        let appended = app.door.append(Sent::Messages, checked, Inside::new(place, body)).await;
        drop(appending);
        counted::appended(&app.counting, org_id, &topics, &appended.outcomes, self.started.elapsed());
        let mut fresh: Vec<_> = appended.outcomes.into_iter().map(|outcome| outcome.map(Published::of)).collect();
        check::tell_of_missing(&app, &self.caller, &appended.missing, &topics, &mut fresh).await;
        self.allowance.give_back(&app.limits, fresh.iter().filter(|outcome| outcome.is_err()).count());
        fresh.resize_with(left.len(), || Err(self.allowance.day_used_up()));
        count_outcomes(&app, &fresh);
        self.trace.counted(&fresh);
        app.counting.refused_messages(org_id, refusals(&fresh));

        let outcomes = in_order(settled, &left, fresh, count);
        if let Some(once) = once {
            once.end(store, &outcomes).await;
        }
        Ok((outcomes, appended.log_wait))
    }

    /// Begins the request under its key, where it has one: for as long as the log may take to make its topics, to append, and
    /// to make topics again that it turned out not to have.
    async fn begin(&self, store: &dyn PublicationStore, body: &[u8]) -> Result<Option<Once>, Problem> {
        let Some(key) = &self.key else { return Ok(None) };
        let digest = idempotency::digest_of(&self.mode, self.topic.as_deref(), body);
        let log_max_wait = self.app.door.append_max_wait() + 2 * LOG_MAX_WAIT;
        Once::begin(store, self.caller.org_id(), key, digest, log_max_wait).await.map(Some)
    }
}

/// What was settled before and what became of the rest, each in its place of `count`.
fn in_order(
    settled: Vec<Option<Published>>,
    left: &[usize],
    fresh: Vec<Result<Published, Problem>>,
    count: usize,
) -> Vec<Result<Published, Problem>> {
    let mut outcomes: Vec<_> = settled.into_iter().map(|one| one.map(Ok)).collect();
    outcomes.resize_with(count, || None);
    for (&index, outcome) in left.iter().zip(fresh) {
        outcomes[index] = Some(outcome);
    }
    let missing = || Err(Problem::internal("a message without an outcome"));
    outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect()
}

fn count_outcomes(app: &App, outcomes: &[Result<Published, Problem>]) {
    let metrics = &app.metrics;
    for outcome in outcomes {
        match outcome {
            Ok(_) => metrics.messages_accepted.inc(),
            Err(problem) => metrics.messages_rejected.with_label_values(&[problem.kind().code()]).inc(),
        }
    }
}
