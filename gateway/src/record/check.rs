//! One event through the rules: parse, schema, time, signature, redaction.

use aibbar::{
    Event, Receipt, RuleSet,
    record::{self, ORG_HEADER},
};
use bus::NewRecord;
use bytes::Bytes;
use uuid::Uuid;

use super::RecordDoor;
use crate::{
    auth::{Caller, identities::verifies},
    clock,
    problem::{Kind, Problem},
};

/// After so many bytes of events a batch lets other requests of its worker have their turn: a millisecond or so.
const TURN_BYTES: usize = 32 * 1024;

/// An event that passed, ready for the log.
pub(super) struct Ready {
    pub(super) event_id: Uuid,
    pub(super) record: NewRecord,
}

impl RecordDoor {
    /// Checks every event of a request, in order.
    pub(super) async fn check_all(&self, caller: &Caller, events: &[Bytes]) -> Vec<Result<Ready, Problem>> {
        let mut checked = Vec::with_capacity(events.len());
        let mut bytes_this_turn = 0;
        for event in events {
            if bytes_this_turn > TURN_BYTES {
                tokio::task::yield_now().await;
                bytes_this_turn = 0;
            }
            bytes_this_turn += event.len();
            checked.push(self.check(caller, event).await);
        }
        checked
    }

    async fn check(&self, caller: &Caller, json: &[u8]) -> Result<Ready, Problem> {
        let received_at = clock::now();
        let event = Event::parse(json)?;
        event.check_time(received_at, &self.bounds.time_window)?;
        let keys = self.identities.signing_key(caller.org_id(), event.key_id(), received_at).await?;
        let valid = || keys.iter().filter(|key| verifies(key, event.ai_id(), received_at));
        // An unknown key goes the same way as a wrong signature, and takes as long.
        let which = event.verify(valid().map(|key| &key.secret))?;
        // Asked only where it matters: where any AI system is taken, one that is new must not need the store.
        let registered_only = caller.api_key().is_none_or(|found| found.registered_systems_only);
        if registered_only && !self.identities.takes_ai_system(caller.org_id(), event.ai_id()).await? {
            return Err(Problem::new(
                Kind::AiSystemNotRegistered,
                "This organisation takes events of registered AI systems alone; register this `ai_id` first.",
            ));
        }
        let rules = self.identities.redaction_rules(caller.org_id()).await?;
        let key_id = valid().nth(which).map_or("", |key| key.key_id.as_str());
        Ok(self.ready(caller, event, key_id, received_at, &rules))
    }

    /// From here on nothing holds the event unredacted.
    fn ready(
        &self,
        caller: &Caller,
        event: Event,
        key_id: &str,
        received_at: aibbar::Timestamp,
        rules: &RuleSet,
    ) -> Ready {
        let event_id = event.event_id();
        // The table lets only keys record; a nil id would tell of a hole in it.
        let api_key_id = caller.api_key().map_or(Uuid::nil(), |found| found.key.id);
        let key = event.ai_id().to_string();
        let redacted = event.redact(rules);
        for redaction in &redacted.redactions {
            self.metrics.redactions.with_label_values(&[redaction.kind.as_str()]).inc();
        }
        let receipt = Receipt {
            event_id,
            org_id: caller.org_id(),
            received_at,
            api_key_id,
            key_id,
            signature_verified_at: clock::now(),
            gateway: &self.gateway,
            redaction_rules: rules.version(),
        };
        let payload = record::encode(&redacted, &receipt);
        let org = caller.org_id().to_string();
        Ready {
            event_id,
            record: NewRecord { key: key.into(), payload: payload.into(), headers: vec![(ORG_HEADER, org.into())] },
        }
    }
}
