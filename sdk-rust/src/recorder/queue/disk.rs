//! A queue on disk: what is in it survives the process.
//!
//! A folder holds one SQLite file for each process that records; a file is locked for as long as its process lives. Whoever
//! starts takes over the files that nobody holds, so what a killed process has left is sent by the next one, be it of this
//! SDK or of Python's. A commit is in the system's hands when `put` returns: it survives the process' death. Of a
//! power cut survives what the system had brought to the disk by then.

mod file;
mod left;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    mem,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};

use self::{
    file::{FolderLock, event_of, is_damage, make, make_folder, remove},
    left::Left,
};
use super::{Count, ENTRY_OVERHEAD_BYTES, Entry, Queue, QueueFailed, SIGNATURE_BYTES};
use crate::errors::Error;

/// What is taken over has tickets below: it is older than what this process records, whenever it is taken over.
const OWN_TICKETS_FROM: u64 = 1 << 40;
/// So many are taken over at once while the recorder is at work.
const ADOPTED_AT_ONCE_MAX: usize = 500;
/// A neighbour that hangs holds nobody up for longer.
const LOCK_WAIT: Duration = Duration::from_secs(5);

impl From<rusqlite::Error> for QueueFailed {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

/// One file, locked; which events wait is remembered in memory.
pub(crate) struct DiskQueue {
    folder: PathBuf,
    path: PathBuf,
    /// `None` once it is closed.
    db: Option<Connection>,
    /// What others left, and is not in this file yet.
    left: Left,
    /// What was taken and put back.
    returned: VecDeque<Entry>,
    /// Tickets and text sizes of what waits on disk, in their order.
    tickets: VecDeque<(u64, usize)>,
    waiting_since: Instant,
    held: Count,
    waiting: Count,
    lost: usize,
}

impl DiskQueue {
    /// # Errors
    /// [`Error::Configuration`] where the folder can't be used.
    pub(super) fn open(folder: &Path, bound: Count) -> Result<Self, Error> {
        Self::open_within(folder, bound, LOCK_WAIT)
    }

    fn open_within(folder: &Path, bound: Count, wait: Duration) -> Result<Self, Error> {
        let refused = |_| Error::Configuration("disk_queue is a folder that this process may write to".to_owned());
        make_folder(folder).map_err(refused)?;
        let lock = FolderLock::of(folder, wait);
        let (path, db) = make(folder).map_err(refused)?;
        let mut queue = Self {
            folder: folder.to_owned(),
            left: Left::of(folder, &path, bound),
            path,
            db: Some(db),
            returned: VecDeque::new(),
            tickets: VecDeque::new(),
            waiting_since: Instant::now(),
            held: Count::default(),
            waiting: Count::default(),
            lost: 0,
        };
        if lock.is_some() {
            queue.adopt(usize::MAX);
        } // else it is taken over later
        Ok(queue)
    }

    /// Takes over what others left, while there is room. The folder is locked.
    fn adopt(&mut self, events_max: usize) {
        let Some(db) = &mut self.db else { return };
        let adopted = self.left.adopt(db, self.held, events_max);
        let added =
            Count { events: adopted.len(), bytes: adopted.iter().map(|(_, size)| size + ENTRY_OVERHEAD_BYTES).sum() };
        let own_from = self.tickets.partition_point(|(ticket, _)| *ticket < OWN_TICKETS_FROM);
        let own = self.tickets.split_off(own_from);
        self.tickets.extend(adopted);
        self.tickets.extend(own);
        for count in [&mut self.held, &mut self.waiting] {
            count.events += added.events;
            count.bytes += added.bytes;
        }
    }

    fn insert(&self, entry: &Entry) -> rusqlite::Result<()> {
        let db = self.db.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        let mut insert = db.prepare_cached("insert into events values (?, ?, ?)")?;
        insert.execute(params![sql(entry.ticket), entry.event_id.to_string(), &entry.payload[..]])?;
        Ok(())
    }

