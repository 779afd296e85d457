//! What the sender is told: one result per event or message.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use serde::Serialize;

use super::Sent;
use crate::{
    problem::{FaultBody, Kind, Problem, ProblemBody, fault_bodies},
    request::RequestId,
};

/// What of the time was the log's: `log;dur=3.214`, in milliseconds (<https://www.w3.org/TR/server-timing/>).
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What became of everything in a request, in the request's order: acknowledged, with what is told of it, or why not.
pub(crate) struct Answered<T> {
    pub(crate) outcomes: Vec<Result<T, Problem>>,
    /// Whether one thing was sent, rather than a batch of one.
    pub(crate) single: bool,
    pub(crate) sent: Sent,
    /// How long the log's answer was waited for; `None` when it was asked nothing.
    pub(crate) log_wait: Option<Duration>,
}

/// The problems of what was refused for certain. What may have been kept after all is not refused.
pub(crate) fn refusals<T>(outcomes: &[Result<T, Problem>]) -> impl Iterator<Item = &Problem> {
    let problems = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    problems.filter(|problem| problem.kind() != Kind::OutcomeUnknown)
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
        let mut response = self.untimed(request_id);
        let timing = self.log_wait.map(|wait| format!("log;dur={:.3}", wait.as_secs_f64() * 1_000.0));
        if let Some(timing) = timing.and_then(|timing| HeaderValue::try_from(timing).ok()) {
            response.headers_mut().insert(SERVER_TIMING, timing);
        }
        response
    }

    fn untimed(&self, request_id: &RequestId) -> HttpResponse {
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
        let (count, things) = (self.outcomes.len(), self.sent.many());
        Some(first.of_all(match (count, same_kind) {
            (1, _) => format!("The only one of the {things} was refused for this reason; see results."),
            (_, true) => format!("All {count} {things} were refused for this reason; see results."),
            (_, false) => format!("All {count} {things} were refused, not all for this reason; see results."),
        }))
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
            let all = Answered { outcomes, single: false, sent: Sent::Events, log_wait: None }.common_problem();
            assert_eq!(all.map(|problem| problem.kind()), expected, "{kinds:?}");
        }
        let outcomes = vec![Ok(()), problem(Kind::OutcomeUnknown)];
        assert!(Answered { outcomes, single: false, sent: Sent::Events, log_wait: None }.common_problem().is_none());
    }

    #[test]
    fn what_was_refused_is_called_what_it_is() {
        let said = |count: usize, sent| {
            let outcomes = (0..count).map(|_| Err::<(), _>(Problem::overloaded())).collect();
            Answered { outcomes, single: false, sent, log_wait: None }.common_problem().unwrap().detail().to_owned()
        };
        assert_eq!(said(2, Sent::Messages), "All 2 messages were refused for this reason; see results.");
        assert_eq!(said(2, Sent::Events), "All 2 events were refused for this reason; see results.");
        assert_eq!(said(1, Sent::Messages), "The only one of the messages was refused for this reason; see results.");
    }

    #[test]
    fn what_may_be_kept_was_not_refused() {
        let outcomes: [Result<(), Problem>; 3] =
            [Ok(()), Err(Problem::overloaded()), Err(Problem::new(Kind::OutcomeUnknown, "why"))];
        assert_eq!(refusals(&outcomes).map(Problem::kind).collect::<Vec<_>>(), [Kind::Overloaded]);
    }
}
