//! The task that empties the spool.
//!
//! While the gate leads to the log it looks after the folder: opens it when it could not be opened,
//! gives room back to the disk, and looks whether other processes left something. Once the gate leads to
//! the spool it asks the log every second or so whether it is back, hands on what others left, which is
//! older, then its own, and opens the way back.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    Spool,
    carrier::{Carrier, Step},
    shelf::Shelf,
    slot_dir, slots,
    tally::Tally,
};
use crate::{AppendError, Backoff, LogError, local::LocalLog};

/// How long the log is left alone after it failed; a check takes up to a second more.
const BACKOFF_MIN: Duration = Duration::from_millis(50);
const BACKOFF_MAX: Duration = Duration::from_secs(1);

/// How often the folder is looked after.
const TEND_EVERY: Duration = Duration::from_secs(3);

/// How often others' slots are looked at: whoever is only being restarted is back by then.
const LEFT_EVERY: Duration = Duration::from_secs(30);

/// With so few records left the gate is shut, and appends wait until these are handed on too.
const FEW_RECORDS: u64 = 2_000;

pub(super) struct Drainer {
    spool: Arc<Spool>,
    carrier: Option<Carrier>,
    backoff: Backoff,
    /// The log has to answer before anything is handed on.
    has_to_check: bool,
    /// The topics may not be there: nobody saw the log since this process began, or it said so.
    has_to_make_topics: bool,
    has_to_give_back: bool,
    /// What others left goes before what is ours: whoever ended while the log was away had older records.
    has_to_carry_others: bool,
    others: slots::Others,
    left_due: Instant,
    reopen_due: Instant,
}

impl Drainer {
    pub(super) fn new(spool: Arc<Spool>) -> Self {
        Self {
            spool,
            carrier: None,
            backoff: Backoff::new(BACKOFF_MIN, BACKOFF_MAX),
            has_to_check: true,
            has_to_make_topics: true,
            // A process that died may have left room in its file.
            has_to_give_back: true,
            has_to_carry_others: true,
            others: slots::Others::default(),
            left_due: Instant::now(),
            reopen_due: Instant::now(),
        }
    }

