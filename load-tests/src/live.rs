//! Live readers: how many deliveries come, and how long after the acknowledgement.
//!
//! They have a thread of their own, so that sending waits for no reader. Each counts what comes; a few also note when.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use parking_lot::Mutex;
use tokio::task::JoinSet;

use crate::{
    connection::{Connection, NoAnswer, Target, bearer},
    event_id::EventIds,
    ids::Ids,
    sender::Sender,
};

/// So many readers note when each event came; the others only count.
const NOTING: usize = 4;
/// Arrivals that they note at most.
const ARRIVALS_MAX: usize = 2_000_000;
/// How long the last deliveries may take.
const END_WAIT_MAX: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Readers that are being opened at the same time.
const OPENING_MAX: usize = 64;

/// Readers at work.
pub(crate) struct Readers {
    deliveries: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Arrival>>,
}

/// One event that came to a reader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) number: u64,
    pub(crate) at: Instant,
}

impl Readers {
    /// Opens so many streams of the first sender's organisation, and waits until each has said hello.
    pub(crate) fn open(target: &Target, sender: &Sender, ids: EventIds, count: usize) -> Result<Readers, NoAnswer> {
        let deliveries = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let (opened, all_opened) = mpsc::channel();
        let thread = std::thread::spawn({
            let (target, sender, deliveries, stop) = (target.clone(), sender.clone(), deliveries.clone(), stop.clone());
            let common = Arc::new(Common { target, sender, ids, deliveries, noted: Mutex::default() });
            move || {
                let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                    return Vec::new();
                };
                runtime.block_on(read_all(common, count, &stop, &opened))
            }
        });
        match all_opened.recv() {
            Ok(Ok(())) => Ok(Readers { deliveries, stop, thread }),
            Ok(Err(refused)) => Err(refused),
            Err(_) => Err(NoAnswer::Gone("the readers have ended".to_owned())),
        }
    }

    /// Waits until so many deliveries have come, or for a while; ends them all.
    pub(crate) fn close(self, wanted: u64) -> (u64, Vec<Arrival>) {
        let began = Instant::now();
        while self.deliveries.load(Ordering::Relaxed) < wanted && began.elapsed() < END_WAIT_MAX {
            std::thread::sleep(LOOK_EVERY);
        }
        self.stop.store(true, Ordering::Relaxed);
        let arrivals = self.thread.join().unwrap_or_default();
        (self.deliveries.load(Ordering::Relaxed), arrivals)
    }

    /// What has come so far, to all readers together.
    pub(crate) fn deliveries(&self) -> u64 {
        self.deliveries.load(Ordering::Relaxed)
    }
}

async fn read_all(
    common: Arc<Common>,
    count: usize,
    stop: &AtomicBool,
    opened: &mpsc::Sender<Result<(), NoAnswer>>,
) -> Vec<Arrival> {
    let mut readers = JoinSet::new();
    let mut left = 0..count;
    while !left.is_empty() {
        let mut opening = JoinSet::new();
        for place in left.by_ref().take(OPENING_MAX) {
            opening.spawn(Reader::open(common.clone(), place < NOTING));
        }
        for reader in opening.join_all().await {
            match reader {
                Ok(reader) => {
                    readers.spawn(reader.read());
                }
                Err(refused) => {
                    let _ = opened.send(Err(refused));
                    return Vec::new();
                }
            }
        }
    }
    let _ = opened.send(Ok(()));
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    readers.shutdown().await;
    std::mem::take(&mut *common.noted.lock())
}

/// What all readers share.
struct Common {
    target: Target,
    sender: Sender,
    ids: EventIds,
    deliveries: Arc<AtomicU64>,
    noted: Mutex<Vec<Arrival>>,
}

struct Reader {
    common: Arc<Common>,
    body: Incoming,
    /// The connection ends when this goes.
    _connection: Connection,
    is_noting: bool,
}

impl Reader {
    async fn open(common: Arc<Common>, is_noting: bool) -> Result<Reader, NoAnswer> {
        let mut connection = Connection::open(&common.target).await?;
        let mut body = connection.lines("/sse/events", &bearer(&common.sender.api_key)).await?.into_body();
        // The first thing that is said is `hello`: from then on everything is seen.
        match body.frame().await {
            Some(Ok(_)) => Ok(Reader { common, body, _connection: connection, is_noting }),
            Some(Err(error)) => Err(NoAnswer::Gone(error.to_string())),
            None => Err(NoAnswer::Gone("a stream ended before it began".to_owned())),
        }
    }

    async fn read(mut self) {
        let mut finder = Ids::default();
        let mut numbers = Vec::new();
        while let Some(Ok(frame)) = self.body.frame().await {
            let Some(piece) = frame.data_ref() else { continue };
            let at = Instant::now();
            finder.find(piece, |id| numbers.extend(self.common.ids.number(id)));
            self.common.deliveries.fetch_add(numbers.len() as u64, Ordering::Relaxed);
            if self.is_noting {
                let mut noted = self.common.noted.lock();
                let room = ARRIVALS_MAX.saturating_sub(noted.len());
                noted.extend(numbers.iter().take(room).map(|number| Arrival { number: *number, at }));
            }
            numbers.clear();
        }
    }
}
