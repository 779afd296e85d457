//! Where a stream is: everything but the reading itself.

use std::{
    collections::{HashSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use serde_json::{Map, Value};

use super::{Gap, StreamFilter, frames::Frame};
use crate::{
    backoff::Backoff,
    errors::{ApiError, Error, UnreadableError},
};

/// A record may come twice, most of all when a stream goes on: so many are remembered and passed over.
const REMEMBERED_MAX: usize = 10_000;
const RETRY_WAIT_MIN: Duration = Duration::from_millis(100);
const RETRY_WAIT_MAX: Duration = Duration::from_secs(10);
const RETRY_FOR_DEFAULT: Duration = Duration::from_secs(300);

pub(super) type OnGap = Box<dyn FnMut(&Gap) + Send>;

pub(super) struct Course {
    pub(super) cursor: Option<String>,
    pub(super) gaps: u64,
    pub(super) on_gap: Option<OnGap>,
    pub(super) resumes_gaps: bool,
    pub(super) retry_for: Duration,
    /// What was taken asks for another connection.
    pub(super) must_reconnect: bool,
    /// Whether this connection has brought something.
    has_brought: bool,
    backoff: Backoff,
    failing_since: Option<Instant>,
    /// When the connection was greeted.
    open_since: Option<Instant>,
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
            has_brought: false,
            backoff: Backoff::new(RETRY_WAIT_MIN, RETRY_WAIT_MAX),
            failing_since: None,
            open_since: None,
            seen: Seen::default(),
        }
    }
}

impl Course {
    /// Takes one frame; an event or a message is answered, if it is new.
    ///
    /// # Errors
    /// Why the stream ends, or what the gateway can't have meant.
    pub(super) fn take<F: StreamFilter>(&mut self, frame: &Frame, now: Instant) -> Result<Option<F::Item>, Error> {
        let live = if frame.name == F::FRAME {
            let live: F::Item = serde_json::from_str(&frame.data).map_err(|_| not_ours())?;
            self.go_to(Some(F::cursor_of(&live)));
            self.backoff.reset();
            self.has_brought = true;
            self.seen.is_new(F::identity_of(&live)).then_some(live)
        } else {
            let body: Map<String, Value> = serde_json::from_str(&frame.data).map_err(|_| not_ours())?;
            let text = |name: &str| body.get(name).and_then(Value::as_str);
            match frame.name.as_str() {
                "gap" => {
                    self.gap(body.get("missed").and_then(Value::as_u64), text("resume"));
                    return Ok(None);
                }
                "bye" => {
                    self.go_to(text("cursor"));
                    return Err(end_of(text("reason").unwrap_or_default()));
                }
                "hello" => self.open_since = Some(now),
                "expired" => self.tell(&Gap { missed: None, resume: None }),
                _ => {}
            }
            self.go_to(text("cursor"));
            None
        };
        self.failing_since = None;
        Ok(live)
    }

    /// Another connection begins.
    pub(super) fn connecting(&mut self) {
        self.must_reconnect = false;
        self.has_brought = false;
    }

