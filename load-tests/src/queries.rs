//! Questions asked while a load runs: by id, by AI system, by time.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use bytes::Bytes;
use serde_json::Value;

use crate::{
    connection::{Connection, NoAnswer, Target, bearer},
    durations::Durations,
    result::Latency,
    sender::Sender,
};

/// Records in an answer.
const LIMIT: u32 = 50;
/// Between two questions: queries are there to be measured, not to be the load.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks, on a thread of its own, until it is told to stop.
pub(crate) struct Asking {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeMap<String, Durations>>,
}

impl Asking {
    pub(crate) fn begin(target: &Target, senders: Arc<[Sender]>, from: String) -> Asking {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (target, stop) = (target.clone(), stop.clone());
            move || {
                let mut took = BTreeMap::new();
                if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                    // A gateway that goes away ends the load as well, which tells of it.
                    let _ = runtime.block_on(ask(&target, &senders, &from, &stop, &mut took));
                }
                took
            }
        });
        Asking { stop, thread }
    }

    pub(crate) fn end(self) -> BTreeMap<String, Latency> {
        self.stop.store(true, Ordering::Relaxed);
        let took = self.thread.join().unwrap_or_default();
        took.into_iter().map(|(kind, took)| (kind, took.told())).collect()
    }
}

async fn ask(
    target: &Target,
    senders: &[Sender],
    from: &str,
    stop: &AtomicBool,
    took: &mut BTreeMap<String, Durations>,
) -> Result<(), NoAnswer> {
    let mut connection = Connection::open(target).await?;
    let mut known: Option<String> = None;
    // An id is known to its own organisation alone.
    let organisation = senders.first().map(|sender| sender.organisation);
    let asking = senders.iter().filter(|sender| Some(sender.organisation) == organisation).cycle();
    for sender in asking {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let by_id = known.as_ref().map(|id| ("by id", format!("/aibbar/events/{id}")));
        let by_ai = ("by AI system", format!("/aibbar/events?ai_id={}&limit={LIMIT}", sender.ai_id));
        let by_time = ("by time", format!("/aibbar/events?from={from}&limit={LIMIT}"));
        for (kind, path) in by_id.into_iter().chain([by_ai, by_time]) {
            let began = Instant::now();
            let answer = connection.answer("GET", &path, &bearer(&sender.api_key), Bytes::new()).await?;
            let kind = if answer.status == 200 { kind.to_owned() } else { format!("{kind}: {}", answer.status) };
            took.entry(kind).or_default().record(began.elapsed());
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if let Some(id) = body["items"][0]["record"]["event_id"].as_str() {
                known = Some(id.to_owned());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}
