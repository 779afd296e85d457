#![allow(clippy::unwrap_used)]

use std::{collections::HashSet, fs, iter::successors, sync::Mutex, thread};

use rusqlite::params;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;

const ROOM: Count = Count { events: 1_000, bytes: 1 << 24 };

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &TempDir, bound: Count) -> DiskQueue {
    DiskQueue::open_within(folder.path(), bound, Duration::ZERO).unwrap()
}

fn put(queue: &mut DiskQueue, number: u64, text: &str) {
    let ticket = OWN_TICKETS_FROM + number;
    let payload = format!(r#"{{"text":"{text}"}}"#).into_bytes().into();
    let (event_id, at) = (Uuid::new_v4(), Instant::now());
    assert!(queue.put(Entry { ticket, event_id, payload, at, first_tried: None, is_retimed: false }).is_ok());
}

/// Files that a process has left, each with so many events.
fn leave(folder: &TempDir, files: usize, events: usize) {
    let mut queues: Vec<_> = (0..files).map(|_| open(folder, ROOM)).collect();
    for queue in &mut queues {
        for number in 0..events {
            put(queue, number as u64, &number.to_string());
        }
    }
    queues.iter_mut().for_each(Queue::close);
}

fn texts(entries: &[Entry]) -> Vec<String> {
    let text = |entry: &Entry| serde_json::from_slice::<serde_json::Value>(&entry.payload).unwrap();
    entries.iter().map(|entry| text(entry)["text"].as_str().unwrap().to_owned()).collect()
}

fn settle(queue: &mut DiskQueue, taken: &[Entry]) {
    queue.done(taken).unwrap();
    queue.refill();
}

/// Takes and settles everything, so many at once: their texts.
fn drain(queue: &mut DiskQueue, at_once: usize) -> Vec<String> {
    let mut next = || {
        let taken = queue.take(at_once, usize::MAX).unwrap();
        settle(queue, &taken);
        (!taken.is_empty()).then(|| texts(&taken))
    };
    successors(next(), |_| next()).flatten().collect()
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.into_string().unwrap()).collect()
}

fn damage(queue: &DiskQueue, ticket: u64) {
    let sql = "update events set payload = ? where ticket = ?";
    queue.db.as_ref().unwrap().execute(sql, params![b"", i64::try_from(ticket).unwrap()]).unwrap();
}

#[test]
fn what_was_left_is_taken_over_as_there_is_room() {
    let folder = folder();
    leave(&folder, 5, 30);
    let mut queue = open(&folder, Count { events: 40, ..ROOM });
    assert_eq!((queue.held().events, queue.waiting().events), (20, 20), "what is recorded now has its half");
    put(&mut queue, 0, "new");
    let mut held_most = 0;
    let mut found = Vec::new();
    loop {
        held_most = held_most.max(queue.held().events);
        let taken = queue.take(7, usize::MAX).unwrap();
        if taken.is_empty() {
            break;
        }
        settle(&mut queue, &taken);
        found.extend(texts(&taken));
    }
    let mut wanted: Vec<_> = (0..5 * 30).map(|number| (number % 30).to_string()).collect();
    wanted.push("new".to_owned());
    assert_eq!(found, wanted, "all of it, the oldest first");
    assert!(held_most <= 21, "{held_most}");
    assert_eq!((queue.held(), queue.waiting()), (Count::default(), Count::default()));
    queue.close();
    assert!(names(&folder).is_empty());
}

#[test]
fn what_was_left_is_bounded_in_bytes_and_the_rest_stays() {
    let folder = folder();
    leave(&folder, 1, 30);
    let mut queue = open(&folder, Count { bytes: 20 * ENTRY_OVERHEAD_BYTES, ..ROOM });
    let held = queue.held();
    assert!((5..10).contains(&held.events) && held.bytes <= 10 * ENTRY_OVERHEAD_BYTES);
    let mut neighbour = open(&folder, ROOM);
    assert_eq!(neighbour.held().events, 0, "the rest is the first's to take over");
    neighbour.close();
    queue.close();
    assert_eq!(drain(&mut open(&folder, ROOM), 7).len(), 30);
}

#[test]
fn an_event_that_is_larger_than_the_bound_is_taken_over_alone() {
    let folder = folder();
    leave(&folder, 1, 3);
    assert_eq!(drain(&mut open(&folder, Count { events: 1, bytes: 1 }), 7), ["0", "1", "2"]);
}

