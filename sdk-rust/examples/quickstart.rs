//! Three lines and their context.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use gapin_sdk::{Error, Recorder, Settings, context};

fn search(query: &str) -> Vec<String> {
    vec![format!("a page about {query}")]
}

fn main() -> Result<(), Error> {
    let recorder = Recorder::new(Settings::new().ai_version("gpt-4-turbo"))?;

    context::new().session_id("order-7").user_id("u-12").scope(|| {
        recorder.wrap("search").input("refunds").call(|| search("refunds"));
        recorder
            .decision("refund", "within 30 days")
            .options(["refund", "refuse"])
            .chosen("refund")
            .confidence(0.97)
            .record();
    });

    recorder.flush_blocking(Duration::from_secs(5));
    println!("{} events are kept", recorder.stats().accepted);
    Ok(())
}
