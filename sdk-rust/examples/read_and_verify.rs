//! Records an event, follows the live stream to it, reads it back and verifies its signature.
#![allow(clippy::print_stdout)]

use std::{env, error::Error};

use gapin_sdk::{Client, EventFilter, Settings, verify};
use serde_json::json;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ai_id = Uuid::new_v4();
    let client = Client::new(Settings::new().ai_id(ai_id).ai_version("example-1"))?;
    let event = json!({"event_type": "ai.query", "query": {"prompt": "Who said so?"}});
    let accepted = client.record(event).await?;
    let mut stream = client.stream(EventFilter::new().ai_id(ai_id)).from_cursor("earliest");
    let mut event = loop {
        let live = stream.next().await.ok_or("the stream has ended")??;
        if live.record.event_id == accepted.event_id {
            break live.event;
        }
    };
    println!("seen live: {}", event["query"]);
    let secret = env::var("GAPIN_SIGNING_SECRET")?;
    assert!(verify(&event, &secret));
    event["query"]["prompt"] = "Nobody said so.".into();
    assert!(!verify(&event, &secret));
    println!("its signature is good, and that of a changed one is not");
    Ok(())
}
