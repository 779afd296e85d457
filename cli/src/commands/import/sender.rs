//! Sends signed events in batches: bounded in count, in bytes and in flight, retried until they have an answer each.

use std::{sync::Arc, time::Duration};

use consumer::Backoff;
use reqwest::{StatusCode, header};
use serde::Deserialize;
use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use url::Url;

use super::report::{Refused, Report};
use crate::{exit::Failure, http, settings::values::Secret};

/// Well below what a gateway takes by default, and large enough that the round trip hardly counts.
const BATCH_EVENTS_MAX: usize = 500;
const BATCH_BYTES_MAX: usize = 2 * 1024 * 1024;
const IN_FLIGHT_MAX: usize = 4;

/// Longer than the gateway may take to say that it does not know.
const REQUEST_MAX: Duration = Duration::from_secs(30);
/// An answer names every event of its batch; this is far more than that.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
const BACKOFF_MIN: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(10);
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// A signed event and the line of the input that it comes from.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) line: u64,
    pub(super) json: String,
}

/// Where events go.
pub(super) struct Sender {
    client: reqwest::Client,
    url: Url,
    api_key: Secret,
    /// How long one batch is tried.
    retry_max: Duration,
}

/// What the gateway said about a batch.
enum Answer {
    /// A result per event, in order.
    Results(Vec<EventResult>),
    /// Later may be better.
    Later { why: String, after: Option<Duration> },
    /// Too large for this gateway.
    TooLarge(String),
    /// It will not get better.
    Never(String),
}

enum EventResult {
    Accepted,
    Refused {
        code: String,
        detail: String,
    },
    /// This one alone was not taken; later it may be.
    Later,
}

/// What became of one batch.
struct Sent {
    report: Report,
    failure: Option<Failure>,
}

impl Sender {
    pub(super) fn new(gateway: &Url, api_key: Secret, retry_max: Duration) -> Result<Sender, Failure> {
        let client =
            http::client(gateway, REQUEST_MAX).map_err(|error| Failure::failed(format!("no HTTP client: {error}")))?;
        Ok(Sender { client, url: http::endpoint(gateway, "aibbar/events"), api_key, retry_max })
    }

    /// Sends everything that comes, and ends when nothing more can come. `told` hears of every batch.
    pub(super) async fn send_all(
        self,
        mut events: mpsc::Receiver<Signed>,
        mut told: impl FnMut(&Report),
    ) -> (Report, Option<Failure>) {
        let sender = Arc::new(self);
        let mut report = Report::default();
        let mut failure = None;
        let mut in_flight = JoinSet::new();
        let mut carried_over = None;
        loop {
            let batch = match failure {
                None => next_batch(&mut events, &mut carried_over).await,
                Some(_) => Vec::new(),
            };
            let is_last = batch.is_empty();
            if !is_last {
                let sender = sender.clone();
                in_flight.spawn(async move { sender.send(batch).await });
            }
            while in_flight.len() >= if is_last { 1 } else { IN_FLIGHT_MAX } {
                match in_flight.join_next().await {
                    Some(Ok(sent)) => {
                        report.add(sent.report);
                        failure = failure.or(sent.failure);
                        told(&report);
                    }
                    Some(Err(error)) => failure = Some(Failure::failed(format!("a batch was not sent: {error}"))),
                    None => break,
                }
            }
            if is_last {
                return (report, failure);
            }
        }
    }

    /// Sends one batch until every event has its answer, or the time is over.
    async fn send(&self, batch: Vec<Signed>) -> Sent {
        let mut report = Report { sent: batch.len() as u64, ..Report::default() };
        let give_up_at = Instant::now() + self.retry_max;
        let mut backoff = Backoff::new(BACKOFF_MIN, BACKOFF_MAX);
        // Halves of a batch that was too large wait here.
        let mut waiting = vec![batch];
        while let Some(batch) = waiting.pop() {
            let (unanswered, why, after) = match self.post(&batch).await {
                Answer::Results(results) => {
                    let later = report.take(batch, results);
                    if later.is_empty() {
                        backoff.reset();
                        continue;
                    }
                    (later, "the gateway did not take every event".to_owned(), None)
                }
                Answer::Later { why, after } => (batch, why, after),
                Answer::TooLarge(detail) => {
                    waiting.extend(report.halve(batch, detail));
                    continue;
                }
                Answer::Never(why) => return Sent { report, failure: Some(Failure::failed(why)) },
            };
            let wait = backoff.next_wait().max(after.unwrap_or_default());
            if Instant::now() + wait > give_up_at {
                let why = format!("{} is not to be had: {why}", self.url);
                return Sent { report, failure: Some(Failure::unreachable(why)) };
            }
            report.retries += 1;
            tokio::time::sleep(wait).await;
            waiting.push(unanswered);
        }
        Sent { report, failure: None }
    }

    async fn post(&self, batch: &[Signed]) -> Answer {
        let mut body = String::with_capacity(batch.iter().map(|event| event.json.len() + 1).sum());
        for event in batch {
            body.push_str(&event.json);
            body.push('\n');
        }
        let answer = self
            .client
            .post(self.url.clone())
            .bearer_auth(self.api_key.expose())
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .body(body)
            .send()
            .await;
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Answer::Later { why: plain(&error), after: None },
        };
        let status = answer.status();
        let after = retry_after(answer.headers());
        let mut body = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= ANSWER_BYTES_MAX => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Ok(Some(_)) => return Answer::Never(format!("{} answers without end", self.url)),
                Err(error) => return Answer::Later { why: plain(&error), after },
            }
        }
        read_answer(status, after, &body, batch.len())
    }
}

