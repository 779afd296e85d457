//! Recorded chats become events: as many stored and seen as were sent, and nothing personal readable anywhere.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use e2e::{Organisation, System, on_both_shapes};
use regex::Regex;
use serde_json::Value;

on_both_shapes!(own: an_import_is_counted_alike_four_ways_and_leaves_no_address_readable);

/// Our own small transcript, and a large real one where it lies beside the project.
fn transcripts() -> Vec<PathBuf> {
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/support-chat.jsonl"));
    let real =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/transcripts/airline-openai-chat.jsonl"));
    [own, real].into_iter().filter(|path| path.is_file()).map(Path::to_path_buf).collect()
}

async fn an_import_is_counted_alike_four_ways_and_leaves_no_address_readable(system: System) {
    let mut addresses = BTreeSet::new();
    for transcript in transcripts() {
        let organisation = system.organisation();
        let client = system.client(&organisation);
        let text = fs::read_to_string(&transcript).unwrap();
        let expected = events_in(&text);
        addresses.extend(addresses_in(&text));

        let tail = tail(&system, &organisation, expected);
        let counted = import(&system, &organisation, &transcript);
        assert_eq!(counted["conversations"], text.lines().count());
        assert_eq!(counted["sent"], expected, "sent");
        assert_eq!(counted["acknowledged"], expected, "acknowledged");
        assert_eq!((&counted["refused"], &counted["unreadable"]), (&0.into(), &0.into()));
        let stored = client.stored_once_there("", expected).await;
        let seen = tail.join().unwrap();
        let seen: BTreeSet<_> = seen.lines().map(|line| record_id(&serde_json::from_str(line).unwrap())).collect();
        assert_eq!(seen, stored.keys().cloned().collect(), "seen by tail");

        let again = import(&system, &organisation, &transcript);
        assert_eq!(again["acknowledged"], expected);
        client.stored_once_there("", expected).await;
    }
    assert!(addresses.len() >= 2, "the transcripts hold addresses");
    for (place, text) in everything_kept(&system) {
        assert!(text.contains("[REDACTED:email]"), "{place}: what is looked through is what was imported");
        for address in &addresses {
            assert!(!text.contains(address), "{place} holds an address");
        }
    }
}

fn import(system: &System, organisation: &Organisation, transcript: &Path) -> Value {
    let path = transcript.display().to_string();
    system.run_as(organisation, &["import", "openai-chat", &path, "--json"], b"").succeeded().json()
}

/// `gapin tail` from the beginning, which ends after so many records and answers what it printed.
fn tail(system: &System, organisation: &Organisation, records: usize) -> std::thread::JoinHandle<String> {
    let records = records.to_string();
    let mut command = system.command_of(organisation, &["tail", "--json", "--cursor", "earliest", "--limit", &records]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::spawn(move || {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    })
}

fn record_id(record: &Value) -> String {
    record["record"]["event_id"].as_str().unwrap().to_owned()
}

/// How many events a transcript makes: one per user turn, per assistant text, per tool call.
fn events_in(transcript: &str) -> usize {
    let events_of = |message: &Value| {
        let calls = message["tool_calls"].as_array().map_or(0, Vec::len);
        let text = message["content"].as_str().is_some_and(|text| !text.is_empty());
        match message["role"].as_str() {
            Some("user") => 1,
            Some("assistant") => calls + usize::from(text),
            _ => 0,
        }
    };
    let conversations = transcript.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    conversations.flat_map(|one| one["messages"].as_array().unwrap().clone()).map(|message| events_of(&message)).sum()
}

fn addresses_in(text: &str) -> BTreeSet<String> {
    let address = Regex::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}").unwrap();
    address.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// Every place where something is kept, as text: the gateway's disk, the topic, the tables, the logs of the processes.
fn everything_kept(system: &System) -> Vec<(&'static str, String)> {
    let on_disk = || String::from_utf8_lossy(&e2e::bytes_under(&system.data_dir())).into_owned();
    match &system.services {
        None => vec![("the data folder", on_disk())],
        Some(services) => vec![
            ("the topic", services.kafka.records_at_rest(aibbar::record::EVENTS_TOPIC)),
            ("the database", services.postgres.dump(services.database_name())),
        ],
    }
}
