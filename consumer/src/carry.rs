//! The loop from log to store.
//!
//! A batch is taken, written, its dead letters kept, its positions committed: in this order, and a
//! failure at any step goes back to what the group committed last and reads again from there. That
//! one way back serves for a store that is away, a log that is away and partitions that moved to
//! another member.
//!
//! While the store writes a batch the next one is read already and made rows, so that neither waits
//! for the other; it is written only once the first is committed, and given up with it.
//!
//! The loop polls the log again after every write that fails, however long the store is away, and
//! after `Settings::batch_max` and one write at the latest, however many rows of a batch have to be
//! tried apart: which is what keeps a Kafka member alive.

use std::{pin::pin, sync::Arc, time::SystemTime};

use aibbar::{
    Timestamp,
    dead_letter::{DeadLetter, Reason},
    record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC},
};
use bus::{AppendError, EventLog, GroupMember, LogError, LogRecord, Position, positions_after};
use store::{
    StoreError,
    events::{EventStore, WriteOutcome},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Backoff, Health, Settings,
    batch::{Batch, Gathering, Size},
    dead_letter::{Kept, Unstorable, new_record},
    housekeeping::stopped_within,
    metrics::Metrics,
    trace::BatchTrace,
    write::{Doubts, RowOutcome, Writing, write},
};

/// What a consumer is called among the members of its group.
const MEMBER: &str = "gapin-consumer";

pub(crate) struct Carrier {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) health: Health,
    pub(crate) stopping: CancellationToken,
}

/// Why a batch was not carried to its end. Each is mended by waiting and reading again.
#[derive(Debug, thiserror::Error)]
enum CarryError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the dead letters could not be kept: {0}")]
    DeadLetters(AppendError),
}

/// What one member carries on from batch to batch.
struct Course {
    size: Size,
    /// The next batch, as far as it was read.
    gathering: Gathering,
    kept: Kept,
    doubts: Doubts,
}

