//! Requests that are signed before they are wanted: a bounded stock, filled by a thread that is ahead.
//!
//! A run that fits is signed to its end before the clock starts. A longer one is signed while it runs, always as far
//! ahead as the bound allows; when the stock runs empty all the same, the run says so, since then the generator was the limit.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{SystemTime, UNIX_EPOCH},
};

use aibbar::Signer;
use bytes::Bytes;
use parking_lot::{Condvar, Mutex};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use crate::{
    corpus::Corpus,
    event_id::EventIds,
    sender::Sender,
    template::{Own, Template},
};

/// Bytes that are signed ahead at most.
pub(crate) const AHEAD_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes of templates that each sender may have; senders that are many share fewer events of the corpus each.
const TEMPLATE_BYTES_MAX: usize = 64 * 1024 * 1024;

const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// One request, ready to be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Whose: an index of the senders.
    pub(crate) sender: usize,
    pub(crate) body: Bytes,
    /// The number of its first event; the others follow it.
    pub(crate) first: u64,
    pub(crate) events: u64,
}

/// The stock, and the thread that fills it, which ends with it.
pub(crate) struct Stock {
    shelf: Arc<Shelf>,
    filler: Option<JoinHandle<()>>,
    was_empty: AtomicBool,
}

#[derive(Default)]
struct Shelf {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Prepared>,
    bytes: usize,
    is_whole: bool,
    is_unwanted: bool,
}

/// What the stock is made of.
pub(crate) struct Making {
    pub(crate) corpus: Arc<Corpus>,
    pub(crate) senders: Arc<[Sender]>,
    pub(crate) ids: EventIds,
    /// Events in a request.
    pub(crate) batch: usize,
    /// `None`: until nobody wants more.
    pub(crate) requests: Option<u64>,
}

impl Stock {
    /// Begins to fill it, and waits until it is as far ahead as it may be.
    pub(crate) fn fill(making: Making) -> Stock {
        let shelf = Arc::new(Shelf::default());
        let filler = std::thread::spawn({
            let shelf = shelf.clone();
            move || fill(&shelf, &making)
        });
        let mut state = shelf.state.lock();
        while !state.is_whole && state.bytes < AHEAD_BYTES_MAX {
            shelf.changed.wait(&mut state);
        }
        drop(state);
        Stock { shelf, filler: Some(filler), was_empty: AtomicBool::new(false) }
    }

    /// The next; `None` when there is none, or none yet: see [`Stock::is_whole`].
    pub(crate) fn take(&self) -> Option<Prepared> {
        let mut state = self.shelf.state.lock();
        let Some(next) = state.ready.pop_front() else {
            if !state.is_whole {
                self.was_empty.store(true, Ordering::Relaxed);
            }
            return None;
        };
        state.bytes -= next.body.len();
        // Woken for a few at a time: each waking is a change of threads.
        if !state.is_whole && state.bytes < AHEAD_BYTES_MAX / 8 * 7 {
            self.shelf.changed.notify_all();
        }
        Some(next)
    }

    /// Whether nothing will come besides what is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.shelf.state.lock().is_whole
    }

    /// Whether it was never empty when something was wanted.
    pub(crate) fn was_ahead(&self) -> bool {
        !self.was_empty.load(Ordering::Relaxed)
    }
}

impl Drop for Stock {
    fn drop(&mut self) {
        self.shelf.state.lock().is_unwanted = true;
        self.shelf.changed.notify_all();
        if let Some(filler) = self.filler.take() {
            // It panics only where a panic of its own was told already.
            let _ = filler.join();
        }
    }
}

fn fill(shelf: &Shelf, making: &Making) {
    let Making { corpus, senders, ids, batch, requests } = making;
    let each = TEMPLATE_BYTES_MAX / senders.len() / 2_000;
    let each = corpus.events().len().min(each.max(1));
    let signers: Vec<Signer> = senders.iter().map(|sender| Signer::new(&sender.secret)).collect();
    let templates: Vec<Vec<Template>> = (senders.iter().enumerate())
        .map(|(index, sender)| {
            // Each sender begins elsewhere, so that together they send all of it.
            let events = corpus.events().iter().cycle().skip(index * each % corpus.events().len());
            events.take(each).map(|event| Template::new(event, sender.ai_id, sender.key_id.as_deref())).collect()
        })
        .collect();
    let mut sequences = vec![0; senders.len()];
    let mut clock = Clock::default();
    let (mut number, mut scratch) = (0, Vec::new());
    for request in 0..requests.unwrap_or(u64::MAX) {
        let sender = usize::try_from(request % senders.len() as u64).unwrap_or(0);
        clock.look();
        let mut body = Vec::new();
        for event in 0..*batch {
            if *batch > 1 {
                body.push(if event == 0 { b'[' } else { b',' });
            }
            let sequence: &mut u64 = &mut sequences[sender];
            let turn = usize::try_from(*sequence % each as u64).unwrap_or(0);
            let own = Own {
                event_id: ids.id(clock.unix_ms, number + event as u64),
                sequence: *sequence,
                timestamp: &clock.text,
            };
            templates[sender][turn].write(&own, &signers[sender], &mut scratch, &mut body);
            *sequence += 1;
        }
        if *batch > 1 {
            body.push(b']');
        }
        let prepared = Prepared { sender, body: body.into(), first: number, events: *batch as u64 };
        number += *batch as u64;
        let mut state = shelf.state.lock();
        while state.bytes >= AHEAD_BYTES_MAX && !state.is_unwanted {
            shelf.changed.notify_all();
            shelf.changed.wait(&mut state);
        }
        if state.is_unwanted {
            return;
        }
        state.bytes += prepared.body.len();
        state.ready.push_back(prepared);
    }
    shelf.state.lock().is_whole = true;
    shelf.changed.notify_all();
}

/// The time as events say it, written anew only when it has moved on.
#[derive(Default)]
struct Clock {
    unix_ms: u64,
    text: String,
}

impl Clock {
    fn look(&mut self) {
        let now = SystemTime::now();
        let unix_ms = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        if unix_ms != self.unix_ms || self.text.is_empty() {
            self.unix_ms = unix_ms;
            self.text = OffsetDateTime::from(now).format(TIMESTAMP).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::{Event, SigningSecret};
    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_event_is_another_and_verifies() {
        let sender = |number: u128| Sender {
            organisation: 0,
            api_key: String::new(),
            key_id: Some(format!("key-{number}")),
            secret: SigningSecret::new(format!("not-a-secret {number}")),
            ai_id: Uuid::from_u128(number),
        };
        let senders: Arc<[Sender]> = [sender(1), sender(2), sender(3)].into();
        let ids = EventIds::new(5);
        let stock = Stock::fill(Making {
            corpus: Arc::new(Corpus::mixed(1, 40)),
            senders: senders.clone(),
            ids,
            batch: 7,
            requests: Some(20),
        });
        let mut expected = 0;
        while let Some(request) = stock.take() {
            let events: Vec<&RawValue> = serde_json::from_slice(&request.body).unwrap();
            assert_eq!((request.first, request.events), (expected, events.len() as u64));
            for event in events {
                let event = Event::parse(event.get().as_bytes()).unwrap();
                assert_eq!(event.verify([&senders[request.sender].secret]), Ok(0));
                assert_eq!(event.ai_id(), senders[request.sender].ai_id);
                assert_eq!(ids.number(event.event_id()), Some(expected));
                expected += 1;
            }
        }
        assert_eq!(expected, 140);
        assert!(stock.is_whole() && stock.was_ahead());
    }
}
