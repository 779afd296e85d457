//! What was sent, held against what is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;
use uuid::Uuid;

use crate::{
    Client, eventually,
    recorder::{Noted, Tally, by_number},
};

/// How many of the events of one fault are named.
const NAMED_MAX: usize = 10;

/// Everything that was sent, and what became of it.
pub struct Journal {
    sent: BTreeMap<(Uuid, u64), Noted>,
    tally: Tally,
}

/// What is wrong, event by event.
#[derive(Debug, Default)]
pub struct Verdict {
    tally: Tally,
    /// Acknowledged, and not in the store.
    pub lost: Vec<String>,
    /// In the store more than once.
    pub doubled: Vec<String>,
    /// In the store otherwise than it was sent, or under another id than was acknowledged.
    pub altered: Vec<String>,
    /// In the store and never sent, or refused as not kept.
    pub unexpected: Vec<String>,
    /// In the log for the first time behind a later one of the same AI system.
    pub out_of_order: Vec<String>,
    /// Records in the log that the store was not sent to keep.
    pub dead: usize,
    /// Records of events that the log had already.
    pub repeated_in_log: usize,
}

/// One record, in the order of the log.
#[derive(Clone, Debug)]
pub struct InLog {
    /// Whose.
    pub ai_id: Uuid,
    /// Its number.
    pub sequence: u64,
}

impl Journal {
    pub(crate) fn new(noted: Vec<Noted>, tally: Tally) -> Journal {
        Journal { sent: by_number(noted), tally }
    }

    /// How many events were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged_ids().count()
    }

    /// How it went, as the writers counted.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    fn acknowledged_ids(&self) -> impl Iterator<Item = &str> {
        self.sent.values().filter_map(|noted| noted.event_id.as_deref())
    }

    /// Waits until everything that was acknowledged can be read, and answers all that can.
    pub async fn stored_once_there(&self, client: &Client) -> Vec<Value> {
        let acknowledged: BTreeSet<&str> = self.acknowledged_ids().collect();
        let what = format!("all of {} acknowledged events stored", acknowledged.len());
        eventually(&what, async || {
            let stored = client.stored("").await;
            let ids: BTreeSet<&str> = stored.iter().map(id_of).collect();
            acknowledged.is_subset(&ids).then_some(stored)
        })
        .await
    }

    /// Holds what is in the store, and the log from its beginning, against what was sent.
    pub fn judge(&self, stored: &[Value], log: &[InLog]) -> Verdict {
        let mut verdict = Verdict { tally: self.tally, ..Verdict::default() };
        self.judge_store(stored, &mut verdict);
        self.judge_order(log, &mut verdict);
        verdict
    }

    fn judge_store(&self, stored: &[Value], verdict: &mut Verdict) {
        let mut found = BTreeMap::<(Uuid, u64), usize>::new();
        for record in stored {
            let (Some(number), id) = (number_of(&record["event"]), id_of(record)) else {
                verdict.unexpected.push(record.to_string());
                continue;
            };
            *found.entry(number).or_default() += 1;
            match self.sent.get(&number) {
                Some(Noted { event_id: Some(acknowledged), event, .. }) => {
                    if acknowledged != id || *event != record["event"] {
                        verdict.altered.push(format!("{number:?} acknowledged as {acknowledged}, stored as {id}"));
                    }
                }
                Some(_) => verdict.unexpected.push(format!("{number:?} was refused as not kept")),
                None => verdict.unexpected.push(format!("{number:?} was never sent")),
            }
        }
        verdict.doubled.extend(found.iter().filter(|(_, times)| **times > 1).map(|(number, _)| format!("{number:?}")));
        let kept = self.sent.iter().filter(|(_, noted)| noted.event_id.is_some());
        verdict
            .lost
            .extend(kept.filter(|(number, _)| !found.contains_key(*number)).map(|(number, _)| format!("{number:?}")));
    }

    fn judge_order(&self, log: &[InLog], verdict: &mut Verdict) {
        let mut seen = BTreeSet::new();
        let mut last = BTreeMap::<Uuid, u64>::new();
        for record in log {
            if !seen.insert((record.ai_id, record.sequence)) {
                verdict.repeated_in_log += 1;
                continue;
            }
            if self.sent.get(&(record.ai_id, record.sequence)).is_none_or(|noted| noted.event_id.is_none()) {
                let event = (record.ai_id, record.sequence);
                verdict
                    .unexpected
                    .push(format!("{event:?} is in the log, and was never sent or was refused as not kept"));
            }
            let before = last.insert(record.ai_id, record.sequence);
            if before.is_some_and(|before| before > record.sequence) {
                verdict.out_of_order.push(format!("({}, {}) behind {before:?}", record.ai_id, record.sequence));
            }
        }
        let absent = self.sent.iter().filter(|(number, noted)| noted.event_id.is_some() && !seen.contains(*number));
        verdict.lost.extend(absent.map(|(number, _)| format!("{number:?} is not in the log")));
    }
}

impl Verdict {
    /// Whether every promise was kept.
    pub fn is_clean(&self) -> bool {
        self.dead == 0
            && [&self.lost, &self.doubled, &self.altered, &self.unexpected, &self.out_of_order]
                .into_iter()
                .all(Vec::is_empty)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { sent, acknowledged, given_up, refused, unknown, overloaded: _, under_way: _ } = self.tally;
        write!(
            f,
            "sent={sent} acknowledged={acknowledged} given_up={given_up} refused={refused} unknown={unknown} \
             repeated={} lost={} doubled={} altered={} unexpected={} out_of_order={} dead={}",
            self.repeated_in_log,
            self.lost.len(),
            self.doubled.len(),
            self.altered.len(),
            self.unexpected.len(),
            self.out_of_order.len(),
            self.dead
        )?;
        for (what, events) in [
            ("lost", &self.lost),
            ("doubled", &self.doubled),
            ("altered", &self.altered),
            ("unexpected", &self.unexpected),
            ("out of order", &self.out_of_order),
        ] {
            for event in events.iter().take(NAMED_MAX) {
                write!(f, "\n  {what}: {event}")?;
            }
        }
        Ok(())
    }
}

/// Whose event it is, and its number.
pub fn number_of(event: &Value) -> Option<(Uuid, u64)> {
    Some((event["ai_id"].as_str()?.parse().ok()?, event["sequence"].as_u64()?))
}

fn id_of(record: &Value) -> &str {
    record["record"]["event_id"].as_str().unwrap_or_default()
}
