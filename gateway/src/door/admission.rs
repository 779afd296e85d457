//! Who may go in: what is worked on at once is bounded, and with it the time that it takes.
//!
//! By Little's law whoever comes last waits as long as it takes to finish what is inside: the events inside, divided by
//! how many are finished in a second. The second number is measured, over the time in which there was anything to do, so
//! it follows whatever is slowest at the moment: the processors, the disk, the brokers. A request is let in while the
//! wait that this foretells is within its bound; past it the answer is 503 at once, rather than late. Some events are
//! always let in, whatever was measured: a pace that was bad is measured again so, and one that was measured while there was
//! little to do, when events are finished as slowly as they come, refuses nobody.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use prometheus::IntGauge;

/// How much of the busy time the pace remembers: after this much of it, what was measured counts half.
const PACE_HALF_LIFE: Duration = Duration::from_secs(5);

/// Below this much busy time nothing is known of the pace.
const PACE_KNOWN_AFTER: Duration = Duration::from_millis(100);

/// The bounds of what is inside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Requests at once.
    pub(super) requests_max: usize,
    /// Events at once that are always let in, however slowly things go.
    pub(super) events_always: usize,
    /// How long whoever comes last may have to wait.
    pub(super) wait_max: Duration,
}

/// The line of requests that are worked on.
pub(super) struct Admission {
    bounds: Bounds,
    line: Arc<Mutex<Line>>,
    events_inside: IntGauge,
}

/// One request's place in it, held until the log has answered.
pub(crate) struct Place {
    line: Arc<Mutex<Line>>,
    events_inside: IntGauge,
    events: usize,
}

/// The house is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Admission {
    pub(super) fn new(bounds: Bounds, events_inside: IntGauge) -> Self {
        Self { bounds, line: Arc::new(Mutex::new(Line::new(Instant::now()))), events_inside }
    }

    /// Whether a request would be let in now: asked before its body is read.
    pub(super) fn look(&self) -> Result<(), Full> {
        self.line.lock().look(&self.bounds, Instant::now())
    }

    /// Lets a request with so many events in.
    pub(super) fn enter(&self, events: usize) -> Result<Place, Full> {
        let mut line = self.line.lock();
        line.enter(events, &self.bounds, Instant::now())?;
        // Told while the line is held: who scrapes between the two never sees more inside than there are places.
        self.events_inside.set(line.events as i64);
        drop(line);
        Ok(Place { line: self.line.clone(), events_inside: self.events_inside.clone(), events })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut line = self.line.lock();
        line.leave(self.events, Instant::now());
        self.events_inside.set(line.events as i64);
    }
}

/// What is inside, and how fast it is finished.
struct Line {
    requests: usize,
    events: usize,
    pace: Pace,
}

impl Line {
    fn new(now: Instant) -> Self {
        Self { requests: 0, events: 0, pace: Pace { done: 0.0, busy_s: 0.0, looked: now } }
    }

    fn look(&mut self, bounds: &Bounds, now: Instant) -> Result<(), Full> {
        self.pace.advance(self.requests > 0, now);
        let is_short = self.events < bounds.events_always || self.wait_s() <= bounds.wait_max.as_secs_f64();
        if self.requests < bounds.requests_max && is_short { Ok(()) } else { Err(Full) }
    }

    fn enter(&mut self, events: usize, bounds: &Bounds, now: Instant) -> Result<(), Full> {
        self.look(bounds, now)?;
        self.requests += 1;
        self.events += events;
        Ok(())
    }

    fn leave(&mut self, events: usize, now: Instant) {
        self.pace.advance(self.requests > 0, now);
        self.pace.done += events as f64;
        self.requests -= 1;
        self.events -= events;
    }

    /// How long it takes to finish what is inside; nothing, as long as nothing is known.
    fn wait_s(&self) -> f64 {
        self.pace.events_per_second().map_or(0.0, |pace| self.events as f64 / pace)
    }
}

