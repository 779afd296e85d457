//! What came of the requests of a round.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use crate::{connection::Answer, durations::Durations, marks::Marks, result::Slice};

/// The timeline is told in slices of this.
pub(crate) const SLICE: Duration = Duration::from_millis(100);
/// Slices at most: an hour and a half.
const SLICES_MAX: usize = 60_000;
/// Acknowledgements whose moment is kept for the live readers, at most.
const MOMENTS_MAX: usize = 4_000_000;
/// The moment of what was not acknowledged.
const NEVER: u32 = u32::MAX;

/// One request that has ended.
pub(crate) struct Ended<'a> {
    /// When the schedule wanted it, when it was sent, when it was answered: since the beginning.
    pub(crate) due: Duration,
    pub(crate) sent: Duration,
    pub(crate) answered: Duration,
    pub(crate) first: u64,
    pub(crate) events: u64,
    pub(crate) bytes: usize,
    /// `None`: the connection broke, so nobody knows.
    pub(crate) answer: Option<&'a Answer>,
}

/// Sums.
#[derive(Default)]
pub(crate) struct Tally {
    /// What is wanted before this is warm-up, and counts only for what is kept.
    pub(crate) counts_from: Duration,
    /// Whether moments are kept.
    pub(crate) is_watched_live: bool,
    pub(crate) latency: Durations,
    pub(crate) acknowledged_latency: Durations,
    pub(crate) answer: Durations,
    pub(crate) acknowledged_answer: Durations,
    /// The same without the wait for the log.
    pub(crate) added: Durations,
    /// All, the warm-up's too.
    pub(crate) acknowledged_ever: Marks,
    pub(crate) events_sent: u64,
    pub(crate) bytes_sent: u64,
    pub(crate) acknowledged: u64,
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) told_to_retry: u64,
    pub(crate) timeline: Vec<Slice>,
    /// Microseconds since the beginning, by the event's number.
    pub(crate) moments_us: Vec<u32>,
    pub(crate) last_answer: Duration,
}

impl Tally {
    pub(crate) fn ended(&mut self, ended: &Ended<'_>) {
        let acknowledged = self.mark(ended);
        let slice = usize::try_from(ended.due.as_millis() / SLICE.as_millis()).unwrap_or(SLICES_MAX);
        if slice < SLICES_MAX {
            if self.timeline.len() <= slice {
                self.timeline.resize(slice + 1, Slice::default());
            }
            self.timeline[slice].acknowledged += acknowledged;
            self.timeline[slice].refused += ended.events - acknowledged;
        }
        if ended.due < self.counts_from {
            return;
        }
        self.last_answer = self.last_answer.max(ended.answered);
        self.events_sent += ended.events;
        self.bytes_sent += ended.bytes as u64;
        self.acknowledged += acknowledged;
        self.latency.record(ended.answered.saturating_sub(ended.due));
        self.answer.record(ended.answered.saturating_sub(ended.sent));
        if acknowledged == ended.events {
            self.acknowledged_latency.record(ended.answered.saturating_sub(ended.due));
            let answer = ended.answered.saturating_sub(ended.sent);
            self.acknowledged_answer.record(answer);
            if let Some(log_wait) = ended.answer.and_then(|answer| answer.log_wait) {
                self.added.record(answer.saturating_sub(log_wait));
            }
            return;
        }
        self.refuse(ended, ended.events - acknowledged);
    }

    /// A request that was wanted, and that no connection ever came to: it waited until the end, at least.
    pub(crate) fn never_sent(&mut self, due: Duration, end: Duration) {
        if due >= self.counts_from {
            self.latency.record(end.saturating_sub(due));
        }
    }

    /// Marks what was acknowledged, and counts it.
    fn mark(&mut self, ended: &Ended<'_>) -> u64 {
        let Some(answer) = ended.answer else { return 0 };
        match answer.status {
            202 => {
                (ended.first..ended.first + ended.events).for_each(|number| self.acknowledge(number, ended.answered));
                ended.events
            }
            _ if ended.events == 1 => 0,
            _ => {
                let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                let accepted = results(&body).filter(|(_, result)| result["status"] == "accepted");
                let accepted: Vec<u64> = accepted.map(|(index, _)| ended.first + index).collect();
                accepted.iter().for_each(|number| self.acknowledge(*number, ended.answered));
                accepted.len() as u64
            }
        }
    }

