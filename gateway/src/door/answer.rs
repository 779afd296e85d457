//! What the sender is told: one result per event or message.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

use crate::{
    problem::{FaultBody, Kind, Problem, ProblemBody, fault_bodies},
    request::RequestId,
};

/// What became of everything in a request, in the request's order: acknowledged, with what is told of it, or why not.
pub(crate) struct Answered<T> {
    pub(crate) outcomes: Vec<Result<T, Problem>>,
    /// Whether one thing was sent, rather than a batch of one.
    pub(crate) single: bool,
}

// How they look is documented by each door, in types of its own.

#[derive(Serialize)]
struct One<'a, T> {
    #[serde(flatten)]
    told: &'a T,
    status: &'static str,
}

#[derive(Serialize)]
struct Batch<'a, T> {
    accepted: usize,
    rejected: usize,
    results: Vec<ResultBody<'a, T>>,
}

#[derive(Serialize)]
struct ResultBody<'a, T> {
    index: usize,
    #[serde(flatten)]
    told: Option<&'a T>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FaultBody<'a>>,
}

#[derive(Serialize)]
struct RefusedBatch<'a, T> {
    #[serde(flatten)]
    problem: ProblemBody<'a>,
    #[serde(flatten)]
    batch: Batch<'a, T>,
}

impl<T: Serialize> Answered<T> {
    /// 202 when all were taken, 207 when some were, and the refusals' own status when all were refused for the same class of reason.
    pub(crate) fn answer(&self, request_id: &RequestId) -> HttpResponse {
        if let (true, [outcome]) = (self.single, self.outcomes.as_slice()) {
            return match outcome {
                Ok(told) => HttpResponse::Accepted().json(One { told, status: "accepted" }),
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

    fn batch(&self) -> Batch<'_, T> {
        let results: Vec<_> = self.outcomes.iter().enumerate().map(|(index, outcome)| result(index, outcome)).collect();
        let rejected = self.outcomes.iter().filter(|o| o.is_err()).count();
        Batch { accepted: results.len() - rejected, rejected, results }
    }

    /// The problem of the whole batch, when all of it was refused with the same status: the one
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

fn result<T>(index: usize, outcome: &Result<T, Problem>) -> ResultBody<'_, T> {
    match outcome {
        Ok(told) => {
            ResultBody { index, told: Some(told), status: "accepted", code: None, detail: None, errors: Vec::new() }
        }
        Err(problem) => ResultBody {
            index,
            told: None,
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
            let outcomes: Vec<Result<(), Problem>> = kinds.iter().map(|kind| problem(*kind)).collect();
            let all = Answered { outcomes, single: false }.common_problem();
            assert_eq!(all.map(|problem| problem.kind()), expected, "{kinds:?}");
        }
        let some_kept = Answered { outcomes: vec![Ok(()), problem(Kind::OutcomeUnknown)], single: false };
        assert!(some_kept.common_problem().is_none());
    }
}
