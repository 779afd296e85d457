//! Senders that go on while things break, and remember what was acknowledged.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};

use crate::{Client, Organisation, event, eventually};

const SENDERS: usize = 4;
const BATCH_EVENTS: usize = 10;
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// Senders at work, each sending batch after batch, and a batch that was not acknowledged again.
pub struct Load {
    stop: watch::Sender<bool>,
    acknowledged: watch::Receiver<usize>,
    senders: JoinSet<Sent>,
}

/// What was sent, by its text.
#[derive(Debug, Default)]
pub struct Sent {
    /// With a 202: the event's id by the event's text.
    pub acknowledged: BTreeMap<String, String>,
    /// The last batch of each sender, when it ended before an answer came: kept or not.
    pub unanswered: Vec<String>,
}

impl Load {
    /// Starts sending.
    pub fn start(client: &Client, organisation: &Organisation) -> Load {
        let (stop, stopped) = watch::channel(false);
        let (count, acknowledged) = watch::channel(0);
        let count = Arc::new(count);
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            senders.spawn(send(sender, client.clone(), organisation.clone(), stopped.clone(), count.clone()));
        }
        Load { stop, acknowledged, senders }
    }

    /// How many events were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        *self.acknowledged.borrow()
    }

    /// Waits until so many more are acknowledged.
    pub async fn more(&self, events: usize) {
        let wanted = self.acknowledged() + events;
        let what = format!("{wanted} events acknowledged");
        eventually(&what, async || (self.acknowledged() >= wanted).then_some(())).await;
    }

    /// Stops, and tells what was sent.
    pub async fn stop(self) -> Sent {
        let _ = self.stop.send(true);
        let mut all = Sent::default();
        for sent in self.senders.join_all().await {
            all.acknowledged.extend(sent.acknowledged);
            all.unanswered.extend(sent.unanswered);
        }
        all
    }
}

async fn send(
    sender: usize,
    client: Client,
    organisation: Organisation,
    stopped: watch::Receiver<bool>,
    count: Arc<watch::Sender<usize>>,
) -> Sent {
    let mut sent = Sent::default();
    for number in 0.. {
        let texts: Vec<String> =
            (0..BATCH_EVENTS).map(|i| format!("sender {sender}, batch {number}, event {i}")).collect();
        let events = texts.iter().map(|text| event().saying(text.as_str()).signed_by(&organisation));
        let body = Value::Array(events.collect()).to_string().into_bytes();
        loop {
            if *stopped.borrow() {
                sent.unanswered.extend(texts);
                return sent;
            }
            match client.try_post("application/json", None, body.clone()).await {
                Ok(answer) if answer.status == 202 => {
                    sent.acknowledged.extend(texts.into_iter().zip(answer.accepted_ids()));
                    count.send_modify(|count| *count += BATCH_EVENTS);
                    break;
                }
                // Away, or on its way: again, as a recorder would.
                Ok(answer) if matches!(answer.status, 207 | 503) => tokio::time::sleep(RETRY_AFTER).await,
                Ok(answer) => panic!("{}: {}", answer.status, answer.body),
                Err(_) => tokio::time::sleep(RETRY_AFTER).await,
            }
        }
    }
    unreachable!("numbers do not end")
}

impl Sent {
    /// Waits until everything that was acknowledged is stored; then holds that nothing is there twice, nothing
    /// that was never sent, and everything under the id that was acknowledged.
    pub async fn is_all_stored(&self, client: &Client) {
        let mut missing = self.acknowledged.len();
        let what = format!("all of {missing} acknowledged events stored");
        let stored = eventually(&what, async || {
            let mut stored: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for record in client.stored("").await {
                let text = crate::text_of(&record).unwrap_or_default().to_owned();
                let id = record["record"]["event_id"].as_str().unwrap_or_default().to_owned();
                stored.entry(text).or_default().push(id);
            }
            missing = self.acknowledged.keys().filter(|text| !stored.contains_key(*text)).count();
            (missing == 0).then_some(stored)
        })
        .await;
        for (text, ids) in stored {
            match self.acknowledged.get(&text) {
                Some(id) => {
                    assert_eq!(&ids, std::slice::from_ref(id), "{text:?} is stored otherwise than it was acknowledged")
                }
                None => {
                    assert!(self.unanswered.contains(&text), "{text:?} was never sent");
                    assert_eq!(ids.len(), 1, "{text:?} is stored twice");
                }
            }
        }
    }
}
