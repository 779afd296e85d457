//! `make flamegraph`: where the gateway's processor time goes under load.
//!
//! Writes `target/flamegraph.svg`, and shows what one event costs step by step; of events as fast as they go, and without
//! live readers, also to `load-tests/results/steps-SHAPE.json` (of batches `steps-SHAPE-batches.json`), which the performance
//! page shows.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

// Of the scenarios' own.
#[path = "system/rig.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
mod rig;
#[path = "system/scrape.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
mod scrape;

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use e2e::Shape;
use load_tests::result::{Machine, date_and_time};
use serde_json::{Value, json};

use crate::rig::Rig;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Samples a second: enough, and no multiple of what else ticks.
const SAMPLES_PER_S: &str = "199";
/// Bytes of stack that are kept of each sample, to be unwound.
const STACK: &str = "dwarf,16384";
const RECORDED_S: u64 = 15;
const WARM_UP_S: u64 = 3;

fn main() -> Result<(), String> {
    let word = |name: &str| env::var(name).ok().filter(|word| !word.is_empty());
    let (shape, shape_word) = match word("SHAPE").as_deref() {
        None | Some("embedded") => (Shape::Embedded, "embedded"),
        Some("at-scale") => (Shape::AtScale, "at-scale"),
        Some(_) => return Err("SHAPE is embedded or at-scale".to_owned()),
    };
    let recorded_s = word("SECONDS_RECORDED").and_then(|seconds| seconds.parse().ok()).unwrap_or(RECORDED_S);
    let batch = word("BATCH").unwrap_or_else(|| "1".to_owned());
    let corpus = word("CORPUS").unwrap_or_else(|| "mixed".to_owned());
    let rate = word("RATE").unwrap_or_else(|| "max".to_owned());
    let readers = word("READERS").unwrap_or_else(|| "0".to_owned());
    let rig = Rig::start(shape);
    let pid = rig.system.gateway.process_id().ok_or("the gateway has ended")?.to_string();
    let data = rig.system.data_dir().join("perf.data").display().to_string();

    let (run, recorded) = thread::scope(|scope| {
        let recording = scope.spawn(|| {
            thread::sleep(Duration::from_secs(WARM_UP_S + 1));
            let seconds = recorded_s.to_string();
            let record = ["record", "-q", "-F", SAMPLES_PER_S, "--call-graph", STACK, "-p", &pid, "-o", &data];
            run_quietly(Command::new("perf").args(record).args(["--", "sleep", &seconds]))
        });
        let (length, warm_up) = ((recorded_s + 4).to_string(), WARM_UP_S.to_string());
        let mut load = vec!["--corpus", &corpus, "--batch", &batch, "--duration", &length, "--warm-up", &warm_up];
        load.extend(["--rate", &rate, "--readers", &readers, "--no-check"]);
        (rig.bench(&load), recording.join())
    });
    recorded.map_err(|_| "the recording has ended early")??;
    let run = run?;
    let round = run.rounds.last().ok_or("nothing was measured")?;
    let gateway = round.processes.iter().find(|process| process.name == "gateway").ok_or("no gateway was measured")?;

    let svg = Path::new(ROOT).join("target/flamegraph.svg");
    let shares = rig.system.data_dir().join("shares.json");
    fold(&data, &svg, &shares)?;
    let steps: Value = serde_json::from_str(&read(&shares)?).map_err(|error| error.to_string())?;
    let pace = if rate == "max" { "as fast as it goes".to_owned() } else { format!("{rate} requests a second") };
    let what = match batch.as_str() {
        "1" => format!("A single event, 64 connections, {pace}"),
        batch => format!("An event in batches of {batch}, {pace}"),
    };
    let corpus_said = if corpus == "mixed" { "the mixed corpus" } else { "the median event" };
    let what = format!("{what}; {corpus_said}, {readers} live readers");
    let written = json!({
        "date": date_and_time().0,
        "commit": said("git", &["describe", "--always", "--dirty=+", "--exclude=*"])?,
        "shape": shape_word,
        "what": what,
        "command": format!(
            "make flamegraph SHAPE={shape_word} BATCH={batch} CORPUS={corpus} RATE={rate} READERS={readers}"
        ),
        "machine": Machine::this(),
        "q_us": round.q_us,
        "total_us": gateway.cpu_us_per_event,
        "steps": steps,
    });
    let is_for_page = rate == "max" && readers == "0";
    let file = format!("load-tests/results/steps-{shape_word}{}.json", if batch == "1" { "" } else { "-batches" });
    if is_for_page {
        fs::write(Path::new(ROOT).join(&file), format!("{written}\n")).map_err(|error| error.to_string())?;
    }
    for step in written["steps"].as_array().into_iter().flatten() {
        let share = step["share"].as_f64().unwrap_or_default();
        println!(
            "{:>6.1} % {:>8.2} µs  {}",
            share * 100.0,
            share * gateway.cpu_us_per_event,
            step["step"].as_str().unwrap_or_default()
        );
    }
    println!("\ntarget/flamegraph.svg{}", if is_for_page { format!(", {file}") } else { String::new() });
    Ok(())
}

/// From what perf recorded to a picture and to shares.
fn fold(data: &str, svg: &Path, shares: &Path) -> Result<(), String> {
    let mut script = Command::new("perf")
        .args(["script", "-i", data, "--no-inline", "-F", "comm,pid,ip,sym,dso"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("perf: {error}"))?;
    let out = script.stdout.take().ok_or("perf says nothing")?;
    let mut python = Command::new("python3");
    run_quietly(python.arg(Path::new(ROOT).join("scripts/flamegraph.py")).arg(svg).arg(shares).stdin(out))?;
    let status = script.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("perf script: {status}")) }
}

fn run_quietly(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| error.to_string())
}

fn said(program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(args).output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
