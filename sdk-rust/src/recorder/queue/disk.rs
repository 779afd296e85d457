//! A queue on disk: what is in it survives the process.
//!
//! A folder holds one SQLite file for each process that records; a file is locked for as long as its process lives. Whoever
//! starts takes over the files that nobody holds, so what a killed process has left is sent by the next one, be it of this
//! SDK or of Python's. A commit is in the system's hands when `put` returns: it survives the process' death, and all but the
//! last moments a power cut.

use std::{
    collections::VecDeque,
    fs, io,
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Row, TransactionBehavior, params};
use uuid::Uuid;

use super::{Count, ENTRY_OVERHEAD_BYTES, Entry, Queue, QueueFailed, SIGNATURE_BYTES};
use crate::{errors::Error, moment};

const SUFFIX: &str = ".gapin-queue";
const TABLE: &str =
    "create table if not exists events (ticket integer primary key, event_id text not null, payload blob not null)";
const ADOPTED_AT_ONCE_MAX: usize = 1_000;

impl From<rusqlite::Error> for QueueFailed {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

/// One file, locked; which events wait is remembered in memory.
pub(crate) struct DiskQueue {
    path: PathBuf,
    /// `None` once it is closed.
    db: Option<Connection>,
    /// What was taken and put back.
    returned: VecDeque<Entry>,
    /// Tickets and text sizes of what waits on disk.
    tickets: VecDeque<(u64, usize)>,
    next_ticket: u64,
    waiting_since: Instant,
    held: Count,
    waiting: Count,
}

impl DiskQueue {
    /// # Errors
    /// [`Error::Configuration`] where the folder can't be used.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let refused = || Error::Configuration("disk_queue is a folder that this process may write to".to_owned());
        make_folder(folder).map_err(|_| refused())?;
        let name = format!("{}-{:012x}{SUFFIX}", process::id(), moment::chance() >> 16);
        Self::open_file(folder, folder.join(name)).map_err(|_| refused())
    }

    fn open_file(folder: &Path, path: PathBuf) -> rusqlite::Result<Self> {
        let mut db = open(&path)?;
        db.execute(TABLE, ())?;
        adopt_others(folder, &path, &mut db)?;
        let mut tickets = VecDeque::new();
        let mut held = Count::default();
        {
            let mut select = db.prepare("select ticket, length(payload) from events order by ticket")?;
            let mut rows = select.query(())?;
            while let Some(row) = rows.next()? {
                let (ticket, bytes) = (ticket_of(row, 0)?, row.get::<_, u32>(1)? as usize);
                tickets.push_back((ticket, bytes));
                held.events += 1;
                held.bytes += bytes + ENTRY_OVERHEAD_BYTES;
            }
        }
        Ok(Self {
            path,
            db: Some(db),
            returned: VecDeque::new(),
            next_ticket: tickets.back().map_or(0, |(ticket, _)| ticket + 1),
            tickets,
            waiting_since: Instant::now(),
            held,
            waiting: held,
        })
    }

    fn insert(&self, entry: &Entry) -> rusqlite::Result<()> {
        let db = self.db.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        let mut insert = db.prepare_cached("insert into events values (?, ?, ?)")?;
        insert.execute(params![sql(entry.ticket), entry.event_id.to_string(), &entry.payload[..]])?;
        Ok(())
    }

    fn read(&self, tickets: &[(u64, usize)]) -> rusqlite::Result<Vec<Entry>> {
        let (Some((first, _)), Some((last, _))) = (tickets.first(), tickets.last()) else {
            return Ok(Vec::new());
        };
        let db = self.db.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        let mut select = db.prepare_cached(
            "select ticket, event_id, payload from events where ticket between ? and ? order by ticket",
        )?;
        let rows = select.query_map((sql(*first), sql(*last)), |row| {
            let event_id: String = row.get(1)?;
            Ok(Entry {
                ticket: ticket_of(row, 0)?,
                event_id: Uuid::try_parse(&event_id).unwrap_or_default(),
                payload: row.get::<_, Vec<u8>>(2)?.into(),
                at: self.waiting_since,
                first_tried: None,
                is_retimed: false,
            })
        })?;
        rows.collect()
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
        let read = self.read(&fresh)?;
        self.tickets.drain(..fresh.len());
        let mut taken: Vec<_> = self.returned.drain(..again).collect();
        taken.extend(read);
        for entry in &taken {
            self.waiting.take(entry);
        }
        Ok(taken)
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

    fn oldest(&self) -> Option<(u64, Instant)> {
        match self.returned.front() {
            Some(entry) => Some((entry.ticket, entry.at)),
            None => self.tickets.front().map(|(ticket, _)| (*ticket, self.waiting_since)),
        }
    }

    fn next_ticket(&self) -> u64 {
        self.next_ticket
    }

    /// Lets the file go; an empty one is removed.
    fn close(&mut self) {
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

fn ticket_of(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default())
}

/// Opens and locks a file; fails at once where another process holds it.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut db = Connection::open(path)?;
    db.busy_timeout(Duration::ZERO)?;
    db.pragma_update(None, "locking_mode", "exclusive")?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "normal")?;
    // Takes the lock, which is then kept.
    db.transaction_with_behavior(TransactionBehavior::Immediate)?.commit()?;
    Ok(db)
}

/// Takes over what processes have left that are no more, before anything of this one.
fn adopt_others(folder: &Path, own: &Path, db: &mut Connection) -> rusqlite::Result<()> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut others: Vec<_> = entries.map(|entry| entry.path()).collect();
    others.retain(|path| path != own && path.to_string_lossy().ends_with(SUFFIX));
    others.sort();
    for other in others.into_iter().take(ADOPTED_AT_ONCE_MAX) {
        let Ok(left) = open(&other) else {
            continue; // its process lives, or it is no queue
        };
        if adopt(&left, db).is_ok() && left.close().is_ok() {
            remove(&other);
        }
    }
    Ok(())
}

fn adopt(left: &Connection, db: &mut Connection) -> rusqlite::Result<()> {
    left.execute(TABLE, ())?;
    let transaction = db.transaction()?;
    {
        let mut select = left.prepare("select event_id, payload from events order by ticket")?;
        let mut rows = select.query(())?;
        let mut insert = transaction.prepare("insert into events (event_id, payload) values (?, ?)")?;
        while let Some(row) = rows.next()? {
            insert.execute(params![row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?])?;
        }
    }
    transaction.commit()?;
    left.execute("delete from events", ())?;
    Ok(())
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        let _ = fs::remove_file(PathBuf::from(file)); // it need not be there
    }
}

/// What is queued is nobody else's to read.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut made = fs::DirBuilder::new();
    made.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder)
}
