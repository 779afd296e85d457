//! Rows of a test: it says what matters, the rest is made up.

use aibbar::{EventType, RecordHead, Signature, Timestamp};
use store::{EventFilter, NewRow, OrgId};
use uuid::Uuid;

use crate::place::Store;

pub(crate) const ORG: OrgId = Uuid::from_u128(0x0A);
pub(crate) const OTHER_ORG: OrgId = Uuid::from_u128(0x0B);

/// Noon of the 15th of a month, in UTC.
pub(crate) fn mid(year_month: &str) -> Timestamp {
    at(&format!("{year_month}-15T12:00:00Z"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A row at this moment, with an id of its own of that millisecond.
pub(crate) fn row(timestamp: Timestamp) -> Row {
    let event_id = id_at(timestamp);
    Row {
        event: r#"{"text":"hello"}"#.to_owned(),
        hidden: Vec::new(),
        head: RecordHead {
            org_id: ORG,
            event_id,
            received_at: timestamp,
            ai_id: Uuid::from_u128(1),
            event_type: EventType::Query,
            timestamp,
            session_id: None,
            request_id: None,
            sequence: None,
            signature: Signature(hash_like(event_id)),
        },
    }
}

/// A UUIDv7 of this moment's millisecond.
pub(crate) fn id_at(timestamp: Timestamp) -> Uuid {
    let random = Uuid::new_v4().as_u128() & ((1 << 74) - 1);
    let (high, low) = (random >> 62, random & ((1 << 62) - 1));
    Uuid::from_u128((timestamp.unix_ms() as u128) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
}

fn hash_like(id: Uuid) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(id.as_bytes());
    bytes
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    head: RecordHead,
    event: String,
    /// The kinds of what was hidden.
    hidden: Vec<&'static str>,
}

impl Row {
    pub(crate) fn of(mut self, org_id: OrgId) -> Self {
        self.head.org_id = org_id;
        self
    }

    pub(crate) fn id(mut self, event_id: Uuid) -> Self {
        self.head.event_id = event_id;
        self
    }

    pub(crate) fn ai(mut self, number: u128) -> Self {
        self.head.ai_id = Uuid::from_u128(number);
        self
    }

    pub(crate) fn of_type(mut self, event_type: EventType) -> Self {
        self.head.event_type = event_type;
        self
    }

    pub(crate) fn session(mut self, id: &str) -> Self {
        self.head.session_id = Some(id.to_owned());
        self
    }

    pub(crate) fn request(mut self, id: &str) -> Self {
        self.head.request_id = Some(id.to_owned());
        self
    }

    pub(crate) fn sequence(mut self, sequence: u64) -> Self {
        self.head.sequence = Some(sequence);
        self
    }

    /// Signed by somebody else: same id, another signature.
    pub(crate) fn forged(mut self) -> Self {
        self.head.signature.0[31] ^= 0xFF;
        self
    }

    /// The event's JSON, as it is.
    pub(crate) fn event(mut self, json: &str) -> Self {
        self.event = json.to_owned();
        self
    }

    /// Its receipt tells of things of these kinds.
    pub(crate) fn hiding(mut self, kinds: &[&'static str]) -> Self {
        self.hidden = kinds.to_vec();
        self
    }

    /// An event with this text in a string of it.
    pub(crate) fn text(self, text: &str) -> Self {
        let json = serde_json::json!({ "text": text }).to_string();
        self.event(&json)
    }

    pub(crate) fn event_id(&self) -> Uuid {
        self.head.event_id
    }

    pub(crate) fn record(&self) -> String {
        let hidden: Vec<_> =
            self.hidden.iter().map(|kind| serde_json::json!({ "pointer": "/text", "kind": kind })).collect();
        let (event, event_id, hidden) = (&self.event, self.head.event_id, serde_json::json!(hidden));
        format!(r#"{{"event":{event},"record":{{"event_id":"{event_id}","gateway":"gw-1","redactions":{hidden}}}}}"#)
    }

    pub(crate) fn build(&self) -> NewRow {
        NewRow::new(self.head.clone(), self.record())
    }
}

pub(crate) fn build(rows: &[Row]) -> Vec<NewRow> {
    rows.iter().map(Row::build).collect()
}

pub(crate) async fn put(store: &dyn Store, rows: &[Row]) {
    store.write(&build(rows)).await.unwrap();
}

/// All that the filter finds, newest first, in one page.
pub(crate) async fn find(store: &dyn Store, org_id: OrgId, filter: EventFilter) -> Vec<String> {
    let page = store.query(org_id, &filter, None, 10_000).await.unwrap();
    assert_eq!(page.next_before, None);
    page.records
}

/// The records of these rows, newest first.
pub(crate) fn newest_first<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<String> {
    let mut rows: Vec<&Row> = rows.into_iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.event_id()));
    rows.into_iter().map(Row::record).collect()
}
