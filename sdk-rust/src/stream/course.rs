//! Where a stream is: everything but the reading itself.

use std::{
    collections::{HashSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Gap, Live, frames::Frame};
use crate::{
    errors::{ApiError, Error},
    resources::RecordNotes,
};

/// A record may come twice, most of all when a stream goes on: so many are remembered and passed over.
const REMEMBERED_MAX: usize = 10_000;
const RETRY_WAIT_MIN: Duration = Duration::from_millis(100);
const RETRY_WAIT_MAX: Duration = Duration::from_secs(10);
const RETRY_FOR_DEFAULT: Duration = Duration::from_secs(300);
/// The wait doubles no more often than this.
const DOUBLINGS_MAX: u32 = 20;

pub(super) type OnGap = Box<dyn FnMut(&Gap) + Send>;

pub(super) struct Course {
    pub(super) cursor: Option<String>,
    pub(super) gaps: u64,
    pub(super) on_gap: Option<OnGap>,
    pub(super) resumes_gaps: bool,
    pub(super) retry_for: Duration,
    /// What was taken asks for another connection, at once.
    pub(super) must_reconnect: bool,
    failures: u32,
    failing_since: Option<Instant>,
    seen: Seen,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            cursor: None,
            gaps: 0,
            on_gap: None,
            resumes_gaps: true,
            retry_for: RETRY_FOR_DEFAULT,
            must_reconnect: false,
            failures: 0,
            failing_since: None,
            seen: Seen::default(),
        }
    }
}

#[derive(Deserialize)]
struct Body {
    cursor: Option<String>,
    event: Option<Value>,
    record: Option<RecordNotes>,
    missed: Option<u64>,
    resume: Option<String>,
    reason: Option<String>,
}

impl Course {
    /// Takes one frame; an event is answered, if it is new.
    ///
    /// # Errors
    /// Why the stream ends, or what the gateway can't have meant.
    pub(super) fn take(&mut self, frame: Frame) -> Result<Option<Live>, Error> {
        // It would come again after the next connection, and again.
        let not_ours = || Error::Unreadable("a frame of the stream is not what the API says".to_owned());
        let body: Body = serde_json::from_str(&frame.data).map_err(|_| not_ours())?;
        match frame.name.as_str() {
            "gap" => {
                self.tell(&Gap { missed: body.missed, resume: body.resume.clone() });
                if self.resumes_gaps && body.resume.is_some() {
                    self.cursor = body.resume;
                    self.must_reconnect = true;
                }
                return Ok(None);
            }
            "bye" => {
                self.go_to(body.cursor);
                return Err(end_of(&body.reason.unwrap_or_default()));
            }
            "expired" => self.tell(&Gap { missed: None, resume: None }),
            _ => {}
        }
        (self.failures, self.failing_since) = (0, None);
        if frame.name != "event" {
            self.go_to(body.cursor);
            return Ok(None);
        }
        let (Some(event), Some(record), Some(cursor)) = (body.event, body.record, body.cursor) else {
            return Err(not_ours());
        };
        self.cursor = Some(cursor.clone());
        let signature = event.get("signature").and_then(Value::as_str).unwrap_or_default();
        let is_new = self.seen.is_new((record.event_id, signature.to_owned()));
        Ok(is_new.then_some(Live { event, record, cursor }))
    }

