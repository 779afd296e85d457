//! `gapin keys rotate-master`: a new master key while `gapin dev` runs, and over a restart.

#![allow(clippy::unwrap_used)]

mod rig;

use std::path::{Path, PathBuf};

use rig::{Dev, command, run};
use serde_json::Value;

const TRANSCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/library-openai-chat.jsonl");

fn data_dir() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("data");
    (dir, data_dir)
}

/// The master keys in the file, one a line.
fn master_keys(data_dir: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(data_dir.join("master.key")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Runs it against the store of `dev`, and expects that it succeeds.
fn told(dev: &Dev, arguments: &[&str]) -> String {
    let ran = dev.run(arguments);
    assert_eq!(ran.exit, 0, "{arguments:?}: {}", ran.stderr);
    ran.stdout.trim().to_owned()
}

/// Records signed events with this API key and this signing key.
fn import(dev: &Dev, api_key: &str, signing: Option<(&str, &str)>) {
    let mut command = dev.command(&["import", "openai-chat", TRANSCRIPT, "--json"]);
    command.env("GAPIN_API_KEY", api_key);
    if let Some((key_id, secret)) = signing {
        command.env("GAPIN_SIGNING_KEY_ID", key_id).env("GAPIN_SIGNING_SECRET", secret);
    }
    let ran = run(&mut command);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
}

#[test]
fn a_master_key_is_rotated_while_dev_runs() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let old = master_keys(&data_dir);
    let dev_key = dev.env("GAPIN_API_KEY");
    import(&dev, &dev_key, None);

    told(&dev, &["keys", "rotate-master"]);
    let new = master_keys(&data_dir);
    assert_eq!((old.len(), new.len()), (1, 1));
    assert_ne!(old, new);
    // The process that runs was never told: it finds the new key when it meets what is sealed under it.
    import(&dev, &dev_key, None);
    let key = told(&dev, &["keys", "create", "--name", "after", "--scopes", "all"]);
    let secret = told(&dev, &["signing-keys", "create", "--key-id", "after"]);
    import(&dev, &key, Some(("after", &secret)));
    assert_eq!(dev.terminate(), 0);

    let dev = Dev::start(&data_dir);
    assert_eq!(dev.env("GAPIN_API_KEY"), dev_key, "the old pepper goes on");
    import(&dev, &dev_key, None);
    import(&dev, &key, Some(("after", &secret)));
}

#[test]
fn a_rotation_that_was_broken_off_is_finished_by_the_next() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let old = master_keys(&data_dir);
    // As if it had ended right after it wrote the file.
    let new = "ab".repeat(32);
    std::fs::write(data_dir.join("master.key"), format!("{new}\n{}\n", old[0])).unwrap();
    let ran = dev.run(&["keys", "rotate-master"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("broken off"), "{}", ran.stderr);
    assert_eq!(master_keys(&data_dir), [new]);
    import(&dev, &dev.env("GAPIN_API_KEY"), None);
}

#[test]
fn where_there_is_nothing_to_rotate_it_says_so() {
    let (_guard, data_dir) = data_dir();
    let mut alone = command(&["keys", "rotate-master"]);
    let ran = run(alone.env("GAPIN_DATA_DIR", &data_dir).env("GAPIN_MASTER_KEY", "ab".repeat(32)));
    assert_eq!(ran.exit, 2);
    assert!(ran.stderr.contains("nothing to rotate to") && !ran.stderr.contains("abab"), "{}", ran.stderr);
    let ran = run(command(&["keys", "rotate-master"]).env("GAPIN_DATA_DIR", &data_dir));
    assert_eq!(ran.exit, 2);
    assert!(ran.stderr.contains("there is no master key to rotate"), "{}", ran.stderr);
    assert!(!data_dir.exists());
}

#[test]
fn a_rotated_key_is_shown_once_and_listed_with_its_limits() {
    let (_guard, data_dir) = data_dir();
    let dev = Dev::start(&data_dir);
    let arguments =
        ["keys", "create", "--name", "ci", "--events-per-day", "off", "--allowed-ips", "127.0.0.0/8,::1", "--json"];
    let made: Value = serde_json::from_str(&told(&dev, &arguments)).unwrap();
    assert_eq!(made["events_per_day"], "off");
    assert_eq!(made["requests_per_minute"], Value::Null);
    assert_eq!(made["allowed_ips"], serde_json::json!(["127.0.0.0/8", "::1/128"]));
    let (id, old) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let new = told(&dev, &["keys", "rotate", id, "--overlap-hours", "1"]);
    import(&dev, old, None);
    import(&dev, &new, None);
    let listed = told(&dev, &["keys", "list"]);
    assert!(listed.contains("events/day off") && !listed.contains(old) && !listed.contains(&new), "{listed}");
}
