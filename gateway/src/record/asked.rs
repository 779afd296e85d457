//! What the organisation says of its events, asked once for a whole request.
//!
//! A batch is of one organisation, mostly of one AI system, signed with one key. To ask the caches for each of its events
//! costs a microsecond, several times over; to remember the last answer costs a comparison. It is remembered as long as
//! this gateway learns of no change, whosever: so a revocation is heeded as soon as by who asks each time.

use std::sync::Arc;

use aibbar::{RuleSet, Timestamp};
use store::{OrgId, StoreError};
use uuid::Uuid;

use crate::auth::{
    Stamp,
    identities::{Identities, KnownSigningKey},
};

/// What is known of the signing key of this name; `None`: of the default.
struct Named {
    key_id: Option<Box<str>>,
    keys: Arc<[KnownSigningKey]>,
}

pub(super) struct Asked<'i> {
    identities: &'i Identities,
    org_id: OrgId,
    stamp: Stamp,
    rules: Option<Arc<RuleSet>>,
    signing_key: Option<Named>,
    ai_system: Option<(Uuid, bool)>,
}

impl<'i> Asked<'i> {
    pub(super) fn new(identities: &'i Identities, org_id: OrgId) -> Self {
        let stamp = identities.stamp();
        Self { identities, org_id, stamp, rules: None, signing_key: None, ai_system: None }
    }

    /// [`Identities::signing_key`].
    pub(super) async fn signing_key(
        &mut self,
        key_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<[KnownSigningKey]>, StoreError> {
        self.forget_what_is_old();
        if let Some(named) = self.signing_key.as_ref().filter(|named| named.key_id.as_deref() == key_id) {
            return Ok(named.keys.clone());
        }
        let keys = self.identities.signing_key(self.org_id, key_id, now).await?;
        self.signing_key = Some(Named { key_id: key_id.map(Box::from), keys: keys.clone() });
        Ok(keys)
    }

    /// [`Identities::takes_ai_system`].
    pub(super) async fn takes_ai_system(&mut self, ai_id: Uuid) -> Result<bool, StoreError> {
        self.forget_what_is_old();
        if let Some((asked, takes)) = self.ai_system
            && asked == ai_id
        {
            return Ok(takes);
        }
        let takes = self.identities.takes_ai_system(self.org_id, ai_id).await?;
        self.ai_system = Some((ai_id, takes));
        Ok(takes)
    }

    /// [`Identities::redaction_rules`].
    pub(super) async fn redaction_rules(&mut self) -> Result<Arc<RuleSet>, StoreError> {
        self.forget_what_is_old();
        if let Some(rules) = &self.rules {
            return Ok(rules.clone());
        }
        let rules = self.identities.redaction_rules(self.org_id).await?;
        self.rules = Some(rules.clone());
        Ok(rules)
    }

    fn forget_what_is_old(&mut self) {
        if self.identities.stamp() != self.stamp {
            *self = Self::new(self.identities, self.org_id);
        }
    }
}
