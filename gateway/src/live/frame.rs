//! The messages of a live stream, as JSON text. The record's bytes are spliced in as the log carried them, and shared by
//! every client's frames: a client costs what stands around them.

use bus::Positions;
use bytes::Bytes;

use super::{cursor, queue::Delivery};

/// One message, in the pieces that it is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pieces: Vec<Bytes>,
}

impl Frame {
    /// Bytes of text.
    pub(super) fn len(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }

    /// The text, piece by piece.
    pub(super) fn into_pieces(self) -> Vec<Bytes> {
        self.pieces
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self { pieces: vec![text.into()] }
    }
}

/// Said once, when everything from here on will be seen.
pub(super) fn hello(mark: &Positions) -> Frame {
    format!(r#"{{"type":"hello","cursor":"{}"}}"#, cursor::encode(mark)).into()
}

/// One record: its own members (`event`, `record`) beside `type` and `cursor`.
pub(super) fn event(delivery: &Delivery, after: &Positions) -> Option<Frame> {
    std::str::from_utf8(&delivery.record).ok()?.strip_prefix('{')?;
    let head = format!(r#"{{"type":"event","cursor":"{}","#, cursor::encode(after));
    Some(Frame { pieces: vec![head.into(), delivery.record.slice(1..)] })
}

/// Several records at once, for clients that asked for `batch=1`.
pub(super) fn events<'a>(deliveries: impl IntoIterator<Item = &'a Delivery>, after: &Positions) -> Frame {
    let head = format!(r#"{{"type":"events","cursor":"{}","items":["#, cursor::encode(after));
    let mut pieces = vec![Bytes::from(head)];
    for delivery in deliveries.into_iter().filter(|d| std::str::from_utf8(&d.record).is_ok()) {
        if pieces.len() > 1 {
            pieces.push(Bytes::from_static(b","));
        }
        pieces.push(delivery.record.clone());
    }
    pieces.push(Bytes::from_static(b"]}"));
    Frame { pieces }
}

/// The client was too slow: so many matching records were let go, and `resume` is where they begin.
pub(super) fn gap(missed: u64, resume: &Positions) -> Frame {
    format!(r#"{{"type":"gap","missed":{missed},"resume":"{}"}}"#, cursor::encode(resume)).into()
}

/// The log no longer keeps what the cursor asked for; the stream goes on with the oldest that is kept.
pub(super) fn expired(oldest: &Positions) -> Frame {
    format!(r#"{{"type":"expired","cursor":"{}"}}"#, cursor::encode(oldest)).into()
}

/// The last message: why the stream ends, and where to resume.
pub(super) fn bye(reason: &str, at: &Positions) -> Frame {
    format!(r#"{{"type":"bye","reason":"{reason}","cursor":"{}"}}"#, cursor::encode(at)).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_frame_is_json_with_its_type() {
        let at = Positions::from([(0, 7)]);
        let delivery = Delivery {
            position: bus::Position { partition: 0, offset: 6 },
            record: bytes::Bytes::from_static(br#"{"event":{"a":1},"record":{"b":2}}"#),
        };
        for (text, kind) in [
            (hello(&at), "hello"),
            (event(&delivery, &at).unwrap(), "event"),
            (events([&delivery, &delivery], &at), "events"),
            (gap(3, &at), "gap"),
            (expired(&at), "expired"),
            (bye("shutdown", &at), "bye"),
        ] {
            assert_eq!(text.len(), text.clone().into_pieces().concat().len());
            let value: Value = serde_json::from_slice(&text.into_pieces().concat()).unwrap();
            assert_eq!(value["type"], kind);
        }
        let one: Value = serde_json::from_slice(&event(&delivery, &at).unwrap().into_pieces().concat()).unwrap();
        assert_eq!((&one["event"]["a"], &one["record"]["b"]), (&Value::from(1), &Value::from(2)));
    }
}
