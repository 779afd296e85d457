//! What the consumer costs: a backlog in real Kafka carried into real PostgreSQL (or into SQLite from the local log), and
//! the rate against `COPY` of the very same rows into the same table with the same indexes, in turns, in one run.
//!
//! `cargo bench -p consumer --bench sink [-- kafka|embedded] [records] [rounds]`. Rows go to `load-tests/results/`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod corpus;
mod limit;
mod machine;
mod result;
mod system;

use std::{
    process::Command,
    time::{Duration, Instant},
};

use bus::{AppendError, EventLog, NewRecord};

use crate::{corpus::Corpus, limit::Limit, machine::Spent, result::Rows, system::System};

/// Records of one append.
const APPEND_RECORDS: usize = 2_000;

/// The first word of the process that makes the backlog.
const BACKLOG: &str = "backlog";

/// How often it is looked whether all is stored.
const LOOK: Duration = Duration::from_millis(5);

fn main() {
    // Cargo tells every benchmark that it is one.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let [backlog, brokers, round, records] = words.as_slice()
        && backlog == BACKLOG
    {
        let corpus = Corpus::new(round.parse().unwrap());
        runtime.block_on(append(&*system::kafka(brokers), &corpus, records.parse().unwrap()));
        return;
    }
    let shape = words.first().map_or("kafka", String::as_str).to_owned();
    let number = |at: usize, usual: usize| words.get(at).map_or(usual, |word| word.parse().unwrap());
    let (records, rounds) = (number(1, 60_000), number(2, 3));
    let command = format!("cargo bench -p consumer --bench sink -- {shape} {records} {rounds}");

    let q_us = machine::q_us();
    println!("Q is {q_us:.2} µs");
    let mut rows = Rows::new(command, q_us);
    let system = runtime.block_on(System::start(&shape));
    let limit = system.postgres.as_ref().map(Limit::new);

    let (mut ratios, mut memory_mb) = (Vec::new(), 0.0);
    for round in 0..rounds {
        let first_id = Corpus::new(round as u64).first_id();
        match &system.kafka {
            Some(kafka) => append_apart(&kafka.brokers(), round, records),
            None => runtime.block_on(append(&*system.log, &Corpus::new(round as u64), records)),
        }
        machine::forget_memory_peak();
        let ours = runtime.block_on(carry(&system, records));
        println!("round {round}: consumer {ours}");
        rows.add_consumer(&shape, &ours);
        if round == 0 {
            // Each later round begins another consumer in the same process, beside what the allocator kept of the last.
            memory_mb = machine::memory_peak_mb();
        }
        if let (Some(limit), Some(postgres)) = (&limit, &system.postgres) {
            let file = limit.take_out(&first_id);
            let before = Spent::now(Some(postgres.server_id()));
            limit.copy(&file);
            let copied = before.until_now(records);
            println!("round {round}: COPY     {copied}");
            rows.add_copy(&copied);
            ratios.push(ours.per_second / copied.per_second);
        }
    }
    let memory = if shape == "kafka" { "memory-consumer".to_owned() } else { format!("sink-{shape}-memory") };
    rows.add(memory, "memory of the consumer, the log's client with it, at most", memory_mb, "MB");
    ratios.sort_by(f64::total_cmp);
    if let Some(median) = ratios.get(ratios.len() / 2) {
        println!("rate against COPY: {median:.2} (median of {ratios:.2?})");
        let what = "consumer into PostgreSQL, its rate against `COPY` into the same table with the same indexes";
        rows.add("consumer-rate-vs-copy", what, *median, "ratio");
    }
    rows.write(&format!("sink-{shape}"));
}

/// Puts the backlog into Kafka from a process of its own: what a producer holds is none of the consumer's memory.
fn append_apart(brokers: &str, round: usize, records: usize) {
    let words = [BACKLOG, brokers, &round.to_string(), &records.to_string()];
    assert!(Command::new(std::env::current_exe().unwrap()).args(words).status().unwrap().success());
}

/// Puts the backlog into the log.
async fn append(log: &dyn EventLog, corpus: &Corpus, records: usize) {
    let mut left = records;
    while left > 0 {
        let now = left.min(APPEND_RECORDS);
        let mut batch: Vec<NewRecord> = (0..now).map(|n| corpus.record(records - left + n)).collect();
        while !batch.is_empty() {
            let outcomes = log.append(aibbar::record::EVENTS_TOPIC, batch.clone()).await;
            let again = batch.into_iter().zip(outcomes).filter_map(|(record, outcome)| match outcome {
                Ok(_) => None,
                Err(AppendError::QueueFull) => Some(record),
                Err(error) => panic!("the log takes no backlog: {error}"),
            });
            batch = again.collect();
        }
        left -= now;
    }
}

/// Lets a consumer carry the whole backlog; counted from its first stored record to its last commit.
async fn carry(system: &System, records: usize) -> machine::Measure {
    let (consumer, stored) = system.consume();
    while stored() == 0 {
        tokio::time::sleep(LOOK).await;
    }
    let (before, already) = (Spent::now(system.postgres.as_ref().map(system::Server::server_id)), stored());
    let began = Instant::now();
    while stored() < records as u64 {
        assert!(began.elapsed() < Duration::from_secs(1_800), "only {} of {records} came", stored());
        tokio::time::sleep(LOOK).await;
    }
    let measure = before.until_now(records - usize::try_from(already).unwrap());
    consumer.stop().await;
    measure
}