/// The next batch; empty when there is nothing more. An event that does not fit is carried over to the next.
async fn next_batch(events: &mut mpsc::Receiver<Signed>, carried_over: &mut Option<Signed>) -> Vec<Signed> {
    let mut batch: Vec<Signed> = carried_over.take().into_iter().collect();
    let mut bytes: usize = batch.iter().map(|event| event.json.len()).sum();
    while batch.len() < BATCH_EVENTS_MAX {
        let Some(event) = events.recv().await else { break };
        bytes += event.json.len();
        if bytes > BATCH_BYTES_MAX && !batch.is_empty() {
            *carried_over = Some(event);
            break;
        }
        batch.push(event);
    }
    batch
}

#[derive(Deserialize)]
struct AnswerBody {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    results: Vec<ResultBody>,
    /// One event is answered by itself.
    event_id: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct ResultBody {
    code: Option<String>,
    #[serde(default)]
    detail: String,
}

fn read_answer(status: StatusCode, after: Option<Duration>, body: &[u8], events: usize) -> Answer {
    let body: Option<AnswerBody> = serde_json::from_slice(body).ok();
    match body {
        Some(body) if body.results.len() == events => {
            Answer::Results(body.results.into_iter().map(event_result).collect())
        }
        Some(AnswerBody { event_id: Some(_), .. }) if status.is_success() && events == 1 => {
            Answer::Results(vec![EventResult::Accepted])
        }
        body => {
            let (code, detail) = body.map(|body| (body.code, body.detail)).unwrap_or_default();
            let why = format!("{} {code} {detail}", status.as_u16()).trim_end().to_owned();
            match status {
                StatusCode::PAYLOAD_TOO_LARGE => Answer::TooLarge(detail),
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Answer::Later { why, after },
                status if status.is_server_error() => Answer::Later { why, after },
                // A success that can't be read may have been one: sending again changes nothing.
                status if status.is_success() => Answer::Later { why: "the answer can't be read".to_owned(), after },
                _ => Answer::Never(format!("the gateway refuses the import: {why}")),
            }
        }
    }
}

fn event_result(result: ResultBody) -> EventResult {
    match result.code {
        None => EventResult::Accepted,
        Some(code) => match code.as_str() {
            "overloaded" | "log_unavailable" | "outcome_unknown" | "store_unavailable" | "rate_limited"
            | "internal" => EventResult::Later,
            _ => EventResult::Refused { code, detail: result.detail },
        },
    }
}

impl Report {
    /// Counts what was answered, and gives back what is to be sent again.
    fn take(&mut self, batch: Vec<Signed>, results: Vec<EventResult>) -> Vec<Signed> {
        let mut later = Vec::new();
        for (event, result) in batch.into_iter().zip(results) {
            match result {
                EventResult::Accepted => self.acknowledged += 1,
                EventResult::Refused { code, detail } => self.refuse(Refused { line: event.line, code, detail }),
                EventResult::Later => later.push(event),
            }
        }
        later
    }

    /// Halves a batch that is too large; an event that is too large by itself is refused.
    fn halve(&mut self, mut batch: Vec<Signed>, detail: String) -> Vec<Vec<Signed>> {
        if let [event] = batch.as_slice() {
            self.refuse(Refused { line: event.line, code: "body_too_large".to_owned(), detail });
            return Vec::new();
        }
        let second = batch.split_off(batch.len() / 2);
        vec![second, batch]
    }
}

/// `Retry-After` in seconds; the date form is not what our gateway sends, and the backoff serves.
fn retry_after(headers: &header::HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}

/// The error without the URL, which is named already.
fn plain(error: &reqwest::Error) -> String {
    let mut words = match error {
        error if error.is_timeout() => "no answer in time".to_owned(),
        error if error.is_connect() => "no connection".to_owned(),
        _ => "the connection broke".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        if deeper.source().is_none() {
            words.push_str(&format!(" ({deeper})"));
        }
        cause = deeper.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, events: usize) -> Answer {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
        read_answer(status, None, body.as_bytes(), events)
    }

    #[test]
    fn answers_are_read_as_what_they_mean_for_the_batch() {
        let mixed = r#"{"accepted":1,"rejected":2,"results":[{"index":0,"event_id":"x","status":"accepted"},
            {"index":1,"status":"rejected","code":"timestamp_too_old","detail":"d"},
            {"index":2,"status":"rejected","code":"log_unavailable","detail":"d"}]}"#;
        let Answer::Results(results) = answer(207, mixed, 3) else { panic!("207 has results") };
        assert!(matches!(results.as_slice(), [EventResult::Accepted, EventResult::Refused { .. }, EventResult::Later]));
        let one = r#"{"event_id":"x","status":"accepted"}"#;
        assert!(matches!(answer(202, one, 1), Answer::Results(results) if results.len() == 1));

        for status in [429, 500, 502, 503, 504, 408] {
            assert!(matches!(answer(status, "", 2), Answer::Later { .. }), "{status}");
        }
        assert!(matches!(answer(202, "<html>", 2), Answer::Later { .. }));
        assert!(matches!(answer(413, "{}", 2), Answer::TooLarge(_)));
        assert!(matches!(answer(401, r#"{"code":"invalid_api_key","detail":"d"}"#, 2), Answer::Never(_)));
    }

    #[test]
    fn what_is_too_large_is_halved_until_one_event_is_to_blame() {
        let event = |line| Signed { line, json: String::new() };
        let mut report = Report::default();
        let halves = report.halve(vec![event(1), event(2), event(3)], "d".to_owned());
        assert_eq!(halves.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert!(report.halve(vec![event(9)], "d".to_owned()).is_empty());
        assert_eq!((report.refused, report.refusals[0].line), (1, 9));
    }
}
