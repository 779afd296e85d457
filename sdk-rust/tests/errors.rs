//! Errors are a small tree, and show no secret.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    error::Error as _,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use gapin_sdk::{
    ApiErrorKind, Client, Error, EventFilter, NewMessage, NewTopic, Recorder, Settings, recorder::DropReason,
};
use serde_json::{Value, json};
use support::{
    FaultyGateway, Through, WAIT_MAX,
    faulty::{Fault, Gate, cut, held_until, refuse},
    gateway, numbered,
    programs::{program, said},
    prompts,
    raw::{self, Message},
    record, settings,
};
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

fn query(prompt: &str) -> Value {
    json!({"event_type": "ai.query", "query": {"prompt": prompt}})
}

// feature: errors.typed
#[tokio::test]
async fn each_status_has_its_kind() {
    let faulty = FaultyGateway::new(gateway().port);
    let client = Client::new(settings(gateway(), Uuid::new_v4()).url(&faulty.url)).unwrap();
    let cases = [
        (400, "bad_request", ApiErrorKind::InvalidRequest, false),
        (401, "invalid_api_key", ApiErrorKind::Authentication, false),
        (403, "missing_scope", ApiErrorKind::PermissionDenied, false),
        (404, "not_found", ApiErrorKind::NotFound, false),
        (408, "body_timeout", ApiErrorKind::InvalidRequest, true),
        (409, "already_exists", ApiErrorKind::Conflict, false),
        (413, "body_too_large", ApiErrorKind::InvalidRequest, false),
        (429, "rate_limited", ApiErrorKind::RateLimit, true),
        (503, "overloaded", ApiErrorKind::Server, true),
    ];
    for (status, code, kind, is_retryable) in cases {
        faulty.faults([refuse(status, code, &[("retry-after", "7")])]);
        let error = client.record(query("?")).await.unwrap_err();
        assert_eq!((error.code(), error.status(), error.is_retryable()), (code, Some(status), is_retryable));
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(error.to_string().contains(&format!("{status} {code}")), "{error}");
        let Error::Api(error) = error else { panic!("{error}") };
        assert_eq!((error.kind(), error.retry_after), (kind, Some(Duration::from_secs(7))));
    }
}

// feature: errors.typed
#[tokio::test]
async fn the_gateways_own_problem_is_told_whole() {
    let client = Client::new(settings(gateway(), Uuid::new_v4())).unwrap();
    let error = client.topics().create(NewTopic::new("bad name!").partitions(0)).await.unwrap_err();
    let Error::Api(error) = error else { panic!("{error}") };
    assert_eq!((error.status, error.kind(), error.is_retryable), (400, ApiErrorKind::InvalidRequest, false));
    assert!(error.request_id.as_ref().is_some_and(|request_id| !request_id.is_empty()));
    assert!(!error.detail.is_empty() || !error.faults.is_empty());
}

// feature: errors.typed
#[tokio::test]
async fn no_answer_is_a_transport_error_and_a_late_one_a_timeout() {
    let faulty = FaultyGateway::new(gateway().port);
    let of = |url: &str| {
        let settings = settings(gateway(), Uuid::new_v4()).url(url).request_timeout(Duration::from_millis(300));
        Client::new(settings).unwrap()
    };
    faulty.faults([cut()]);
    for url in [faulty.url.as_str(), "http://127.0.0.1:1"] {
        let error = of(url).record(query("?")).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{error}");
        assert_eq!((error.code(), error.is_retryable(), error.status()), ("transport", true, None));
    }
    let gate = Gate::new();
    faulty.faults([held_until(&gate)]);
    let error = of(&faulty.url).record(query("?")).await.unwrap_err();
    gate.open();
    assert!(matches!(error, Error::Timeout), "{error}");
    assert!(error.is_retryable());
    // What is on the other side need not be a gateway.
    let page = Settings::new().url(format!("{}/nothing-here", gateway().url)).api_key("k").signing_secret("s");
    let error = Client::new(page).unwrap().events().get(Uuid::new_v4()).await.unwrap_err();
    assert_eq!(error.status(), Some(404), "{error}");
}

