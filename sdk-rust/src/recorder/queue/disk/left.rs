//! What processes have left that are no more.
//!
//! It is taken over while there is room for it: up to half of the queue's bound, so that what is recorded now has its part.
//! The rest stays in its files, and follows as the queue is emptied.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, params};

use super::{
    super::{Count, ENTRY_OVERHEAD_BYTES},
    file::{self, SUFFIX},
    sql,
};

const FILES_MAX: usize = 1_000;

/// Files that are not taken over yet.
pub(super) struct Left {
    paths: VecDeque<PathBuf>,
    /// One of which a part is.
    open: Option<Source>,
    /// For what is taken over next.
    next_ticket: u64,
    /// The queue may hold so much with what is taken over.
    bound: Count,
    /// What could not be read.
    pub(super) lost: usize,
}

struct Source {
    path: PathBuf,
    db: Connection,
    read_up_to: i64,
    /// So much of it can't be read.
    damaged: usize,
}

/// How it ended with a file.
enum End {
    /// There was no room for more.
    Full,
    Whole,
    /// It can't be read now.
    Failed,
}

impl Left {
    /// In a folder, beside this process' own file.
    pub(super) fn of(folder: &Path, own: &Path, bound: Count) -> Self {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| path != own && path.to_string_lossy().ends_with(SUFFIX));
        paths.sort();
        paths.truncate(FILES_MAX);
        let bound = Count { events: bound.events.div_ceil(2), bytes: bound.bytes.div_ceil(2) };
        Self { paths: paths.into(), open: None, next_ticket: 0, bound, lost: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_none() && self.paths.is_empty()
    }

    /// Moves as much as there is room for, and no more than so many events: their tickets and text sizes.
    pub(super) fn adopt(&mut self, into: &mut Connection, mut held: Count, events_max: usize) -> Vec<(u64, usize)> {
        let bound = Count { events: self.bound.events.min(held.events.saturating_add(events_max)), ..self.bound };
        let mut adopted = Vec::new();
        while held.events < bound.events && held.bytes < bound.bytes {
            let Some(mut source) = self.open.take().or_else(|| self.next()) else { break };
            let Ok((moved, end)) = source.move_into(into, self.next_ticket, held, bound) else {
                break; // this process' own file can't be written: it is left as it is
            };
            for &(ticket, size) in &moved {
                self.next_ticket = ticket + 1;
                held.events += 1;
                held.bytes += size + ENTRY_OVERHEAD_BYTES;
            }
            adopted.extend(moved);
            match end {
                End::Full => {
                    self.open = Some(source);
                    break;
                }
                End::Whole => self.lost += source.end(),
                End::Failed => {}
            }
        }
        adopted
    }

    fn next(&mut self) -> Option<Source> {
        while let Some(path) = self.paths.pop_front() {
            if let Ok(db) = file::open(&path) {
                return Some(Source { path, db, read_up_to: -1, damaged: 0 });
            } // else its process lives, or another has taken it over, or it is no queue
        }
        None
    }

    /// Lets go of what is open.
    pub(super) fn close(&mut self) {
        self.paths.clear();
        self.open = None;
    }
}

impl Source {
    /// Moves what fits within the bound; at least one event where the queue is empty.
    fn move_into(
        &mut self,
        into: &mut Connection,
        first_ticket: u64,
        mut held: Count,
        bound: Count,
    ) -> rusqlite::Result<(Vec<(u64, usize)>, End)> {
        let (mut moved, mut theirs, mut up_to) = (Vec::new(), Vec::new(), self.read_up_to);
        let transaction = into.transaction()?;
        let end = {
            let mut insert = transaction.prepare_cached("insert into events values (?, ?, ?)")?;
            let all = "select ticket, event_id, payload from events where ticket > ? order by ticket";
            let mut select = self.db.prepare_cached(all)?;
            let mut rows = select.query((self.read_up_to,))?;
            loop {
                let row = match rows.next() {
                    Ok(Some(row)) => row,
                    Ok(None) => break End::Whole,
                    Err(error) if file::is_damage(&error) => {
                        self.damaged += 1;
                        break End::Whole;
                    }
                    Err(_) => break End::Failed,
                };
                let number: i64 = row.get(0)?;
                let Ok((event_id, payload)) = file::event_of(row, 1) else {
                    (self.damaged, up_to) = (self.damaged + 1, number);
                    continue;
                };
                let size = payload.len() + ENTRY_OVERHEAD_BYTES;
                if held.events > 0 && (held.events >= bound.events || held.bytes + size > bound.bytes) {
                    break End::Full;
                }
                let ticket = first_ticket + moved.len() as u64;
                insert.execute(params![sql(ticket), event_id.to_string(), payload])?;
                (held.events, held.bytes, up_to) = (held.events + 1, held.bytes + size, number);
                moved.push((ticket, payload.len()));
                theirs.push(number);
            }
        };
        transaction.commit()?;
        self.read_up_to = up_to;
        // They are in this process' file now: what stays in the other is sent twice, and the gateway keeps it once.
        let _ = self.delete(&theirs);
        Ok((moved, end))
    }

    fn delete(&mut self, tickets: &[i64]) -> rusqlite::Result<()> {
        let transaction = self.db.transaction()?;
        {
            let mut delete = transaction.prepare_cached("delete from events where ticket = ?")?;
            for ticket in tickets {
                delete.execute((ticket,))?;
            }
        }
        transaction.commit()
    }

    /// All of it that can be read is taken over. How much can't be.
    fn end(self) -> usize {
        let Self { path, db, damaged, .. } = self;
        let is_closed = db.close().is_ok();
        if damaged > 0 {
            file::set_aside(&path);
        } else if is_closed {
            file::remove(&path);
        }
        damaged
    }
}
