//! What was decided in a session.
#![allow(clippy::print_stdout)]

use gapin_sdk::{Client, Error, EventFilter, EventType};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let decisions = EventFilter::new().event_type(EventType::Decision).session_id("order-7");
    let mut records = client.events().list(decisions);
    while let Some(record) = records.next().await {
        let event = record?.event;
        println!("{} {}", event["timestamp"], event["decision"]);
    }
    Ok(())
}
