//! What becomes of events when the system has no thread to give.
#![allow(clippy::unwrap_used)]

use std::{
    net::TcpListener,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::work_in;
use crate::{
    Settings,
    recorder::{
        DropReason,
        engine::{Engine, New, Worker},
        options::Options,
    },
};

const WAIT_MAX: Duration = Duration::from_secs(60);
/// More than there is: no thread is made.
const STACK_BYTES: usize = 1 << 50;

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + WAIT_MAX;
    while !is_so() {
        assert!(Instant::now() < until, "not within {WAIT_MAX:?}: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn runtime_without_threads() -> Runtime {
    Builder::new_current_thread().enable_all().thread_stack_size(STACK_BYTES).build().unwrap()
}

/// It has a worker, which is this thread, so it starts none.
fn engine(url: &str, options: Options) -> Arc<Engine> {
    let settings = Settings::new().url(url).api_key("key").signing_secret("secret").ai_id(Uuid::new_v4());
    let engine = Engine::new(Arc::new(settings.resolve().unwrap()), options).unwrap();
    engine.state.lock().worker = Worker::AtWork(thread::current().id());
    engine
}

fn add(engine: &Arc<Engine>) -> Option<Uuid> {
    let event_id = Uuid::new_v4();
    let new = New { head: b"{\"event_id\":\"\"".to_vec(), event_id, ai_id: Uuid::new_v4(), sequence: Some(1) };
    engine.add(new, |out| out.extend_from_slice(b"\"\""))
}

/// What is told of, and the options that tell it.
fn told() -> (Arc<Mutex<Vec<DropReason>>>, Options) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = Arc::clone(&told);
    let on_dropped = Arc::new(move |_: &serde_json::Value, why| teller.lock().push(why));
    let wait = Duration::from_millis(5);
    let options =
        Options { retry_wait_min: wait, retry_wait_max: wait, on_dropped: Some(on_dropped), ..Options::default() };
    (told, options)
}

fn work(engine: &Arc<Engine>) -> thread::JoinHandle<()> {
    let engine = Arc::clone(engine);
    thread::spawn(move || {
        work_in(&engine, &runtime_without_threads()).unwrap();
        engine.worker_ended();
    })
}

#[test]
fn a_look_up_without_a_thread_is_tried_again() {
    let (told, options) = told();
    let engine = engine("http://localhost:9", options);
    (0..3).for_each(|_| assert!(add(&engine).is_some()));
    let worker = work(&engine);
    eventually("it is tried again", || engine.stats().retries > 2);
    let stats = engine.stats();
    assert_eq!((stats.queued, stats.dropped, stats.last_fault.as_deref()), (3, 0, Some("panic")));
    assert!(!engine.close_blocking(Duration::ZERO));
    worker.join().unwrap();
    let stats = engine.stats();
    assert_eq!((stats.queued, stats.dropped_by_reason[&DropReason::Closed]), (0, 3));
    assert_eq!(told.lock().len(), 3);
}

#[test]
fn a_batch_that_can_not_be_prepared_ahead_waits() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap(); // takes requests, and answers none
    let (told, options) = told();
    let options = Options { batch_events_max: 2, ..options };
    let engine = engine(&format!("http://{}", silent.local_addr().unwrap()), options);
    (0..6).for_each(|_| assert!(add(&engine).is_some()));
    let worker = work(&engine);
    eventually("there is no thread", || engine.stats().faults > 0);
    {
        let state = engine.state.lock();
        assert_eq!((state.under_way.len(), state.queue.waiting().events, state.queue.held().events), (1, 4, 6));
    }
    assert!(!engine.close_blocking(Duration::ZERO));
    worker.join().unwrap();
    assert_eq!((engine.stats().queued, engine.stats().dropped_by_reason[&DropReason::Closed]), (0, 6));
    assert_eq!(told.lock().len(), 6);
}

#[test]
fn any_event_starts_a_worker_where_there_is_none() {
    let engine = engine("http://127.0.0.1:9", Options::default());
    (0..3).for_each(|_| assert!(add(&engine).is_some()));
    engine.worker_ended(); // as one that fell
    assert!(!engine.state.lock().is_at_work());
    assert!(add(&engine).is_some());
    assert!(engine.state.lock().is_at_work());
    engine.close_blocking(Duration::ZERO);
}

#[test]
fn what_a_worker_that_fell_had_taken_waits_again() {
    let (_, options) = told();
    let engine = engine("http://127.0.0.1:9", Options { batch_events_max: 2, ..options });
    (0..5).for_each(|_| assert!(add(&engine).is_some()));
    assert!(engine.whole_batch().is_some() && engine.whole_batch().is_some());
    engine.worker_ended();
    let state = engine.state.lock();
    assert_eq!((state.under_way.len(), state.queue.waiting().events, state.oldest_ticket()), (0, 5, Some(0)));
}
