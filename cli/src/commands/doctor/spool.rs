//! What waits in the spool: as a gateway tells it, and as it lies in the folder.

use std::time::SystemTime;

use aibbar::Timestamp;
use bus::spool::{SlotReport, inspect};
use serde::Deserialize;
use url::Url;

use super::finding::Finding;
use crate::settings::{
    data_dir::DataDirSettings,
    spool::{SpoolingSettings, Switch},
};

/// What to do while records wait.
const LET_IT_DRAIN: &str = "Mend Kafka, and keep a gateway running on this folder: it hands them on by itself, in order. \
                            Do not delete the folder: these events were acknowledged and are nowhere else.";
/// What to do when it takes no more.
const MAKE_ROOM: &str = "Mend Kafka first. Until then give the disk more room, or raise GAPIN_SPOOL_BYTES_MAX: nothing \
                         is lost, but new events are answered 503.";
/// What to do with what Kafka refuses.
const LOOK_AT_REFUSED: &str = "They were acknowledged and are larger than Kafka takes: raise max.message.bytes of the topic \
                               aibbar.events, and start the gateway again: it hands them on once more when it starts. \
                               `gapin spool list` shows them.";

/// What to do with what can't be read.
const LOOK_AT_UNREADABLE: &str = "Do not delete it: it may hold acknowledged events. Look at its permissions and at the disk, restore \
                                  the folder or mend its log.db with sqlite3, and start the gateway again: it hands on what is there.";

/// The spool in `/health/ready`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SpoolTold {
    state: String,
    records: u64,
    bytes: u64,
    bytes_max: u64,
    oldest_age_seconds: f64,
    drain_records_per_second: f64,
    refused_records: u64,
    unreadable_slots: u64,
}

impl SpoolTold {
    /// Whether there is more to say than that nothing waits.
    pub(super) fn needs_a_look(&self) -> bool {
        self.state != "idle" || self.refused_records > 0 || self.unreadable_slots > 0
    }

    /// What the gateway at this address says of it.
    pub(super) fn finding(&self, url: &Url) -> Finding {
        let waiting = waiting(self.records, self.bytes, self.oldest_age_seconds as u64);
        let rate = self.drain_records_per_second;
        match self.state.as_str() {
            "idle" if self.unreadable_slots > 0 => Finding::wrong(
                format!("{url}: {} slots of the spool's folder can't be read", self.unreadable_slots),
                LOOK_AT_UNREADABLE,
            ),
            "idle" => Finding::doubtful(refused(self.refused_records), LOOK_AT_REFUSED),
            "draining" => Finding::doubtful(
                format!("{url}: Kafka is back and takes what was spooled, {rate:.0} records/s: {waiting}"),
                "Nothing: new events go behind these, and the spool ends when it is empty.",
            ),
            "spooling" => Finding::doubtful(
                format!("{url}: Kafka is away, events go to the spool: {waiting} of {}", size(self.bytes_max)),
                LET_IT_DRAIN,
            ),
            "full" => Finding::unreachable(format!("{url}: Kafka is away and the spool is full: {waiting}"), MAKE_ROOM),
            _ => Finding::unreachable(
                format!("{url}: the spool can't be written"),
                "Look at the permissions and the free space of GAPIN_SPOOL_DIR; until then events are taken only while \
                 Kafka is there.",
            ),
        }
    }
}

/// What lies in the spool's folder on this machine, whether a gateway runs or not.
pub(super) async fn spool(settings: &SpoolingSettings, data_dir: &DataDirSettings) -> Finding {
    if settings.spool == Switch::Off {
        return Finding::doubtful(
            "switched off: while Kafka is away a gateway answers 503",
            "Set GAPIN_SPOOL=on to keep events on this machine's disk meanwhile.",
        );
    }
    let dir = settings.dir(data_dir);
    let inspected = tokio::task::spawn_blocking({
        let dir = dir.clone();
        move || inspect(&dir)
    });
    let slots = match inspected.await {
        Ok(Ok(slots)) => slots,
        Ok(Err(error)) => {
            let sentence = format!("{} can't be read: {error}", dir.display());
            return Finding::wrong(
                sentence,
                "Look at its permissions; do not delete it: it may hold acknowledged events.",
            );
        }
        Err(_) => return Finding::wrong(format!("{} can't be read", dir.display()), "Run gapin doctor again."),
    };
    judge(&slots, &format!("{}", dir.display()), Timestamp::from(SystemTime::now()).unix_ms())
}

