//! A process that dies loses nothing that it acknowledged.
//!
//! The test binary runs itself once more as the process that appends. For every acknowledged record
//! that process writes a line ([`Said`]); the test counts the lines and kills it in the middle.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use bus::{
    EventLog, LogRecord, Position,
    local::{LocalLog, LocalSettings},
};

use crate::{everything, make_topic, open, rig::record};

const TOPIC: &str = "events";
const PARTITIONS: u32 = 3;
const WRITERS: usize = 16;
/// Records of one append: the n-th of a writer has one more than n modulo this.
const BATCH_RECORDS_MAX: usize = 5;

/// Set for the process that appends: the folder, and the number of the round.
const APPENDER_DIR: &str = "BUS_TEST_APPENDER_DIR";
const APPENDER_ROUND: &str = "BUS_TEST_APPENDER_ROUND";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_acknowledged_survives_sigkill() {
    if let (Some(dir), Ok(round)) = (env::var_os(APPENDER_DIR), env::var(APPENDER_ROUND)) {
        return append_until_killed(dir.as_ref(), &round).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeMap::new();
    for (round, lines) in [1, 300, 777, 2_000].into_iter().enumerate() {
        let mut appender = appender(dir.path(), round);
        acknowledged.extend(killed_after(lines, &mut appender, dir.path()));
        let log = open(dir.path());
        let records = everything(&log, TOPIC).await;
        offsets_are_contiguous(&log, &records).await;
        nothing_acknowledged_is_missing(&acknowledged, &records);
        each_writer_is_there_in_order(&records);
    }
}

fn appender(dir: &Path, round: usize) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "sigkill::everything_acknowledged_survives_sigkill", "--nocapture"]);
    command.env(APPENDER_DIR, dir).env(APPENDER_ROUND, round.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Appends with all writers at once; ends only when nobody listens any more.
async fn append_until_killed(dir: &Path, round: &str) {
    let log = Arc::new(open(dir));
    make_topic(&log, TOPIC, PARTITIONS, None).await;
    // The test harness may have begun a line of its own.
    std::io::stdout().write_all(b"\n").unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let (log, round) = (log.clone(), round.to_owned());
        tokio::spawn(async move {
            let (key, mut sequence) = (format!("writer-{writer}"), 0);
            for append in 0.. {
                let names: Vec<_> =
                    (0..=append % BATCH_RECORDS_MAX).map(|i| format!("{round}:{}", sequence + i)).collect();
                sequence += names.len();
                let outcomes = log.append(TOPIC, names.iter().map(|name| record(&key, name)).collect()).await;
                let said: String = names.iter().zip(outcomes).map(|(name, o)| Said::of(o.unwrap(), name)).collect();
                if std::io::stdout().lock().write_all(said.as_bytes()).is_err() {
                    return;
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

/// Kills the appender once it said so many lines; answers everything that it said up to its death.
fn killed_after(lines: usize, appender: &mut Child, dir: &Path) -> BTreeMap<Position, String> {
    let mut output = BufReader::new(appender.stdout.take().unwrap());
    let mut acknowledged = BTreeMap::new();
    loop {
        let mut line = String::new();
        let is_at_end = output.read_line(&mut line).unwrap() == 0;
        if is_at_end {
            break;
        }
        let before = acknowledged.len();
        acknowledged.extend(Said::read(&line));
        if before < lines && acknowledged.len() >= lines {
            let second = LocalLog::open(dir, LocalSettings::default());
            assert!(second.err().unwrap().to_string().contains("is open already"));
            appender.kill().unwrap();
        }
    }
    let status = appender.wait().unwrap();
    assert!(acknowledged.len() >= lines, "the appender ended by itself: {status}");
    acknowledged
}

/// The line about one acknowledged record.
struct Said;

impl Said {
    fn of(position: Position, name: &str) -> String {
        format!("acknowledged {} {} {name}\n", position.partition, position.offset)
    }

    /// `None` for what the harness says, and for a line that death cut short.
    fn read(line: &str) -> Option<(Position, String)> {
        let mut words = line.strip_suffix('\n')?.strip_prefix("acknowledged ")?.split(' ');
        let position = Position { partition: words.next()?.parse().ok()?, offset: words.next()?.parse().ok()? };
        Some((position, words.next()?.to_owned()))
    }
}

async fn offsets_are_contiguous(log: &LocalLog, records: &[LogRecord]) {
    for (partition, bounds) in log.bounds(TOPIC).await.unwrap() {
        let of_partition = records.iter().filter(|r| r.position.partition == partition);
        let offsets: Vec<_> = of_partition.map(|r| r.position.offset).collect();
        assert_eq!(offsets, (0..bounds.end).collect::<Vec<_>>());
    }
}

fn nothing_acknowledged_is_missing(acknowledged: &BTreeMap<Position, String>, records: &[LogRecord]) {
    let kept: BTreeMap<_, _> = records.iter().map(|r| (r.position, &r.payload)).collect();
    for (position, name) in acknowledged {
        assert_eq!(kept.get(position).map(|payload| &payload[..]), Some(name.as_bytes()), "{position:?}");
    }
}

/// A writer waits for each append, so in every round it left 0, 1, 2 and so on, without a gap or a double.
fn each_writer_is_there_in_order(records: &[LogRecord]) {
    let mut last: BTreeMap<&[u8], (usize, usize)> = BTreeMap::new();
    for record in records {
        let name = std::str::from_utf8(&record.payload).unwrap();
        let (round, sequence) = name.split_once(':').unwrap();
        let (round, sequence): (usize, usize) = (round.parse().unwrap(), sequence.parse().unwrap());
        let before = last.insert(&record.key, (round, sequence));
        match before {
            Some((last_round, last_sequence)) if last_round == round => assert_eq!(sequence, last_sequence + 1),
            Some((last_round, _)) => assert!(last_round < round && sequence == 0, "{name} after round {last_round}"),
            None => assert_eq!(sequence, 0, "{name}"),
        }
    }
}
