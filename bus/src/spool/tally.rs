//! The account of a spool: what lies in it, and why.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::status::{SpoolState, SpoolStatus};
use crate::local::Weight;

/// How much of what was counted before still counts after each batch that was handed on.
const RATE_MEMORY: f64 = 0.8;

/// Part of the spool that must be empty before one that was full is called open again: a tenth.
const OPEN_AGAIN: u64 = 10;

pub(super) struct Tally {
    bytes_max: u64,
    account: Mutex<Account>,
    /// Whether the log is known to be away.
    is_away: watch::Sender<bool>,
}

#[derive(Default)]
struct Account {
    is_open: bool,
    /// Signed: a record may be handed on before the one who appended it has written it down here.
    records: i64,
    bytes: i64,
    /// Bytes of appends under way.
    reserved: u64,
    oldest_appended_at_ms: Option<i64>,
    drained_records: u64,
    rate: Rate,
    refused: Weight,
    unreadable_slots: u64,
    is_full: bool,
    /// Why the spool could not be opened, or written last.
    spool_failure: Option<String>,
    /// Why what waits could not be read, or not be put aside: until the drainer goes on, whatever else is written.
    drain_failure: Option<String>,
    /// Why the log took nothing last.
    log_failure: Option<String>,
}

#[derive(Default)]
struct Rate {
    records: f64,
    seconds: f64,
}

impl Tally {
    pub(super) fn new(bytes_max: u64) -> Self {
        Self { bytes_max, account: Mutex::default(), is_away: watch::Sender::new(false) }
    }

    /// The spool is open, and this is in it.
    pub(super) fn opened(&self, waiting: Weight, refused: Weight) {
        let mut account = self.account.lock();
        account.is_open = true;
        (account.spool_failure, account.drain_failure) = (None, None);
        (account.records, account.bytes) = (signed(waiting.records), signed(waiting.bytes));
        account.oldest_appended_at_ms = waiting.oldest_appended_at_ms;
        account.refused = refused;
    }

    /// The spool can't be opened; answers whether that is news.
    pub(super) fn not_open(&self, why: &str) -> bool {
        let mut account = self.account.lock();
        let is_news = account.spool_failure.as_deref() != Some(why);
        account.is_open = false;
        account.spool_failure = Some(why.to_owned());
        is_news
    }

    /// Keeps room for an append of so many bytes, if there is any.
    pub(super) fn reserve(&self, bytes: u64) -> bool {
        let mut account = self.account.lock();
        let held = unsigned(account.bytes) + account.refused.bytes + account.reserved;
        let fits = held.saturating_add(bytes) <= self.bytes_max;
        if fits {
            account.reserved += bytes;
        } else {
            account.is_full = true;
        }
        fits
    }

    /// An append that had reserved room is done: so many of its records and bytes are kept.
    pub(super) fn kept(&self, reserved: u64, records: u64, bytes: u64, now_ms: i64) {
        let mut account = self.account.lock();
        account.reserved -= reserved;
        account.records += signed(records);
        account.bytes += signed(bytes);
        (account.is_full, account.spool_failure) = (false, None);
        account.oldest_appended_at_ms.get_or_insert(now_ms);
    }

    /// An append that had reserved room left nothing.
    pub(super) fn not_kept(&self, reserved: u64) {
        self.account.lock().reserved -= reserved;
    }

    /// The disk has no room.
    pub(super) fn full(&self) {
        self.account.lock().is_full = true;
    }

    /// The spool could not be written; answers whether that is news.
    pub(super) fn failed(&self, why: &str) -> bool {
        self.account.lock().spool_failure.replace(why.to_owned()).is_none()
    }

    /// What waits can't be handed on, and the log is not why; answers whether that is news.
    pub(super) fn drain_failed(&self, why: &str) -> bool {
        self.account.lock().drain_failure.replace(why.to_owned()).is_none()
    }

    /// The drainer went on.
    pub(super) fn drain_goes_on(&self) {
        self.account.lock().drain_failure = None;
    }

    /// The spool could be written.
    pub(super) fn works(&self) {
        self.account.lock().spool_failure = None;
    }

    /// Whether the spool refuses, or failed, and has to be looked at.
    pub(super) fn is_in_trouble(&self) -> bool {
        let account = self.account.lock();
        account.is_full || account.spool_failure.is_some()
    }

    /// The disk has room: a spool that was full is open again, if enough of it is empty.
    pub(super) fn has_room_again(&self) {
        let mut account = self.account.lock();
        let held = unsigned(account.bytes) + account.refused.bytes + account.reserved;
        account.is_full &= held > self.bytes_max - self.bytes_max / OPEN_AGAIN;
    }

    /// So many records and bytes were handed on, in this time; the oldest that may be left is not older than this.
    pub(super) fn drained(&self, records: u64, bytes: u64, took: Duration, oldest_appended_at_ms: Option<i64>) {
        let mut account = self.account.lock();
        account.records -= signed(records);
        account.bytes -= signed(bytes);
        account.drained_records += records;
        account.rate.records = account.rate.records * RATE_MEMORY + records as f64;
        account.rate.seconds = account.rate.seconds * RATE_MEMORY + took.as_secs_f64();
        account.oldest_appended_at_ms = oldest_appended_at_ms;
    }

