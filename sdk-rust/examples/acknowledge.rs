//! Records one event, and waits until it is kept.
#![allow(clippy::print_stdout)]

use gapin_sdk::{Client, Error};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let event = json!({"event_type": "ai.query", "query": {"prompt": "May I have my money back?"}});
    let accepted = client.record(event).await?;
    println!("{} is kept", accepted.event_id);
    Ok(())
}
