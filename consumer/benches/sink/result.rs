//! Rows for the page of figures.

use std::{fs, process::Command, time::SystemTime};

use aibbar::Timestamp;
use serde_json::{Value, json};

use crate::machine::Measure;

const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../load-tests/results");

pub(crate) struct Rows {
    command: String,
    q_us: f64,
    /// Each with the name that the page knows it by, what it is, its unit, and its value in one round.
    measures: Vec<(String, String, &'static str, f64)>,
}

impl Rows {
    pub(crate) fn new(command: String, q_us: f64) -> Self {
        Self { command, q_us, measures: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: impl Into<String>, what: impl Into<String>, value: f64, unit: &'static str) {
        self.measures.push((row.into(), what.into(), unit, value));
    }

    /// The consumer's share of a round in this shape: at scale the page has a goal for it.
    pub(crate) fn add_consumer(&mut self, shape: &str, measure: &Measure) {
        let (row, into) = match shape {
            "kafka" => ("consumer-cpu".to_owned(), "PostgreSQL"),
            _ => (format!("sink-{shape}-cpu"), "SQLite from the local log, both in its process"),
        };
        let what = format!("consumer into {into}, its own CPU per record");
        self.add(format!("{row}-us"), what.clone(), measure.own_us, "µs");
        self.add(row, what, measure.own_us / self.q_us, "Q");
        self.add(format!("sink-{shape}-rate"), format!("consumer into {into}, rate"), measure.per_second, "records/s");
        if let Some(server) = measure.server_us {
            self.add("sink-server-cpu", "PostgreSQL's CPU per record of the consumer", server, "µs");
        }
    }

    pub(crate) fn add_copy(&mut self, measure: &Measure) {
        self.add("sink-copy-rate", "`COPY` of the same rows, rate", measure.per_second, "records/s");
        if let Some(server) = measure.server_us {
            self.add("sink-copy-server-cpu", "PostgreSQL's CPU per record of `COPY`", server, "µs");
        }
    }

    /// One row for each thing that was measured: the median of the rounds.
    pub(crate) fn write(&self, name: &str) {
        let mut rows: Vec<Value> = Vec::new();
        for (row, what, unit, _) in &self.measures {
            if rows.iter().any(|told| told["row"] == **row) {
                continue;
            }
            let mut values: Vec<f64> =
                self.measures.iter().filter(|(same, ..)| same == row).map(|(.., value)| *value).collect();
            values.sort_by(f64::total_cmp);
            let value = (values[values.len() / 2] * 1000.0).round() / 1000.0;
            println!("{row}: {value} {unit}");
            rows.push(json!({"row": row, "what": what, "value": value, "unit": unit, "command": self.command}));
        }
        let day = Timestamp::from(SystemTime::now()).to_string()[..10].to_owned();
        let results = json!({"date": day, "commit": commit(), "q_us": self.q_us, "rows": rows});
        fs::create_dir_all(RESULTS).unwrap();
        fs::write(format!("{RESULTS}/{name}.json"), serde_json::to_string_pretty(&results).unwrap() + "\n").unwrap();
    }
}

fn commit() -> String {
    let told = Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    told.map_or_else(|_| String::new(), |told| String::from_utf8_lossy(&told.stdout).trim().to_owned())
}