    /// What to wait before connecting again.
    ///
    /// # Errors
    /// The same, when that is of no use, or went on for too long.
    pub(super) fn failed(&mut self, error: Error, now: Instant) -> Result<Duration, Error> {
        let since = *self.failing_since.get_or_insert(now);
        if !error.is_retryable() || now.duration_since(since) > self.retry_for {
            return Err(error);
        }
        let longest = RETRY_WAIT_MAX.min(RETRY_WAIT_MIN * 2_u32.pow(self.failures.min(DOUBLINGS_MAX)));
        self.failures += 1;
        let told = match error {
            Error::Api(error) => error.retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        // Full jitter: whoever was cut together does not come back together.
        Ok(longest.mul_f64(chance()).max(told.min(self.retry_for)))
    }

    fn go_to(&mut self, cursor: Option<String>) {
        if cursor.is_some() {
            self.cursor = cursor;
        }
    }

    fn tell(&mut self, gap: &Gap) {
        self.gaps += 1;
        if let Some(told) = &mut self.on_gap
            && catch_unwind(AssertUnwindSafe(|| told(gap))).is_err()
        {
            tracing::warn!(target: "gapin", "gapin: on_gap of a stream has panicked");
        }
    }
}

/// From 0 to 1.
fn chance() -> f64 {
    // The random bits of an id are those of the system.
    let bits = Uuid::new_v4().as_u64_pair().1 & u64::from(u32::MAX);
    bits as f64 / f64::from(u32::MAX)
}

/// Why the gateway ended the stream: of two reasons it does not come back.
fn end_of(reason: &str) -> Error {
    let (code, status, detail) = match reason {
        "key_invalid" => ("key_invalid", 401, "the key was revoked, has expired or lost its scope"),
        "topic_deleted" => ("topic_deleted", 404, "the topic is gone"),
        _ => return Error::Transport("the gateway ended the stream".to_owned()),
    };
    let (code, detail) = (code.to_owned(), detail.to_owned());
    ApiError { code, status, detail, request_id: None, is_retryable: false, faults: Vec::new(), retry_after: None }
        .into()
}

/// The newest records that came.
#[derive(Default)]
struct Seen {
    known: HashSet<(Uuid, String)>,
    order: VecDeque<(Uuid, String)>,
}

impl Seen {
    fn is_new(&mut self, identity: (Uuid, String)) -> bool {
        if !self.known.insert(identity.clone()) {
            return false;
        }
        self.order.push_back(identity);
        if self.order.len() > REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;

    fn frame(name: &str, data: &Value) -> Frame {
        Frame { name: name.to_owned(), data: data.to_string() }
    }

    fn event(number: u128, signature: &str) -> Frame {
        let record = json!({
            "event_id": Uuid::from_u128(number), "org_id": Uuid::nil(), "received_at": "", "api_key_id": Uuid::nil(),
            "key_id": "", "signature_verified_at": "", "gateway": "", "redactions": [], "redaction_rules": "",
            "schema": "",
        });
        let event = json!({"signature": signature});
        frame("event", &json!({"type": "event", "cursor": format!("c{number}"), "event": event, "record": record}))
    }

    #[test]
    fn what_comes_twice_is_passed_over_and_a_conflict_is_not() {
        let mut course = Course::default();
        assert_eq!(course.take(event(1, "a")).unwrap().unwrap().cursor, "c1");
        assert!(course.take(event(1, "a")).unwrap().is_none());
        assert!(course.take(event(1, "b")).unwrap().is_some());
        for number in 2..REMEMBERED_MAX as u128 + 2 {
            assert!(course.take(event(number, "a")).unwrap().is_some());
        }
        assert!(course.take(event(1, "a")).unwrap().is_some(), "so many are remembered and no more");
        assert_eq!(course.seen.known.len(), REMEMBERED_MAX);
    }

    #[test]
    fn a_gap_is_told_and_gone_back_to() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let on_gap: OnGap = Box::new(move |gap: &Gap| keep.lock().unwrap().push(gap.clone()));
        let mut course = Course { on_gap: Some(on_gap), ..Course::default() };
        let gap = || frame("gap", &json!({"type": "gap", "missed": 9, "resume": "r"}));
        assert!(course.take(gap()).unwrap().is_none());
        assert_eq!((course.cursor.as_deref(), course.must_reconnect), (Some("r"), true));
        assert!(course.take(frame("expired", &json!({"cursor": "e"}))).unwrap().is_none());
        assert_eq!(course.cursor.as_deref(), Some("e"));
        course = Course { resumes_gaps: false, ..course };
        course.must_reconnect = false;
        course.take(gap()).unwrap();
        assert_eq!((course.cursor.as_deref(), course.must_reconnect, course.gaps), (Some("e"), false, 3));
        let gap = Gap { missed: Some(9), resume: Some("r".to_owned()) };
        let expired = Gap { missed: None, resume: None };
        assert_eq!(*told.lock().unwrap(), [gap.clone(), expired, gap]);
    }

    #[test]
    fn an_on_gap_that_panics_is_its_own_affair() {
        let mut course = Course { on_gap: Some(Box::new(|_| panic!("on_gap"))), ..Course::default() };
        assert!(course.take(frame("gap", &json!({"missed": 1, "resume": "r"}))).unwrap().is_none());
        assert_eq!((course.cursor.as_deref(), course.gaps), (Some("r"), 1));
    }

    #[test]
    fn a_key_that_ended_ends_the_stream_and_a_gateway_that_stops_does_not() {
        let bye = |reason: &str| {
            let mut course = Course::default();
            let error = course.take(frame("bye", &json!({"reason": reason, "cursor": "b"}))).unwrap_err();
            assert_eq!(course.cursor.as_deref(), Some("b"));
            course.failed(error, Instant::now())
        };
        assert_eq!(bye("key_invalid").unwrap_err().status(), Some(401));
        assert_eq!(bye("topic_deleted").unwrap_err().status(), Some(404));
        assert!(bye("shutdown").unwrap() <= RETRY_WAIT_MIN);
    }

    #[test]
    fn a_frame_that_can_t_be_read_ends_the_stream() {
        let half = json!({"type": "event", "cursor": "c", "event": {}, "record": {"event_id": Uuid::nil()}});
        let none = json!({"type": "event", "cursor": "c"});
        for data in [half.to_string(), none.to_string(), "{".to_owned()] {
            let mut course = Course::default();
            course.take(frame("hello", &json!({"cursor": "h"}))).unwrap();
            let error = course.take(Frame { name: "event".to_owned(), data }).unwrap_err();
            assert_eq!(course.failed(error, Instant::now()).unwrap_err().code(), "unreadable");
            assert_eq!(course.cursor.as_deref(), Some("h"));
        }
    }

    #[test]
    fn waits_grow_are_bounded_and_end() {
        let mut course = Course::default();
        let cut = || Error::Transport("cut".to_owned());
        let begin = Instant::now();
        for failures in 0..100 {
            let wait = course.failed(cut(), begin).unwrap();
            assert!(wait <= RETRY_WAIT_MAX.min(RETRY_WAIT_MIN * 2_u32.pow(failures.min(DOUBLINGS_MAX))));
        }
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT).is_ok());
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT + Duration::from_millis(1)).is_err());
        course.take(frame("hello", &json!({"cursor": "h"}))).unwrap();
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT * 2).unwrap() <= RETRY_WAIT_MIN);
    }
}