// feature: errors.typed
#[tokio::test]
async fn a_success_that_no_gateway_tells_is_unreadable_and_acknowledges_nothing() {
    let page = "<html>Welcome to the network</html>";
    let bodies = [("200 OK", ""), ("200 OK", page), ("202 Accepted", ""), ("200 OK", "null"), ("200 OK", "{}")];
    let others = [("204 No Content", ""), ("200 OK", r#"{"event_id":"no id","status":"accepted","items":7}"#)];
    for (status, body) in bodies.into_iter().chain(others).chain([("202 Accepted", r#"{"status":"accepted"}"#)]) {
        let headers = [("content-type", "text/html"), ("x-request-id", "r-1")];
        let url = raw::always(Message {
            first: format!("HTTP/1.1 {status}"),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: body.into(),
        });
        let client = Client::new(settings(gateway(), Uuid::new_v4()).url(url)).unwrap();
        let told = [
            client.record(query("?")).await.map(drop).unwrap_err(),
            client.events().list(EventFilter::new()).next().await.unwrap().map(drop).unwrap_err(),
            client.events().get(Uuid::new_v4()).await.map(drop).unwrap_err(),
            client.publish("orders", 1).await.map(drop).unwrap_err(),
            client.publish_all("orders", [NewMessage::new(1)]).await.map(drop).unwrap_err(),
            client.keys().list().next().await.unwrap().map(drop).unwrap_err(),
            client.stream(EventFilter::new()).next().await.unwrap().map(drop).unwrap_err(),
        ];
        let deleted = [client.topics().delete("orders").await, client.keys().revoke(Uuid::new_v4()).await];
        let is_deleted = status.starts_with("204");
        for error in told.into_iter().chain(deleted.into_iter().filter(|_| !is_deleted).map(Result::unwrap_err)) {
            assert!(matches!(error, Error::Unreadable(_)), "{status} {body}: {error}");
            assert_eq!((error.code(), error.is_retryable(), error.request_id()), ("unreadable", false, Some("r-1")));
            assert_eq!(error.status(), status[..3].parse().ok());
            assert!(!error.to_string().contains("Welcome"));
        }
    }
}

/// Nothing arrives, and this is answered.
fn answer(status: &str, body: &str) -> Fault {
    let (first, body) = (format!("HTTP/1.1 {status}"), body.as_bytes().to_vec());
    let answer = Message { first, headers: Vec::new(), body };
    Arc::new(move |_| Some(answer.clone()))
}

// feature: retry.partial
#[test]
fn a_success_that_no_gateway_tells_acknowledges_nothing_of_a_batch() {
    let through = Through::new();
    let strange = r#"{"accepted":2,"rejected":0,"results":[{},{"status":"queued","code":"later"}]}"#;
    let short = r#"{"accepted":2,"rejected":0,"results":[{"index":0,"status":"accepted"}]}"#;
    through.faulty.faults(
        ["", "<html></html>", strange, short, r#"{"accepted":2,"rejected":0}"#].map(|body| answer("200 OK", body)),
    );
    let recorder = through.builder().batch_age(WAIT_MAX).build().unwrap();
    record(&recorder, 0..2);
    assert!(recorder.flush_blocking(WAIT_MAX));
    assert_eq!(prompts(&through.stored(2)), numbered(0..2));
    let stats = recorder.stats();
    assert_eq!((stats.accepted, stats.refused, stats.retries), (2, 0, 5));
}

// feature: record.acknowledged
#[tokio::test]
async fn an_answer_that_names_another_event_acknowledges_nothing() {
    let through = Through::new();
    let client = Client::new(through.settings()).unwrap();
    let whole = json!({"event_type": "ai.query", "query": {"prompt": "?"}, "ai_id": through.ai_id, "ai_version": "1", "metadata": {},
        "timestamp": "2026-01-01T00:00:00Z"});
    // The gateway gives it an id, by its signature.
    let without_id = gapin_sdk::verify::sign(&whole, "secret").unwrap();
    for event in [query("?"), without_id] {
        let another = json!({"event_id": Uuid::new_v4(), "status": "accepted"}).to_string();
        through.faulty.always(Some(answer("202 Accepted", &another)));
        let error = client.record(event.clone()).await.unwrap_err();
        assert_eq!((error.code(), error.status()), ("unreadable", Some(202)));
        through.faulty.always(Some(Arc::new(|exchange| {
            let [event] = &exchange.arrived.events[..] else { panic!("one event at once") };
            let event = gapin_sdk::verify::check(&event.to_string()).unwrap();
            let body = json!({"event_id": event.event_id().to_string().to_uppercase(), "status": "accepted"});
            let body = body.to_string().into();
            Some(Message { first: "HTTP/1.1 202 Accepted".to_owned(), headers: Vec::new(), body })
        })));
        assert_eq!(client.record(event).await.unwrap().status, "accepted");
    }
}

// feature: retry.partial
#[test]
fn one_event_is_acknowledged_by_an_answer_that_names_it_and_by_no_other() {
    let through = Through::new();
    let another = json!({"event_id": Uuid::new_v4(), "status": "accepted"}).to_string();
    let bodies = [r#"{"status":"accepted"}"#, r#"{"event_id":"no id","status":"accepted"}"#, &another];
    through.faulty.faults(bodies.map(|body| answer("202 Accepted", body)));
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..1);
    assert!(recorder.flush_blocking(WAIT_MAX));
    assert_eq!(prompts(&through.stored(1)), ["0"]);
    let stats = recorder.stats();
    assert_eq!((stats.accepted, stats.refused, stats.retries), (1, 0, 3));

    for body in bodies {
        through.faulty.always(Some(answer("202 Accepted", body)));
        let recorder = through.builder().retry_for(Duration::from_millis(50)).build().unwrap();
        record(&recorder, 0..1);
        assert!(recorder.flush_blocking(WAIT_MAX), "it is let go in the end");
        let stats = recorder.stats();
        assert_eq!((stats.accepted, stats.refused, stats.dropped), (0, 0, 1), "{body}");
        assert_eq!(stats.dropped_by_reason[&DropReason::RetryTimeSpent], 1);
    }

    through.faulty.always(Some(Arc::new(|exchange| {
        let first = "HTTP/1.1 202 Accepted".to_owned();
        let body = json!({"event_id": exchange.arrived.events[0]["event_id"], "status": "accepted"});
        Some(Message { first, headers: Vec::new(), body: body.to_string().into() })
    })));
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..1);
    assert!(recorder.flush_blocking(WAIT_MAX));
    assert_eq!((recorder.stats().accepted, recorder.stats().retries), (1, 0));
}

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

// feature: errors.no_secrets
#[tokio::test]
async fn nothing_shows_a_secret() {
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).with_ansi(false).init();
    let (key, secret, words) = ("sk_abcdefghijklmnopqrstuvwx", "the-signing-secret", "private words");
    let faulty = FaultyGateway::new(gateway().port);
    let settings = settings(gateway(), Uuid::new_v4()).url(&faulty.url).api_key(key).signing_secret(secret);
    let client = Client::new(settings.clone()).unwrap();
    let builder = Recorder::builder(settings.clone()).retry_for(Duration::from_millis(1));
    let recorder = builder.build().unwrap();
    let mut shown = vec![
        format!("{settings:?} {client:?} {recorder:?} {:?} {:?}", client.events(), client.topics()),
        format!("{:?}", client.publish("t", words)),
        format!("{:?}", client.stream(gapin_sdk::EventFilter::new())),
    ];
    let mut show = |error: Error| {
        let mut source = error.source();
        shown.push(format!("{error} {error:?}"));
        while let Some(error) = source {
            shown.push(format!("{error} {error:?}"));
            source = error.source();
        }
    };
    let faults = [vec![cut()], vec![refuse(401, "invalid_api_key", &[])], vec![refuse(503, "overloaded", &[])], vec![]];
    for faults in faults {
        faulty.faults(faults);
        show(client.record(query(words)).await.unwrap_err());
    }
    show(client.record(json!({"event_type": "ai.query", "query": {"prompt": [words]}})).await.unwrap_err());
    for bad in [settings.clone().url(format!("ftp://{secret}")), settings.clone().api_key(format!("{key}\n"))] {
        show(Client::new(bad).unwrap_err());
    }
    recorder.query().prompt(words).record();
    assert!(recorder.flush(WAIT_MAX).await, "it is let go, since there is no time to try again");
    shown.push(format!("{:?}", recorder.stats()));
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains("127.0.0.1"), "the HTTP client has logged what it does");
    shown.push(logged);
    let said = shown.join("\n");
    assert!(said.contains("invalid_api_key"));
    for hidden in [key, secret, words] {
        assert!(!said.contains(hidden), "{hidden} in {said}");
    }
}

const NAMES: [&str; 5] = ["GAPIN_URL", "GAPIN_API_KEY", "GAPIN_SIGNING_SECRET", "GAPIN_SIGNING_KEY_ID", "GAPIN_AI_ID"];

// feature: errors.settings
#[test]
fn settings_come_from_the_environment() {
    let asks = |arguments: &[&str], without: &[&str]| {
        let mut command = program(gateway(), "settings");
        without.iter().for_each(|name| _ = command.env_remove(name));
        said(&command.args(arguments).output().unwrap())
    };
    assert_eq!(asks(&[], &[]), "accepted\n");
    assert_eq!(asks(&["api_key", "sk_wrong"], &[]), "invalid_api_key\n", "arguments win");
    let told = asks(&[], &NAMES);
    assert!(told.contains("configuration") && told.contains("GAPIN_API_KEY"), "{told}");
    let told = asks(&[], &["GAPIN_SIGNING_SECRET"]);
    assert!(told.contains("configuration") && told.contains("GAPIN_SIGNING_SECRET"), "{told}");
    let mut command = program(gateway(), "settings");
    let told = said(&command.env("GAPIN_AI_ID", "me").output().unwrap());
    assert!(told.contains("GAPIN_AI_ID"), "{told}");
}

// feature: errors.settings
#[test]
fn settings_that_cant_be_meant_are_refused() {
    let good = || settings(gateway(), Uuid::new_v4());
    for bad in [good().url("ftp://x"), good().request_timeout(Duration::ZERO), good().api_key("a\nb")] {
        let error = Client::new(bad).unwrap_err();
        assert!(matches!(error, Error::Configuration(_)), "{error}");
    }
    let builders = [
        Recorder::builder(good()).queue_events_max(0),
        Recorder::builder(good()).batch_events_max(0),
        Recorder::builder(good()).retry_wait_max(Duration::ZERO),
    ];
    for builder in builders {
        assert!(matches!(builder.build(), Err(Error::Configuration(_))));
    }
}
