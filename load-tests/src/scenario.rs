//! The scenarios: one table, each at a small size of seconds and at its full size.

use std::time::Duration;

use crate::schedule::Pace;

/// A load that has a name.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub what: &'static str,
    /// Signing keys, each with an AI system of its own.
    pub keys: usize,
    /// What it is of, for a first look and for tests.
    pub small: &'static [Phase],
    /// What it is of.
    pub full: &'static [Phase],
}

/// One load of a scenario, after the one before.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// What it is called in the results.
    pub name: &'static str,
    /// How fast.
    pub pace: PhasePace,
    /// Over how many connections.
    pub connections: usize,
    /// Events in a request.
    pub batch: usize,
    /// Seconds that are not counted.
    pub warm_up_s: u64,
    /// Seconds that are.
    pub length_s: u64,
    /// Whether a connection that was told when to come again waits until then.
    pub heeds_retry_after: bool,
    /// Live readers.
    pub readers: usize,
    /// Whether questions are asked meanwhile.
    pub queries: bool,
}

/// How fast, in events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PhasePace {
    /// As fast as it goes.
    Max,
    /// So many events a second.
    EventsPerSecond(f64),
    /// So many times what the first phase made.
    TimesCapacity(f64),
}

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Seconds.
    Small,
    /// Minutes.
    Full,
}

impl Scenario {
    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Scenario> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Its phases.
    pub fn phases(&self, size: Size) -> &'static [Phase] {
        match size {
            Size::Small => self.small,
            Size::Full => self.full,
        }
    }
}

impl Phase {
    /// How fast, in requests; `capacity` is what the first phase made, in events a second.
    pub fn pace(&self, capacity: f64) -> Pace {
        let events = match self.pace {
            PhasePace::Max => return Pace::Max,
            PhasePace::EventsPerSecond(events) => events,
            PhasePace::TimesCapacity(times) => times * capacity,
        };
        Pace::PerSecond((events / self.batch as f64).max(0.01))
    }

    /// What is not counted.
    pub fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up_s)
    }

    /// What is.
    pub fn length(&self) -> Duration {
        Duration::from_secs(self.length_s)
    }
}

const MAX: Phase = Phase {
    name: "max",
    pace: PhasePace::Max,
    connections: 64,
    batch: 1,
    warm_up_s: 2,
    length_s: 6,
    heeds_retry_after: false,
    readers: 0,
    queries: false,
};

const LONG: Phase = Phase { warm_up_s: 10, length_s: 60, ..MAX };

const HALF: Phase = Phase { name: "half", pace: PhasePace::TimesCapacity(0.5), ..MAX };
const LONG_HALF: Phase = Phase { name: "half", pace: PhasePace::TimesCapacity(0.5), ..LONG };

const fn paced(phase: Phase, events: f64) -> Phase {
    Phase { name: "rate", pace: PhasePace::EventsPerSecond(events), ..phase }
}

const fn read_by(phase: Phase, readers: usize) -> Phase {
    Phase { name: "read", readers, ..phase }
}

/// The capacity is what 256 clients make, each of which waits for its answer.
const CAPACITY_CONNECTIONS: usize = 256;
/// Ten times of it comes over as many connections as clients that do not wait would open: three for each place that a
/// gateway has.
const BURST_CONNECTIONS: usize = 1_536;
const BURST: Phase =
    Phase { name: "burst", pace: PhasePace::TimesCapacity(10.0), connections: BURST_CONNECTIONS, warm_up_s: 0, ..MAX };