    /// The oldest record that waits was taken then.
    pub(super) fn oldest(&self, appended_at_ms: i64) {
        self.account.lock().oldest_appended_at_ms = Some(appended_at_ms);
    }

    /// Nothing waits.
    pub(super) fn emptied(&self) {
        let mut account = self.account.lock();
        (account.records, account.bytes, account.oldest_appended_at_ms) = (0, 0, None);
        account.is_full = false;
    }

    /// A record of so many bytes that waited was put aside, for good.
    pub(super) fn refused(&self, bytes: u64) {
        let mut account = self.account.lock();
        account.records -= 1;
        account.bytes -= signed(bytes);
        account.refused.records += 1;
        account.refused.bytes += bytes;
    }

    /// A record of so many bytes that had been put aside was handed on after all.
    pub(super) fn refused_was_taken(&self, bytes: u64) {
        let mut account = self.account.lock();
        account.drained_records += 1;
        account.refused.records = account.refused.records.saturating_sub(1);
        // They were weighed with the headers of one that was put aside.
        let left = account.refused.bytes.saturating_sub(bytes);
        account.refused.bytes = if account.refused.records == 0 { 0 } else { left };
    }

    /// So many slots of the folder can't be read.
    pub(super) fn unreadable_slots(&self, slots: u64) {
        self.account.lock().unreadable_slots = slots;
    }

    /// The log does not take records; answers whether that is news.
    pub(super) fn log_failed(&self, why: String) -> bool {
        self.account.lock().log_failure = Some(why);
        !self.is_away.send_replace(true)
    }

    /// The log took records, or answered.
    pub(super) fn log_is_back(&self) {
        self.account.lock().log_failure = None;
        self.is_away.send_replace(false);
    }

    /// Waits until the log is known to be away.
    pub(super) async fn until_away(&self) {
        let mut is_away = self.is_away.subscribe();
        // Its sender is here: it does not go away.
        let _ = is_away.wait_for(|is_away| *is_away).await;
    }

    /// Why the log or the spool is away.
    pub(super) fn reason(&self) -> Option<String> {
        let account = self.account.lock();
        account.failure().or(account.log_failure.as_ref()).cloned()
    }

    pub(super) fn status(&self, is_direct: bool) -> SpoolStatus {
        let account = self.account.lock();
        let state = if !account.is_open || account.failure().is_some() {
            SpoolState::Unavailable
        } else if account.is_full {
            SpoolState::Full
        } else if is_direct {
            SpoolState::Idle
        } else if account.log_failure.is_some() {
            SpoolState::Spooling
        } else {
            SpoolState::Draining
        };
        SpoolStatus {
            state,
            records: unsigned(account.records),
            bytes: unsigned(account.bytes),
            bytes_max: self.bytes_max,
            oldest_appended_at_ms: account.oldest_appended_at_ms.filter(|_| account.records > 0),
            drained_records_total: account.drained_records,
            // What it once was tells nothing of a spool that is not being emptied.
            drain_records_per_second: if state == SpoolState::Draining { account.rate.per_second() } else { 0.0 },
            refused_records: account.refused.records,
            unreadable_slots: account.unreadable_slots,
            reason: account.failure().or(account.log_failure.as_ref()).cloned(),
        }
    }
}

impl Account {
    /// Why the spool itself does not do its work.
    fn failure(&self) -> Option<&String> {
        self.spool_failure.as_ref().or(self.drain_failure.as_ref())
    }
}

impl Rate {
    fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.records / self.seconds } else { 0.0 }
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_kept_for_appends_under_way_and_given_back() {
        let tally = Tally::new(100);
        tally.opened(Weight { records: 1, bytes: 40, oldest_appended_at_ms: Some(7) }, Weight::default());
        assert!(tally.reserve(60));
        assert!(!tally.reserve(1));
        assert_eq!(tally.status(false).state, SpoolState::Full);
        tally.not_kept(60);
        assert!(tally.reserve(50));
        tally.kept(50, 2, 50, 9);
        let status = tally.status(false);
        assert_eq!((status.records, status.bytes, status.oldest_appended_at_ms), (3, 90, Some(7)));
        assert_eq!(status.state, SpoolState::Draining);
    }

    #[test]
    fn what_stops_the_drain_is_told_until_it_goes_on_whatever_is_taken_meanwhile() {
        let tally = Tally::new(100);
        tally.opened(Weight::default(), Weight::default());
        assert!(tally.drain_failed("a page can't be read") && !tally.drain_failed("a page can't be read"));
        assert!(tally.reserve(10));
        tally.kept(10, 1, 10, 5);
        tally.works();
        let status = tally.status(false);
        assert_eq!((status.state, status.reason.as_deref()), (SpoolState::Unavailable, Some("a page can't be read")));
        tally.drain_goes_on();
        assert_eq!(tally.status(false).state, SpoolState::Draining);
    }

    #[test]
    fn a_record_that_is_handed_on_before_it_is_written_down_leaves_the_account_right() {
        let tally = Tally::new(100);
        tally.opened(Weight::default(), Weight::default());
        assert!(tally.reserve(10));
        tally.drained(1, 10, Duration::from_millis(100), None);
        tally.kept(10, 1, 10, 5);
        let status = tally.status(false);
        assert_eq!((status.records, status.bytes, status.oldest_appended_at_ms), (0, 0, None));
        assert_eq!((status.drained_records_total, status.drain_records_per_second), (1, 10.0));
    }
}
