//! Which time is asked about, and in which steps it is told.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use aibbar::Timestamp;
use serde::Serialize;
use store::statistics::Span;
use utoipa::{IntoParams, ToSchema};

use crate::{clock, problem::Problem, query::Parameters};

/// A period up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Period {
    #[default]
    Hour,
    SixHours,
    Day,
    Week,
}

impl Period {
    const ALL: [Period; 4] = [Period::Hour, Period::SixHours, Period::Day, Period::Week];

    const fn as_str(self) -> &'static str {
        match self {
            Period::Hour => "1h",
            Period::SixHours => "6h",
            Period::Day => "24h",
            Period::Week => "7d",
        }
    }

    /// Seconds of one step, and how many there are.
    const fn steps(self) -> (i64, i64) {
        match self {
            Period::Hour => (60, 60),
            Period::SixHours => (300, 72),
            Period::Day => (900, 96),
            Period::Week => (7_200, 84),
        }
    }
}

/// What every one of these routes takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Window::take` reads")]
pub(crate) struct PeriodParameters {
    /// The time up to now: an hour in steps of a minute, six in steps of 5 minutes, a day in steps of 15 minutes, a week in
    /// steps of 2 hours.
    #[param(pattern = "^(1h|6h|24h|7d)$", default = "1h", example = "24h")]
    period: Option<String>,
}

/// The steps that are told of; the last is the one that is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    period: Period,
    pub(super) span: Span,
}

/// The same in an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = MetricsWindow)]
pub(crate) struct WindowShown {
    /// As it was asked for.
    #[schema(pattern = "^(1h|6h|24h|7d)$", example = "1h")]
    period: &'static str,
    /// Seconds of one step.
    #[schema(example = 60)]
    step_s: i64,
    /// Where the first step begins.
    #[schema(format = DateTime, example = "2026-01-31T11:01:00Z")]
    from: String,
    /// Where the last one ends: the one that is now is not over.
    #[schema(format = DateTime, example = "2026-01-31T12:01:00Z")]
    to: String,
}

impl Window {
    /// Takes `period`, which may be absent.
    pub(super) fn take(parameters: &mut Parameters) -> Result<Self, Problem> {
        let parse = |text: &str| Period::ALL.into_iter().find(|period| period.as_str() == text);
        let period = parameters.parsed("period", "one of 1h, 6h, 24h, 7d", parse)?.unwrap_or_default();
        Ok(Self::up_to(clock::now(), period))
    }

    /// Of a route that takes nothing else.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let mut parameters = Parameters::of(request)?;
        let window = Self::take(&mut parameters)?;
        parameters.end(&["period"])?;
        Ok(window)
    }

    fn up_to(now: Timestamp, period: Period) -> Self {
        let (step_s, steps) = period.steps();
        Self { period, span: Span::up_to(now, step_s, steps) }
    }

    /// Where each step begins, in seconds, with what was found of it, or nothing.
    pub(super) fn filled<T: Default>(&self, mut found: BTreeMap<i64, T>) -> impl Iterator<Item = (i64, T)> {
        let Span { from_s, to_s, step_s } = self.span;
        (from_s..to_s).step_by(usize::try_from(step_s).unwrap_or(1)).map(move |at_s| {
            let there = found.remove(&at_s).unwrap_or_default();
            (at_s, there)
        })
    }

    pub(super) fn shown(&self) -> WindowShown {
        let Span { from_s, to_s, step_s } = self.span;
        WindowShown { period: self.period.as_str(), step_s, from: told(from_s), to: told(to_s) }
    }
}

/// A moment in seconds, as answers tell it.
pub(super) fn told(at_s: i64) -> String {
    Timestamp::from_unix_ms(at_s.saturating_mul(1_000)).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_period_has_all_of_its_steps_and_the_last_is_now() {
        let now = Timestamp::parse("2026-01-31T12:34:56.789Z").unwrap();
        for (period, seconds) in [("1h", 3_600), ("6h", 21_600), ("24h", 86_400), ("7d", 604_800)] {
            let period = Period::ALL.into_iter().find(|one| one.as_str() == period).unwrap();
            let window = Window::up_to(now, period);
            let Span { from_s, to_s, step_s } = window.span;
            assert_eq!(to_s - from_s, seconds);
            let now_s = now.unix_ms() / 1_000;
            assert!(to_s - step_s <= now_s && now_s < to_s);
            let found = BTreeMap::from([(to_s - step_s, 7), (from_s, 3), (from_s + 1, 99)]);
            let filled: Vec<_> = window.filled(found).collect();
            assert_eq!(filled.len() as i64, seconds / step_s);
            assert_eq!((filled[0], filled[1]), ((from_s, 3), (from_s + step_s, 0)));
            assert_eq!(*filled.last().unwrap(), (to_s - step_s, 7));
        }
        assert_eq!(Window::up_to(now, Period::Hour).shown().to, "2026-01-31T12:35:00Z");
    }
}
