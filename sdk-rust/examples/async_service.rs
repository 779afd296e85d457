//! Many tasks of one service: each has its own context, and none waits for the recorder.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use gapin_sdk::{Recorder, Settings, context};

async fn answer(question: String) -> String {
    tokio::time::sleep(Duration::from_millis(10)).await;
    question.to_uppercase()
}

#[tokio::main]
async fn main() -> Result<(), gapin_sdk::Error> {
    let recorder = Recorder::new(Settings::new().ai_version("service-1"))?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let recorder = recorder.clone();
        let handle = async move {
            let question = format!("question {number}");
            recorder.wrap("answer").input(&question).run(answer(question)).await
        };
        tasks.spawn(context::new().request_id(format!("request-{number}")).run(handle));
    }
    let answers = tasks.join_all().await;
    assert!(recorder.flush(Duration::from_secs(30)).await);
    println!("{} answers, {} events are kept", answers.len(), recorder.stats().accepted);
    Ok(())
}
