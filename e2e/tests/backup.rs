//! A backup of `gapin dev`, made while it runs: what was acknowledged before is in it, and it is a GAPIN again.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use e2e::{Load, Ran, Shape, System, event};

const BEFORE: usize = 500;
const MEANWHILE: usize = 200;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A system, and a backup of it in a folder of its own.
fn backed_up() -> (System, tempfile::TempDir, PathBuf) {
    let system = System::embedded();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup");
    system.run(&["backup", text(&backup)]).succeeded();
    (system, folder, backup)
}

#[track_caller]
fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.status.code(), Some(1), "{}", ran.stderr);
    assert!(words.iter().all(|words| ran.stderr.contains(words)), "{words:?} in {}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_backup_is_there_when_it_is_restored() {
    let mut system = System::embedded();
    let (before, meanwhile) = (system.organisation(), system.organisation());
    let client = system.client(&before);
    let load = Load::start(&client, &before);
    load.more(BEFORE).await;
    let sent_before = load.stop().await;

    let load = Load::start(&system.client(&meanwhile), &meanwhile);
    load.more(MEANWHILE).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backups/of today");
    let made = system.run(&["backup", text(&backup)]).succeeded();
    assert!(made.stdout.contains("holds all that was acknowledged before"), "{}", made.stdout);
    load.more(MEANWHILE).await;
    let sent_meanwhile = load.stop().await;

    // The one that runs took no harm.
    sent_before.is_all_stored(&client).await;
    sent_meanwhile.is_all_stored(&system.client(&meanwhile)).await;
    system.gateway.kill();

    let data_dir = folder.path().join("restored");
    system.run(&["restore", "--check", text(&backup)]).succeeded();
    assert!(!data_dir.exists());
    system.run(&["restore", text(&backup), "--data-dir", text(&data_dir)]).succeeded();
    let restored = System::start_with(Shape::Embedded, &[("GAPIN_DATA_DIR", text(&data_dir))]);
    // With the keys of before.
    sent_before.is_all_stored(&restored.client(&before)).await;
    let of_meanwhile = restored.client(&meanwhile).stored("").await;
    let ids: BTreeSet<&str> = of_meanwhile.iter().map(|r| r["record"]["event_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), of_meanwhile.len());
    assert!(ids.iter().all(|id| sent_meanwhile.acknowledged.values().any(|known| known == id)));
    // And it goes on: with offsets that the store's copy may have seen already, of other records.
    let client = restored.client(&before);
    client.publish(&event().saying("afterwards").signed_by(&before)).await.expect(202);
    client.stored_once_there("q=afterwards", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_for_its_owner_alone_and_is_never_written_over() {
    let (system, folder, backup) = backed_up();
    for (name, mode) in [
        ("", 0o700),
        ("log", 0o700),
        ("log/log.db", 0o600),
        ("store.sqlite", 0o600),
        ("master.key", 0o600),
        ("dev.env", 0o600),
    ] {
        let found = fs::metadata(backup.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    refused(&system.run(&["backup", text(&backup)]), &["is there already"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    fs::create_dir(folder.path().join("broken.unfinished")).unwrap();
    refused(&system.run(&["backup", text(&folder.path().join("broken"))]), &["broken off", "rm -r"]);
    refused(&system.run(&["backup", "--data-dir", text(folder.path()), "x"]), &["--data-dir", "docs/backup.md"]);

    let without = folder.path().join("without");
    let made = system.run(&["backup", "--without-master-key", text(&without)]).succeeded();
    assert!(made.stderr.contains("keep a copy of the key elsewhere"), "{}", made.stderr);
    assert!(!without.join("master.key").exists());
    let data_dir = folder.path().join("keyless");
    let told = system.run(&["restore", text(&without), "--data-dir", text(&data_dir)]).succeeded();
    assert!(told.stderr.contains("GAPIN_MASTER_KEY"), "{}", told.stderr);
    refused(
        &system.run(&["dev", "--data-dir", text(&data_dir), "--listen", "127.0.0.1:0"]),
        &["master.key is missing"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_takes_nothing_that_was_changed_and_writes_over_nothing() {
    let (system, folder, backup) = backed_up();
    let of_running = system.data_dir();
    refused(&system.run(&["restore", text(&backup), "--data-dir", text(&of_running)]), &["uses the data directory"]);

    let data_dir = folder.path().join("restored");
    let restore = || system.run(&["restore", text(&backup), "--data-dir", text(&data_dir)]);
    restore().succeeded();
    refused(&restore(), &["data of its own", "--data-dir"]);

    // As if it had been killed half-way.
    fs::write(data_dir.join("restore.unfinished"), "").unwrap();
    fs::remove_file(data_dir.join("store.sqlite")).unwrap();
    let start = ["dev", "--data-dir", text(&data_dir), "--listen", "127.0.0.1:0"];
    refused(&system.run(&start), &["was broken off", "gapin restore"]);
    restore().succeeded();
    let restored = System::start_with(Shape::Embedded, &[("GAPIN_DATA_DIR", text(&data_dir))]);
    drop(restored);

    let store = backup.join("store.sqlite");
    let mut bytes = fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&store, bytes).unwrap();
    refused(&system.run(&["restore", "--check", text(&backup)]), &["store.sqlite", "is not as it was made"]);
    let manifest = backup.join("backup.json");
    let said = fs::read_to_string(&manifest).unwrap();
    for (from, to, told) in [
        ("log/log.db", "../../log.db", "which no backup has"),
        ("store.sqlite", "log/log.db", "has to name"),
        ("\"format\": 1", "\"format\": 2", "restore it with that one"),
        ("\"files\"", "\"filed\"", "is no backup"),
    ] {
        fs::write(&manifest, said.replace(from, to)).unwrap();
        refused(&system.run(&["restore", "--check", text(&backup)]), &[told]);
    }
    refused(&system.run(&["restore", "--check", text(folder.path())]), &["is no backup", "backup.json"]);
}
