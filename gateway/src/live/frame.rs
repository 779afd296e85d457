//! The messages of a live stream, as JSON text. The record's bytes are spliced in as they are shown to everyone, and
//! shared by every client's frames: a client costs what stands around them.

use bytes::Bytes;
use serde_json::json;

use super::{cursor, queue::Delivery, topic::Places};

/// One message, in the pieces that it is made of.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// What it is: its member `type`.
    pub(super) kind: &'static str,
    /// Where the stream goes on behind it.
    pub(super) cursor: Option<String>,
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

    fn whole(kind: &'static str, cursor: Option<String>, text: String) -> Frame {
        Frame { kind, cursor, pieces: vec![text.into()] }
    }

    /// A frame that has nothing but its kind and its cursor.
    fn plain(kind: &'static str, at: &Places) -> Frame {
        let cursor = cursor::encode(at);
        let text = format!(r#"{{"type":"{kind}","cursor":"{cursor}"}}"#);
        Self::whole(kind, Some(cursor), text)
    }
}

/// Said once, when everything from here on will be seen.
pub(super) fn hello(at: &Places) -> Frame {
    Frame::plain("hello", at)
}

/// The log no longer keeps what the cursor asked for; the stream goes on with the oldest that is kept.
pub(super) fn expired(oldest: &Places) -> Frame {
    Frame::plain("expired", oldest)
}

/// Nothing comes until the client asks for it.
pub(super) fn paused(at: &Places) -> Frame {
    Frame::plain("paused", at)
}

/// What follows the cursor comes.
pub(super) fn resumed(at: &Places) -> Frame {
    Frame::plain("resumed", at)
}

/// What follows the cursor is by the new filter.
pub(super) fn filtered(at: &Places) -> Frame {
    Frame::plain("filtered", at)
}

/// One record: its own members beside `type` and `cursor`.
pub(super) fn one(delivery: &Delivery, after: &Places) -> Frame {
    let kind = if delivery.topic.name.is_events() { "event" } else { "message" };
    let cursor = cursor::encode(after);
    // In one allocation: every client has a head of its own for each record.
    let head = [r#"{"type":""#, kind, r#"","cursor":""#, &cursor, r#"","#].concat();
    Frame { kind, cursor: Some(cursor), pieces: vec![head.into(), delivery.record.slice(1..)] }
}

/// Several records at once, for clients that asked for `batch=1`: all of them events, or none.
pub(super) fn several(deliveries: &[&Delivery], after: &Places) -> Frame {
    let is_events = deliveries.first().is_some_and(|delivery| delivery.topic.name.is_events());
    let kind = if is_events { "events" } else { "messages" };
    let cursor = cursor::encode(after);
    let mut pieces = Vec::with_capacity(2 * deliveries.len() + 1);
    pieces.push(Bytes::from(format!(r#"{{"type":"{kind}","cursor":"{cursor}","items":["#)));
    for delivery in deliveries {
        if pieces.len() > 1 {
            pieces.push(Bytes::from_static(b","));
        }
        pieces.push(delivery.record.clone());
    }
    pieces.push(Bytes::from_static(b"]}"));
    Frame { kind, cursor: Some(cursor), pieces }
}

/// The client was too slow: so many matching records were let go, and `resume` is where they begin.
pub(super) fn gap(missed: u64, resume: &Places) -> Frame {
    let cursor = cursor::encode(resume);
    let text = format!(r#"{{"type":"gap","missed":{missed},"resume":"{cursor}"}}"#);
    Frame::whole("gap", Some(cursor), text)
}

/// A frame of the client's was not taken; the stream goes on as if it had not come.
pub(super) fn error(code: &str, detail: &str, position: Option<usize>) -> Frame {
    let mut told = json!({ "type": "error", "code": code, "detail": detail });
    if let Some(position) = position {
        told["position"] = position.into();
    }
    Frame::whole("error", None, told.to_string())
}

/// The last message: why the stream ends, and where to resume.
pub(super) fn bye(reason: &str, at: &Places) -> Frame {
    bye_behind(reason, cursor::encode(at))
}

/// The same for a stream that did not begin again: where it was, in a cursor's letters.
pub(super) fn bye_behind(reason: &str, cursor: String) -> Frame {
    let text = format!(r#"{{"type":"bye","reason":"{reason}","cursor":"{cursor}"}}"#);
    Frame::whole("bye", Some(cursor), text)
}

/// Any text at all.
#[cfg(test)]
pub(super) fn text(text: String) -> Frame {
    Frame::whole("text", None, text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use serde_json::Value;

    use super::*;
    use crate::live::topic::events;

    #[test]
    fn every_frame_is_json_with_its_type() {
        let topic = Arc::new(events());
        let mut at = Places::new(std::slice::from_ref(&topic));
        at.at_mut(0).positions.insert(0, 7);
        let delivery = Delivery {
            topic,
            position: bus::Position { partition: 0, offset: 6 },
            record: Bytes::from_static(br#"{"event":{"a":1},"record":{"b":2}}"#),
        };
        for frame in [
            hello(&at),
            expired(&at),
            paused(&at),
            resumed(&at),
            filtered(&at),
            one(&delivery, &at),
            several(&[&delivery, &delivery], &at),
            gap(3, &at),
            error("invalid_frame", "It says \"no\".", Some(4)),
            bye("shutdown", &at),
        ] {
            let (kind, cursor, length) = (frame.kind, frame.cursor.clone(), frame.len());
            let text = frame.into_pieces().concat();
            assert_eq!(text.len(), length);
            let value: Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(value["type"], kind);
            let told = value.get("cursor").or(value.get("resume")).and_then(Value::as_str);
            assert_eq!(told, cursor.as_deref());
        }
        let event: Value = serde_json::from_slice(&one(&delivery, &at).into_pieces().concat()).unwrap();
        assert_eq!((&event["event"]["a"], &event["record"]["b"]), (&Value::from(1), &Value::from(2)));
    }
}
