//! What a run of the scenarios leaves behind: one JSON file, which the performance page is made of.
//!
//! `load-tests/results/DATE-COMMIT-SHAPE-SIZE.json` is of this form; `peers-*.json` beside it needs `rows` alone (and may have
//! `date`, `commit`, `machine`, `q_us`). No host name and no path is in it, and no row is without its command.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of this form of the file.
pub const FORMAT: u32 = 1;

/// One file of results.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// [`FORMAT`].
    pub format: u32,
    /// The day, as `2026-03-01`.
    pub date: String,
    /// When the measuring began, of that day in UTC, as `14:05`: of two files of one day it says which is the newer. Empty in older ones.
    #[serde(default)]
    pub time: String,
    /// The commit that was measured, short; with `+` when files were changed since.
    pub commit: String,
    /// `embedded` or `at-scale`, or what the person who measured calls it.
    pub shape: String,
    /// `small` or `full`.
    pub size: String,
    /// On what.
    pub machine: Machine,
    /// The yardstick, measured in the same run; see [`crate::Yardstick`].
    pub q_us: f64,
    /// The figures of the page.
    pub rows: Vec<Row>,
    /// Each scenario with all that was measured in it.
    pub runs: Vec<Run>,
}

/// `date` and `time` of [`Results`], as it is now.
pub fn date_and_time() -> (String, String) {
    let now = time::OffsetDateTime::now_utc();
    (now.date().to_string(), format!("{:02}:{:02}", now.hour(), now.minute()))
}

/// What was measured on: nothing that tells whose machine it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's model.
    pub cpu: String,
    /// Cores.
    pub cores: usize,
    /// Memory.
    pub memory_mib: u64,
    /// Whether it has instructions for SHA-256.
    pub sha_instructions: bool,
    /// `linux x86_64`
    pub system: String,
}

/// One figure of the page, which is never without its command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Which figure it is: an id of `load-tests/page/rows.json`.
    pub row: String,
    /// In words.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// `Q`, `µs`, `ms`, `MiB`, `ratio`, …
    pub unit: String,
    /// What to type to get it again.
    pub command: String,
}

/// One scenario, all rounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Its name.
    pub scenario: String,
    /// What to type to run it again.
    pub command: String,
    /// Each round that counts.
    pub rounds: Vec<Round>,
    /// Rounds that were thrown away, because the machine had other work or was not ours.
    pub thrown_away: u32,
}

/// One round: the same load once. What an older file does not have is left empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Round {
    /// Which phase of the scenario it is.
    pub phase: String,
    /// How much there was of what grows, in a scenario of growth.
    pub at: Option<u64>,
    /// Requests a second that were wanted; `None`: as fast as it goes.
    pub wanted_rate: Option<f64>,
    /// Connections.
    pub connections: usize,
    /// Events in a request.
    pub batch: usize,
    /// API keys, each with its own signing key and AI system.
    pub keys: usize,
    /// Live readers.
    pub readers: usize,
    /// From the first request that counts to the last answer.
    pub seconds: f64,
    /// Events that were sent.
    pub events_sent: u64,
    /// Bytes of them.
    pub bytes_sent: u64,
    /// Events that were acknowledged.
    pub acknowledged: u64,
    /// Acknowledged a second.
    pub rate_per_s: f64,
    /// What was not acknowledged: events by status and code, such as `503 overloaded`.
    pub refused: BTreeMap<String, u64>,
    /// Of the refused: how many answers with 429 or 503 told when to come again.
    pub told_to_retry: u64,
    /// Requests that the schedule wanted, and that no connection came to.
    pub not_sent: u64,
    /// Whether every event was signed before it was wanted; if not, the generator was the limit.
    pub signed_ahead: bool,
    /// From the moment at which the schedule wanted a request, to its answer.
    pub latency_us: Latency,
    /// The same of what was acknowledged alone.
    pub acknowledged_latency_us: Latency,
    /// From the moment at which it was sent.
    pub answer_us: Latency,
    /// The same of what was acknowledged alone; empty in results from before it was told.
    #[serde(default)]
    pub acknowledged_answer_us: Latency,
    /// Of each of these what was not the log's (`Server-Timing`): what the gateway, both ways, and the generator itself
    /// take. Empty in results from before it was told, and of a gateway that does not say.
    #[serde(default)]
    pub added_us: Latency,
    /// Time from an acknowledgement to a live reader.
    pub live_us: Option<Latency>,
    /// Events that came to all live readers.
    pub deliveries: u64,
    /// Of those, how many came after the last acknowledgement.
    pub deliveries_after: u64,
    /// How long queries took while all that ran, by kind.
    pub queries_us: BTreeMap<String, Latency>,
    /// The yardstick of this round.
    pub q_us: f64,
    /// What the check of the median event takes: parse, schema, signature, redaction.
    pub check_us: f64,
    /// The processes under test, then the generator.
    pub processes: Vec<Process>,
    /// Acknowledged events, held against the store.
    pub kept: Option<Kept>,
    /// What became of the events that were wanted in each tenth of a second, the warm-up's first.
    pub timeline: Vec<Slice>,
    /// What else the machine did.
    pub disturbance: Disturbance,
}

/// A tenth of a second.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Slice {
    /// Events of it that were acknowledged.
    pub acknowledged: u64,
    /// Events of it that were not.
    pub refused: u64,
}

/// The shape of many durations, in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Latency {
    /// How many.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Half of them took at most this.
    pub p50: u64,
    /// Of ten, nine.
    pub p90: u64,
    /// Of a hundred, 99.
    pub p99: u64,
    /// Of a thousand, 999.
    pub p999: u64,
    /// All.
    pub max: u64,
}

/// What a process took.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Process {
    /// What it is called: `gateway`, `consumer`, `kafka`, `generator`.
    pub name: String,
    /// Processor time, in seconds, with its children.
    pub cpu_s: f64,
    /// The same per acknowledged event.
    pub cpu_us_per_event: f64,
    /// The same in Q.
    pub cpu_q_per_event: f64,
    /// Resident memory at the beginning and at the end, and the most of it, in MiB.
    pub resident_mib: [f64; 3],
    /// How it grew: MiB a minute, the slope of the line through the samples of the second half.
    pub slope_mib_per_minute: f64,
    /// Its memory, sampled.
    pub resident_samples_mib: Vec<f64>,
}

/// Acknowledged events, held against what is stored.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Kept {
    /// Acknowledged.
    pub acknowledged: u64,
    /// Of those, in the log.
    pub in_log: Option<u64>,
    /// Of those, in the store.
    pub stored: u64,
    /// Acknowledged and not stored.
    pub lost: u64,
    /// Stored more than once.
    pub doubled: u64,
    /// Stored without an acknowledgement: their answer was lost, or was an error that leaves it open.
    pub unacknowledged: u64,
}

/// What else the machine did meanwhile.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Disturbance {
    /// Share of all processor time that the host gave to other machines.
    pub steal: f64,
    /// Share that processes took which are no part of the test; 0 where those of the test are not known.
    pub others: f64,
    /// Whether that is too much for rates and times to count.
    pub is_too_much: bool,
}
