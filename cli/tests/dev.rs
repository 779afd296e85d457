//! `gapin dev` as a newcomer meets it: what it writes, what it keeps, what it survives.

#![allow(clippy::unwrap_used)]

mod rig;

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use rig::{Dev, env_of, run, run_with_input, wait_until};
use serde_json::Value;

const TRANSCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/library-openai-chat.jsonl");
const TRANSCRIPT_EVENTS: u64 = 12;
const VARIABLES: [&str; 4] = ["GAPIN_API_KEY", "GAPIN_SIGNING_KEY_ID", "GAPIN_SIGNING_SECRET", "GAPIN_AI_ID"];

fn data_dir() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("data");
    (dir, data_dir)
}

fn import(dev: &Dev, file: &str) -> Value {
    let ran = dev.run(&["import", "openai-chat", file, "--json"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The records that the log keeps, each event once, as `tail` shows them.
fn tailed(dev: &Dev, count: u64) -> Vec<Value> {
    let ran = dev.run(&["tail", "--cursor", "earliest", "--json", "--limit", &count.to_string()]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The records in the store.
fn stored(dev: &Dev) -> Vec<Value> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = format!("{}/aibbar/events?limit=100", dev.env("GAPIN_URL"));
    runtime.block_on(async {
        let answer = reqwest::Client::new().get(url).bearer_auth(dev.env("GAPIN_API_KEY")).send().await.unwrap();
        let page: Value = answer.json().await.unwrap();
        page["items"].as_array().unwrap().clone()
    })
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_start_gives_what_the_first_event_needs() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    for file in ["dev.env", "master.key"] {
        assert_eq!(mode(&data_dir.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&data_dir), 0o700);
    let signed = run_with_input(
        &mut dev.command(&["sign"]),
        r#"{"event_type":"ai.query","ai_version":"v","query":{"prompt":"hi"}}"#,
    );
    assert_eq!(run_with_input(&mut dev.command(&["verify"]), &signed.stdout).exit, 0);
    let event: Value = serde_json::from_str(&signed.stdout).unwrap();
    assert_eq!(event["ai_id"], dev.env("GAPIN_AI_ID"));
    assert_eq!(event["key_id"], dev.env("GAPIN_SIGNING_KEY_ID"));
    assert_eq!(dev.terminate(), 0);
}

#[test]
fn a_restart_keeps_the_keys_and_the_records() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    import(&dev, TRANSCRIPT);
    let before = VARIABLES.map(|name| dev.env(name));
    assert_eq!(dev.terminate(), 0);

    let dev = Dev::start(&data_dir);
    assert_eq!(before, VARIABLES.map(|name| dev.env(name)));
    wait_until("every record is stored", || stored(&dev).len() as u64 == TRANSCRIPT_EVENTS);
    assert_eq!(tailed(&dev, TRANSCRIPT_EVENTS).len() as u64, TRANSCRIPT_EVENTS);
}

#[test]
fn an_import_counts_the_same_everywhere_and_adds_nothing_the_second_time() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    for _ in 0..2 {
        let report = import(&dev, TRANSCRIPT);
        assert_eq!((&report["sent"], &report["acknowledged"]), (&TRANSCRIPT_EVENTS.into(), &TRANSCRIPT_EVENTS.into()));
    }
    wait_until("every record is stored", || stored(&dev).len() as u64 == TRANSCRIPT_EVENTS);
    let seen = tailed(&dev, TRANSCRIPT_EVENTS);
    let stored = stored(&dev);
    assert_eq!(stored.len() as u64, TRANSCRIPT_EVENTS);
    let mut stored_ids: Vec<_> = stored.iter().map(|record| record["record"]["event_id"].to_string()).collect();
    let mut seen_ids: Vec<_> = seen.iter().map(|record| record["record"]["event_id"].to_string()).collect();
    stored_ids.sort();
    seen_ids.sort();
    assert_eq!(stored_ids, seen_ids);
}

#[test]
fn no_address_of_the_transcript_is_readable_in_the_data_directory() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    import(&dev, TRANSCRIPT);
    wait_until("every record is stored", || stored(&dev).len() as u64 == TRANSCRIPT_EVENTS);
    assert_eq!(dev.terminate(), 0);
    let mut folders = vec![data_dir];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(9).any(|window| window == b"anna.berg"), "{}", path.display());
        }
    }
}

#[test]
fn a_lost_or_damaged_dev_env_heals_at_the_next_start() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let secret = dev.env("GAPIN_SIGNING_SECRET");
    let first_key = dev.env("GAPIN_API_KEY");
    dev.kill();
    for damage in ["", "GAPIN_API_KEY='half of a", "GAPIN_API_KEY=sk_forged\nGAPIN_AI_ID=none\n"] {
        std::fs::write(data_dir.join("dev.env"), damage).unwrap();
        let dev = Dev::start(&data_dir);
        assert_eq!(dev.env("GAPIN_SIGNING_SECRET"), secret, "the store can open it: it is kept");
        assert_ne!(dev.env("GAPIN_API_KEY"), first_key, "nobody can read it back: it is made anew");
        import(&dev, TRANSCRIPT);
        dev.kill();
    }
    // Keys that nobody has were revoked: one is left.
    let dev = Dev::start(&data_dir);
    let keys = dev.run(&["keys", "list"]).stdout;
    assert_eq!(keys.lines().filter(|line| line.contains("  active  ")).count(), 1, "{keys}");
}