#[test]
fn what_is_put_back_comes_before_what_is_taken_over() {
    let folder = folder();
    leave(&folder, 1, 6);
    let mut queue = open(&folder, Count { events: 4, ..ROOM });
    put(&mut queue, 0, "new");
    let mut taken = queue.take(3, usize::MAX).unwrap();
    let new = taken.pop().unwrap();
    queue.done(&taken).unwrap();
    assert_eq!((texts(&taken), queue.held().events), (vec!["0".to_owned(), "1".to_owned()], 1), "no room is asked for");
    queue.refill();
    assert_eq!(queue.held().events, 2);
    queue.put_back(vec![new]);
    assert_eq!(drain(&mut queue, 2), ["new", "2", "3", "4", "5"]);
}

#[test]
fn a_file_that_is_being_made_is_not_taken_over() {
    let folder = folder();
    leave(&folder, 1, 3);
    let lock = FolderLock::of(folder.path(), Duration::ZERO).unwrap();
    let mut queue = open(&folder, ROOM);
    put(&mut queue, 0, "new");
    put(&mut queue, 1, "newer");
    assert_eq!(queue.held().events, 2, "a neighbour has the folder");
    let taken = queue.take(1, usize::MAX).unwrap();
    settle(&mut queue, &taken);
    assert_eq!(queue.held().events, 1);
    drop(lock);
    assert_eq!(drain(&mut queue, 1), ["newer", "0", "1", "2"]);
}

#[test]
fn many_that_start_together_lose_nothing() {
    const EACH: u64 = 20;
    let folder = folder();
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for worker in 0..8 {
            let (folder, found) = (&folder, &found);
            scope.spawn(move || {
                for round in 0..EACH {
                    let mut queue = DiskQueue::open(folder.path(), ROOM).unwrap();
                    put(&mut queue, 0, &format!("{worker} {round}"));
                    assert!(queue.path.exists());
                    if round % 2 == 0 {
                        found.lock().unwrap().extend(drain(&mut queue, 7));
                    }
                    queue.close();
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.extend(drain(&mut open(&folder, ROOM), 7));
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), 8 * 20);
    assert_eq!(found.len(), 8 * 20);
}

#[test]
fn an_event_that_can_not_be_read_is_passed_over() {
    let folder = folder();
    let mut queue = open(&folder, ROOM);
    for number in 0..5 {
        put(&mut queue, number, &number.to_string());
    }
    for number in [0, 1, 4] {
        damage(&queue, OWN_TICKETS_FROM + number);
    }
    assert_eq!(drain(&mut queue, 2), ["2", "3"]);
    assert_eq!((queue.lost(), queue.lost()), (3, 0));
    assert_eq!((queue.held(), queue.waiting(), queue.oldest()), (Count::default(), Count::default(), None));
    queue.close();
    assert_eq!(names(&folder).len(), 1, "the next one tries, too");
}

#[test]
fn a_file_that_is_damaged_is_set_aside() {
    let folder = folder();
    leave(&folder, 1, 3);
    let mut queue = open(&folder, ROOM);
    damage(&queue, 1);
    queue.close();
    let mut next = open(&folder, ROOM);
    assert_eq!(next.lost(), 1);
    assert_eq!(drain(&mut next, 7), ["0", "2"]);
    next.close();
    let left = names(&folder);
    assert!(left.len() == 1 && left[0].ends_with(".gapin-queue.damaged"), "{left:?}");
    assert_eq!(open(&folder, ROOM).lost(), 0);
}

#[test]
fn a_queue_that_fails_keeps_what_it_has() {
    let folder = folder();
    let mut queue = open(&folder, ROOM);
    put(&mut queue, 0, "first");
    put(&mut queue, 1, "second");
    let taken = queue.take(1, usize::MAX).unwrap();
    queue.put_back(taken);
    queue.db = None;
    assert_eq!(texts(&queue.take(7, usize::MAX).unwrap()), ["first"], "what is in memory can be sent");
    assert!(queue.take(7, usize::MAX).is_err());
    assert_eq!((queue.waiting().events, queue.lost()), (1, 0));
}

#[cfg(unix)]
#[test]
fn files_are_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut queue = open(&folder, ROOM);
    put(&mut queue, 0, "secret");
    let files = names(&folder);
    assert!(!files.is_empty());
    for name in files {
        let mode = fs::metadata(folder.path().join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
