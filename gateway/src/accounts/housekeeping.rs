//! Deletes what has ended: sessions, links, invitations, attempts.

use std::{sync::Arc, time::Duration};

use store::AccountStore;
use tokio_util::sync::CancellationToken;

use crate::clock;

const EVERY: Duration = Duration::from_secs(3_600);

/// What has ended is kept so long, longer than a session lives unused: a refresh token that comes back within it still
/// tells of a thief.
const KEPT_MS: i64 = 31 * 24 * 3_600 * 1_000;

/// Sweeps every hour, until told to stop. Several gateways may do so at once.
pub(crate) async fn sweep(store: Arc<dyn AccountStore>, stop: CancellationToken) {
    loop {
        match store.sweep_accounts(clock::now().plus_ms(-KEPT_MS)).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "what had ended of sessions, links and attempts was deleted"),
            Err(error) => tracing::warn!(%error, "what has ended of sessions, links and attempts is not yet deleted"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}