    /// What to wait before going back to where a gap begins: nothing, unless it came behind a greeting alone, which would be
    /// asked for again and again.
    pub(super) fn resuming(&mut self) -> Duration {
        if self.has_brought { Duration::ZERO } else { self.backoff.next_wait() }
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
        // A greeting alone is none of success: what is cut behind each would connect again at once, without end.
        if self.open_since.take().is_some_and(|since| now.duration_since(since) > RETRY_WAIT_MAX) {
            self.backoff.reset();
        }
        let wait = self.backoff.next_wait();
        let told = match error {
            Error::Api(error) => error.retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        Ok(wait.max(told.min(self.retry_for)))
    }

    fn gap(&mut self, missed: Option<u64>, resume: Option<&str>) {
        self.tell(&Gap { missed, resume: resume.map(str::to_owned) });
        if self.resumes_gaps && resume.is_some() {
            self.go_to(resume);
            self.must_reconnect = true;
        }
    }

    fn go_to(&mut self, cursor: Option<&str>) {
        if let Some(cursor) = cursor {
            self.cursor = Some(cursor.to_owned());
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

/// It would come again after the next connection, and again.
fn not_ours() -> Error {
    UnreadableError::of_stream("a frame of the stream is none of a gateway's").into()
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
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    fn is_new(&mut self, identity: String) -> bool {
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
    use uuid::Uuid;

    use super::{
        super::{Live, LiveMessage, MessageFilter},
        *,
    };
    use crate::resources::EventFilter;

    fn take(course: &mut Course, frame: Frame) -> Result<Option<Live>, Error> {
        course.take::<EventFilter>(&frame, Instant::now())
    }

    fn frame(name: &str, data: &Value) -> Frame {
        Frame { name: name.to_owned(), data: data.to_string() }
    }

    fn hello() -> Frame {
        frame("hello", &json!({"cursor": "h"}))
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
        assert_eq!(take(&mut course, event(1, "a")).unwrap().unwrap().cursor, "c1");
        assert!(take(&mut course, event(1, "a")).unwrap().is_none());
        assert!(take(&mut course, event(1, "b")).unwrap().is_some());
        for number in 2..REMEMBERED_MAX as u128 + 2 {
            assert!(take(&mut course, event(number, "a")).unwrap().is_some());
        }
        assert!(take(&mut course, event(1, "a")).unwrap().is_some(), "so many are remembered and no more");
        assert_eq!(course.seen.known.len(), REMEMBERED_MAX);
    }

    #[test]
    fn messages_are_known_by_their_places_and_may_be_null() {
        let message = |offset: u64| {
            let cursor = format!("c{offset}");
            let message = json!({
                "topic": "t", "partition": 0, "offset": offset, "appended_at": "", "message": null, "cursor": cursor,
            });
            frame("message", &message)
        };
        let (mut course, now) = (Course::default(), Instant::now());
        let mut take = |frame: &Frame| -> Option<LiveMessage> { course.take::<MessageFilter>(frame, now).unwrap() };
        assert_eq!(take(&message(0)).unwrap().message, Value::Null);
        assert!(take(&message(0)).is_none());
        assert_eq!(take(&message(1)).unwrap().offset, 1);
        assert!(take(&event(7, "a")).is_none(), "an event is no message");
        assert_eq!(course.cursor.as_deref(), Some("c7"));
        let nothing = frame("message", &json!({"topic": "t", "partition": 0, "offset": 2, "cursor": "c2"}));
        assert_eq!(course.take::<MessageFilter>(&nothing, now).unwrap_err().code(), "unreadable");
    }

    #[test]
    fn what_a_later_gateway_says_beside_these_is_passed_over() {
        let mut course = Course::default();
        let news = json!({"type": "news", "cursor": "n", "record": 7, "missed": "many", "reason": {}});
        assert!(take(&mut course, frame("news", &news)).unwrap().is_none());
        assert_eq!((course.cursor.as_deref(), course.gaps), (Some("n"), 0));
    }

    #[test]
    fn a_gap_is_told_and_gone_back_to() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let on_gap: OnGap = Box::new(move |gap: &Gap| keep.lock().unwrap().push(gap.clone()));
        let mut course = Course { on_gap: Some(on_gap), ..Course::default() };
        let gap = || frame("gap", &json!({"type": "gap", "missed": 9, "resume": "r"}));
        assert!(take(&mut course, gap()).unwrap().is_none());
        assert_eq!((course.cursor.as_deref(), course.must_reconnect), (Some("r"), true));
        assert!(take(&mut course, frame("expired", &json!({"cursor": "e"}))).unwrap().is_none());
        assert_eq!(course.cursor.as_deref(), Some("e"));
        course = Course { resumes_gaps: false, ..course };
        course.must_reconnect = false;
        take(&mut course, gap()).unwrap();
        assert_eq!((course.cursor.as_deref(), course.must_reconnect, course.gaps), (Some("e"), false, 3));
        let gap = Gap { missed: Some(9), resume: Some("r".to_owned()) };
        let expired = Gap { missed: None, resume: None };
        assert_eq!(*told.lock().unwrap(), [gap.clone(), expired, gap]);
    }

    #[test]
    fn a_gap_that_names_no_place_leaves_the_stream_where_it_is() {
        for gap in [json!({"missed": 9}), json!({"missed": 9, "resume": null}), json!({})] {
            let mut course = Course::default();
            take(&mut course, event(1, "a")).unwrap();
            assert!(take(&mut course, frame("gap", &gap)).unwrap().is_none());
            assert!(take(&mut course, frame("expired", &json!({}))).unwrap().is_none());
            assert_eq!((course.cursor.as_deref(), course.must_reconnect, course.gaps), (Some("c1"), false, 2));
        }
    }

    #[test]
    fn a_gap_behind_a_greeting_alone_is_not_asked_for_without_a_pause() {
        let mut course = Course::default();
        let mut failures = |frames: Vec<Frame>| {
            course.connecting();
            for frame in frames {
                take(&mut course, frame).unwrap();
            }
            assert!(course.must_reconnect);
            (course.resuming() == Duration::ZERO, course.backoff.failures())
        };
        let gap = || frame("gap", &json!({"missed": 1, "resume": "r"}));
        for again in 1..20 {
            assert_eq!(failures(vec![hello(), gap()]).1, again);
        }
        assert_eq!(failures(vec![hello(), event(1, "a"), gap()]), (true, 0));
        assert_eq!(failures(vec![hello(), gap()]).1, 1);
    }

    #[test]
    fn an_on_gap_that_panics_is_its_own_affair() {
        let mut course = Course { on_gap: Some(Box::new(|_| panic!("on_gap"))), ..Course::default() };
        assert!(take(&mut course, frame("gap", &json!({"missed": 1, "resume": "r"}))).unwrap().is_none());
        assert_eq!((course.cursor.as_deref(), course.gaps), (Some("r"), 1));
    }

    #[test]
    fn a_key_that_ended_ends_the_stream_and_a_gateway_that_stops_does_not() {
        let bye = |reason: &str| {
            let mut course = Course::default();
            let error = take(&mut course, frame("bye", &json!({"reason": reason, "cursor": "b"}))).unwrap_err();
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
            take(&mut course, hello()).unwrap();
            let error = take(&mut course, Frame { name: "event".to_owned(), data }).unwrap_err();
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
            assert!(wait <= RETRY_WAIT_MAX.min(RETRY_WAIT_MIN * 2_u32.pow(failures.min(20))));
        }
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT).is_ok());
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT + Duration::from_millis(1)).is_err());
        take(&mut course, hello()).unwrap();
        assert!(course.failed(cut(), begin + RETRY_FOR_DEFAULT * 2).unwrap() <= RETRY_WAIT_MIN);
    }

