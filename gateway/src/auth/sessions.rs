//! Sessions, cached for a moment: what an access token names, and what its person may do now.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use store::{AccountStore, OrgId, SessionState, StoreError, vault::Vault};
use uuid::Uuid;

use super::tokens;
use crate::clock;

/// A session that was ended, or a role that was taken away, goes on for so long at most, on every gateway.
const CACHED_FOR: Duration = Duration::from_millis(750);

const CACHED_MAX: u64 = 50_000;

/// The sessions that this gateway has seen a moment ago.
pub(crate) struct Sessions {
    store: Arc<dyn AccountStore>,
    vault: Arc<Vault>,
    states: Cache<(Uuid, Option<OrgId>), Arc<SessionState>>,
}

impl Sessions {
    pub(crate) fn new(store: Arc<dyn AccountStore>, vault: Arc<Vault>) -> Self {
        let states = Cache::builder().max_capacity(CACHED_MAX).time_to_live(CACHED_FOR).build();
        Self { store, vault, states }
    }

    /// The state of the session that this access token names, in the organisation asked for or else in the one in use.
    pub(crate) async fn state(
        &self,
        access_token: &str,
        org_id: Option<OrgId>,
    ) -> Result<Option<Arc<SessionState>>, StoreError> {
        let Some(session_id) = self.session_of(access_token) else { return Ok(None) };
        self.state_of(session_id, org_id).await
    }

    /// The state of a session that was good a while ago; `None` when it is not any more.
    pub(crate) async fn state_of(
        &self,
        session_id: Uuid,
        org_id: Option<OrgId>,
    ) -> Result<Option<Arc<SessionState>>, StoreError> {
        let slot = (session_id, org_id);
        if let Some(state) = self.states.get(&slot).await {
            return Ok(Some(state));
        }
        let found = self.store.session_state(session_id, org_id, clock::now()).await?.map(Arc::new);
        if let Some(state) = &found {
            self.states.insert(slot, state.clone()).await;
        }
        Ok(found)
    }

    /// The session was changed by this gateway: it sees that at once, the others within the cache's time.
    pub(crate) async fn forget(&self, session_id: Uuid, org_id: Option<OrgId>) {
        self.states.invalidate(&(session_id, None)).await;
        if org_id.is_some() {
            self.states.invalidate(&(session_id, org_id)).await;
        }
    }

    /// The session that a token of ours names, when it is good now.
    fn session_of(&self, access_token: &str) -> Option<Uuid> {
        tokens::session_of(&self.vault, access_token, clock::now())
    }
}
