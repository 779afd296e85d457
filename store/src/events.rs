//! Records: written in idempotent batches, queried newest first, exported oldest first.

use std::{ops::Range, sync::Arc};

use aibbar::{EventType, NotARecord, RecordHead, RecordParts, Timestamp};
use async_trait::async_trait;
use uuid::Uuid;

use crate::{OrgId, StoreError, retention::Sweep};

/// One record on its way into the store: what is searched by, and the text as the log carried it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct NewRow {
    head: RecordHead,
    record: Arc<str>,
    /// Where its event and its receipt stand in `record`, when that is known already.
    pub(crate) parts: Option<(Range<usize>, Range<usize>)>,
}

impl NewRow {
    /// Takes a record apart as the log carried it.
    ///
    /// # Errors
    /// When these bytes are no record.
    pub fn decode(record: &[u8]) -> Result<Self, NotARecord> {
        let text = RecordHead::text(record)?;
        let RecordParts { head, event, receipt } = RecordParts::decode(text)?;
        Ok(Self { head, record: text.into(), parts: Some((event, receipt)) })
    }

    /// A record with a head that was read before; its parts are looked for when it is written.
    pub fn new(head: RecordHead, record: impl Into<Arc<str>>) -> Self {
        Self { head, record: record.into(), parts: None }
    }

    /// What it is searched by.
    pub fn head(&self) -> &RecordHead {
        &self.head
    }

    /// The whole record, `{"event":…,"record":…}`, stored and answered to the byte.
    pub fn record(&self) -> &str {
        &self.record
    }
}

/// What became of one row of a batch. All three mean: done, never send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// It is new.
    Stored,
    /// The same event (same id, same signature) was there.
    AlreadyStored,
    /// The id was there with another signature; the first stays, this one was not written.
    Conflict,
}

/// Which records are wanted. `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// The AI system.
    pub ai_id: Option<Uuid>,
    /// The type.
    pub event_type: Option<EventType>,
    /// `timestamp` at or after this.
    pub from: Option<Timestamp>,
    /// `timestamp` before this.
    pub to: Option<Timestamp>,
    /// `metadata.session_id`, equal.
    pub session_id: Option<String>,
    /// `metadata.request_id`, equal.
    pub request_id: Option<String>,
    /// Text that stands somewhere in the event (not in what the gateway added), as people read it: `say "hi"`
    /// finds the string that JSON writes as `say \"hi\"`. ASCII letters match in either case; nothing is a wildcard.
    pub text: Option<String>,
}

impl EventFilter {
    /// The searched text as it stands inside a JSON string, its ASCII letters in lower case. It is found in the text of
    /// the event, lowered likewise: the one rule of every store and of live streams.
    pub fn needle(&self) -> Option<String> {
        let json = serde_json::Value::from(self.text.as_deref()?).to_string();
        Some(json[1..json.len() - 1].to_ascii_lowercase())
    }
}

/// One page of records, newest first (by event id, whose time is the event's).
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The records' bytes, as they were written.
    pub records: Vec<String>,
    /// The event id of the last record, when there are more behind it: the next page's `before`.
    pub next_before: Option<Uuid>,
}

/// One page of records, oldest first (by event id, whose time is the event's).
#[derive(Clone, Debug)]
pub struct ExportPage {
    /// The records' bytes, as they were written.
    pub records: Vec<String>,
    /// The event id of the last record, when there are more behind it: the next page's `after`.
    pub next_after: Option<Uuid>,
}

/// The records of every organisation; every call but `write` names one.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Writes the batch in one transaction, all or nothing, and answers one outcome per row in order.
    ///
    /// `Refused` means that at least one row can never be stored; the caller splits the batch.
    async fn write(&self, rows: &[NewRow]) -> Result<Vec<WriteOutcome>, StoreError>;

    /// One record by its id.
    async fn get(&self, org_id: OrgId, event_id: Uuid) -> Result<Option<String>, StoreError>;

    /// At most `limit` records (fewer when they are large) older than `before` that match, newest first. Pages stay right while
    /// rows arrive: nothing is shown twice, and nothing that was there at the first page is left out.
    async fn query(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<EventPage, StoreError>;

    /// At most `limit` records (fewer when they are large) newer than `after` that match, oldest first. Pages stay
    /// right while rows arrive, as those of [`EventStore::query`] do.
    async fn export(
        &self,
        org_id: OrgId,
        filter: &EventFilter,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<ExportPage, StoreError>;

    /// How many records the organisation has stored.
    async fn count(&self, org_id: OrgId) -> Result<u64, StoreError>;

    /// Drops what is past its organisation's retention and no legal hold covers, oldest first, in bounded steps: by whole
    /// partitions where there are any and nothing in them is kept, or little that is moved; else row by row. Each step and the
    /// entry of the trail that tells of it are one transaction, so broken off anywhere it is begun again. An event goes at the
    /// earliest when its time is over, and at the latest a day later; in PostgreSQL, where its organisation says nothing of
    /// retention, when that of its whole month is. `Unavailable` when something was in use: the rest is done, try again. While
    /// another process is at it, nothing is done.
    async fn drop_past_retention(&self, sweep: &Sweep<'_>) -> Result<(), StoreError>;

    /// Makes what the coming time needs (partitions ahead); called at start and then daily.
    async fn prepare(&self, now: Timestamp) -> Result<(), StoreError>;

    /// Whether the store answers now; bounded to a second or so.
    async fn check(&self) -> Result<(), StoreError>;
}
