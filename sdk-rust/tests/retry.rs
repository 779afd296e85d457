//! What may be sent again is, and nothing else.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, SystemTime},
};

use aibbar::Timestamp;
use gapin_sdk::{Fault, Recorder, recorder::DropReason};
use serde_json::{Value, json};
use support::{
    FLUSH, Gateway, Through, eventually,
    faulty::{Gate, answer_lost, cut, held_until, refuse, results_changed},
    numbered, prompts, quick, record, settings, stored,
};
use uuid::Uuid;

// feature: retry.unavailable
#[test]
fn a_burst_of_503_loses_nothing() {
    for code in ["overloaded", "log_unavailable", "outcome_unknown"] {
        let through = Through::new();
        let burst = (0..4).map(|_| refuse(503, code, &[]));
        let others = [(502, "x"), (504, "x"), (408, "body_timeout"), (500, "internal")];
        through.faulty.faults(burst.chain(others.map(|(status, code)| refuse(status, code, &[]))));
        let recorder = through.builder().build().unwrap();
        record(&recorder, 0..10);
        assert!(recorder.flush_blocking(FLUSH));
        assert_eq!(prompts(&through.stored(10)), numbered(0..10));
        let stats = recorder.stats();
        assert_eq!((stats.retries, stats.dropped, stats.refused), (8, 0, 0));
    }
}

// feature: retry.rate_limited
#[test]
fn retry_after_is_waited_for() {
    let through = Through::new();
    through.faulty.faults((0..2).map(|_| refuse(429, "rate_limited", &[("retry-after", "1")])));
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..5);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(5)), numbered(0..5));
    let arrived = through.faulty.arrived();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.is_sorted_by(|earlier, later| later.at - earlier.at >= Duration::from_secs(1)));
}

// feature: retry.connection
#[test]
fn the_gateway_killed_and_started_again_loses_nothing() {
    let mut gateway = Gateway::own();
    let ai_id = Uuid::new_v4();
    let recorder = quick(Recorder::builder(settings(&gateway, ai_id))).build().unwrap();
    record(&recorder, 0..50);
    eventually("something is acknowledged", || (recorder.stats().accepted > 0).then_some(()));
    gateway.kill();
    record(&recorder, 50..100);
    eventually("it is tried again", || (recorder.stats().retries > 1).then_some(()));
    gateway.start();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&stored(&gateway, ai_id, 100)), numbered(0..100));
    assert_eq!(recorder.stats().accepted, 100);
}

// feature: retry.connection
#[test]
fn the_gateway_killed_while_events_keep_coming_loses_nothing() {
    let mut gateway = Gateway::own();
    let ai_id = Uuid::new_v4();
    let builder = quick(Recorder::builder(settings(&gateway, ai_id))).batch_events_max(50);
    let recorder = builder.when_full(gapin_sdk::recorder::WhenFull::Block).build().unwrap();
    let inside = recorder.clone();
    let caller = std::thread::spawn(move || record(&inside, 0..20_000));
    for killed in 1..=3 {
        let before = recorder.stats().accepted;
        eventually("some are acknowledged", || (recorder.stats().accepted > before).then_some(()));
        gateway.kill();
        let retries = recorder.stats().retries;
        eventually("it is tried again", || (recorder.stats().retries > retries).then_some(()));
        gateway.start();
        assert!(recorder.stats().dropped == 0, "{killed}");
    }
    caller.join().unwrap();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&stored(&gateway, ai_id, 20_000)), numbered(0..20_000));
}

// feature: retry.connection
#[test]
fn cut_connections_lose_nothing() {
    let through = Through::new();
    through.faulty.faults((0..3).map(|_| cut()));
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..5);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(5)), numbered(0..5));
}

// feature: retry.timeout
#[test]
fn a_slow_gateway_loses_nothing() {
    let through = Through::new();
    let gate = Gate::new();
    through.faulty.faults((0..2).map(|_| held_until(&gate)));
    let settings = through.settings().request_timeout(Duration::from_millis(300));
    let recorder = quick(Recorder::builder(settings)).build().unwrap();
    record(&recorder, 0..5);
    eventually("two were not waited for", || (through.faulty.arrived().len() >= 3).then_some(()));
    gate.open();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(5)), numbered(0..5));
    assert_eq!(recorder.stats().last_fault.as_deref(), Some("timeout"));
}

