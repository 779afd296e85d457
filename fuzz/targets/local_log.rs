//! The local log opens whatever lies in its folder: it reads what is whole, says what is not, and never stops the
//! process.
//!
//! The input is a list of changes to a good file and its write-ahead log, since random bytes would be no SQLite file at
//! all; its first byte may also say that it is the file itself.
#![no_main]

use std::{
    fs,
    path::Path,
    sync::LazyLock,
    time::Duration,
};

use bus::{
    EventLog as _, NewRecord, ReadLimits, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const TOPIC: &str = "fuzz";
const PARTITIONS: u32 = 2;
const RECORDS: usize = 24;
/// More reads than records that there can be: a reader that goes round in circles is stopped by this.
const READS_MAX: usize = 1_000;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime can be made"));

/// The bytes of a good log: its file, and its write-ahead log with what was appended last.
static GOOD: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let folder = folder();
    let log = open(folder.path()).expect("an empty folder is a good one");
    RUNTIME.block_on(async {
        let spec = TopicSpec { name: TOPIC.to_owned(), partitions: PARTITIONS, retention: None, compacted: false };
        log.ensure_topic(&spec).await.expect("a topic can be made");
        let records = (0..RECORDS).map(|number| NewRecord {
            key: format!("key-{}", number % 3).into(),
            payload: vec![b'x'; number * 40].into(),
            headers: vec![("org_id".into(), "one".into())],
        });
        assert!(log.append(TOPIC, records.collect()).await.iter().all(Result::is_ok));
    });
    // Taken while the log is open: the write-ahead log is folded into the file when it is closed.
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap_or_default();
    (read("log.db"), read("log.db-wal"))
});

/// A torn write, a change in the file's head, changes in both, and no file.
fn seeds() -> Vec<Vec<u8>> {
    let seeds: [&[u8]; 4] = [&[2, 0, 0, 9, 9], &[3, 0, 0, 1, 0, 4, 255], &[3, 1, 0, 0, 32, 8, 0, 1, 1, 2, 3, 4, 5], &[0]];
    seeds.map(Vec::from).to_vec()
}

fuzz_target!(init: gapin_fuzz::write_seeds(seeds), |input: &[u8]| {
    let Some((&how, input)) = input.split_first() else { return };
    let (mut file, mut ahead) = GOOD.clone();
    match how {
        // The file itself, without a write-ahead log.
        0 => (file, ahead) = (input.to_vec(), Vec::new()),
        // The write-ahead log itself.
        1 => ahead = input.to_vec(),
        // A write that was torn: the write-ahead log ends somewhere.
        2 => ahead.truncate(number(input) % (ahead.len() + 1)),
        _ => input.chunks(6).for_each(|change| apply(change, &mut file, &mut ahead)),
    }
    let folder = folder();
    fs::write(folder.path().join("log.db"), &file).expect("the folder is writable");
    fs::write(folder.path().join("log.db-wal"), &ahead).expect("the folder is writable");
    use_it(folder.path());
});

/// One change: which file, where, how many bytes, and their new value.
fn apply(change: &[u8], file: &mut [u8], ahead: &mut [u8]) {
    let [which, place @ .., length, value] = change else { return };
    let bytes = if which % 2 == 0 { file } else { ahead };
    if bytes.is_empty() {
        return;
    }
    let start = number(place) % bytes.len();
    let end = (start + usize::from(length % 16) + 1).min(bytes.len());
    bytes[start..end].fill(*value);
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Everything that a process does with a log that it finds. Any error is an answer.
fn use_it(folder: &Path) {
    let Ok(log) = open(folder) else { return };
    RUNTIME.block_on(async {
        let Ok(bounds) = log.bounds(TOPIC).await else { return };
        let from = bounds.iter().map(|(partition, bounds)| (*partition, bounds.earliest)).collect();
        if let Ok(mut reader) = log.reader(TOPIC, from).await {
            let limits = ReadLimits { records_max: 7, bytes_max: 4096, wait_max: Duration::ZERO };
            let mut reads = 0;
            while let Ok(records) = reader.next(limits).await {
                if records.is_empty() {
                    break;
                }
                reads += 1;
                assert!(reads < READS_MAX, "the reader goes round in circles");
            }
        }
        let record = NewRecord { key: "key-1".into(), payload: "more".into(), headers: Vec::new() };
        let _ = log.append(TOPIC, vec![record]).await;
        let _ = log.lag(TOPIC, "group").await;
        log.close(Duration::from_secs(5)).await;
    });
}

fn open(folder: &Path) -> Result<LocalLog, bus::LogError> {
    LocalLog::open(folder, LocalSettings { reader_connections: 1, ..LocalSettings::default() })
}

/// In memory where the system has such a folder: every commit is an fsync.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("gapin-fuzz-").tempdir_in(parent).expect("a folder can be made")
}
