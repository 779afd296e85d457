//! The readers of groups that this gateway holds, each under a lease.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aibbar::topic::GroupName;
use bus::EventLog;
use parking_lot::Mutex;
use prometheus::{IntGauge, Registry};
use tokio::{sync::OwnedMutexGuard, task::JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::member::Member;
use crate::{
    problem::{Kind, Problem},
    settings::ReadSettings,
    streams::{
        places::{NoPlace, Place, Places},
        topic::{FoundTopic, log_failed},
    },
};

/// How often leases are looked at, and the log is heard for those whose readers are busy elsewhere: another member of their
/// group may wait for them.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long leaving may take, when the gateway stops.
const LEAVE_MAX: Duration = Duration::from_secs(5);

/// When another try may find a place.
const RETRY_AFTER_S: u32 = 5;

/// The group as the log calls it, and the reader.
type Key = (String, String);

/// The readers of groups that this gateway holds.
pub(crate) struct Groups {
    log: Arc<dyn EventLog>,
    readers: Mutex<HashMap<Key, Arc<Reader>>>,
    places: Places,
    held: IntGauge,
    /// So that no two memberships of this gateway are alike; begins at random, so that none of two gateways are.
    memberships: AtomicU64,
}

/// One reader's place, and its membership.
struct Reader {
    topic_id: Uuid,
    membership: u64,
    /// `None` until it has joined, and when it has left.
    member: Arc<tokio::sync::Mutex<Option<Member>>>,
    /// A request of it is being answered.
    is_busy: AtomicBool,
    /// It is in the registry no more: whoever comes makes another.
    is_gone: AtomicBool,
    lease: Mutex<Lease>,
    _place: Place,
}

#[derive(Clone, Copy)]
struct Lease {
    length: Duration,
    until: Instant,
}

/// A reader in the hands of one request.
pub(super) struct Held {
    member: OwnedMutexGuard<Option<Member>>,
    busy: Busy,
}

/// That a request of the reader is being answered; ends with it, and renews the lease.
struct Busy(Arc<Reader>);

impl Busy {
    /// Two requests of a reader at once are refused. Nobody else keeps the member for longer than a moment.
    async fn begin(reader: Arc<Reader>) -> Result<Held, Problem> {
        let was_free = reader.is_busy.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).is_ok();
        if !was_free {
            return Err(busy());
        }
        let busy = Busy(reader);
        let member = busy.0.member.clone().lock_owned().await;
        Ok(Held { member, busy })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut lease = self.0.lease.lock();
        lease.until = Instant::now() + lease.length;
        self.0.is_busy.store(false, Ordering::Release);
    }
}

