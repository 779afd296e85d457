//! Records one event with these settings and what the environment says, and tells how that went.

use gapin_sdk::{Client, Error, Settings};
use serde_json::json;

pub(crate) fn run(settings: Settings) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(record(settings)) {
        Ok(status) => println!("{status}"),
        Err(error @ Error::Api(_)) => println!("{}", error.code()),
        Err(error) => println!("{}: {error}", error.code()),
    }
}

async fn record(settings: Settings) -> Result<String, Error> {
    let event = json!({"event_type": "ai.query", "query": {"prompt": "?"}});
    Ok(Client::new(settings)?.record(event).await?.status)
}
