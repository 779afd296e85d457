//! The figures of the page, out of what was measured.

use e2e::Shape;
use load_tests::{
    result::{Process, Round, Row, Run},
    scenario::Size,
};

use crate::{catch_up, growth, half_load, shape_word};

/// As the page counts memory.
const MB_PER_MIB: f64 = 1.048_576;
/// In less time memory still grows to its bounds, and its slope says nothing.
const SLOPE_MIN_S: f64 = 300.0;
/// Slices of a round's timeline in a second.
const SLICES_PER_S: f64 = 10.0;

/// Each figure with the command of the run that it is from.
struct Rows<'r> {
    shape: Shape,
    size: Size,
    runs: &'r [Run],
    rows: Vec<Row>,
}

/// What these runs say.
pub(crate) fn rows(shape: Shape, size: Size, runs: &[Run]) -> Vec<Row> {
    let mut rows = Rows { shape, size, runs, rows: Vec::new() };
    rows.check();
    rows.costs();
    rows.times();
    rows.memory();
    rows.overload();
    rows.growth();
    rows.rows
}

impl Rows<'_> {
    /// Goals are of the shape at scale; the embedded shape's figures stand beside them.
    fn put(&mut self, row: &str, what: &str, value: Option<f64>, unit: &str, of: &str) {
        let Some(run) = self.runs.iter().find(|run| run.scenario == of) else { return };
        let Some(value) = value.filter(|value| value.is_finite()) else { return };
        let (row, what) = match self.shape {
            Shape::AtScale => (row.to_owned(), what.to_owned()),
            Shape::Embedded => (format!("embedded-{row}"), format!("{}: {what}", shape_word(self.shape))),
        };
        let value = (value * 1_000.0).round() / 1_000.0;
        self.rows.push(Row { row, what, value, unit: unit.to_owned(), command: run.command.clone() });
    }

    fn round(&self, scenario: &str, phase: &str) -> Option<&Round> {
        self.runs.iter().find(|run| run.scenario == scenario)?.rounds.iter().find(|round| round.phase == phase)
    }

    /// The last one, with most of what grows.
    fn last(&self, scenario: &str) -> Option<&Round> {
        self.runs.iter().find(|run| run.scenario == scenario)?.rounds.last()
    }

    fn check(&mut self) {
        let Some(run) = self.runs.iter().find(|run| run.rounds.iter().any(|round| round.check_us > 0.0)) else {
            return;
        };
        let ratios = run.rounds.iter().filter(|round| round.check_us > 0.0).map(|round| round.check_us / round.q_us);
        let (what, name) =
            ("check of one median event (parse, schema, HMAC, redaction), one core", run.scenario.clone());
        let best = ratios.fold(f64::INFINITY, f64::min);
        self.put("check-median", what, Some(best), "Q", &name);
    }

    fn costs(&mut self) {
        let single = self.round("single-64", "max").and_then(|round| cost(round, "gateway"));
        self.put("gateway-cpu-single", "gateway CPU per single event, 64 connections", single, "Q", "single-64");
        let batch = self.round("batch-100", "max").and_then(|round| cost(round, "gateway"));
        self.put("gateway-cpu-batch", "gateway CPU per event in batches of 100", batch, "Q", "batch-100");
        let consumer = self.last(catch_up::NAME).and_then(|round| cost(round, "consumer"));
        self.put("consumer-cpu", "consumer, its own CPU per record", consumer, "Q", catch_up::NAME);
        let postgres = self.last(catch_up::NAME).and_then(|round| cost(round, "postgres"));
        self.put("postgres-cpu", "PostgreSQL, its CPU per record that it stores", postgres, "Q", catch_up::NAME);
        let delivery = self.runs.iter().find(|run| run.scenario == "fan-out").and_then(|run| {
            let with = |readers| run.rounds.iter().find(|round| round.readers == readers);
            let (none, many) = (with(0)?, with(100)?);
            Some((cost(many, "gateway")? - cost(none, "gateway")?) / 100.0)
        });
        self.put("fan-out-cpu", "live fan-out to 100 readers, CPU per delivery", delivery, "Q", "fan-out");
    }

    fn times(&mut self) {
        let added = self.round(half_load::NAME, "half").map(|round| round.added_us).filter(|added| added.count > 0);
        let (p50, p99) = (added.map(|added| added.p50 as f64 / 1_000.0), added.map(|added| added.p99 as f64 / 1_000.0));
        self.put("added-latency-p50", "added latency of the gateway at half load, p50", p50, "ms", half_load::NAME);
        self.put("added-latency-p99", "added latency of the gateway at half load, p99", p99, "ms", half_load::NAME);
        let live = self.round("live", "read").and_then(|round| Some(round.live_us?.p99 as f64 / 1_000.0));
        self.put("live-latency-p99", "from acknowledgement to a live reader at half load, p99", live, "ms", "live");
    }

    fn memory(&mut self) {
        let most = |round: &Round, name| Some(process(round, name)?.resident_mib[2] * MB_PER_MIB);
        let gateway = self.round("single-64", "max").and_then(|round| most(round, "gateway"));
        self.put("memory-gateway", "memory of the gateway at full load", gateway, "MB", "single-64");
        let batch = self.round("batch-100", "max").and_then(|round| most(round, "gateway"));
        let what = "memory of the gateway at full load in batches of 100";
        self.put("memory-gateway-batch", what, batch, "MB", "batch-100");
        let steady = self.last("steady").filter(|round| round.seconds >= SLOPE_MIN_S);
        let slope = steady.and_then(|round| Some(process(round, "gateway")?.slope_mib_per_minute * MB_PER_MIB));
        self.put(
            "memory-gateway-slope",
            "growth of the gateway's memory under a steady load",
            slope,
            "MB a minute",
            "steady",
        );
        let consumer = self.last(catch_up::NAME).and_then(|round| most(round, "consumer"));
        self.put("memory-consumer", "memory of the consumer", consumer, "MB", catch_up::NAME);
    }

    fn overload(&mut self) {
        let (Some(max), Some(burst)) = (self.round("burst", "max").cloned(), self.round("burst", "burst").cloned())
        else {
            return;
        };
        let accepted = burst.rate_per_s / max.rate_per_s;
        self.put(
            "overload-accepted",
            "ten times the capacity: accepted rate, against the capacity",
            Some(accepted),
            "ratio",
            "burst",
        );
        // From the sending on: what waits in the generator for a free connection has not come to the gateway.
        let p99 = burst.acknowledged_answer_us.p99 as f64 / max.acknowledged_answer_us.p99 as f64;
        self.put(
            "overload-p99",
            "ten times the capacity: p99 of the accepted, against that at capacity",
            Some(p99),
            "ratio",
            "burst",
        );
        let refused: u64 = burst.refused.values().sum();
        // Where nothing was refused, nothing is known of refusals.
        let told = (refused > 0).then(|| burst.told_to_retry as f64 / refused as f64);
        self.put(
            "overload-told",
            "ten times the capacity: share of refusals that tell when to come again",
            told,
            "ratio",
            "burst",
        );
        if let Some(heeding) = self.round("burst", "heeding").cloned() {
            let (accepted, p99) = (
                heeding.rate_per_s / max.rate_per_s,
                heeding.acknowledged_answer_us.p99 as f64 / max.acknowledged_answer_us.p99 as f64,
            );
            let what =
                "ten times the capacity, by 1,536 clients that heed `Retry-After`: accepted rate, against the capacity";
            self.put("overload-heeding-accepted", what, Some(accepted), "ratio", "burst");
            let what = "ten times the capacity, by clients that heed `Retry-After`: p99 of the accepted, against that at capacity";
            self.put("overload-heeding-p99", what, Some(p99), "ratio", "burst");
        }
        let recovery = self.round("burst", "after").map(|after| {
            let last_refusal = after.timeline.iter().rposition(|slice| slice.refused > 0);
            last_refusal.map_or(0.0, |slice| (slice as f64 + 1.0) / SLICES_PER_S)
        });
        self.put("overload-recovery", "after ten times the capacity: until it takes all again", recovery, "s", "burst");
    }

    /// In microseconds: both ends are of one run, and each would bring the noise of a yardstick of its own.
    fn growth(&mut self) {
        let value = self.growth_of("connections", |round| Some(process(round, "gateway")?.cpu_us_per_event));
        self.put(
            "growth-connections",
            "gateway CPU per event at 256 connections, against 1",
            value,
            "ratio",
            "connections",
        );
        // The goals are of a thousand, and of ten million: a small run does not come there.
        if self.size == Size::Small {
            return;
        }
        for (row, what, scenario) in [
            ("growth-keys", "gateway CPU per event with the most keys, against 1", growth::KEYS),
            (
                "growth-organisations",
                "gateway CPU per event with the most organisations, against 1",
                growth::ORGANISATIONS,
            ),
        ] {
            let value = self.growth_of(scenario, |round| Some(process(round, "gateway")?.cpu_us_per_event));
            self.put(row, what, value, "ratio", scenario);
        }
        let all = |round: &Round| {
            let tested = round.processes.iter().filter(|process| process.name != "generator");
            Some(tested.map(|process| process.cpu_us_per_event).sum())
        };
        let value = self.growth_of(growth::STORED, all);
        self.put(
            "growth-stored",
            "all CPU per event with the most stored events, against none",
            value,
            "ratio",
            growth::STORED,
        );
    }

    fn growth_of(&self, scenario: &str, of: impl Fn(&Round) -> Option<f64>) -> Option<f64> {
        let rounds = &self.runs.iter().find(|run| run.scenario == scenario)?.rounds;
        Some(of(rounds.last()?)? / of(rounds.first()?)?)
    }
}

fn process<'r>(round: &'r Round, name: &str) -> Option<&'r Process> {
    round.processes.iter().find(|process| process.name == name)
}

fn cost(round: &Round, name: &str) -> Option<f64> {
    Some(process(round, name)?.cpu_q_per_event)
}
