//! SIGTERM and SIGINT: the first asks for a drain, the second ends the process at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::exit::Failure;

/// What a shell answers for a process that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

/// Waits for the signals from now on. The token is cancelled by the first.
pub(crate) fn on_signal() -> Result<CancellationToken, Failure> {
    let unavailable = |error: std::io::Error| Failure::failed(format!("signals can't be waited for: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(unavailable)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unavailable)?;
    let asked = CancellationToken::new();
    let token = asked.clone();
    tokio::spawn(async move {
        for times in 0.. {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if times > 0 {
                tracing::warn!(signal = name, "ending at once");
                std::process::exit(EXIT_INTERRUPTED);
            }
            tracing::info!(signal = name, "stopping: finishing what was taken; a second signal ends at once");
            token.cancel();
        }
    });
    Ok(asked)
}
