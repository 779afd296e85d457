//! Everything that can break breaks, one after the other and in any order, while the load goes on.

use std::time::Instant;

use e2e::{Recorder, Shape};

use crate::{
    fault::Fault,
    ground::{Ground, conclude, seed},
};

/// How many events are acknowledged between two faults, at most.
const BETWEEN_EVENTS_MAX: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn at_scale_nothing_acknowledged_is_lost_whatever_breaks() {
    whatever_breaks("at_scale_nothing_acknowledged_is_lost_whatever_breaks", Shape::AtScale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_nothing_acknowledged_is_lost_whatever_breaks() {
    whatever_breaks("embedded_nothing_acknowledged_is_lost_whatever_breaks", Shape::Embedded).await;
}

async fn whatever_breaks(test: &str, shape: Shape) {
    let mut seed = seed(test);
    let began = Instant::now();
    let mut ground = Ground::start(shape);
    let organisation = ground.system.organisation();
    let load = Recorder::start(&ground.client(&organisation), &organisation, &mut seed);
    let faults = Fault::of_a_run(shape, &mut seed);
    for fault in &faults {
        ground.spool_has_room().await;
        load.more(1 + seed.below(BETWEEN_EVENTS_MAX)).await;
        let at = began.elapsed().as_secs_f32();
        println!("{test}: {at:>6.2} s {fault:?} {:?}, spooled bytes: {}", load.tally(), ground.spool_bytes().await);
        fault.strike(&mut ground, &organisation, &load, &mut seed).await;
    }
    load.more(1 + seed.below(BETWEEN_EVENTS_MAX)).await;
    println!("{test}: {:>6.2} s all healed", began.elapsed().as_secs_f32());
    let verdict = ground.judge(load, &organisation).await;
    println!("{test}: {:>6.2} s judged", began.elapsed().as_secs_f32());
    conclude(test, faults.len(), &verdict);
}
