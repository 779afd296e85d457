//! What a live client is shown of a record, as JSON text: made once, shared by everyone who watches.

use bus::LogRecord;
use bytes::Bytes;

use super::topic::Watched;

/// A JSON object: of an event the record as it is carried, of any other message what every reader of it is told.
pub(super) fn shown(record: &LogRecord, topic: &Watched) -> Bytes {
    if topic.is_events() {
        return record.payload.clone();
    }
    record.payload.clone()
}
