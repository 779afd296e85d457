//! What the sender is told: one result per event.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    metrics::Metrics,
    problem::{FaultBody, Problem, ProblemBody, fault_bodies},
    request::RequestId,
};

/// What became of one event: acknowledged under this id, or why not.
pub(super) type Outcome = Result<Uuid, Problem>;

/// What became of every event of a request, in the request's order.
pub(super) struct Recorded {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) single: bool,
}

#[derive(Serialize)]
struct One {
    event_id: Uuid,
    status: &'static str,
}

#[derive(Serialize)]
struct Batch<'a> {
    accepted: usize,
    rejected: usize,
    results: Vec<ResultBody<'a>>,
}

#[derive(Serialize)]
struct ResultBody<'a> {
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

#[derive(Serialize)]
struct RefusedBatch<'a> {
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
                Ok(event_id) => HttpResponse::Accepted().json(One { event_id: *event_id, status: "accepted" }),
                Err(problem) => problem.answer(request_id.as_str()),
            };
        }
        let batch = self.batch();
        if batch.rejected == 0 {
            return HttpResponse::Accepted().json(batch);
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
    /// problem that all have, or what they have in common.
    fn common_problem(&self) -> Option<Problem> {
        let mut problems = self.outcomes.iter().map(|o| o.as_ref().err());
        let first = problems.next()??;
        let mut same_kind = true;
        for problem in problems {
            let problem = problem?;
            if problem.kind().status() != first.kind().status() {
                return None;
            }
            same_kind &= problem.kind() == first.kind();
        }
        let count = self.outcomes.len();
        let detail = match same_kind {
            true => format!("All {count} events were refused for this reason; see results."),
            false => format!("All {count} events were refused, the first for this reason; see results."),
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