/// The same of clients that wait when they are told to, as the SDKs do: each connection then is one of them.
const HEEDING: Phase = Phase { name: "heeding", heeds_retry_after: true, ..BURST };
/// Directly behind the burst: how soon is all of it taken again?
const AFTER: Phase = Phase { name: "after", warm_up_s: 0, length_s: 5, ..HALF };

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "single-64",
        what: "single events over 64 connections, as fast as it goes, then at half of that",
        keys: 1,
        small: &[MAX, HALF],
        full: &[LONG, LONG_HALF],
    },
    Scenario {
        name: "single-256",
        what: "single events over 256 connections, as fast as it goes",
        keys: 1,
        small: &[Phase { connections: 256, ..MAX }],
        full: &[Phase { connections: 256, ..LONG }],
    },
    Scenario {
        name: "batch-100",
        what: "batches of 100 over 16 connections, as fast as it goes",
        keys: 1,
        small: &[Phase { connections: 16, batch: 100, ..MAX }],
        full: &[Phase { connections: 16, batch: 100, ..LONG }],
    },
    Scenario {
        name: "keys-100",
        what: "single events of 100 AI systems, each with its own signing key",
        keys: 100,
        small: &[MAX],
        full: &[LONG],
    },
    Scenario {
        name: "minute",
        what: "10,000 events over one minute (small: the same rate for some seconds)",
        keys: 1,
        small: &[paced(MAX, 10_000.0 / 60.0)],
        full: &[paced(Phase { warm_up_s: 0, length_s: 60, ..MAX }, 10_000.0 / 60.0)],
    },
    Scenario {
        name: "steady",
        what: "5,000 events a second for ten minutes (small: 1,000 a second for some seconds)",
        keys: 1,
        small: &[paced(MAX, 1_000.0)],
        full: &[paced(Phase { warm_up_s: 10, length_s: 600, ..MAX }, 5_000.0)],
    },
    Scenario {
        name: "burst",
        what: "ten times the capacity, directly afterwards half of it, then ten times by clients that heed Retry-After",
        keys: 1,
        small: &[Phase { connections: CAPACITY_CONNECTIONS, ..MAX }, BURST, AFTER, HEEDING],
        full: &[
            Phase { connections: CAPACITY_CONNECTIONS, ..LONG },
            Phase { length_s: 20, ..BURST },
            Phase { length_s: 30, ..AFTER },
            Phase { length_s: 20, ..HEEDING },
        ],
    },
    Scenario {
        name: "fan-out",
        what: "the same rate to no live reader, to 10, and to 100 (full: to 1,000 as well)",
        keys: 1,
        small: &[paced(MAX, 200.0), read_by(paced(MAX, 200.0), 10), read_by(paced(MAX, 200.0), 100)],
        full: &[
            paced(Phase { length_s: 30, ..MAX }, 200.0),
            read_by(paced(Phase { length_s: 30, ..MAX }, 200.0), 10),
            read_by(paced(Phase { length_s: 30, ..MAX }, 200.0), 100),
            Phase { name: "few", ..paced(Phase { length_s: 30, ..MAX }, 20.0) },
            read_by(paced(Phase { length_s: 30, ..MAX }, 20.0), 1_000),
        ],
    },
    Scenario {
        name: "live",
        what: "as fast as it goes, then half of that with ten live readers",
        keys: 1,
        small: &[MAX, read_by(HALF, 10)],
        full: &[LONG, read_by(LONG_HALF, 10)],
    },
    Scenario {
        name: "queries",
        what: "as fast as it goes, then half of that while queries are asked",
        keys: 10,
        small: &[MAX, Phase { queries: true, ..HALF }],
        full: &[LONG, Phase { queries: true, ..LONG_HALF }],
    },
    Scenario {
        name: "connections",
        what: "single events over 1, 4, 16, 64 and 256 connections, as fast as it goes",
        keys: 1,
        small: &[over(1, 4), over(4, 4), over(16, 4), over(64, 4), over(256, 4)],
        full: &[over(1, 20), over(4, 20), over(16, 20), over(64, 20), over(256, 20)],
    },
];

const fn over(connections: usize, length_s: u64) -> Phase {
    Phase { connections, length_s, ..MAX }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_each_its_own_and_every_size_has_phases() {
        let names: BTreeSet<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        assert_eq!(names.len(), SCENARIOS.len());
        for scenario in SCENARIOS {
            assert!(Scenario::named(scenario.name).is_some());
            for size in [Size::Small, Size::Full] {
                let phases = scenario.phases(size);
                assert!(!phases.is_empty() && phases.iter().all(|phase| phase.connections > 0 && phase.batch > 0));
                let of_capacity = |phase: &Phase| matches!(phase.pace, PhasePace::TimesCapacity(_));
                assert!(!of_capacity(&phases[0]), "{}: the first phase says what the capacity is", scenario.name);
            }
        }
    }

    #[test]
    fn the_minute_of_the_roadmap_has_ten_thousand_events() {
        let phase = Scenario::named("minute").map(|minute| minute.phases(Size::Full)[0]);
        let Some(Phase { pace: PhasePace::EventsPerSecond(rate), length_s: 60, .. }) = phase else {
            unreachable!("{phase:?}")
        };
        assert!((rate * 60.0 - 10_000.0).abs() < 0.001);
    }
}
