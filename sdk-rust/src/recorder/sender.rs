//! Signs a batch, sends it, and reads event by event what became of it.

mod answer;
mod prepared;

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aibbar::{Timestamp, canonical, identity, json};
use reqwest::header::{CONTENT_ENCODING, HeaderValue};
use serde_json::Value;
use tokio::{select, sync::watch};
use uuid::Uuid;

use self::answer::{Becomes, Results};
pub(super) use self::prepared::{Prepared, Preparer};
use super::{queue::Entry, skew::Skew};
use crate::{
    errors::{Error, Fault},
    http::{self, Answer, Call, Http},
    moment,
};

const PATH: &str = "/aibbar/events";
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// What became of a batch.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) accepted: Vec<Entry>,
    pub(super) refused: Vec<(Entry, Fault)>,
    /// To be sent again, in their order.
    pub(super) again: Vec<Entry>,
    /// Why, of what is to be sent again.
    pub(super) why: String,
    pub(super) retry_after: Option<Duration>,
    /// Whether somebody has to change something (a key, an address) before sending again helps.
    pub(super) is_setting: bool,
    pub(super) retimed: u64,
    pub(super) requests: u64,
}

impl Outcome {
    pub(super) fn again(entries: Vec<Entry>, why: impl Into<String>) -> Self {
        Self { again: entries, why: why.into(), ..Self::default() }
    }

    fn add(&mut self, part: Self) {
        self.accepted.extend(part.accepted);
        self.refused.extend(part.refused);
        self.again.extend(part.again);
        self.why = part.why;
        self.retry_after = part.retry_after;
        self.is_setting = part.is_setting;
        self.retimed += part.retimed;
        self.requests += part.requests;
    }
}

/// Of one recorder's worker; one request at a time, so that events stay in order.
pub(super) struct Sender {
    http: Http,
    preparer: Arc<Preparer>,
    /// Becomes true when nobody waits for answers any more.
    abandoned: watch::Receiver<bool>,
    pub(super) skew: Skew,
}

impl Sender {
    pub(super) fn new(http: Http, preparer: Arc<Preparer>, abandoned: watch::Receiver<bool>) -> Self {
        Self { http, preparer, abandoned, skew: Skew::default() }
    }