// feature: retry.partial
#[test]
fn of_a_batch_only_what_is_worth_it_is_sent_again() {
    let through = Through::new();
    through.faulty.faults([results_changed(|index, result| {
        if index % 2 == 0 {
            return result.clone();
        }
        json!({"index": index, "status": "rejected", "code": "overloaded"})
    })]);
    let recorder = through.builder().batch_age(FLUSH).build().unwrap();
    record(&recorder, 0..10);
    assert!(recorder.flush_blocking(FLUSH));
    let arrived = through.faulty.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(prompts(&arrived[1].events), ["1", "3", "5", "7", "9"]);
    assert_eq!(prompts(&through.stored(10)), numbered(0..10));
}

type Told = Arc<Mutex<Vec<(Value, Fault)>>>;

// feature: retry.refused
#[test]
fn a_refused_event_is_told_once_and_harms_no_other() {
    let through = Through::new();
    let told = Told::default();
    let teller = Arc::clone(&told);
    let builder = through.builder().batch_age(FLUSH);
    let recorder = builder
        .on_refused(move |event, fault| teller.lock().unwrap().push((event.clone(), fault.clone())))
        .build()
        .unwrap();
    record(&recorder, 0..2);
    recorder.record(json!({"event_type": "ai.nothing", "query": {"prompt": "bad"}}));
    record(&recorder, 2..4);
    assert!(recorder.flush_blocking(FLUSH));
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0["query"], json!({"prompt": "bad"}));
    assert_eq!((&*told[0].1.code, told[0].1.pointer.as_str()), ("schema_violation", "/event_type"));
    assert_eq!(prompts(&through.stored(4)), numbered(0..4));
    assert_eq!(recorder.stats().refused, 1);
    assert_eq!(prompts(&through.faulty.events()).iter().filter(|prompt| *prompt == "bad").count(), 1);
}

// feature: retry.refused
#[test]
fn one_refused_event_alone_is_told() {
    let through = Through::new();
    let told = Told::default();
    let teller = Arc::clone(&told);
    let settings = through.settings().signing_secret("another").signing_key_id("x");
    let recorder = quick(Recorder::builder(settings))
        .on_refused(move |event, fault| teller.lock().unwrap().push((event.clone(), fault.clone())))
        .build()
        .unwrap();
    record(&recorder, 0..1);
    assert!(recorder.flush_blocking(FLUSH));
    let told = told.lock().unwrap();
    assert_eq!((told.len(), &*told[0].1.code), (1, "invalid_signature"));
    assert_eq!(through.faulty.arrived().len(), 1);
}

// feature: retry.refused
#[test]
fn a_request_that_is_refused_as_a_whole_is_sent_in_halves() {
    let through = Through::new();
    let told = Told::default();
    let teller = Arc::clone(&told);
    // Something between that does not like one event, and does not say which.
    through.faulty.always(Some(Arc::new(|exchange| {
        let is_bad = prompts(&exchange.arrived.events).contains(&"5".to_owned());
        if is_bad { refuse(400, "no_such_words_here", &[])(exchange) } else { Some(exchange.forward()) }
    })));
    let recorder = through
        .builder()
        .batch_age(FLUSH)
        .on_refused(move |event, fault| teller.lock().unwrap().push((event.clone(), fault.clone())))
        .build()
        .unwrap();
    record(&recorder, 0..9);
    assert!(recorder.flush_blocking(FLUSH));
    let told = told.lock().unwrap();
    assert_eq!((told.len(), &*told[0].1.code), (1, "no_such_words_here"));
    assert_eq!(prompts(&through.stored(8)), ["0", "1", "2", "3", "4", "6", "7", "8"]);
}

/// What the log has said.
fn log() -> String {
    #[derive(Clone, Default)]
    struct Said(Arc<Mutex<Vec<u8>>>);
    impl Write for Said {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    static SAID: OnceLock<Said> = OnceLock::new();
    let said = SAID.get_or_init(|| {
        let said = Said::default();
        let writer = said.clone();
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).init();
        said
    });
    String::from_utf8(said.0.lock().unwrap().clone()).unwrap()
}

// feature: retry.credentials
// feature: errors.no_secrets
#[test]
fn a_refused_key_is_said_once_and_events_are_kept() {
    log();
    let through = Through::new();
    let refused = (0..3).map(|_| refuse(401, "invalid_api_key", &[]));
    through.faulty.faults(refused.chain([refuse(403, "address_not_allowed", &[])]));
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..3);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(3)), numbered(0..3));
    let log = log();
    let said: Vec<_> = log.lines().filter(|line| line.contains("invalid_api_key")).collect();
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("GAPIN_API_KEY"), "{}", said[0]);
    for secret in ["GAPIN_API_KEY", "GAPIN_SIGNING_SECRET"] {
        assert!(!log.contains(support::gateway().setting(secret)));
    }
}

