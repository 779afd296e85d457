//! What the tests share: the real gateway, what may stand between it and a client, and waiting for conditions.

// Every test binary takes what it needs.
#![allow(dead_code, unused_imports, unreachable_pub, clippy::unwrap_used, missing_docs)]

pub mod faulty;
pub mod gateway;
pub mod programs;
pub mod random;
pub mod raw;
pub mod relay;
pub mod through;

use std::{
    thread,
    time::{Duration, Instant},
};

pub use faulty::FaultyGateway;
pub use gateway::{Gateway, gateway, settings, stored, stored_records};
pub use relay::Relay;
pub use through::{FLUSH, Through, numbered, prompts, quick, record};

pub const WAIT_MAX: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks until there is an answer.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + WAIT_MAX;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < until, "not within {WAIT_MAX:?}: {what}");
        thread::sleep(PAUSE);
    }
}

/// Asks until there is an answer, in async code.
pub async fn eventually_async<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + WAIT_MAX;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < until, "not within {WAIT_MAX:?}: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}
