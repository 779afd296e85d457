//! An OpenAI client that records itself. `OPENAI_BASE_URL` and `OPENAI_API_KEY` are that crate's own settings.
#![allow(clippy::print_stdout)]

use std::{error::Error, time::Duration};

use async_openai::{
    Client,
    types::chat::{ChatCompletionRequestUserMessage, CreateChatCompletionRequestArgs},
};
use gapin_sdk::{Recorder, context, instruments::async_openai::instrument};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let recorder = Recorder::from_env()?;
    let client = instrument(Client::new(), reqwest::Client::new(), &recorder);

    let question = ChatCompletionRequestUserMessage::from("How is the weather in Rome?");
    let request = CreateChatCompletionRequestArgs::default().model("gpt-4o").messages([question.into()]).build()?;
    let answer = context::new().session_id("weather-1").run(client.chat().create(request)).await?;
    println!("{}", answer.choices[0].message.content.as_deref().unwrap_or_default());

    recorder.flush(Duration::from_secs(5)).await;
    println!("{} events are kept", recorder.stats().accepted);
    Ok(())
}