fn judge(slots: &[SlotReport], dir: &str, now_ms: i64) -> Finding {
    let unreadable: Vec<_> = slots.iter().filter_map(|slot| Some((slot.slot, slot.unreadable.as_deref()?))).collect();
    if !unreadable.is_empty() {
        let named = unreadable.iter().map(|(slot, why)| format!("{dir}/{slot} can't be read: {why}"));
        let told = named.collect::<Vec<_>>().join("; ");
        let rest: Vec<_> = slots.iter().filter(|slot| slot.unreadable.is_none()).cloned().collect();
        return Finding::wrong(format!("{told}; besides, {}", judge(&rest, dir, now_ms).finding), LOOK_AT_UNREADABLE);
    }
    let sum = |of: fn(&SlotReport) -> u64| slots.iter().map(of).sum::<u64>();
    let (records, refused_records) = (sum(|slot| slot.records), sum(|slot| slot.refused_records));
    if records == 0 && refused_records == 0 {
        return Finding::fine(format!("nothing waits in {dir}"));
    }
    if records == 0 {
        return Finding::doubtful(format!("{dir}: {}", refused(refused_records)), LOOK_AT_REFUSED);
    }
    let oldest = slots.iter().filter_map(|slot| slot.oldest_appended_at_ms).min().unwrap_or(now_ms);
    let age_s = u64::try_from(now_ms.saturating_sub(oldest) / 1_000).unwrap_or(0);
    let more = if refused_records > 0 { format!("; {}", refused(refused_records)) } else { String::new() };
    Finding::doubtful(format!("{dir}: {}{more}", waiting(records, sum(|slot| slot.bytes), age_s)), LET_IT_DRAIN)
}

fn waiting(records: u64, bytes: u64, oldest_age_s: u64) -> String {
    format!("{records} records ({}) wait, the oldest for {}", size(bytes), age(oldest_age_s))
}

fn refused(records: u64) -> String {
    format!("{records} records lie in the spool that Kafka refuses for good")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1_024)),
        _ => format!("{} MiB", bytes >> 20),
    }
}

fn age(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::finding::State;

    fn slot(records: u64, refused_records: u64) -> SlotReport {
        let oldest_appended_at_ms = (records > 0).then_some(1_000);
        SlotReport {
            slot: 0,
            records,
            bytes: records * 1_024,
            oldest_appended_at_ms,
            refused_records,
            unreadable: None,
        }
    }

    #[test]
    fn a_slot_that_can_not_be_read_is_named_and_the_others_are_told_of() {
        let damaged = SlotReport { slot: 3, unreadable: Some("not a database".to_owned()), ..slot(0, 0) };
        let finding = judge(&[slot(2, 0), damaged], "/spool", 61_000);
        let told =
            "/spool/3 can't be read: not a database; besides, /spool: 2 records (2 KiB) wait, the oldest for 60 s";
        assert_eq!((finding.state, finding.finding.as_str()), (State::Wrong, told));
        assert!(finding.mend.is_some_and(|mend| mend.contains("Do not delete")));
    }

    #[test]
    fn what_lies_in_the_folder_is_told_with_its_depth_its_age_and_what_to_do() {
        for (slots, state, told) in [
            (vec![], State::Fine, "nothing waits in /spool"),
            (vec![slot(0, 0)], State::Fine, "nothing waits in /spool"),
            (vec![slot(2, 0), slot(3, 0)], State::Doubtful, "/spool: 5 records (5 KiB) wait, the oldest for 60 s"),
            (vec![slot(0, 1)], State::Doubtful, "/spool: 1 records lie in the spool that Kafka refuses for good"),
        ] {
            let finding = judge(&slots, "/spool", 61_000);
            assert_eq!((finding.state, finding.finding.as_str()), (state, told));
            assert_eq!(finding.mend.is_some(), state != State::Fine);
        }
    }

    #[test]
    fn every_state_of_a_gateways_spool_has_its_word() {
        let url = Url::parse("http://gateway:8080/health/ready").expect("a URL");
        for (state, expected, word) in [
            ("spooling", State::Doubtful, "Kafka is away"),
            ("draining", State::Doubtful, "Kafka is back"),
            ("full", State::Unreachable, "is full"),
            ("unavailable", State::Unreachable, "can't be written"),
        ] {
            let told = SpoolTold { state: state.to_owned(), ..SpoolTold::default() };
            let finding = told.finding(&url);
            assert!(told.needs_a_look() && finding.state == expected && finding.finding.contains(word), "{finding:?}");
        }
        let idle = SpoolTold { state: "idle".to_owned(), ..SpoolTold::default() };
        assert!(!idle.needs_a_look());
    }
}
