//! What an API key may be given: no more than its organisation's plan allows.

use aibbar::Fault;
use serde::Serialize;
use store::{Limit, Limits, OrgId, limits::DEFAULT_PLAN};
use utoipa::ToSchema;

use crate::{app::App, problem::Problem};

/// Limits that hold, whoever set them.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LimitsShown {
    /// Requests in any 60 seconds; `null`: no limit.
    requests_per_minute: Option<u64>,
    /// Events in one day (UTC); `null`: no limit.
    events_per_day: Option<u64>,
}

impl LimitsShown {
    /// Of limits that inherit nothing any more.
    pub(crate) fn of(effective: Limits) -> Self {
        Self {
            requests_per_minute: number(effective.requests_per_minute),
            events_per_day: number(effective.events_per_day),
        }
    }
}

/// The number that a limit names, if it names one.
pub(super) fn number(limit: Limit) -> Option<u64> {
    match limit {
        Limit::AtMost(most) => Some(most),
        Limit::Inherited | Limit::Off => None,
    }
}

/// What the organisation's plan allows each of its keys.
pub(crate) async fn of_organisation(app: &App, org_id: OrgId) -> Result<Limits, Problem> {
    let organisation = app.stores.organisations.organisation_by_id(org_id).await?;
    let name = organisation.as_ref().map_or(DEFAULT_PLAN, |organisation| organisation.plan.as_str());
    of_plan(app, name).await
}

/// What this plan allows.
pub(crate) async fn of_plan(app: &App, name: &str) -> Result<Limits, Problem> {
    let plans = app.stores.organisations.plans().await?;
    Ok(plans.into_iter().find(|plan| plan.name == name).map(|plan| plan.limits).unwrap_or_default())
}

/// A fault for each limit that is above the plan's, or the server's where the plan says nothing.
pub(super) fn above(asked: &Limits, plan: Limits, server: Limits) -> Vec<Fault> {
    let most = plan.or(server);
    [
        ("/requests_per_minute", asked.requests_per_minute, most.requests_per_minute),
        ("/events_per_day", asked.events_per_day, most.events_per_day),
    ]
    .into_iter()
    .filter_map(|(pointer, asked, most)| match (asked, most) {
        (Limit::AtMost(asked), Limit::AtMost(most)) if asked > most => Some(Fault {
            pointer: pointer.into(),
            code: "above_plan",
            detail: format!("must be at most {most}, what the organisation's plan allows"),
        }),
        _ => None,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Limits = Limits { requests_per_minute: Limit::AtMost(1_000), events_per_day: Limit::AtMost(100_000) };

    #[track_caller]
    fn check(asked: (u64, u64), plan: Limits, expected: &[&str]) {
        let asked = Limits { requests_per_minute: Limit::AtMost(asked.0), events_per_day: Limit::AtMost(asked.1) };
        let faults = above(&asked, plan, SERVER);
        assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_key_gets_at_most_what_the_plan_allows() {
        let inherits = Limits::default();
        check((1_000, 100_000), inherits, &[]);
        check((1_001, 100_000), inherits, &["/requests_per_minute"]);
        let plan = Limits { requests_per_minute: Limit::AtMost(5_000), events_per_day: Limit::AtMost(10) };
        check((5_000, 11), plan, &["/events_per_day"]);
        check((5_001, 11), plan, &["/requests_per_minute", "/events_per_day"]);
        check((u64::MAX, u64::MAX), Limits::OFF, &[]);
    }

    #[test]
    fn what_is_inherited_is_above_nothing() {
        assert!(above(&Limits::default(), Limits::default(), SERVER).is_empty());
    }
}