impl Carrier {
    /// Carries until it is stopped or the log is closed.
    pub(crate) async fn run(self) {
        let _ended = EndGuard(self.health.clone());
        let mut backoff = Backoff::new(self.settings.backoff_min, self.settings.backoff_max);
        while !self.stopping.is_cancelled() {
            // A log that is away keeps whoever asks it waiting; nothing was taken yet that would be worth that.
            let joined = tokio::select! {
                joined = self.join() => joined,
                () = self.stopping.cancelled() => return,
            };
            let error = match joined {
                Ok(member) => match self.carry_as(member, &mut backoff).await {
                    Ok(()) => return,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            if error == LogError::Closed {
                return;
            }
            self.note(&CarryError::Log(error));
            stopped_within(backoff.next_wait(), &self.stopping).await;
        }
    }

    async fn join(&self) -> Result<Box<dyn GroupMember>, LogError> {
        self.ensure_topics().await?;
        self.log.join(EVENTS_TOPIC, &self.settings.group, MEMBER).await
    }

    async fn ensure_topics(&self) -> Result<(), LogError> {
        for topic in &self.settings.topics {
            self.log.ensure_topic(topic).await?;
        }
        Ok(())
    }

    /// Carries batch after batch as one member of the group. `Ok` when stopped; an error when the
    /// member can't even go back, so that a new one has to be made.
    async fn carry_as(&self, mut member: Box<dyn GroupMember>, backoff: &mut Backoff) -> Result<(), LogError> {
        let mut course = Course {
            size: Size::of(&self.settings),
            gathering: Gathering::default(),
            kept: Kept::default(),
            doubts: Doubts::default(),
        };
        while !self.stopping.is_cancelled() || !course.gathering.is_empty() {
            match self.carry_one(&mut *member, &mut course).await {
                Ok(()) => backoff.reset(),
                Err(CarryError::Log(LogError::Closed)) => return Err(LogError::Closed),
                Err(error) => {
                    course.gathering = Gathering::default();
                    match error {
                        CarryError::Store(StoreError::Unexplained(_)) => course.size.widen(),
                        CarryError::Store(_) => course.size.shrink(),
                        CarryError::Log(_) | CarryError::DeadLetters(_) => {}
                    }
                    if matches!(error, CarryError::Log(LogError::Fenced)) {
                        tracing::debug!("partitions moved to another member; going on from what is committed");
                    } else {
                        self.note(&error);
                    }
                    if !stopped_within(backoff.next_wait(), &self.stopping).await {
                        member.rewind().await?;
                    }
                }
            }
        }
        member.leave().await;
        Ok(())
    }

    /// One batch: take, write, keep the dead letters, commit. In this order.
    async fn carry_one(&self, member: &mut dyn GroupMember, course: &mut Course) -> Result<(), CarryError> {
        course.gathering.fill(member, &self.settings, course.size, &self.stopping).await?;
        self.health.set_log_up(true);
        let batch = course.gathering.take();
        if batch.records.is_empty() {
            return if self.stopping.is_cancelled() { Ok(()) } else { self.look_after_store().await };
        }
        let trace = BatchTrace::begin(&batch.records, &self.settings.group);
        let read_on = self.carry(member, course, &batch, &trace).await.inspect_err(|_| trace.failed())?;
        Ok(read_on?)
    }

    /// What was read of it: write, keep the dead letters, commit. Answers how it went to read the next batch meanwhile.
    async fn carry(
        &self,
        member: &mut dyn GroupMember,
        course: &mut Course,
        batch: &Batch,
        trace: &BatchTrace,
    ) -> Result<Result<(), LogError>, CarryError> {
        let (unstorable, read_on) = {
            let reading = course.gathering.fill(member, &self.settings, course.size, &self.stopping);
            let mut reading = pin!(reading);
            let mut writing = pin!(self.store(batch, &mut course.doubts, trace));
            let mut read_on = None;
            let written = loop {
                tokio::select! {
                    written = &mut writing => break written,
                    ended = &mut reading, if read_on.is_none() => read_on = Some(ended),
                }
            };
            (written?, read_on.unwrap_or(Ok(())))
        };
        course.size.recover();
        still_ours(&*member, batch)?;
        self.keep(&unstorable, &mut course.kept).await?;
        member.commit(&positions_after(&batch.records)).await?;
        course.kept.clear();
        course.doubts.clear();
        Ok(read_on)
    }

    /// An idle consumer notices a store that went away or came back before a record does.
    async fn look_after_store(&self) -> Result<(), CarryError> {
        self.events.check().await?;
        self.health.set_store_up(true);
        Ok(())
    }

    /// Writes what can be stored, and answers what can't.
    async fn store<'r>(
        &self,
        batch: &'r Batch,
        doubts: &mut Doubts,
        trace: &BatchTrace,
    ) -> Result<Vec<Unstorable<'r>>, StoreError> {
        let Batch { records, rows, sources, unreadable, .. } = batch;
        let none = |(at, detail): &(usize, String)| Unstorable {
            source: &records[*at],
            reason: Reason::NotARecord,
            detail: detail.clone(),
        };
        let mut unstorable: Vec<Unstorable<'r>> = unreadable.iter().map(none).collect();
        if rows.is_empty() {
            return Ok(unstorable);
        }
        let timer = self.metrics.write_seconds.start_timer();
        let writing = Writing { events: &*self.events, settings: &self.settings, stopping: &self.stopping };
        let places: Vec<Position> = sources.iter().map(|at| records[*at].position).collect();
        let in_store = trace.store();
        let written = write(&writing, rows, &places, doubts).await;
        if written.is_err() {
            in_store.record("otel.status_code", "ERROR");
        }
        drop(in_store);
        let outcomes = written?;
        timer.observe_duration();
        self.health.set_store_up(true);
        self.metrics.batch_records.observe(rows.len() as f64);
        self.metrics.delay_seconds.observe(oldest_age_seconds(records));

        for (source, outcome) in sources.iter().map(|at| &records[*at]).zip(outcomes) {
            let (reason, detail) = match outcome {
                RowOutcome::Written(WriteOutcome::Conflict) => (
                    Reason::EventIdConflict,
                    "an event with this id and another signature is stored already; the first stays".to_owned(),
                ),
                RowOutcome::Written(written) => {
                    self.metrics.count_written(written);
                    continue;
                }
                RowOutcome::Refused(why) => (Reason::RefusedByStore, why),
            };
            unstorable.push(Unstorable { source, reason, detail });
        }
        Ok(unstorable)
    }

