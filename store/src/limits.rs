//! How much a key may do: its own limits, and those of its organisation's plan. Pure.

/// A limit that a key or a plan sets for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// What stands behind it decides: the plan for a key, the server's settings for a plan.
    #[default]
    Inherited,
    /// No more than this; at least 1.
    AtMost(u64),
    /// None at all.
    Off,
}

impl Limit {
    /// This limit, or the one behind it.
    pub const fn or(self, behind: Limit) -> Limit {
        match self {
            Limit::Inherited => behind,
            own => own,
        }
    }

    /// This limit, but no more than this bound. `Off` is the operator's alone to give, and stays.
    pub fn at_most(self, bound: Limit) -> Limit {
        match (self, bound) {
            (Limit::AtMost(own), Limit::AtMost(most)) => Limit::AtMost(own.min(most)),
            (own, bound) => own.or(bound),
        }
    }

    /// As it is stored: nothing, 0 for none at all, or the number.
    pub const fn to_column(self) -> Option<i64> {
        match self {
            Limit::Inherited => None,
            Limit::Off => Some(0),
            Limit::AtMost(most) if most > i64::MAX as u64 => Some(i64::MAX),
            Limit::AtMost(most) => Some(most as i64),
        }
    }

    /// The inverse of [`Limit::to_column`].
    pub const fn from_column(column: Option<i64>) -> Limit {
        match column {
            None => Limit::Inherited,
            Some(most) if most > 0 => Limit::AtMost(most as u64),
            Some(_) => Limit::Off,
        }
    }
}

/// The limits of a key or a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests in any 60 seconds.
    pub requests_per_minute: Limit,
    /// Events accepted in one day, UTC.
    pub events_per_day: Limit,
}

impl Limits {
    /// No limits at all.
    pub const OFF: Limits = Limits { requests_per_minute: Limit::Off, events_per_day: Limit::Off };

    /// These, and what stands behind them where they say nothing.
    pub const fn or(self, behind: Limits) -> Limits {
        Limits {
            requests_per_minute: self.requests_per_minute.or(behind.requests_per_minute),
            events_per_day: self.events_per_day.or(behind.events_per_day),
        }
    }

    /// Each of these by [`Limit::at_most`].
    pub fn at_most(self, bound: Limits) -> Limits {
        Limits {
            requests_per_minute: self.requests_per_minute.at_most(bound.requests_per_minute),
            events_per_day: self.events_per_day.at_most(bound.events_per_day),
        }
    }
}

/// A plan: limits with a name that organisations are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its unique name, 1–64 characters.
    pub name: String,
    /// What it allows each key of the organisation.
    pub limits: Limits,
}

/// The plan of an organisation that was given none; inherits the server's settings.
pub const DEFAULT_PLAN: &str = "default";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_back_from_its_column() {
        for limit in [Limit::Inherited, Limit::Off, Limit::AtMost(1), Limit::AtMost(100_000)] {
            assert_eq!(Limit::from_column(limit.to_column()), limit);
        }
        assert_eq!(Limit::from_column(Limit::AtMost(u64::MAX).to_column()), Limit::AtMost(i64::MAX as u64));
    }

    #[test]
    fn the_nearest_limit_decides() {
        let plan = Limits { requests_per_minute: Limit::AtMost(10), events_per_day: Limit::Off };
        let key = Limits { requests_per_minute: Limit::Inherited, events_per_day: Limit::AtMost(5) };
        assert_eq!(key.or(plan), Limits { requests_per_minute: Limit::AtMost(10), events_per_day: Limit::AtMost(5) });
        assert_eq!(Limits::OFF.or(plan), Limits::OFF);
    }

    #[test]
    fn a_limit_is_bounded_by_another() {
        use Limit::{AtMost, Inherited, Off};
        let cases = [
            (AtMost(5), AtMost(3), AtMost(3)),
            (AtMost(3), AtMost(5), AtMost(3)),
            (AtMost(5), Off, AtMost(5)),
            (AtMost(5), Inherited, AtMost(5)),
            (Inherited, AtMost(3), AtMost(3)),
            (Off, AtMost(3), Off),
        ];
        for (own, bound, expected) in cases {
            assert_eq!(own.at_most(bound), expected, "{own:?} {bound:?}");
        }
    }
}