// feature: retry.gives_up
#[test]
fn after_its_time_an_event_is_let_go_and_told() {
    let through = Through::new();
    through.faulty.always(Some(refuse(503, "overloaded", &[])));
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let recorder = through
        .builder()
        .retry_for(Duration::from_millis(200))
        .on_dropped(move |event, why| {
            teller.lock().unwrap().push((event["query"]["prompt"].as_str().unwrap().to_owned(), why));
        })
        .build()
        .unwrap();
    record(&recorder, 0..3);
    assert!(recorder.flush_blocking(FLUSH));
    let wanted: Vec<_> = numbered(0..3).into_iter().map(|prompt| (prompt, DropReason::RetryTimeSpent)).collect();
    assert_eq!(*told.lock().unwrap(), wanted);
    assert_eq!(recorder.stats().dropped_by_reason[&DropReason::RetryTimeSpent], 3);
    assert!(through.faulty.arrived().len() > 1);
}

// feature: retry.idempotent
#[test]
fn an_event_whose_answer_was_lost_is_kept_once() {
    let through = Through::new();
    through.faulty.faults([answer_lost(), answer_lost()]);
    let recorder = through.builder().batch_age(FLUSH).build().unwrap();
    record(&recorder, 0..5);
    assert!(recorder.flush_blocking(FLUSH));
    let events = through.faulty.events();
    let ids: std::collections::BTreeSet<_> = events.iter().map(|event| event["event_id"].to_string()).collect();
    assert_eq!((events.len(), ids.len()), (15, 5));
    record(&recorder, 5..6);
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!(prompts(&through.stored(6)), numbered(0..6));
}

/// As if this machine's clock were so far ahead of the gateway's: its events say so, and so does the gateway's `Date`.
fn with_a_clock_ahead(ahead: Duration, recorded: impl Fn(&Recorder, Timestamp)) -> (Through, Recorder) {
    let through = Through::new();
    through.faulty.date(move || httpdate::fmt_http_date(SystemTime::now() - ahead));
    let recorder = through.builder().batch_age(FLUSH).build().unwrap();
    recorded(&recorder, Timestamp::from(SystemTime::now() + ahead));
    assert!(recorder.flush_blocking(FLUSH));
    (through, recorder)
}

// feature: retry.clock_skew
#[test]
fn a_clock_that_is_ahead_is_corrected() {
    let ahead = Duration::from_secs(3600);
    let (through, recorder) = with_a_clock_ahead(ahead, |recorder, at| {
        for number in 0..3 {
            recorder.query().prompt(number.to_string()).timestamp(at).record();
        }
    });
    let events = through.stored(3);
    assert_eq!(prompts(&events), numbered(0..3));
    let stats = recorder.stats();
    assert_eq!((stats.retimed, stats.refused, stats.accepted), (3, 0, 3));
    assert!((stats.clock_skew_ms.unwrap() + ahead.as_secs_f64() * 1e3).abs() < 5_000.0);
    let now = Timestamp::from(SystemTime::now());
    for event in events {
        let at = Timestamp::parse(event["timestamp"].as_str().unwrap()).unwrap();
        assert!(at > now.plus_ms(-60_000) && at < now.plus_ms(5_000), "{event}");
    }
}

// feature: retry.clock_skew
#[test]
fn a_clock_that_is_two_days_ahead_gives_another_id_too() {
    let given = Mutex::new(None);
    let (through, _recorder) = with_a_clock_ahead(Duration::from_secs(2 * 86_400), |recorder, at| {
        *given.lock().unwrap() = recorder.query().prompt("0").timestamp(at).record();
    });
    let events = through.stored(1);
    assert_ne!(events[0]["event_id"], given.lock().unwrap().unwrap().to_string());
}

// feature: retry.clock_skew
#[test]
fn a_time_that_is_wrong_by_a_clock_that_is_right_is_refused() {
    let through = Through::new();
    let recorder = through.builder().build().unwrap();
    recorder.query().timestamp(Timestamp::from(SystemTime::now() + Duration::from_secs(3600))).record();
    assert!(recorder.flush_blocking(FLUSH));
    let stats = recorder.stats();
    assert_eq!((stats.refused, stats.last_fault.as_deref()), (1, Some("timestamp_in_future")));
}

// feature: retry.clock_skew
#[test]
fn a_clock_that_is_behind_puts_nothing_further_into_the_future() {
    let through = Through::new();
    through.faulty.date(|| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600)));
    let recorder = through.builder().build().unwrap();
    recorder.query().timestamp(Timestamp::from(SystemTime::now() + Duration::from_secs(3600))).record();
    assert!(recorder.flush_blocking(FLUSH));
    assert_eq!((recorder.stats().refused, recorder.stats().retimed), (1, 0));
    assert_eq!(through.faulty.arrived().len(), 1);
}
