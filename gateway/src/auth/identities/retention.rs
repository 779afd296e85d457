//! How long each organisation says its events are kept, cached and kept fresh as its keys are.

use moka::future::Cache;
use store::{OrgId, StoreError};

use super::{CACHED_MAX, Identities, Stamped};

/// What this gateway knows of it; `None`: the organisation says nothing.
pub(super) type RetentionCache = Cache<OrgId, Stamped<Option<u32>>>;

pub(super) fn cache() -> RetentionCache {
    Cache::new(CACHED_MAX)
}

impl Identities {
    /// How many days the organisation itself says; `None`: nothing, the installation's hold.
    pub(crate) async fn retention_days(&self, org_id: OrgId) -> Result<Option<u32>, StoreError> {
        if let Some(found) = self.good(self.retentions.get(&org_id).await, |_| Some(org_id)) {
            return Ok(found);
        }
        let load = || async { Ok(self.retention.retention(org_id).await?.map(|own| own.events_days)) };
        self.load(&self.retentions, org_id, |_| Some(org_id), load).await
    }
}
