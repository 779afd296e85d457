//! What the sender is told: one result per event.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    metrics::Metrics,
    problem::{FaultBody, Kind, Problem, ProblemBody, fault_bodies},
    request::RequestId,
};

/// What became of one event: acknowledged under this id, or why not.
pub(super) type Outcome = Result<Uuid, Problem>;

/// What became of every event of a request, in the request's order.
pub(super) struct Recorded {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) single: bool,
}

/// What was sent is kept.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Taken<'a> {
    One(One),
    Batch(Batch<'a>),
}

/// An event that was kept.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedEvent)]
pub(super) struct One {
    /// The id that it is kept under: its own, or the one derived from it.
    event_id: Uuid,
    /// `accepted`.
    status: &'static str,
}

/// What became of each event of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub(super) struct Batch<'a> {
    /// How many were kept.
    accepted: usize,
    /// How many were refused.
    rejected: usize,
    /// One result per event, in the order in which they were sent.
    results: Vec<ResultBody<'a>>,
}

/// What became of one event of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = EventResult)]
struct ResultBody<'a> {
    /// Its place in the batch, from 0.
    index: usize,
    /// The id that it is kept under, when it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
    /// `accepted` or `rejected`.
    #[schema(pattern = "^(accepted|rejected)$")]
    status: &'static str,
    /// Why it was rejected; the `code` of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

/// A batch of which every event was refused for the same class of reason: that problem, and each event's result.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusedBatch<'a> {
    #[serde(flatten)]
    problem: ProblemBody<'a>,
    #[serde(flatten)]
    batch: Batch<'a>,
}

impl Recorded {
    /// Counts the outcomes.
    pub(super) fn count(&self, metrics: &Metrics) {
        let mut accepted = 0;
        for outcome in &self.outcomes {
            match outcome {
                Ok(_) => accepted += 1,
                Err(problem) => metrics.rejected.with_label_values(&[problem.kind().code()]).inc(),
            }
        }
        metrics.accepted.inc_by(accepted);
    }

    /// 202 when all were taken, 207 when some were, and the refusals' own status when all were refused for the same class of reason.
    pub(super) fn answer(&self, request_id: &RequestId) -> HttpResponse {
        if let (true, [outcome]) = (self.single, self.outcomes.as_slice()) {
            return match outcome {
                Ok(event_id) => {
                    HttpResponse::Accepted().json(Taken::One(One { event_id: *event_id, status: "accepted" }))
                }
                Err(problem) => problem.answer(request_id.as_str()),
            };
        }
        let batch = self.batch();
        if batch.rejected == 0 {
            return HttpResponse::Accepted().json(Taken::Batch(batch));
        }
        match self.common_problem() {
            Some(problem) => {
                let body = problem.body(request_id.as_str());
                problem.own_head().json(RefusedBatch { problem: body, batch })
            }
            None => HttpResponse::build(StatusCode::MULTI_STATUS).json(batch),
        }
    }

    fn batch(&self) -> Batch<'_> {
        let results: Vec<_> = self.outcomes.iter().enumerate().map(|(index, outcome)| result(index, outcome)).collect();
        let rejected = self.outcomes.iter().filter(|o| o.is_err()).count();
        Batch { accepted: results.len() - rejected, rejected, results }
    }

    /// The problem of the whole batch, when every event was refused with the same status: the one
    /// problem that all have, or what they have in common. Nothing is said of all that is wrong of one: a batch of which
    /// one event may be kept is of unknown outcome.
    fn common_problem(&self) -> Option<Problem> {
        let problems: Vec<&Problem> = self.outcomes.iter().map(|o| o.as_ref().err()).collect::<Option<_>>()?;
        let unknown = problems.iter().find(|problem| problem.kind() == Kind::OutcomeUnknown);
        let first = *unknown.or(problems.first())?;
        if problems.iter().any(|problem| problem.kind().status() != first.kind().status()) {
            return None;
        }
        let same_kind = problems.iter().all(|problem| problem.kind() == first.kind());
        let count = self.outcomes.len();
        let detail = match same_kind {
            true => format!("All {count} events were refused for this reason; see results."),
            false => format!("All {count} events were refused, not all for this reason; see results."),
        };
        Some(first.of_all(detail))
    }
}

fn result(index: usize, outcome: &Outcome) -> ResultBody<'_> {
    match outcome {
        Ok(event_id) => ResultBody {
            index,
            event_id: Some(*event_id),
            status: "accepted",
            code: None,
            detail: None,
            errors: Vec::new(),
        },
        Err(problem) => ResultBody {
            index,
            event_id: None,
            status: "rejected",
            code: Some(problem.kind().code()),
            detail: Some(problem.detail()),
            errors: fault_bodies(problem.faults()),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_batch_of_which_one_event_may_be_kept_is_of_unknown_outcome() {
        let problem = |kind| Err(Problem::new(kind, "why"));
        for (kinds, expected) in [
            (vec![Kind::LogUnavailable, Kind::LogUnavailable], Some(Kind::LogUnavailable)),
            (vec![Kind::LogUnavailable, Kind::OutcomeUnknown, Kind::Overloaded], Some(Kind::OutcomeUnknown)),
            (vec![Kind::Overloaded, Kind::LogUnavailable], Some(Kind::Overloaded)),
            (vec![Kind::LogUnavailable, Kind::Event(aibbar::Code::InvalidJson)], None),
        ] {
            let outcomes = kinds.iter().map(|kind| problem(*kind)).collect();
            let all = Recorded { outcomes, single: false }.common_problem();
            assert_eq!(all.map(|problem| problem.kind()), expected, "{kinds:?}");
        }
        let some_kept = Recorded { outcomes: vec![Ok(Uuid::nil()), problem(Kind::OutcomeUnknown)], single: false };
        assert!(some_kept.common_problem().is_none());
    }
}
