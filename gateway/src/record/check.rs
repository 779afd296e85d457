//! One event through the rules: parse, schema, time, signature, redaction.

use std::sync::Arc;

use aibbar::{
    Event, Receipt, RuleSet, Timestamp,
    event::{RedactedEvent, TimeWindow},
    record::{self, ORG_HEADER},
};
use bus::NewRecord;
use bytes::Bytes;
use store::{OrgId, StoreError};
use uuid::Uuid;

use super::{RecordDoor, asked::Asked};
use crate::{
    auth::{Caller, identities::verifies},
    clock,
    door::Ready,
    problem::{Kind, Problem},
};

/// After so many bytes of events a batch lets other requests of its worker have their turn: a millisecond or so.
const TURN_BYTES: usize = 32 * 1024;

/// An event longer than this is redacted apart from the workers where the organisation has rules of its own: their patterns may
/// cost twenty times as much as GAPIN's, and no other organisation shall wait for them.
const OWN_RULES_BYTES_MAX: usize = 32 * 1024;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What all events of a request share.
struct Batch<'c> {
    caller: &'c Caller,
    window: TimeWindow,
    /// The organisation, as it stands in the log's header.
    org: Bytes,
    asked: Asked<'c>,
}

/// What an event was verified with, and is redacted by.
struct Verified<'c> {
    key_id: &'c str,
    received_at: Timestamp,
    rules: &'c RuleSet,
}

impl RecordDoor {
    /// Checks every event of a request, in order.
    pub(super) async fn check_all(&self, caller: &Caller, events: &[Bytes]) -> Vec<Result<Ready<Uuid>, Problem>> {
        let mut checked = Vec::with_capacity(events.len());
        let window = match self.time_window(caller.org_id()).await {
            Ok(window) => window,
            Err(error) => return events.iter().map(|_| Err(error.clone().into())).collect(),
        };
        let mut batch = Batch {
            caller,
            window,
            org: caller.org_id().to_string().into(),
            asked: Asked::new(&self.identities, caller.org_id()),
        };
        let mut bytes_this_turn = 0;
        for event in events {
            if bytes_this_turn > TURN_BYTES {
                tokio::task::yield_now().await;
                bytes_this_turn = 0;
            }
            bytes_this_turn += event.len();
            checked.push(self.check(&mut batch, event).await);
        }
        checked
    }

    /// What lies in it is not too old for the organisation to keep, nor from the future.
    async fn time_window(&self, org_id: OrgId) -> Result<TimeWindow, StoreError> {
        Ok(match self.identities.retention_days(org_id).await? {
            None => self.time_window,
            own => {
                let days = self.retention.effective_days(own);
                TimeWindow { age_ms_max: i64::from(days) * DAY_MS, ..self.time_window }
            }
        })
    }

    async fn check(&self, batch: &mut Batch<'_>, json: &[u8]) -> Result<Ready<Uuid>, Problem> {
        let received_at = clock::now();
        let event = Event::parse(json)?;
        event.check_time(received_at, &batch.window)?;
        let keys = batch.asked.signing_key(event.key_id(), received_at).await?;
        let valid = || keys.iter().filter(|known| verifies(&known.key, event.ai_id(), received_at));
        // An unknown key goes the same way as a wrong signature, and takes as long.
        let which = event.verify(valid().map(|known| &known.key.secret))?;
        // Asked only where it matters: where any AI system is taken, one that is new must not need the store.
        let registered_only = batch.caller.api_key().is_none_or(|found| found.registered_systems_only);
        if registered_only && !batch.asked.takes_ai_system(event.ai_id()).await? {
            return Err(Problem::new(
                Kind::AiSystemNotRegistered,
                "This organisation takes events of registered AI systems alone; register this `ai_id` first.",
            ));
        }
        let rules = batch.asked.redaction_rules().await?;
        let verified_by = valid().nth(which);
        if let Some(known) = verified_by {
            self.identities.note_verified(known, received_at);
        }
        let key_id = verified_by.map_or("", |known| known.key.key_id.as_str());
        let (event_id, ai_id) = (event.event_id(), event.ai_id().to_string());
        let redacted = redacted(event, json.len(), &rules).await?;
        Ok(self.ready(batch, event_id, ai_id, &redacted, Verified { key_id, received_at, rules: &rules }))
    }

    /// From here on nothing holds the event unredacted.
    fn ready(
        &self,
        batch: &Batch<'_>,
        event_id: Uuid,
        ai_id: String,
        redacted: &RedactedEvent,
        how: Verified<'_>,
    ) -> Ready<Uuid> {
        // The table lets only keys record; a nil id would tell of a hole in it.
        let api_key_id = batch.caller.api_key().map_or(Uuid::nil(), |found| found.key.id);
        for redaction in &redacted.redactions {
            self.metrics.redactions.with_label_values(&[redaction.kind.as_str()]).inc();
        }
        let receipt = Receipt {
            event_id,
            org_id: batch.caller.org_id(),
            received_at: how.received_at,
            api_key_id,
            key_id: how.key_id,
            signature_verified_at: clock::now(),
            gateway: &self.gateway,
            redaction_rules: how.rules.version(),
        };
        let payload = record::encode(redacted, &receipt);
        Ready {
            topic: self.topic.clone(),
            receipt: event_id,
            record: NewRecord {
                key: ai_id.into(),
                payload: payload.into(),
                headers: vec![(ORG_HEADER.into(), batch.org.clone())],
            },
        }
    }
}

async fn redacted(event: Event, bytes: usize, rules: &Arc<RuleSet>) -> Result<RedactedEvent, Problem> {
    if bytes <= OWN_RULES_BYTES_MAX || rules.own_rules() == 0 {
        return Ok(event.redact(rules));
    }
    let rules = rules.clone();
    tokio::task::spawn_blocking(move || event.redact(&rules)).await.map_err(Problem::internal)
}
