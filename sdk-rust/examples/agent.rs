//! A small agent whose every step is recorded: its tools by a wrapper, its choice by a line.
#![allow(clippy::print_stdout)]

use std::{fmt, time::Duration};

use gapin_sdk::{Recorder, Settings, context};
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Order {
    days: u32,
    price: f64,
}

#[derive(Debug)]
struct UnknownOrder;

impl fmt::Display for UnknownOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such order")
    }
}

fn look_up_order(order: &str) -> Result<Order, UnknownOrder> {
    match order {
        "7" => Ok(Order { days: 12, price: 30.0 }),
        "8" => Ok(Order { days: 45, price: 80.0 }),
        _ => Err(UnknownOrder),
    }
}

fn decide(recorder: &Recorder, order: &str) -> &'static str {
    let context = context::new().session_id(format!("order-{order}")).request_id(Uuid::new_v4().to_string());
    context.scope(|| {
        recorder.query().prompt(format!("Refund order {order}, please.")).record();
        let chosen = match recorder.wrap("look_up_order").input(order).try_call(|| look_up_order(order)) {
            Ok(found) if found.days <= 30 => "refund",
            Ok(_) => "refuse",
            Err(UnknownOrder) => "ask",
        };
        recorder
            .decision("refund", "within 30 days")
            .options(["refund", "refuse", "ask"])
            .chosen(chosen)
            .confidence(0.9)
            .record();
        recorder.response(format!("Order {order}: {chosen}")).finish_reason("stop").record();
        chosen
    })
}

fn main() -> Result<(), gapin_sdk::Error> {
    let recorder = Recorder::new(Settings::new().ai_version("refund-agent-1"))?;
    for order in ["7", "8", "9"] {
        println!("{order} {}", decide(&recorder, order));
    }
    assert!(recorder.flush_blocking(Duration::from_secs(30)));
    println!("{} events are kept", recorder.stats().accepted);
    Ok(())
}