/// Events finished over the time in which there was anything to do; the past fades.
struct Pace {
    done: f64,
    busy_s: f64,
    looked: Instant,
}

impl Pace {
    fn advance(&mut self, is_busy: bool, now: Instant) {
        let passed = now.saturating_duration_since(self.looked);
        self.looked = self.looked.max(now);
        if is_busy {
            let kept = (-passed.as_secs_f64() / PACE_HALF_LIFE.as_secs_f64()).exp2();
            self.done *= kept;
            self.busy_s = self.busy_s * kept + passed.as_secs_f64();
        }
    }

    /// `None` while too little was seen; never 0.
    fn events_per_second(&self) -> Option<f64> {
        (self.busy_s >= PACE_KNOWN_AFTER.as_secs_f64()).then(|| (self.done / self.busy_s).max(f64::MIN_POSITIVE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { requests_max: 100, events_always: 10, wait_max: Duration::from_secs(2) };

    /// A line at whose far end so many events a second are finished, one request of one event after the other.
    struct Sim {
        line: Line,
        now: Instant,
    }

    impl Sim {
        fn new() -> Self {
            let now = Instant::now();
            Self { line: Line::new(now), now }
        }

        fn come(&mut self, requests: usize) -> usize {
            (0..requests).filter(|_| self.line.enter(1, &BOUNDS, self.now).is_ok()).count()
        }

        fn finish(&mut self, requests: usize, each: Duration) {
            for _ in 0..requests {
                self.now += each;
                self.line.leave(1, self.now);
            }
        }
    }

    #[test]
    fn past_its_pace_no_more_is_inside_than_is_finished_within_the_wait() {
        let mut sim = Sim::new();
        // Forty events a second are finished and a hundred come: two seconds' worth is what may be inside.
        for _ in 0..50 {
            sim.come(100);
            sim.finish(40, Duration::from_millis(25));
        }
        sim.come(1_000);
        assert!((79..=84).contains(&sim.line.events), "{} inside", sim.line.events);
    }

    #[test]
    fn what_it_can_do_it_is_let_do() {
        let mut sim = Sim::new();
        for _ in 0..200 {
            assert_eq!(sim.come(5), 5);
            sim.finish(5, Duration::from_millis(10));
        }
    }

    #[test]
    fn a_standstill_lets_a_few_in_and_is_forgotten_when_it_ends() {
        let mut sim = Sim::new();
        for _ in 0..10 {
            sim.come(50);
            sim.finish(sim.line.requests, Duration::from_millis(1));
        }
        sim.come(1);
        sim.now += Duration::from_secs(600);
        sim.come(1_000);
        assert_eq!(sim.line.events, BOUNDS.events_always);
        // It goes on, as fast as before.
        for _ in 0..2_000 {
            sim.finish(sim.line.requests, Duration::from_millis(1));
            sim.come(10);
        }
        sim.come(1_000);
        assert!(sim.line.requests > 90, "{} inside", sim.line.requests);
    }

    #[test]
    fn a_batch_larger_than_any_bound_goes_in_alone_and_requests_are_counted() {
        let mut sim = Sim::new();
        assert_eq!(sim.line.enter(1_000_000, &BOUNDS, sim.now), Ok(()));
        sim.now += Duration::from_secs(1);
        assert_eq!(sim.line.enter(1, &BOUNDS, sim.now), Err(Full));
        let mut sim = Sim::new();
        assert_eq!(sim.come(1_000), BOUNDS.requests_max);
    }

    #[test]
    fn a_place_is_given_back() {
        let gauge = IntGauge::new("inside", "inside").expect("a gauge");
        let admission = Admission::new(Bounds { requests_max: 1, ..BOUNDS }, gauge.clone());
        let place = admission.enter(7).expect("the first finds room");
        assert_eq!((gauge.get(), admission.look()), (7, Err(Full)));
        drop(place);
        assert_eq!((gauge.get(), admission.look()), (0, Ok(())));
    }
}
