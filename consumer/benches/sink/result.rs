//! Rows for the page of figures.

use std::fs;

use serde_json::{Value, json};

use crate::machine::Measure;

const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../load-tests/results");

pub(crate) struct Rows {
    command: String,
    q_us: f64,
    measures: Vec<(String, &'static str, f64)>,
}

impl Rows {
    pub(crate) fn new(command: String, q_us: f64) -> Self {
        Self { command, q_us, measures: vec![("Q".to_owned(), "µs", q_us)] }
    }

    pub(crate) fn add(&mut self, what: &str, value: f64, unit: &'static str) {
        self.measures.push((what.to_owned(), unit, value));
    }

    pub(crate) fn add_measure(&mut self, who: &str, measure: &Measure) {
        self.add(&format!("{who}: rate"), measure.per_second, "records/s");
        if who == "consumer" {
            self.add("consumer: own CPU per record", measure.own_us, "µs");
            self.add("consumer: own CPU per record", measure.own_us / self.q_us, "Q");
        }
        if let Some(server) = measure.server_us {
            self.add(&format!("{who}: PostgreSQL's CPU per record"), server, "µs");
        }
    }

    /// One row for each thing that was measured: the median of the rounds.
    pub(crate) fn write(&self, name: &str) {
        let mut rows: Vec<Value> = Vec::new();
        let mut told: Vec<(&str, &str)> = Vec::new();
        for (what, unit, _) in &self.measures {
            if told.contains(&(what, unit)) {
                continue;
            }
            told.push((what, unit));
            let same = self.measures.iter().filter(|(w, u, _)| w == what && u == unit);
            let mut values: Vec<f64> = same.map(|(.., value)| *value).collect();
            values.sort_by(f64::total_cmp);
            let value = (values[values.len() / 2] * 1000.0).round() / 1000.0;
            println!("{what}: {value} {unit}");
            rows.push(json!({"row": name, "what": what, "value": value, "unit": unit, "command": self.command}));
        }
        fs::create_dir_all(RESULTS).unwrap();
        fs::write(format!("{RESULTS}/{name}.json"), serde_json::to_string_pretty(&rows).unwrap() + "\n").unwrap();
    }
}