    fn acknowledge(&mut self, number: u64, at: Duration) {
        self.acknowledged_ever.mark(number);
        let Some(place) = usize::try_from(number).ok().filter(|place| self.is_watched_live && *place < MOMENTS_MAX)
        else {
            return;
        };
        if self.moments_us.len() <= place {
            self.moments_us.resize(place + 1, NEVER);
        }
        self.moments_us[place] = u32::try_from(at.as_micros()).unwrap_or(NEVER);
    }

    /// When the event of this number was acknowledged, if it was and that was kept.
    pub(crate) fn moment(&self, number: u64) -> Option<Duration> {
        let moment = *self.moments_us.get(usize::try_from(number).ok()?)?;
        (moment != NEVER).then(|| Duration::from_micros(moment.into()))
    }

    fn refuse(&mut self, ended: &Ended<'_>, events: u64) {
        let Some(answer) = ended.answer else {
            *self.refused.entry("connection broken".to_owned()).or_default() += events;
            return;
        };
        if matches!(answer.status, 429 | 503) && answer.retry_after.is_some() {
            self.told_to_retry += events;
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, result) in results(&body).filter(|(_, result)| result["status"] != "accepted") {
            *codes.entry(result["code"].as_str().unwrap_or("no code")).or_default() += 1;
        }
        if codes.is_empty() {
            codes.insert(body["code"].as_str().unwrap_or("no code"), events);
        }
        for (code, events) in codes {
            *self.refused.entry(format!("{} {code}", answer.status)).or_default() += events;
        }
    }
}

fn results(body: &Value) -> impl Iterator<Item = (u64, &Value)> {
    (0..).zip(body["results"].as_array().into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn answer(status: u16, body: &'static str) -> Answer {
        Answer {
            status,
            retry_after: (status == 503).then_some(1_000 * MS),
            log_wait: None,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    fn ended<'a>(due: Duration, first: u64, events: u64, answer: Option<&'a Answer>) -> Ended<'a> {
        Ended { due, sent: due + 2 * MS, answered: due + 5 * MS, first, events, bytes: 10, answer }
    }

    #[test]
    fn each_event_is_counted_by_what_became_of_it() {
        let mut tally = Tally { counts_from: 100 * MS, is_watched_live: true, ..Tally::default() };
        let all = answer(202, "");
        let some = answer(
            207,
            r#"{"results":[{"status":"accepted"},{"status":"rejected","code":"invalid_signature"},{"status":"accepted"}]}"#,
        );
        let none = answer(503, r#"{"code":"overloaded"}"#);
        tally.ended(&ended(10 * MS, 0, 1, Some(&all)));
        tally.ended(&ended(110 * MS, 1, 2, Some(&all)));
        tally.ended(&ended(120 * MS, 3, 3, Some(&some)));
        tally.ended(&ended(130 * MS, 6, 1, Some(&none)));
        tally.ended(&ended(140 * MS, 7, 1, None));
        assert_eq!((tally.events_sent, tally.acknowledged, tally.bytes_sent), (7, 4, 40));
        assert_eq!(tally.acknowledged_ever.count(), 5, "what was warm-up is kept as well");
        let refused: Vec<_> = tally.refused.iter().map(|(code, events)| (code.as_str(), *events)).collect();
        assert_eq!(refused, [("207 invalid_signature", 1), ("503 overloaded", 1), ("connection broken", 1)]);
        assert_eq!(tally.told_to_retry, 1);
        assert_eq!(tally.moment(5), Some(125 * MS));
        assert_eq!((tally.moment(4), tally.moment(6)), (None, None));
        let slices: Vec<_> = tally.timeline.iter().map(|slice| (slice.acknowledged, slice.refused)).collect();
        assert_eq!(slices, [(1, 0), (4, 3)]);
    }

    /// No omission: the wait for a connection that is busy is part of the time.
    #[test]
    fn time_counts_from_when_the_schedule_wanted_it() {
        let mut tally = Tally::default();
        let all = answer(202, "");
        tally.ended(&ended(50 * MS, 0, 1, Some(&all)));
        tally.never_sent(Duration::ZERO, 9 * MS);
        let (latency, answer) = (tally.latency.told(), tally.answer.told());
        assert_eq!((latency.count, answer.count), (2, 1));
        assert!(latency.p50.abs_diff(5_000) < 10 && latency.max.abs_diff(9_000) < 10, "{latency:?}");
        assert!(answer.max.abs_diff(3_000) < 10, "{answer:?}");
    }
}
