//! A process that dies while its log is away, or while it hands on, loses nothing that it acknowledged.
//!
//! The test binary runs itself once more as the process that appends; for every acknowledged record that
//! process writes a line. Its log is Kafka's stand-in on the disk: what it acknowledged stays.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use bus::EventLog;
use futures_util::future::join_all;

use crate::{TOPIC, everything, faulty, faulty::Weather, open, rig::record, settings, until_drained};

const WRITERS: usize = 8;
/// Set for the process that appends: the folder, and the number of the round.
const APPENDER_DIR: &str = "BUS_TEST_SPOOLER_DIR";
const APPENDER_ROUND: &str = "BUS_TEST_SPOOLER_ROUND";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_acknowledged_survives_sigkill_in_the_spool_and_on_the_way_out() {
    if let (Some(dir), Ok(round)) = (env::var_os(APPENDER_DIR), env::var(APPENDER_ROUND)) {
        return append_until_killed(dir.as_ref(), &round).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (round, lines) in [1, 150, 400, 777, 300].into_iter().enumerate() {
        let mut appender = appender(dir.path(), round);
        for (key, name) in killed_after(lines, &mut appender) {
            acknowledged.entry(key).or_default().push(name);
        }
    }
    let primary = faulty(dir.path()).await;
    let log = open(&primary, &settings(dir.path())).await;
    until_drained(&log).await;
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in everything(&*primary.log, TOPIC).await {
        let names = kept.entry(String::from_utf8(record.key.to_vec()).unwrap()).or_default();
        let name = String::from_utf8(record.payload.to_vec()).unwrap();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for (key, names) in acknowledged {
        let kept: Vec<_> = kept[&key].iter().filter(|name| names.contains(name)).cloned().collect();
        assert_eq!(kept, names, "{key}");
    }
}

fn appender(dir: &Path, round: usize) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    let test = "sigkill::everything_acknowledged_survives_sigkill_in_the_spool_and_on_the_way_out";
    command.args(["--exact", test, "--nocapture"]);
    command.env(APPENDER_DIR, dir).env(APPENDER_ROUND, round.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Appends with all writers at once, through weather that changes; ends only when nobody listens any more.
async fn append_until_killed(dir: &Path, round: &str) {
    let primary = faulty(dir).await;
    primary.seed(round.parse::<u64>().unwrap() * 7_919 + 17);
    primary.set(Weather::Changing);
    let log = open(&primary, &settings(dir)).await;
    // The test harness may have begun a line of its own.
    std::io::stdout().write_all(b"\n").unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let (log, round) = (log.clone(), round.to_owned());
        tokio::spawn(async move {
            let key = format!("writer-{writer}");
            for n in 0.. {
                let name = format!("{round}:{n}");
                if log.append(TOPIC, vec![record(&key, &name)]).await[0].is_err() {
                    continue;
                }
                let said = format!("acknowledged {key} {name}\n");
                if std::io::stdout().lock().write_all(said.as_bytes()).is_err() {
                    return;
                }
            }
        })
    });
    join_all(writers.collect::<Vec<_>>()).await;
}

/// Kills the appender once it said so many lines; answers everything that it said up to its death.
fn killed_after(lines: usize, appender: &mut Child) -> Vec<(String, String)> {
    let mut acknowledged = Vec::new();
    for line in BufReader::new(appender.stdout.take().unwrap()).split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        let said = line.strip_prefix("acknowledged ").and_then(|said| said.split_once(' '));
        acknowledged.extend(said.map(|(key, name)| (key.to_owned(), name.to_owned())));
        if acknowledged.len() == lines {
            appender.kill().unwrap();
        }
    }
    let status = appender.wait().unwrap();
    assert!(acknowledged.len() >= lines, "the appender ended by itself: {status}");
    acknowledged
}
