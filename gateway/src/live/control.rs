//! What a client may say over a WebSocket: to pause, to go on, to want something else.

use aibbar::{EventType, Timestamp};
use serde::Deserialize;
use store::events::EventFilter;
use uuid::Uuid;

use super::{conditions::NotConditions, filter::LiveFilter};
use crate::query::{ID_BYTES_MAX, TEXT_BYTES_MAX};

/// What a client asks for.
#[derive(Debug)]
pub(super) enum Control {
    /// Send nothing.
    Pause,
    /// Go on: from a cursor, or where the stream is.
    Resume(Option<String>),
    /// Send what matches this instead.
    Filter(Box<LiveFilter>),
}

/// Why a client's frame was not taken, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) detail: String,
    /// Where in a filter's conditions.
    pub(super) position: Option<usize>,
}

impl Refused {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Refused {
        Refused { code, detail: detail.into(), position: None }
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Said {
    Pause {},
    Resume {
        #[serde(default)]
        cursor: Option<String>,
    },
    Filter {
        #[serde(default)]
        ai_id: Option<Uuid>,
        #[serde(default)]
        event_type: Option<String>,
        #[serde(default)]
        from: Option<String>,
        #[serde(default)]
        to: Option<String>,
        #[serde(default)]
        session_id: Option<String>,
        #[serde(default)]
        request_id: Option<String>,
        #[serde(default)]
        q: Option<String>,
        #[serde(default, rename = "where")]
        conditions: Option<String>,
    },
}

const EXPECTED: &str = "Send {\"type\":\"pause\"}, {\"type\":\"resume\"} with or without `cursor`, or {\"type\":\"filter\"} \
with any of `ai_id`, `event_type`, `from`, `to`, `session_id`, `request_id`, `q` and `where`.";

/// Reads a text frame of a client's.
pub(super) fn parse(text: &str) -> Result<Control, Refused> {
    let invalid = |detail: &str| Refused::new("invalid_frame", detail);
    // serde's own sentence may quote the frame; where it stopped is enough.
    let said: Said = serde_json::from_str(text).map_err(|_| invalid(EXPECTED))?;
    match said {
        Said::Pause {} => Ok(Control::Pause),
        Said::Resume { cursor } => Ok(Control::Resume(cursor)),
        Said::Filter { ai_id, event_type, from, to, session_id, request_id, q, conditions } => {
            let time = |text: Option<String>| text.map(|text| Timestamp::parse(&text).ok_or(())).transpose();
            let bounded = |text: Option<String>, bytes_max: usize| match text {
                Some(text) if text.is_empty() || text.len() > bytes_max => Err(()),
                text => Ok(text),
            };
            let parts = || -> Result<EventFilter, ()> {
                Ok(EventFilter {
                    ai_id,
                    event_type: event_type.map(|name| EventType::parse(&name).ok_or(())).transpose()?,
                    from: time(from)?,
                    to: time(to)?,
                    session_id: bounded(session_id, ID_BYTES_MAX)?,
                    request_id: bounded(request_id, ID_BYTES_MAX)?,
                    text: bounded(q, TEXT_BYTES_MAX)?,
                })
            };
            let filter =
                parts().map_err(|()| invalid("A member of the filter is empty, too long or not of its kind."))?;
            LiveFilter::new(filter, conditions.as_deref()).map(Box::new).map(Control::Filter).map_err(not_conditions)
        }
    }
}

fn not_conditions(wrong: NotConditions) -> Refused {
    Refused { code: "invalid_filter", detail: format!("`where`: {wrong}."), position: Some(wrong.position) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_client_says_one_of_three_things() {
        assert!(matches!(parse(r#"{"type":"pause"}"#), Ok(Control::Pause)));
        assert!(matches!(parse(r#"{"type":"resume"}"#), Ok(Control::Resume(None))));
        let earliest = parse(r#"{"type":"resume","cursor":"earliest"}"#);
        assert!(matches!(earliest, Ok(Control::Resume(Some(cursor))) if cursor == "earliest"));
        let filter = r#"{"type":"filter","q":"x","event_type":"ai.error","where":"/event/key_id=\"main\""}"#;
        assert!(matches!(parse(filter), Ok(Control::Filter(_))));
        assert!(matches!(parse(r#"{"type":"filter"}"#), Ok(Control::Filter(_))));
    }

    #[test]
    fn anything_else_is_told_what_is_wrong() {
        for (text, code) in [
            ("", "invalid_frame"),
            ("pause", "invalid_frame"),
            ("[]", "invalid_frame"),
            (r#"{"type":"stop"}"#, "invalid_frame"),
            (r#"{"type":"pause","for":1}"#, "invalid_frame"),
            (r#"{"type":"filter","topic":"orders"}"#, "invalid_frame"),
            (r#"{"type":"filter","event_type":"ai.thought"}"#, "invalid_frame"),
            (r#"{"type":"filter","q":""}"#, "invalid_frame"),
            (r#"{"type":"filter","from":"yesterday"}"#, "invalid_frame"),
            (r#"{"type":"resume","cursor":7}"#, "invalid_frame"),
            (r#"{"type":"filter","where":"/a=b"}"#, "invalid_filter"),
        ] {
            assert_eq!(parse(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(parse(r#"{"type":"filter","where":"/a=b"}"#).unwrap_err().position, Some(4));
    }
}
