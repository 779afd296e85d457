//! Follows errors as they happen.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use gapin_sdk::{Client, Error, EventFilter, EventType};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let errors = EventFilter::new().event_type(EventType::Error);
    let mut stream = client.stream(errors).on_gap(|gap| eprintln!("{gap:?}"));
    while let Some(live) = stream.next().await {
        let event = live?.event;
        println!("{} {}", event["ai_id"], event["error"]);
    }
    Ok(())
}
