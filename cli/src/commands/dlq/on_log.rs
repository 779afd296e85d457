//! Dead letters on the log itself, of everyone: for its operator.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use aibbar::{
    Timestamp,
    dead_letter::{DeadLetter, NotRedrivable, Place},
};
use bus::{EventLog, kafka::KafkaLog};
use gateway::dead_letters::{By, Filter, Index, Known, LetterShown, LetterWhole, Outcome, fetch, read_all, redrive};
use serde_json::{Value, json};

use super::Rest;
use crate::{
    exit::{Exit, Failure},
    settings::event_log::EventLogSettings,
};

/// Letters that are held while they are redriven.
const AT_ONCE: usize = 100;
const HELD_BYTES_MAX: usize = 16 * 1024 * 1024;

pub(super) struct OnLog {
    log: Arc<dyn EventLog>,
    index: Index,
}

impl OnLog {
    /// Reads the whole topic.
    pub(super) async fn open(settings: &EventLogSettings) -> Result<OnLog, Failure> {
        let Some(kafka) = settings.kafka()? else {
            return Err(Failure::usage(
                "KAFKA_BROKERS (--kafka-brokers) is not set, and an embedded log belongs to the process that runs on it: \
                 leave --on-log out, and that process is asked over its API",
            ));
        };
        let log: Arc<dyn EventLog> = Arc::new(KafkaLog::new(kafka)?);
        let index = match read_all(&*log).await {
            // Nothing was ever kept there.
            Err(bus::LogError::NoSuchTopic(_)) => Index::default(),
            read => read?,
        };
        Ok(OnLog { log, index })
    }

    /// The newest letters that match, of everyone.
    pub(super) fn list(&self, filter: &Filter, limit: u64) -> Vec<Value> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let pages = self.index.owners().map(|owner| self.index.page(owner, filter, None, limit).0);
        let mut letters: Vec<Known> = pages.flatten().collect();
        letters.sort_by_key(|known| std::cmp::Reverse(known.order()));
        letters.truncate(limit);
        letters.into_iter().map(|known| to_json(&LetterShown::of(known))).collect()
    }

    /// The places of the oldest letters that match and can be redriven, of everyone; and what is left.
    pub(super) fn matching(&self, filter: &Filter, limit: u64) -> (Vec<Place>, Rest) {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut letters: Vec<Known> = Vec::new();
        let mut left_out: BTreeMap<NotRedrivable, u64> = BTreeMap::new();
        let mut more = false;
        for owner in self.index.owners() {
            let chosen = self.index.redrivable(owner, filter, limit);
            letters.extend(chosen.letters);
            more |= chosen.more;
            for (why, count) in chosen.left_out {
                *left_out.entry(why).or_default() += count;
            }
        }
        letters.sort_by_key(Known::order);
        more |= letters.len() > limit;
        let places = letters.into_iter().take(limit).map(|known| known.place).collect();
        let left_out = left_out.into_iter().map(|(why, count)| super::left_out(count, &why.to_string())).collect();
        (places, Rest { more, left_out })
    }

    pub(super) async fn show(&self, id: Place) -> Result<Value, Failure> {
        let known = self.find(id).cloned();
        let read = fetch(&*self.log, &[id], HELD_BYTES_MAX).await?;
        match (known, read.into_iter().next().flatten()) {
            (Some(known), Some(letter)) => Ok(to_json(&LetterWhole::of(known, letter))),
            _ => Err(Failure::failed(format!("there is no dead letter {id} (any more)"))),
        }
    }

    /// Redrives the letters at these places.
    pub(super) async fn redrive(
        &self,
        ids: &[Place],
        dry_run: bool,
        print: &mut impl FnMut(Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let by = By { kind: "operator".to_owned(), id: "cli".to_owned() };
        let mut left = ids;
        while !left.is_empty() {
            let read = fetch(&*self.log, &left[..left.len().min(AT_ONCE)], HELD_BYTES_MAX).await?;
            let (these, rest) = left.split_at(read.len().clamp(1, left.len()));
            left = rest;
            let mut good: Vec<(Place, DeadLetter)> = Vec::new();
            for (&place, letter) in these.iter().zip(read) {
                match letter.filter(|_| self.find(place).is_some()).map(|letter| (letter.redrivable(), letter)) {
                    Some((Ok(()), letter)) => good.push((place, letter)),
                    Some((Err(why), _)) => print(not_redrivable(place, why))?,
                    None => print(failed(place, "not_found"))?,
                }
            }
            if dry_run {
                good.iter().try_for_each(|(place, _)| print(done(*place, "would_be_redriven")))?;
                continue;
            }
            let outcomes = redrive(&*self.log, &good, &by, Timestamp::from(SystemTime::now())).await;
            for ((place, _), outcome) in good.iter().zip(outcomes) {
                print(match outcome {
                    Some(Outcome::Redriven | Outcome::Unmarked) => done(*place, "redriven"),
                    Some(Outcome::Failed(bus::AppendError::OutcomeUnknown(_))) => failed(*place, "outcome_unknown"),
                    Some(Outcome::Failed(error)) => {
                        return Err(Failure::new(Exit::Unreachable, error.to_string()));
                    }
                    None => not_redrivable(*place, NotRedrivable::NoRecord),
                })?;
            }
        }
        Ok(())
    }

    fn find(&self, place: Place) -> Option<&Known> {
        self.index.owners().find_map(|owner| self.index.get(owner, place))
    }
}

fn done(place: Place, status: &str) -> Value {
    json!({ "id": place.to_string(), "status": status })
}

fn failed(place: Place, code: &str) -> Value {
    json!({ "id": place.to_string(), "status": "failed", "code": code })
}

fn not_redrivable(place: Place, why: NotRedrivable) -> Value {
    json!({ "id": place.to_string(), "status": "failed", "code": "not_redrivable", "detail": why.to_string() })
}

fn to_json(shown: &impl serde::Serialize) -> Value {
    serde_json::to_value(shown).expect("what is shown is JSON")
}
