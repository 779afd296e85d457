//! Waiting for a condition without holding up the runtime.

use std::time::{Duration, Instant};

/// How long anything that must come true may take. Far more than it needs: machines under test are busy.
pub const WAIT_MAX: Duration = Duration::from_secs(90);

/// The first answer may be a moment away; who waits longer asks less often, since asking costs the system too.
const POLL_FIRST: Duration = Duration::from_millis(20);
const POLL_LAST: Duration = Duration::from_millis(500);

/// Asks until there is an answer; stops the test when there is none within [`WAIT_MAX`].
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + WAIT_MAX;
    let mut poll_after = POLL_FIRST;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {WAIT_MAX:?}: {what}");
        tokio::time::sleep(poll_after).await;
        poll_after = (poll_after * 2).min(POLL_LAST);
    }
}