    /// Appends the dead letters; only when every one is durable is it `Ok`.
    async fn keep(&self, unstorable: &[Unstorable<'_>], kept: &mut Kept) -> Result<(), CarryError> {
        let at = Timestamp::from(SystemTime::now());
        let waiting: Vec<&Unstorable<'_>> = unstorable.iter().filter(|one| !kept.has(one.source)).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let letters: Vec<DeadLetter> = waiting.iter().map(|one| one.letter(at)).collect();
        let outcomes = self.log.append(DEAD_LETTERS_TOPIC, letters.iter().map(new_record).collect()).await;
        let mut failed = None;
        for ((one, letter), outcome) in waiting.into_iter().zip(&letters).zip(outcomes) {
            let outcome = match outcome {
                Err(AppendError::TooLarge | AppendError::Refused(_)) => self.keep_without_content(letter).await,
                outcome => outcome.map(drop),
            };
            match outcome {
                Ok(()) => {
                    kept.add(one.source);
                    // The reason and the place, never the detail: no word of ours quotes the record, and this stays so.
                    tracing::warn!(
                        reason = one.reason.as_str(),
                        partition = one.source.position.partition,
                        offset = one.source.position.offset,
                        "a record went to the dead letters"
                    );
                    self.metrics.count_dead_letter(one.reason);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            None => Ok(()),
            Some(error) => {
                if matches!(error, AppendError::NoSuchTopic(_)) {
                    self.ensure_topics().await?;
                }
                Err(CarryError::DeadLetters(error))
            }
        }
    }

    async fn keep_without_content(&self, letter: &DeadLetter) -> Result<(), AppendError> {
        let outcomes = self.log.append(DEAD_LETTERS_TOPIC, vec![new_record(&letter.without_content())]).await;
        outcomes.into_iter().collect::<Result<Vec<_>, _>>().map(drop)
    }

    /// Logs a failure and counts it against whom it belongs to.
    fn note(&self, error: &CarryError) {
        match error {
            CarryError::Store(error) => {
                self.health.set_store_up(false);
                self.metrics.store_failures().inc();
                tracing::warn!(%error, "the store does not take records; waiting for it");
            }
            CarryError::Log(_) | CarryError::DeadLetters(_) => {
                self.health.set_log_up(false);
                self.metrics.log_failures().inc();
                tracing::warn!(%error, "the log does not answer; waiting for it");
            }
        }
    }
}

/// `Fenced` when partitions went to another member since the batch was read: what is in it may be that one's to commit.
fn still_ours(member: &dyn GroupMember, batch: &Batch) -> Result<(), LogError> {
    if member.generation() == batch.generation { Ok(()) } else { Err(LogError::Fenced) }
}

/// How long the oldest record of the batch has been in the log; zero when the clocks disagree.
fn oldest_age_seconds(batch: &[LogRecord]) -> f64 {
    let now_ms = Timestamp::from(SystemTime::now()).unix_ms();
    let oldest_ms = batch.iter().map(|record| record.appended_at_ms).min().unwrap_or(now_ms);
    now_ms.saturating_sub(oldest_ms).max(0) as f64 / 1_000.0
}

/// Tells the health that the loop ended, however it ended.
struct EndGuard(Health);

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.0.end();
    }
}
