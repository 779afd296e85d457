//! Records one event with what the environment says, and tells how that went.

use gapin_sdk::{Client, Error, Settings};
use serde_json::json;

pub(crate) fn run(api_key: Option<&str>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(record(api_key)) {
        Ok(status) => println!("{status}"),
        Err(error @ Error::Api(_)) => println!("{}", error.code()),
        Err(error) => println!("{}: {error}", error.code()),
    }
}

async fn record(api_key: Option<&str>) -> Result<String, Error> {
    let settings = match api_key {
        Some(api_key) => Settings::new().api_key(api_key),
        None => Settings::new(),
    };
    let event = json!({"event_type": "ai.query", "query": {"prompt": "?"}});
    Ok(Client::new(settings)?.record(event).await?.status)
}
