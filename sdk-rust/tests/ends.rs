//! Every wait ends, and what was recorded is sent or told of, whatever callbacks, subscribers and disks do.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use futures_util::FutureExt;
use gapin_sdk::{Recorder, recorder::DropReason};
use serde_json::json;
use support::{FLUSH, Through, eventually, faulty, prompts, record};

type Told = Arc<Mutex<Vec<DropReason>>>;

fn told() -> (Told, impl Fn(&serde_json::Value, DropReason) + Send + Sync + 'static) {
    let told = Told::default();
    let teller = Arc::clone(&told);
    (told, move |_: &_, why| teller.lock().unwrap().push(why))
}

/// The first is refused for good, the others may be sent again.
fn the_first_is_refused() -> faulty::Fault {
    faulty::results_changed(|at, result| {
        let code = if at == 0 { "invalid_event" } else { "overloaded" };
        json!({"index": result["index"], "status": "rejected", "code": code, "detail": code})
    })
}

// feature: queue.close
#[test]
fn what_a_callback_closes_is_told_of() {
    let through = Through::new();
    through.faulty.always(Some(the_first_is_refused()));
    let (told, on_dropped) = told();
    let known: Arc<Mutex<Option<Recorder>>> = Arc::default();
    let inside = Arc::clone(&known);
    let builder = through.builder().batch_age(FLUSH).on_dropped(on_dropped);
    let builder = builder.on_refused(move |_, _| {
        inside.lock().unwrap().take().unwrap().close_blocking();
    });
    let recorder = builder.build().unwrap();
    *known.lock().unwrap() = Some(recorder.clone());
    record(&recorder, 0..5);
    recorder.flush(FLUSH).now_or_never();
    eventually("all are told of", || (recorder.stats().queued == 0).then_some(()));
    let stats = recorder.stats();
    assert_eq!((stats.refused, stats.dropped_by_reason[&DropReason::Closed]), (1, 4));
    assert_eq!(*told.lock().unwrap(), [DropReason::Closed; 4]);
}

// feature: queue.close
#[tokio::test]
async fn close_waits_until_what_is_under_way_is_told_of() {
    let through = Through::new();
    let (told, on_dropped) = told();
    let builder = through.builder().flush_timeout(Duration::from_millis(50)).on_dropped(on_dropped);
    let recorder = builder.build().unwrap();
    let gate = through.hold_the_first(&recorder);
    assert!(!recorder.close().await);
    assert_eq!(recorder.stats().dropped_by_reason[&DropReason::Closed], 1);
    assert_eq!(*told.lock().unwrap(), [DropReason::Closed]);
    gate.open();
}

// feature: queue.close
// feature: queue.flush
#[tokio::test]
async fn a_callback_that_waits_for_the_end_does_not_hold_it_up() {
    let through = Through::new();
    through.faulty.always(Some(the_first_is_refused()));
    let (ended, end) = mpsc::channel::<()>();
    let (end, in_time) = (Mutex::new(end), Arc::new(Mutex::new(None)));
    let teller = Arc::clone(&in_time);
    let builder = through.builder().flush_timeout(Duration::from_millis(200)).on_refused(move |_, _| {
        *teller.lock().unwrap() = Some(false);
        let has_come = end.lock().unwrap().recv_timeout(support::WAIT_MAX).is_ok();
        *teller.lock().unwrap() = Some(has_come);
    });
    let recorder = builder.build().unwrap();
    record(&recorder, 0..1);
    eventually("the callback waits", || *in_time.lock().unwrap());
    assert!(!recorder.flush(Duration::from_millis(50)).await);
    assert!(!recorder.close().await);
    ended.send(()).unwrap();
    eventually("the callback has ended in time", || in_time.lock().unwrap().filter(|in_time| *in_time));
}

// feature: queue.disk
#[cfg(feature = "disk-queue")]
#[test]
fn a_damaged_event_on_disk_holds_up_no_other() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    through.faulty.always(Some(faulty::refuse(503, "overloaded", &[])));
    let first = through.builder().disk_queue(folder.path()).flush_timeout(Duration::ZERO).build().unwrap();
    record(&first, 0..6);
    assert!(!first.close_blocking());
    eventually("the file is let go", || {
        let path = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        rusqlite::Connection::open(path)
            .ok()?
            .execute("update events set payload = x'' where ticket = (select min(ticket) + 3 from events)", ())
            .ok()
    });
    let builder = support::quick(Recorder::builder(support::settings(support::gateway(), through.ai_id)));
    let second = builder.disk_queue(folder.path()).batch_events_max(2).build().unwrap();
    assert!(second.flush_blocking(FLUSH));
    let stats = second.stats();
    assert_eq!((stats.accepted, stats.refused, stats.queued), (5, 0, 0));
    assert_eq!(stats.dropped_by_reason[&DropReason::QueueFailed], 1);
    drop(second);
    assert_eq!(prompts(&through.stored(5)), ["0", "1", "2", "4", "5"]);
}

/// A subscriber of the program's that fails at every line of the recorder's.
struct Panics;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Panics {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        assert!(event.metadata().target() != "gapin", "a subscriber that fails");
    }
}

// feature: retry.unavailable
#[test]
fn a_subscriber_that_panics_loses_nothing() {
    use tracing_subscriber::layer::SubscriberExt as _;

    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Panics));
    let through = Through::new();
    through.faulty.faults([faulty::refuse(503, "overloaded", &[]), faulty::refuse(401, "invalid_api_key", &[])]);
    let recorder = through.builder().build().unwrap();
    record(&recorder, 0..5);
    assert!(recorder.flush_blocking(FLUSH));
    recorder.swallowed("here", &std::fmt::Error);
    let stats = recorder.stats();
    assert_eq!((stats.accepted, stats.dropped, stats.faults), (5, 0, 1));
    assert_eq!(prompts(&through.stored(5)), support::numbered(0..5));
}
