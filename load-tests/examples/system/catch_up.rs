//! The consumer behind a log that has grown without it: into PostgreSQL as fast as it goes.

use std::time::{Duration, Instant};

use load_tests::{
    result::{Process, Round, Run},
    scenario::Size,
    usage::Usage,
};

use crate::{command, growth, rig::Rig};

pub(crate) const NAME: &str = "catch-up";

const EVENTS_SMALL: u64 = 50_000;
const EVENTS_FULL: u64 = 5_000_000;
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// A consumer that stores nothing for so long will not.
const STANDSTILL_MAX: Duration = Duration::from_secs(120);

pub(crate) fn run(rig: &mut Rig, size: Size) -> Result<Run, String> {
    let events = if size == Size::Full { EVENTS_FULL } else { EVENTS_SMALL };
    rig.idle()?;
    println!("\n{NAME}: {events} events into the log while no consumer runs, then one");
    for mut consumer in rig.system.consumers.drain(..) {
        consumer.stop();
    }
    let filled = growth::fill(rig, events, &[])?.rounds.pop().ok_or("nothing was sent")?;
    rig.system.add_consumer();
    let q_us = filled.q_us;
    let usage = Usage::begin(rig.watched());
    let began = Instant::now();
    // It began before it said that it is ready: what it stored by then belongs to it, and so does what it took for it.
    let seconds = wait(rig, filled.acknowledged, began)?;
    let processes = usage.end(filled.acknowledged, q_us);
    let round = Round {
        phase: "catch up".to_owned(),
        connections: filled.connections,
        batch: filled.batch,
        keys: 1,
        seconds,
        events_sent: filled.events_sent,
        acknowledged: filled.acknowledged,
        rate_per_s: filled.acknowledged as f64 / seconds,
        signed_ahead: true,
        q_us,
        processes: own_from_start(rig, processes, filled.acknowledged, q_us),
        ..Round::default()
    };
    println!("{}", load_tests::table::table(&round));
    let command = command(NAME, rig.shape(), size);
    Ok(Run { scenario: NAME.to_owned(), command, rounds: vec![round], thrown_away: 0 })
}

/// Until all of it is stored; how long that took.
fn wait(rig: &Rig, events: u64, began: Instant) -> Result<f64, String> {
    let (mut last, mut since) = (0.0, Instant::now());
    loop {
        let consumer = rig.metrics()?.pop().ok_or("no consumer")?;
        let done = consumer.sum("gapin_consumer_records_total");
        if done >= events as f64 {
            return Ok(began.elapsed().as_secs_f64());
        }
        if done > last {
            (last, since) = (done, Instant::now());
        }
        if since.elapsed() > STANDSTILL_MAX {
            return Err(format!("the consumer stands still at {done} of {events}"));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The consumer's processor time counts from its start, since it carried records before it was asked for the first time.
fn own_from_start(rig: &Rig, processes: Vec<Process>, events: u64, q_us: f64) -> Vec<Process> {
    let whole =
        rig.watched().into_iter().find(|watched| watched.name == "consumer").map(|watched| Usage::so_far(&watched));
    let each = processes.into_iter().map(|process| match whole {
        Some(cpu_s) if process.name == "consumer" => {
            let cpu_us_per_event = cpu_s * 1e6 / events as f64;
            Process { cpu_s, cpu_us_per_event, cpu_q_per_event: cpu_us_per_event / q_us, ..process }
        }
        _ => process,
    });
    each.collect()
}
