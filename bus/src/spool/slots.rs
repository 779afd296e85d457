//! The folders of the processes that share a spool folder: one each, named by a number from 0.
//!
//! A process takes the first that nobody holds, so one that comes back finds its own. What a process
//! left that does not come back is handed on by another.

use std::{collections::BTreeSet, fs::File, io::ErrorKind, path::Path};

use super::{
    settings::SpoolSettings,
    shelf::{REFUSED_TOPIC, anything_waits, has_refused, local_settings},
    slot_dir,
};
use crate::{
    LogError,
    local::{LocalLog, Weight, weigh_folder},
};

/// Processes that may share one folder.
const SLOTS_MAX: u32 = 64;

/// What lies in one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotReport {
    /// Its number, and its folder's name.
    pub slot: u32,
    /// Records that wait for the log.
    pub records: u64,
    /// Bytes of keys, headers and payloads that wait.
    pub bytes: u64,
    /// When the oldest that waits was taken, in milliseconds since the Unix epoch.
    pub oldest_appended_at_ms: Option<i64>,
    /// Records that the log refuses for good.
    pub refused_records: u64,
    /// Why it can't be read; then nothing else is known of it.
    pub unreadable: Option<String>,
}

/// What lies in each slot of a spool folder, also while gateways use it. Only reads; blocks on the
/// disk, a second or so per GiB. A folder that is not there has no slots, and one slot that is damaged
/// does not keep the others from being looked at.
pub fn inspect(dir: &Path) -> Result<Vec<SlotReport>, LogError> {
    let look = |slot| match weigh_folder(&slot_dir(dir, slot)) {
        Ok(topics) => report(slot, topics),
        Err(error) => SlotReport { unreadable: Some(error.to_string()), ..report(slot, Vec::new()) },
    };
    Ok(slots(dir)?.into_iter().map(look).collect())
}

fn report(slot: u32, topics: Vec<(String, Weight)>) -> SlotReport {
    let mut report =
        SlotReport { slot, records: 0, bytes: 0, oldest_appended_at_ms: None, refused_records: 0, unreadable: None };
    for (topic, weight) in topics {
        if topic == REFUSED_TOPIC {
            report.refused_records = weight.records;
            continue;
        }
        report.records += weight.records;
        report.bytes += weight.bytes;
        let oldest = [report.oldest_appended_at_ms, weight.oldest_appended_at_ms];
        report.oldest_appended_at_ms = oldest.into_iter().flatten().min();
    }
    report
}

/// The slots that there are, in order.
pub(super) fn slots(dir: &Path) -> Result<Vec<u32>, LogError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(LogError::Unavailable(format!("cannot read {}: {error}", dir.display()))),
    };
    let number = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let mut slots: Vec<u32> = entries.filter_map(number).filter(|slot| *slot < SLOTS_MAX).collect();
    slots.sort_unstable();
    Ok(slots)
}

/// Takes the first slot that nobody holds. Blocks.
pub(super) fn take(settings: &SpoolSettings) -> Result<(u32, LocalLog), LogError> {
    for slot in 0..SLOTS_MAX {
        let dir = slot_dir(&settings.dir, slot);
        let was_used = has_files(&dir);
        match LocalLog::open_if_free(&dir, local_settings(settings)) {
            Ok(Some(log)) => {
                // A folder is there after a power cut only once the one above it was written.
                let above = File::open(&settings.dir).and_then(|above| above.sync_all());
                above.map_err(|e| LogError::Unavailable(format!("cannot write {}: {e}", settings.dir.display())))?;
                return Ok((slot, log));
            }
            Ok(None) => {}
            // What lies there is damaged, and is left to people; the next slot may do.
            Err(error) if was_used => tracing::error!(%error, slot, "a slot of the spool can't be used"),
            Err(error) => return Err(error),
        }
    }
    Err(LogError::Unavailable(format!("all {SLOTS_MAX} slots in {} are taken", settings.dir.display())))
}

fn has_files(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok()))
}

/// What was learned of the other slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    /// Those that can't be opened: counted anew at each look, for people mend them meanwhile.
    damaged: BTreeSet<u32>,
    /// Those that could be opened and not be emptied: left alone until the next start.
    pub(super) stuck: BTreeSet<u32>,
    /// Those whose refused records the log was asked for again: once per start.
    pub(super) asked_again: BTreeSet<u32>,
}

impl Others {
    /// Slots in which acknowledged records may lie that nobody can hand on.
    pub(super) fn unreadable(&self) -> u64 {
        self.damaged.union(&self.stuck).count() as u64
    }

    /// Looks through all of them, and answers the first that nobody holds and in which something is to be
    /// handed on. Blocks.
    pub(super) fn next_left(&mut self, settings: &SpoolSettings, own: u32) -> Option<(u32, LocalLog)> {
        self.damaged.clear();
        let mut left = None;
        // A folder that can't be listed is no news here: our own slot lies in it.
        for slot in slots(&settings.dir).unwrap_or_default().into_iter().filter(|slot| *slot != own) {
            let dir = slot_dir(&settings.dir, slot);
            if self.stuck.contains(&slot) || !has_files(&dir) {
                continue;
            }
            match LocalLog::open_if_free(&dir, local_settings(settings)) {
                Ok(Some(log)) if left.is_none() && self.has_work(slot, &log) => left = Some((slot, log)),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, slot, "a slot of the spool that was left can't be read");
                    self.damaged.insert(slot);
                }
            }
        }
        left
    }

    fn has_work(&self, slot: u32, log: &LocalLog) -> bool {
        anything_waits(log) || !self.asked_again.contains(&slot) && has_refused(log)
    }
}