    /// Works until it is told to stop. Whatever is under way then is as a crash would leave it: whole.
    pub(super) async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = self.turn() => {}
            }
        }
    }

    /// Opens the folder. Records in it turn the gate to the spool at once.
    pub(super) async fn open_shelf(&mut self) {
        self.reopen_due = Instant::now() + TEND_EVERY;
        let spool = self.spool.clone();
        match self.try_open().await {
            Ok(shelf) => {
                let shelf = Arc::new(shelf);
                let carrier = Carrier::new(shelf.clone(), spool.tally.clone(), spool.settings.clone());
                let own = shelf.slot;
                *spool.shelf.lock() = Some(shelf);
                // Before anything goes to the log: it would overtake what was left.
                if self.have_others_left(own).await {
                    tracing::info!("records of other processes are in the spool's folder; new ones go behind them");
                    drop(spool.gate.to_spool());
                }
                let records = carrier.left();
                if records > 0 {
                    tracing::info!(records, "records are in the spool from before; new ones go behind them");
                    drop(spool.gate.to_spool());
                }
                self.carrier = Some(carrier);
            }
            Err(error) => {
                if spool.tally.not_open(&error.to_string()) {
                    tracing::error!(%error, "the spool can't be used; without the log nothing is taken");
                }
            }
        }
    }

    /// Turns the gate to the spool when the log is away from the start: else the first records would wait for it
    /// as long as an append may.
    pub(super) async fn look_for_log(&mut self) {
        if let Err(error) = self.spool.primary.check().await {
            if self.spool.tally.log_failed(error.to_string()) {
                tracing::warn!(%error, "the log is away from the start; records go to the spool");
            }
            drop(self.spool.gate.to_spool());
        }
    }

    async fn try_open(&self) -> Result<Shelf, LogError> {
        let settings = self.spool.settings.clone();
        let taken = tokio::task::spawn_blocking(move || slots::take(&settings)).await;
        let (slot, log) = taken.unwrap_or_else(|_| Err(LogError::Closed))?;
        let dir = slot_dir(&self.spool.settings.dir, slot);
        Shelf::new((slot, log), dir, &self.spool.settings, self.spool.tally.clone()).await
    }

    async fn turn(&mut self) {
        if self.carrier.is_none() && self.reopen_due <= Instant::now() {
            self.open_shelf().await;
        }
        if self.spool.gate.is_direct() {
            self.look_after().await;
        } else {
            self.drain().await;
        }
    }

    /// One round while the log takes records itself.
    async fn look_after(&mut self) {
        let spool = self.spool.clone();
        tokio::select! {
            () = spool.gate.left_direct() => {}
            () = self.look_after_folder() => {}
        }
        // The gate was turned because the log failed.
        self.has_to_check = true;
    }

    async fn look_after_folder(&mut self) {
        if let (Some(carrier), Some(shelf)) = (&mut self.carrier, self.spool.shelf()) {
            shelf.tend().await;
            carrier.trim_rest().await;
            // What somebody who went away meanwhile had on the way into the spool.
            if carrier.left() > 0 {
                drop(self.spool.gate.to_spool());
                return;
            }
            if self.has_to_give_back {
                carrier.clear_empty_topics().await;
            }
            while self.has_to_give_back {
                // Not now: the next time there is something to give back.
                self.has_to_give_back = shelf.give_back_disk().await.unwrap_or(false);
            }
            if self.left_due <= Instant::now() && self.have_others_left(shelf.slot).await {
                // They are handed on from there: new records go behind them, and nobody breaks in.
                drop(self.spool.gate.to_spool());
                return;
            }
        }
        sleep(TEND_EVERY).await;
    }

    /// One round while records go to the spool.
    async fn drain(&mut self) {
        if self.has_to_check && !self.is_log_back().await {
            return;
        }
        let others = if self.has_to_carry_others { self.carry_what_others_left().await } else { None };
        let step = match &mut self.carrier {
            _ if others.is_some() => others.map_or(Step::Nothing, Step::LogAway),
            Some(carrier) => carrier.step(&*self.spool.primary).await,
            None => Step::Nothing,
        };
        match step {
            Step::Carried => {
                self.backoff.reset();
                self.spool.tally.log_is_back();
                self.spool.tally.drain_goes_on();
                if self.carrier.as_ref().is_some_and(|carrier| carrier.has_only_few_left(FEW_RECORDS)) {
                    self.spool.gate.shut();
                }
                if let Some(shelf) = self.spool.shelf() {
                    shelf.tend().await;
                }
            }
            Step::Nothing => self.open_to_log().await,
            Step::LogAway(error) => {
                let why = error.to_string();
                self.has_to_make_topics |= matches!(error, AppendError::NoSuchTopic(_));
                if self.spool.tally.log_failed(why.clone()) {
                    tracing::warn!(why, "the log does not take what is in the spool");
                }
                self.has_to_check = true;
                self.spool.gate.open_to_spool();
            }
            Step::SpoolAway(why) => {
                if self.spool.tally.drain_failed(&why) {
                    tracing::error!(why, "the spool can't be drained");
                }
                self.spool.gate.open_to_spool();
                sleep(self.backoff.next_wait()).await;
            }
        }
    }

    fn left(&self) -> u64 {
        self.carrier.as_ref().map_or(0, Carrier::left)
    }

    /// Waits a moment, asks the log, and looks after the folder meanwhile.
    async fn is_log_back(&mut self) -> bool {
        sleep(self.backoff.next_wait()).await;
        match self.check_log().await {
            Ok(()) => {
                (self.has_to_check, self.has_to_make_topics) = (false, false);
                self.has_to_carry_others = true;
                true
            }
            Err(error) => {
                if self.spool.tally.log_failed(error.to_string()) {
                    tracing::warn!(%error, "the log is away");
                }
                self.spool.gate.open_to_spool();
                if let Some(shelf) = self.spool.shelf() {
                    shelf.tend().await;
                }
                false
            }
        }
    }

    async fn check_log(&self) -> Result<(), LogError> {
        self.spool.primary.check().await?;
        for topic in self.spool.settings.topics.iter().filter(|_| self.has_to_make_topics) {
            self.spool.primary.ensure_topic(topic).await?;
        }
        Ok(())
    }

    /// Nothing is left: the way back, unless somebody comes in between.
    async fn open_to_log(&mut self) {
        let gate = self.spool.gate.clone();
        gate.shut();
        if !gate.settled().await || self.left() > 0 {
            return;
        }
        if let Some(carrier) = &mut self.carrier {
            carrier.trimmed().await;
        }
        self.spool.tally.log_is_back();
        // The account is set right where nobody can be on the way into the spool: what is kept a moment
        // later would be taken for nothing.
        let opened = gate.open_to_log(|| {
            let is_empty = self.left() == 0;
            if is_empty {
                self.spool.tally.drain_goes_on();
                self.spool.tally.emptied();
            }
            is_empty
        });
        if opened {
            self.backoff.reset();
            self.has_to_give_back = true;
            tracing::info!("the spool is empty; records go to the log again");
        }
    }

    /// The next slot that was left, as it is now.
    async fn next_left(&mut self, own: u32) -> Option<(u32, LocalLog)> {
        self.left_due = Instant::now() + LEFT_EVERY;
        let (settings, mut others) = (self.spool.settings.clone(), self.others.clone());
        let looking = tokio::task::spawn_blocking(move || {
            let left = others.next_left(&settings, own);
            (left, others)
        });
        let (left, others) = looking.await.ok()?;
        self.spool.tally.unreadable_slots(others.unreadable());
        self.others = others;
        left
    }

    async fn have_others_left(&mut self, own: u32) -> bool {
        let Some(left) = self.next_left(own).await else { return false };
        // Dropping a log waits for its thread.
        let _ = tokio::task::spawn_blocking(move || drop(left)).await;
        true
    }

    /// Hands on what processes that did not come back left in their slots; answers why the log did not take it all.
    async fn carry_what_others_left(&mut self) -> Option<AppendError> {
        let own = self.spool.shelf()?.slot;
        while let Some((slot, log)) = self.next_left(own).await {
            let dir = slot_dir(&self.spool.settings.dir, slot);
            let tally = Arc::new(Tally::new(self.spool.settings.bytes_max));
            let shelf = match Shelf::new((slot, log), dir, &self.spool.settings, tally.clone()).await {
                Ok(shelf) => Arc::new(shelf),
                Err(error) => {
                    self.is_stuck(slot, &error.to_string());
                    continue;
                }
            };
            let mut carrier = Carrier::new(shelf.clone(), tally, self.spool.settings.clone());
            let records = carrier.left();
            tracing::info!(slot, records, "handing on what another process left in the spool");
            let (away, stuck) = loop {
                match carrier.step(&*self.spool.primary).await {
                    Step::Carried => self.spool.tally.log_is_back(),
                    Step::Nothing => break (None, None),
                    Step::LogAway(error) => break (Some(error), None),
                    Step::SpoolAway(why) => break (None, Some(why)),
                }
            };
            carrier.trim_rest().await;
            if away.is_some() {
                shelf.close(TEND_EVERY).await;
                return away;
            }
            self.others.asked_again.insert(slot);
            if let Some(why) = stuck {
                self.is_stuck(slot, &why);
            } else if shelf.has_any() {
                self.is_stuck(slot, "what was handed on can't be deleted");
            }
            shelf.close(TEND_EVERY).await;
        }
        self.has_to_carry_others = false;
        None
    }

    /// What can't be handed on keeps nobody else waiting.
    fn is_stuck(&mut self, slot: u32, why: &str) {
        tracing::error!(why, slot, "what another process left in the spool can't be handed on");
        self.others.stuck.insert(slot);
        self.spool.tally.unreadable_slots(self.others.unreadable());
    }
}
