//! The folders of the processes that share a spool folder: one each, named by a number from 0.
//!
//! A process takes the first that nobody holds, so one that comes back finds its own. What a process
//! left that does not come back is handed on by another.

use std::{fs::File, path::Path};

use super::{
    settings::SpoolSettings,
    shelf::{REFUSED_TOPIC, local_settings, waits},
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
}

/// What lies in each slot of a spool folder, also while gateways use it. Only reads; blocks on the
/// disk, a second or so per GiB. A folder that is not there has no slots.
pub fn inspect(dir: &Path) -> Result<Vec<SlotReport>, LogError> {
    let slots = slots(dir);
    slots.into_iter().map(|slot| Ok(report(slot, weigh_folder(&slot_dir(dir, slot))?))).collect()
}

fn report(slot: u32, topics: Vec<(String, Weight)>) -> SlotReport {
    let mut report = SlotReport { slot, records: 0, bytes: 0, oldest_appended_at_ms: None, refused_records: 0 };
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
fn slots(dir: &Path) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let number = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let mut slots: Vec<u32> = entries.filter_map(number).filter(|slot| *slot < SLOTS_MAX).collect();
    slots.sort_unstable();
    slots
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

/// The first other slot that nobody holds and in which records wait. Blocks.
pub(super) fn next_left(settings: &SpoolSettings, own: u32) -> Option<(u32, LocalLog)> {
    for slot in slots(&settings.dir).into_iter().filter(|slot| *slot != own) {
        let dir = slot_dir(&settings.dir, slot);
        if has_files(&dir)
            && let Ok(Some(log)) = LocalLog::open_if_free(&dir, local_settings(settings))
            && settings.topics.iter().any(|spec| waits(&log, &spec.name))
        {
            return Some((slot, log));
        }
    }
    None
}