    #[test]
    fn a_greeting_alone_does_not_make_waits_short_again() {
        let (mut course, mut now) = (Course::default(), Instant::now());
        // A connection on which these come, and how long it stands: how many have failed since one did well.
        let mut failures = |frames: &[Frame], stood: Duration| {
            let mut end = Error::Transport("cut".to_owned());
            for frame in frames {
                if let Err(error) = course.take::<EventFilter>(frame, now) {
                    end = error;
                }
            }
            now += stood;
            let wait = course.failed(end, now).unwrap();
            now += wait.max(RETRY_FOR_DEFAULT); // it was greeted, so this is not counted
            course.backoff.failures()
        };
        let bye = frame("bye", &json!({"reason": "shutdown"}));
        assert_eq!(failures(&[hello()], Duration::ZERO), 1);
        assert_eq!(failures(&[hello(), bye], Duration::ZERO), 2);
        assert_eq!(failures(&[hello()], RETRY_WAIT_MAX), 3);
        assert_eq!(failures(&[hello(), event(1, "a")], Duration::ZERO), 1, "an event came");
        assert_eq!(failures(&[hello()], Duration::ZERO), 2);
        assert_eq!(failures(&[hello()], RETRY_WAIT_MAX + Duration::from_millis(1)), 1, "it stood for long");
    }
}
