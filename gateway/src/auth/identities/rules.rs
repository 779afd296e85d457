//! What each organisation hides, cached and kept fresh as its keys are.

use std::sync::Arc;

use aibbar::RuleSet;
use moka::future::Cache;
use store::{OrgId, StoreError};

use super::{CACHED_MAX, Identities, Stamped};

/// A compiled pattern takes the place of so many organisations that have none.
const WEIGHT_OF_OWN_RULE: u32 = 50;

/// What this gateway knows of organisations' rules.
pub(super) type RulesCache = Cache<OrgId, Stamped<Arc<RuleSet>>>;

pub(super) fn cache() -> RulesCache {
    let weight = |_: &OrgId, rules: &Stamped<Arc<RuleSet>>| {
        let own = u32::try_from(rules.found.own_rules()).unwrap_or(u32::MAX);
        own.saturating_mul(WEIGHT_OF_OWN_RULE).saturating_add(1)
    };
    Cache::builder().max_capacity(CACHED_MAX).weigher(weight).build()
}

impl Identities {
    /// What the organisation hides. When that can't be told it is an error, never something weaker: what leaves this process
    /// unhidden can't be called back.
    pub(crate) async fn redaction_rules(&self, org_id: OrgId) -> Result<Arc<RuleSet>, StoreError> {
        if let Some(found) = self.good(self.rules.get(&org_id).await, |_| Some(org_id)) {
            return Ok(found);
        }
        self.load(&self.rules, org_id, |_| Some(org_id), || self.compiled_rules(org_id)).await
    }

    async fn compiled_rules(&self, org_id: OrgId) -> Result<Arc<RuleSet>, StoreError> {
        let Some(found) = self.redaction.redaction(org_id).await? else {
            return Ok(self.default_rules.clone());
        };
        let compiled = tokio::task::spawn_blocking(move || {
            let rules = RuleSet::new(&found.settings, Some(found.key));
            rules.map(|rules| Arc::new(rules.of_settings_version(found.version)))
        });
        // Not with the error itself: of a panic it quotes the words, and this goes into the log.
        let compiled = compiled.await.map_err(|_| StoreError::Unavailable("its work was broken off".to_owned()))?;
        compiled.map_err(|faults| {
            StoreError::Unreadable(format!("redaction settings with {} faults; set them anew", faults.len()))
        })
    }
}
