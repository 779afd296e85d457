//! What a live client is shown of a record, as JSON text: made once, shared by everyone who watches.

use bus::LogRecord;
use bytes::{Bytes, BytesMut};

use crate::streams::{message, topic::FoundTopic};

/// What stands around a message, about.
const AROUND_BYTES: usize = 256;

/// A JSON object: of an event the record as it is carried, of any other message what every reader of it is told.
pub(super) fn shown(record: &LogRecord, topic: &FoundTopic) -> Bytes {
    if topic.name.is_events() {
        return record.payload.clone();
    }
    let mut text = BytesMut::with_capacity(record.payload.len() + AROUND_BYTES);
    message::write(&mut text, topic, record, None);
    text.freeze()
}