    /// Those of these that can be read. Where the others are damaged, or the disk has a bad place, there is no more to
    /// be had of them; it fails where nothing can be read.
    fn read(&self, tickets: &[(u64, usize)]) -> rusqlite::Result<Vec<Entry>> {
        let db = self.db.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        let mut select = db.prepare_cached("select event_id, payload from events where ticket = ?")?;
        let (mut read, mut failed) = (Vec::new(), None);
        for (ticket, _) in tickets {
            match select.query_row((sql(*ticket),), |row| event_of(row, 0)) {
                Ok((event_id, payload)) => read.push(Entry {
                    ticket: *ticket,
                    event_id,
                    payload: payload.into(),
                    at: self.waiting_since,
                    first_tried: None,
                    is_retimed: false,
                }),
                Err(error) if is_damage(&error) => {}
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(error) if read.is_empty() => Err(error),
            _ => Ok(read),
        }
    }

    /// What can't be read waits no longer. It stays in the file: the next process tries once more, and sets it aside.
    fn pass_over(&mut self, tickets: &[(u64, usize)], read: &[Entry]) {
        let mut found = read.iter().map(|entry| entry.ticket).peekable();
        for (_, size) in tickets.iter().filter(|(ticket, _)| found.next_if_eq(ticket).is_none()) {
            self.lost += 1;
            for count in [&mut self.held, &mut self.waiting] {
                count.events = count.events.saturating_sub(1);
                count.bytes = count.bytes.saturating_sub(size + ENTRY_OVERHEAD_BYTES);
            }
        }
    }

    fn delete(&mut self, entries: &[Entry]) -> rusqlite::Result<()> {
        let db = self.db.as_mut().ok_or(rusqlite::Error::InvalidQuery)?;
        let transaction = db.transaction()?;
        {
            let mut delete = transaction.prepare_cached("delete from events where ticket = ?")?;
            for entry in entries {
                delete.execute((sql(entry.ticket),))?;
            }
        }
        transaction.commit()
    }
}

impl Queue for DiskQueue {
    fn held(&self) -> Count {
        self.held
    }

    fn waiting(&self) -> Count {
        self.waiting
    }

    fn put(&mut self, entry: Entry) -> Result<(), Entry> {
        if self.insert(&entry).is_err() {
            return Err(entry);
        }
        if self.waiting.events == 0 {
            self.waiting_since = entry.at;
        }
        self.tickets.push_back((entry.ticket, entry.payload.len()));
        self.held.add(&entry);
        self.waiting.add(&entry);
        Ok(())
    }

    fn take(&mut self, events_max: usize, bytes_max: usize) -> Result<Vec<Entry>, QueueFailed> {
        loop {
            let mut bytes = 0;
            let mut fits = |size: usize| {
                let is_first = bytes == 0;
                bytes += size + SIGNATURE_BYTES;
                is_first || bytes <= bytes_max
            };
            let again = self.returned.iter().take(events_max).take_while(|entry| fits(entry.payload.len())).count();
            let fresh: Vec<_> = if again < self.returned.len() {
                Vec::new()
            } else {
                self.tickets.iter().take(events_max - again).take_while(|(_, size)| fits(*size)).copied().collect()
            };
            let (fresh, read) = match self.read(&fresh) {
                Ok(read) => (fresh, read),
                Err(_) if again > 0 => (Vec::new(), Vec::new()),
                Err(error) => return Err(error.into()),
            };
            self.tickets.drain(..fresh.len());
            self.pass_over(&fresh, &read);
            let mut taken: Vec<_> = self.returned.drain(..again).collect();
            taken.extend(read);
            for entry in &taken {
                self.waiting.take(entry);
            }
            if !taken.is_empty() || fresh.is_empty() {
                return Ok(taken);
            }
        }
    }

    fn put_back(&mut self, entries: Vec<Entry>) {
        for entry in entries.into_iter().rev() {
            self.waiting.add(&entry);
            self.returned.push_front(entry);
        }
    }

    fn done(&mut self, entries: &[Entry]) -> Result<(), QueueFailed> {
        for entry in entries {
            self.held.take(entry);
        }
        if entries.is_empty() { Ok(()) } else { Ok(self.delete(entries)?) }
    }

    fn refill(&mut self) {
        if !self.left.is_empty()
            && let Some(_lock) = FolderLock::of(&self.folder, Duration::ZERO)
        {
            self.adopt(ADOPTED_AT_ONCE_MAX);
        } // else a neighbour is at it: the next time
    }

    fn oldest(&self) -> Option<(u64, Instant)> {
        match self.returned.front() {
            Some(entry) => Some((entry.ticket, entry.at)),
            None => self.tickets.front().map(|(ticket, _)| (*ticket, self.waiting_since)),
        }
    }

    fn next_ticket(&self) -> u64 {
        OWN_TICKETS_FROM
    }

    fn lost(&mut self) -> usize {
        mem::take(&mut self.lost) + mem::take(&mut self.left.lost)
    }

    /// Lets the file go; an empty one is removed.
    fn close(&mut self) {
        self.left.close();
        let Some(db) = self.db.take() else { return };
        let is_empty = db.query_row("select not exists (select 1 from events)", (), |row| row.get(0)).unwrap_or(false);
        if db.close().is_ok() && is_empty {
            remove(&self.path);
        }
    }
}

/// Tickets count from 0; they never come near what SQLite's integers can't say.
fn sql(ticket: u64) -> i64 {
    i64::try_from(ticket).unwrap_or(i64::MAX)
}
