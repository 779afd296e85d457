//! `make bench-system`: the scenarios on the real system, in both shapes.
//!
//! Starts GAPIN as processes of its own (with Kafka, PostgreSQL and Redis in the shape at scale), runs the scenarios against
//! it, and writes `load-tests/results/DATE-COMMIT-SHAPE-SIZE.json`, which the performance page is made of.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod catch_up;
mod growth;
mod half_load;
mod rig;
mod rows;
mod scrape;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use e2e::Shape;
use load_tests::{
    result::{FORMAT, Machine, Results, Run, date_and_time},
    scenario::{SCENARIOS, Scenario, Size},
};

use crate::rig::Rig;

const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results");
/// What is no scenario of `gapin bench`: it needs the whole system in its hand.
const OWN: [&str; 5] = [half_load::NAME, catch_up::NAME, growth::KEYS, growth::ORGANISATIONS, growth::STORED];

/// What is to be run.
struct Wanted {
    size: Size,
    shapes: Vec<Shape>,
    /// Empty: all.
    scenarios: Vec<String>,
}

fn main() -> Result<(), String> {
    let wanted = wanted()?;
    for shape in &wanted.shapes {
        measure(*shape, &wanted)?;
    }
    Ok(())
}

/// By the environment, as `make` hands it on: SIZE, SHAPE, SCENARIO (several with commas).
fn wanted() -> Result<Wanted, String> {
    let word = |name: &str| env::var(name).ok().filter(|word| !word.is_empty());
    let size = match word("SIZE").as_deref() {
        None | Some("small") => Size::Small,
        Some("full") => Size::Full,
        Some(_) => return Err("SIZE is small or full".to_owned()),
    };
    let shapes = match word("SHAPE").as_deref() {
        None => vec![Shape::Embedded, Shape::AtScale],
        Some("embedded") => vec![Shape::Embedded],
        Some("at-scale") => vec![Shape::AtScale],
        Some(_) => return Err("SHAPE is embedded or at-scale".to_owned()),
    };
    let scenarios: Vec<String> =
        word("SCENARIO").map(|names| names.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let unknown = scenarios.iter().find(|name| Scenario::named(name).is_none() && !OWN.contains(&name.as_str()));
    match unknown {
        Some(name) => Err(format!("SCENARIO {name} is none")),
        None => Ok(Wanted { size, shapes, scenarios }),
    }
}

fn measure(shape: Shape, wanted: &Wanted) -> Result<(), String> {
    let is_wanted = |name: &str| wanted.scenarios.is_empty() || wanted.scenarios.iter().any(|one| one == name);
    let (mut rig, mut file) = (Rig::start(shape), File::new(shape, wanted)?);
    if is_wanted(growth::STORED) {
        file.add(growth::stored(&rig, wanted.size)?)?;
    }
    for scenario in SCENARIOS.iter().filter(|scenario| is_wanted(scenario.name)) {
        println!("\n{} ({}): {}", scenario.name, shape_word(shape), scenario.what);
        file.add(run(&rig, scenario, wanted.size)?)?;
    }
    if is_wanted(half_load::NAME) {
        file.add(half_load::run(&rig, wanted.size)?)?;
    }
    if is_wanted(growth::KEYS) {
        file.add(growth::keys(&rig, wanted.size)?)?;
    }
    if is_wanted(growth::ORGANISATIONS) {
        file.add(growth::organisations(&rig, wanted.size)?)?;
    }
    if shape == Shape::AtScale && is_wanted(catch_up::NAME) {
        file.add(catch_up::run(&mut rig, wanted.size)?)?;
    }
    match file.results.runs.as_slice() {
        [] => println!("\nNone of these scenarios is of the shape {}.", shape_word(shape)),
        _ => println!("\n{}: now `make performance-page`", file.path.display()),
    }
    Ok(())
}

/// The file of results: written anew with each run, so that what was measured is kept whatever comes of the next.
struct File {
    path: PathBuf,
    results: Results,
    shape: Shape,
    size: Size,
}

impl File {
    fn new(shape: Shape, wanted: &Wanted) -> Result<File, String> {
        let (date, time) = date_and_time();
        let results = Results {
            format: FORMAT,
            date,
            time,
            commit: said("git", &["describe", "--always", "--dirty=+", "--exclude=*"])?,
            shape: shape_word(shape).to_owned(),
            size: size_word(wanted.size).to_owned(),
            machine: Machine::this(),
            q_us: f64::INFINITY,
            rows: Vec::new(),
            runs: Vec::new(),
        };
        let mut name = vec![results.date.as_str(), &results.commit, &results.shape, &results.size];
        // A file of some of them takes nothing away from that of all.
        name.extend(wanted.scenarios.iter().map(String::as_str));
        let path = Path::new(RESULTS).join(format!("{}.json", name.join("-")));
        fs::create_dir_all(RESULTS).map_err(|error| error.to_string())?;
        Ok(File { path, results, shape, size: wanted.size })
    }

    fn add(&mut self, run: Run) -> Result<(), String> {
        let results = &mut self.results;
        results.q_us = run.rounds.iter().map(|round| round.q_us).fold(results.q_us, f64::min);
        results.runs.push(run);
        results.rows = rows::rows(self.shape, self.size, &results.runs);
        let text = serde_json::to_string(results).map_err(|error| error.to_string())?;
        fs::write(&self.path, text + "\n").map_err(|error| error.to_string())
    }
}

/// By `gapin bench` itself: whoever has a system of their own types the same.
fn run(rig: &Rig, scenario: &Scenario, size: Size) -> Result<Run, String> {
    let run = rig.bench(&["--scenario", scenario.name, "--size", size_word(size)])?;
    Ok(Run { command: command(scenario.name, rig.shape(), size), ..run })
}

/// What to type to get the same.
fn command(scenario: &str, shape: Shape, size: Size) -> String {
    format!("make bench-system SCENARIO={scenario} SHAPE={} SIZE={}", shape_word(shape), size_word(size))
}

fn shape_word(shape: Shape) -> &'static str {
    match shape {
        Shape::Embedded => "embedded",
        Shape::AtScale => "at-scale",
    }
}

fn size_word(size: Size) -> &'static str {
    match size {
        Size::Small => "small",
        Size::Full => "full",
    }
}

fn said(program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(args).output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