impl Groups {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        settings: &ReadSettings,
        registry: &Registry,
    ) -> prometheus::Result<Self> {
        let held = IntGauge::new("gapin_group_readers", "Readers of groups that this gateway holds a lease for now.")?;
        registry.register(Box::new(held.clone()))?;
        Ok(Self {
            log,
            readers: Mutex::default(),
            places: Places::new(settings.group_readers_max, settings.group_readers_per_organisation_max),
            held,
            memberships: AtomicU64::new(Uuid::new_v4().as_u64_pair().1),
        })
    }

    /// The reader, joined when it is not in the group yet.
    ///
    /// # Errors
    /// `reader_busy` while another request of it is answered; `overloaded` when there is no place for one more.
    pub(super) async fn join(
        &self,
        topic: &FoundTopic,
        group: &GroupName,
        name: &str,
        lease: Duration,
    ) -> Result<Held, Problem> {
        let key = (topic.group_in_log(group), name.to_owned());
        let mut held = loop {
            let held = Busy::begin(self.reader(&key, topic, lease)?).await?;
            if !held.busy.0.is_gone.load(Ordering::Acquire) {
                break held;
            }
        };
        let Held { member, busy: Busy(reader) } = &mut held;
        *reader.lease.lock() = Lease { length: lease, until: Instant::now() + lease };
        if member.is_none() {
            let joined = self.log.join(&topic.in_log, &key.0, name).await;
            let joined = joined.map_err(|error| {
                self.forget(&key, reader.membership);
                log_failed(error)
            })?;
            **member = Some(Member::new(reader.membership, joined));
        }
        Ok(held)
    }

    fn reader(&self, key: &Key, topic: &FoundTopic, lease: Duration) -> Result<Arc<Reader>, Problem> {
        let mut readers = self.readers.lock();
        // One of a topic that was deleted, and of which there is another by now, is dropped here.
        if let Some(reader) = readers.get(key).filter(|reader| reader.topic_id == topic.id) {
            return Ok(reader.clone());
        }
        let place = self.places.take(topic.org_id).map_err(no_place)?;
        let reader = Arc::new(Reader {
            topic_id: topic.id,
            membership: self.memberships.fetch_add(1, Ordering::Relaxed),
            member: Arc::default(),
            is_busy: AtomicBool::new(false),
            is_gone: AtomicBool::new(false),
            lease: Mutex::new(Lease { length: lease, until: Instant::now() + lease }),
            _place: place,
        });
        if let Some(gone) = readers.insert(key.clone(), reader.clone()) {
            gone.is_gone.store(true, Ordering::Release);
        }
        self.held.set(readers.len() as i64);
        Ok(reader)
    }

    /// The reader, when it is in the group through this gateway.
    ///
    /// # Errors
    /// `reader_busy` while another request of it is answered.
    pub(super) async fn find(
        &self,
        topic: &FoundTopic,
        group: &GroupName,
        name: &str,
    ) -> Result<Option<Held>, Problem> {
        let key = (topic.group_in_log(group), name.to_owned());
        let Some(reader) = self.readers.lock().get(&key).filter(|reader| reader.topic_id == topic.id).cloned() else {
            return Ok(None);
        };
        let held = Busy::begin(reader).await?;
        Ok(held.member.is_some().then_some(held))
    }

    /// The reader leaves its group.
    pub(super) async fn leave(&self, topic: &FoundTopic, group: &GroupName, name: &str) -> Result<(), Problem> {
        let Some(mut held) = self.find(topic, group, name).await? else { return Ok(()) };
        self.forget(&(topic.group_in_log(group), name.to_owned()), held.busy.0.membership);
        if let Some(member) = held.member.take() {
            member.leave().await;
        }
        Ok(())
    }

    fn forget(&self, key: &Key, membership: u64) {
        let mut readers = self.readers.lock();
        if readers.get(key).is_some_and(|reader| reader.membership == membership)
            && let Some(gone) = readers.remove(key)
        {
            gone.is_gone.store(true, Ordering::Release);
        }
        self.held.set(readers.len() as i64);
    }

    /// Ends leases that ran out and hears the log for the others, until told to stop; then all leave.
    pub(crate) async fn tend(self: Arc<Self>, stop: CancellationToken) {
        let mut leaving = JoinSet::new();
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => break,
            }
            while leaving.try_join_next().is_some() {}
            let readers: Vec<_> =
                self.readers.lock().iter().map(|(key, reader)| (key.clone(), reader.clone())).collect();
            for (key, reader) in readers {
                // Whoever is being answered is alive.
                if reader.is_busy.load(Ordering::Acquire) {
                    continue;
                }
                let Ok(mut member) = reader.member.clone().try_lock_owned() else { continue };
                if reader.lease.lock().until <= Instant::now() {
                    self.forget(&key, reader.membership);
                    tracing::debug!(group = key.0, reader = key.1, "a reader's lease has ended");
                    if let Some(member) = member.take() {
                        leaving.spawn(member.leave());
                    }
                    continue;
                }
                if let Some(idle) = member.as_mut() {
                    // Its reader is told when it asks.
                    let _ = idle.hear().await;
                }
            }
        }
        let readers: Vec<_> = self.readers.lock().drain().map(|(_, reader)| reader).collect();
        self.held.set(0);
        for reader in readers {
            leaving.spawn(async move {
                if let Some(member) = reader.member.lock().await.take() {
                    member.leave().await;
                }
            });
        }
        let all = async { while leaving.join_next().await.is_some() {} };
        if tokio::time::timeout(LEAVE_MAX, all).await.is_err() {
            tracing::warn!("some readers of groups could not leave in time; the log finds out by itself");
        }
    }
}

impl Held {
    /// The membership of the reader.
    pub(super) fn member(&mut self) -> Result<&mut Member, Problem> {
        self.member.as_mut().ok_or_else(lease_lost)
    }

    /// It is a member no more: its topic is gone.
    pub(super) fn end(mut self, groups: &Groups) {
        let key =
            groups.readers.lock().iter().find(|(_, reader)| Arc::ptr_eq(reader, &self.busy.0)).map(|(k, _)| k.clone());
        if let Some(key) = key {
            groups.forget(&key, self.busy.0.membership);
        }
        self.member.take();
    }
}

/// It holds its partitions no more, or not through this gateway.
pub(super) fn lease_lost() -> Problem {
    Problem::new(
        Kind::LeaseLost,
        "The reader does not hold these partitions any more: its lease ended, they went to another reader, or it reads \
         through another gateway. Read again: what was not committed comes again, here or to another reader.",
    )
}

fn busy() -> Problem {
    Problem::new(
        Kind::ReaderBusy,
        "Another request of this reader is being answered. Wait for it, or give each reader of the group its own name.",
    )
}

fn no_place(none: NoPlace) -> Problem {
    match none {
        NoPlace::Gateway => {
            Problem::new(Kind::Overloaded, "This gateway holds as many readers of groups as it may; try again shortly.")
        }
        NoPlace::Organisation => Problem::retry_after(
            Kind::TooManyReaders,
            RETRY_AFTER_S,
            "Your organisation has as many readers of groups here as it may: let some leave, or wait for their leases.",
        ),
    }
}
