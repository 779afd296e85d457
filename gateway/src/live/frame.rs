//! The messages of a live stream, as JSON text. The record's bytes are spliced in as the log carried them.

use bus::Positions;

use super::{cursor, queue::Delivery};

/// Said once, when everything from here on will be seen.
pub(super) fn hello(mark: &Positions) -> String {
    format!(r#"{{"type":"hello","cursor":"{}"}}"#, cursor::encode(mark))
}

/// One record: its own members (`event`, `record`) beside `type` and `cursor`.
pub(super) fn event(delivery: &Delivery, after: &Positions) -> Option<String> {
    let members = std::str::from_utf8(&delivery.record).ok()?.strip_prefix('{')?;
    Some(format!(r#"{{"type":"event","cursor":"{}",{members}"#, cursor::encode(after)))
}

/// Several records at once, for clients that asked for `batch=1`.
pub(super) fn events<'a>(deliveries: impl IntoIterator<Item = &'a Delivery>, after: &Positions) -> String {
    let mut text = format!(r#"{{"type":"events","cursor":"{}","items":["#, cursor::encode(after));
    let mut first = true;
    for record in deliveries.into_iter().filter_map(|d| std::str::from_utf8(&d.record).ok()) {
        if !std::mem::take(&mut first) {
            text.push(',');
        }
        text.push_str(record);
    }
    text.push_str("]}");
    text
}

/// The client was too slow: so many matching records were let go, and `resume` is where they begin.
pub(super) fn gap(missed: u64, resume: &Positions) -> String {
    format!(r#"{{"type":"gap","missed":{missed},"resume":"{}"}}"#, cursor::encode(resume))
}

/// The log no longer keeps what the cursor asked for; the stream goes on with the oldest that is kept.
pub(super) fn expired(oldest: &Positions) -> String {
    format!(r#"{{"type":"expired","cursor":"{}"}}"#, cursor::encode(oldest))
}

/// The last message: why the stream ends, and where to resume.
pub(super) fn bye(reason: &str, at: &Positions) -> String {
    format!(r#"{{"type":"bye","reason":"{reason}","cursor":"{}"}}"#, cursor::encode(at))
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
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["type"], kind);
        }
        let one: Value = serde_json::from_str(&event(&delivery, &at).unwrap()).unwrap();
        assert_eq!((&one["event"]["a"], &one["record"]["b"]), (&Value::from(1), &Value::from(2)));
    }
}
