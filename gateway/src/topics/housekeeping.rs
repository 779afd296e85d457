//! Finishes what was broken off: topics that the log has still to make, to change or to forget; and forgets idempotency
//! keys of yesterday.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::PublicationStore;
use tokio_util::sync::CancellationToken;

use super::Topics;
use crate::{clock, publish::idempotency::REMEMBERED_MS};

/// How soon a topic that could not be finished is looked at again.
const EVERY: Duration = Duration::from_secs(30);

/// Keys are forgotten one by one when they are used again; this is for the rest.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// Looks and sweeps until told to stop. Several gateways may do so at once.
pub(crate) async fn follow(topics: Arc<Topics>, publications: Arc<dyn PublicationStore>, stop: CancellationToken) {
    let mut swept: Option<Instant> = None;
    loop {
        tokio::select! {
            () = topics.finish_all() => {}
            () = stop.cancelled() => return,
        }
        if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
            match publications.sweep_publications(clock::now().plus_ms(-REMEMBERED_MS)).await {
                Ok(_) => swept = Some(Instant::now()),
                Err(error) => tracing::debug!(%error, "idempotency keys are not yet swept"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}