#[test]
fn a_new_store_gets_the_keys_that_dev_env_has() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let before = VARIABLES.map(|name| dev.env(name));
    assert_eq!(dev.terminate(), 0);
    for file in std::fs::read_dir(&data_dir).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("store.sqlite") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let dev = Dev::start(&data_dir);
    assert_eq!(before, VARIABLES.map(|name| dev.env(name)));
    import(&dev, TRANSCRIPT);
}

#[test]
fn a_second_process_is_told_who_has_the_data_directory() {
    let (_guard, data_dir) = data_dir();
    let _dev = Dev::start(&data_dir);
    let ran = run(rig::command(&["dev", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data_dir));
    assert_eq!(ran.exit, 1);
    assert!(ran.stderr.contains("another gapin") && ran.stderr.contains("--data-dir"), "{}", ran.stderr);
}

#[test]
fn an_address_that_is_taken_is_told() {
    let (_guard, data_dir) = data_dir();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = run(rig::command(&["dev", "--listen", &address, "--data-dir"]).arg(&data_dir));
    assert_eq!(ran.exit, 1);
    assert!(ran.stderr.contains(&address) && ran.stderr.contains("--listen"), "{}", ran.stderr);
}

#[test]
fn keys_are_made_and_revoked_beside_a_running_process() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let made = dev.run(&["keys", "create", "--name", "agent", "--scopes", "events:read", "--expires-in-days", "1"]);
    assert_eq!((made.exit, made.stdout.lines().count()), (0, 1), "{}", made.stderr);
    let key = made.stdout.trim().to_owned();
    let tail = |key: &str| {
        let mut command = dev.command(&["tail", "--cursor", "earliest", "--limit", "1"]);
        run(command.env("GAPIN_API_KEY", key))
    };
    import(&dev, TRANSCRIPT);
    assert_eq!(tail(&key).exit, 0);

    assert_eq!(dev.run(&["keys", "create", "--name", "agent"]).exit, 1, "the name is taken");
    let listed = dev.run(&["keys", "list", "--json"]).stdout;
    let agent = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|k| k["name"] == "agent");
    let agent = agent.unwrap();
    assert_eq!(agent["scopes"], serde_json::json!(["events:read"]));
    assert!(!listed.contains(&key));
    assert_eq!(dev.run(&["keys", "revoke", agent["id"].as_str().unwrap()]).exit, 0);
    wait_until("the revoked key is refused", || tail(&key).exit == 1);
    assert_eq!(dev.run(&["keys", "revoke", "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b"]).exit, 1);
    assert_eq!(dev.run(&["keys", "list", "--org", "nobody"]).exit, 1);
}

#[test]
fn signing_keys_are_made_and_revoked_beside_a_running_process() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let made = dev.run(&["signing-keys", "create", "--key-id", "agent", "--json"]);
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!((&made["key_id"], &made["default"]), (&"agent".into(), &false.into()));
    let import_as_agent = || {
        let mut command = dev.command(&["import", "openai-chat", TRANSCRIPT]);
        command.env("GAPIN_SIGNING_KEY_ID", "agent").env("GAPIN_SIGNING_SECRET", made["secret"].as_str().unwrap());
        run(&mut command)
    };
    assert_eq!(import_as_agent().exit, 0);
    assert_eq!(dev.run(&["signing-keys", "revoke", "agent"]).exit, 0);
    wait_until("events under the revoked key are refused", || import_as_agent().exit == 3);
    let listed = dev.run(&["signing-keys", "list"]).stdout;
    assert!(listed.contains("agent  v1  revoked") && !listed.contains(made["secret"].as_str().unwrap()), "{listed}");
}

#[test]
fn doctor_finds_nothing_wrong_beside_a_running_process_and_before_the_first_start() {
    let (_guard, data_dir) = data_dir();
    let ran = run(rig::command(&["doctor", "--json", "--data-dir"]).arg(&data_dir));
    assert_eq!(ran.exit, 0, "{}", ran.stdout);
    assert!(!data_dir.exists(), "doctor makes nothing");
    let dev = Dev::start(&data_dir);
    let ran = dev.run(&["doctor", "--json"]);
    assert_eq!(ran.exit, 0, "{}", ran.stdout);
    for line in ran.stdout.lines() {
        let finding: Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["state"], "fine", "{line}");
    }
    assert_eq!(env_of(&data_dir, "GAPIN_URL"), dev.env("GAPIN_URL"));
}