    /// One batch; in halves where the gateway finds it too large.
    pub(super) async fn send(&mut self, batch: Prepared) -> Outcome {
        let mut outcome = Outcome::default();
        // What is still to be sent, the first at the end.
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            if !outcome.again.is_empty() {
                outcome.again.extend(part.entries); // it stays behind those
                continue;
            }
            outcome.requests += 1;
            match self.post(&part).await {
                Ok(answer) if is_too_much(&answer, part.entries.len()) => {
                    let mut first = part.entries;
                    let second = first.split_off(first.len() / 2);
                    parts.push(self.preparer.prepare(second));
                    parts.push(self.preparer.prepare(first));
                }
                Ok(answer) => outcome.add(self.read(&answer, part.entries)),
                Err(why) => outcome.add(Outcome::again(part.entries, why)),
            }
        }
        outcome
    }

    /// The answer, or why there is none.
    async fn post(&mut self, batch: &Prepared) -> Result<Answer, String> {
        let mut call = Call::post(PATH).body(NDJSON, batch.body.clone());
        if let Some(encoding) = batch.encoding {
            call = call.header(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let sent = unix_s(SystemTime::now());
        let answer = select! {
            answer = self.http.send(call) => answer.map_err(|error| match error {
                Error::Transport(why) => format!("transport: {why}"),
                other => other.code().to_owned(),
            })?,
            _ = self.abandoned.wait_for(|is_abandoned| *is_abandoned) => return Err("closed".to_owned()),
        };
        if let Some(date) = answer.date() {
            self.skew.observe(unix_s(date), sent, unix_s(SystemTime::now()));
        }
        Ok(answer)
    }

    fn read(&mut self, answer: &Answer, batch: Vec<Entry>) -> Outcome {
        if let Some(results) = Results::read(&answer.body, batch.len()) {
            return self.read_results(&results, answer, batch);
        }
        let status = answer.status.as_u16();
        let body = answer.object();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let is_named = |entry: &Entry| text("event_id").and_then(|id| Uuid::try_parse(id).ok()) == Some(entry.event_id);
        // What names another event, or none, is no gateway's.
        if status == 202 && text("status") == Some("accepted") && matches!(&batch[..], [only] if is_named(only)) {
            return Outcome { accepted: batch, ..Outcome::default() };
        }
        let code = text("code").map_or_else(|| format!("http_{status}"), str::to_owned);
        if http::is_retryable_status(status) || http::is_retryable_code(&code) {
            return Outcome { retry_after: answer.retry_after(), ..Outcome::again(batch, code) };
        }
        if matches!(status, 400 | 413) {
            let error = answer.error();
            let fault = Fault { pointer: String::new(), code: error.code.into(), detail: error.detail };
            let refused = batch.into_iter().map(|entry| (entry, fault.clone())).collect();
            return Outcome { refused, ..Outcome::default() };
        }
        Outcome { is_setting: true, ..Outcome::again(batch, code) }
    }

    fn read_results(&mut self, results: &Results<'_>, answer: &Answer, batch: Vec<Entry>) -> Outcome {
        let mut outcome = Outcome::default();
        for (mut entry, result) in batch.into_iter().zip(&results.results) {
            let again_for = match result.becomes() {
                Becomes::Accepted => {
                    outcome.accepted.push(entry);
                    continue;
                }
                Becomes::Again(code) => code,
                Becomes::Retimed(code) if self.retime(&mut entry) => {
                    outcome.retimed += 1;
                    code
                }
                Becomes::Retimed(_) | Becomes::Refused => {
                    outcome.refused.push((entry, result.fault()));
                    continue;
                }
            };
            if outcome.why.is_empty() {
                again_for.clone_into(&mut outcome.why);
            }
            outcome.again.push(entry);
        }
        if !outcome.again.is_empty() {
            outcome.retry_after = answer.retry_after();
        }
        outcome
    }

    /// Gives an event the time that it would have had by the gateway's clock, once. Not one that came signed: another time
    /// would want another signature, which need not be of this key.
    fn retime(&self, entry: &mut Entry) -> bool {
        let may = !entry.is_retimed && !entry.is_signed();
        // A clock that is behind puts nothing into the future.
        let Some(correction_s) = self.skew.correction_s().filter(|correction_s| may && *correction_s < 0.0) else {
            return false;
        };
        let Ok(Value::Object(mut event)) = json::parse(&entry.payload) else {
            return false;
        };
        let Some(at) = event.get("timestamp").and_then(Value::as_str).and_then(Timestamp::parse) else {
            return false;
        };
        let at = Timestamp::from_unix_ns(at.unix_ns().saturating_add((correction_s * 1e9) as i64));
        event.insert("timestamp".to_owned(), moment::text_of(at.unix_ns()).into());
        let distance_ms = identity::unix_ms_of(entry.event_id).abs_diff(at.unix_ms());
        if distance_ms > identity::EVENT_ID_DISTANCE_MS_MAX.unsigned_abs() {
            entry.event_id = moment::new_id(at.unix_ns());
            event.insert("event_id".to_owned(), entry.event_id.to_string().into());
        }
        entry.payload = canonical::to_vec(&Value::Object(event)).into();
        entry.is_retimed = true;
        true
    }
}

/// Whether a request was refused as a whole, which does not say by which of its events.
fn is_too_much(answer: &Answer, events: usize) -> bool {
    matches!(answer.status.as_u16(), 400 | 413)
        && events > 1
        && Results::read(&answer.body, events).is_none()
        && !answer.object().get("code").and_then(Value::as_str).is_some_and(http::is_retryable_code)
}

fn unix_s(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
