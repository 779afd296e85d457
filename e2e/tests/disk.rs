//! A disk that is full or can't be written is a designed answer, and over when there is room again.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
};

use e2e::{Answer, Client, Load, Shape, Surroundings, System, event, eventually};
use futures_util::future::join_all;
use serde_json::json;
use testbed::SmallDisk;

const DISK_BYTES: u64 = 48 * 1024 * 1024;
/// How many events a load must have had acknowledged before the next thing breaks.
const BETWEEN_FAULTS: usize = 200;
/// Keys that are asked for at the same time, to use a rest of room up soon.
const KEYS_AT_ONCE: usize = 16;

/// A system whose data lies on this disk.
fn on(disk: &SmallDisk, shape: Shape) -> System {
    let settings = vec![
        ("GAPIN_DATA_DIR".to_owned(), disk.path().join("data").display().to_string()),
        ("GAPIN_SPOOL_FREE_BYTES_MIN".to_owned(), "1048576".to_owned()),
    ];
    System::start_in(shape, Surroundings { prefix: disk.prefix(), settings, consumers: 1, ..Surroundings::default() })
}

async fn until_status(what: &str, status: u16, ask: impl AsyncFn() -> Answer) -> Answer {
    eventually(what, async || Some(ask().await).filter(|answer| answer.status == status)).await
}

/// Makes the disk one that can, or can't, be written.
fn remount(disk: &SmallDisk, how: &str) {
    let prefix = disk.prefix();
    let options = format!("remount,{how}");
    let done = Command::new(&prefix[0]).args(&prefix[1..]).args(["mount", "-o", &options]).arg(disk.path()).status();
    assert!(done.unwrap().success(), "the disk is not mounted {how}");
}

/// Makes a key of a name of its own: one that is taken is refused before anything is written.
async fn make_key(client: &Client) -> Answer {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let name = format!("on a full disk {}", MADE.fetch_add(1, Ordering::Relaxed));
    client.post_json("/api/v1/keys", json!({ "name": name, "scopes": ["events:read"] })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_503_and_over_without_a_restart_when_there_is_room_again() {
    let disk = SmallDisk::mount(DISK_BYTES);
    let mut system = on(&disk, Shape::Embedded);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    load.more(BETWEEN_FAULTS).await;
    let other = system.organisation();
    let trying = system.client(&other);

    disk.fill();
    let refused =
        until_status("events are refused", 503, async || trying.publish(&event().signed_by(&other)).await).await;
    assert_eq!(refused.code(), "log_unavailable", "{}", refused.body);
    assert!(refused.headers.contains_key("retry-after"));
    let ready = until_status("it is not ready", 503, async || client.get("/health/ready").await).await;
    assert_eq!(ready.body["status"], "unavailable", "{}", ready.body);
    // What its write-ahead log has room for from before is kept still: some hundreds of keys.
    let unkept = eventually("the store keeps nothing", async || {
        let made = join_all((0..KEYS_AT_ONCE).map(|_| make_key(&client))).await;
        made.into_iter().find(|answer| answer.status == 503)
    })
    .await;
    assert_eq!(unkept.code(), "store_unavailable", "{}", unkept.body);
    assert!(unkept.headers.contains_key("retry-after"));
    // What is there can be read, and the process lives.
    client.get("/aibbar/events?limit=1").await.expect(200);
    client.get("/health/live").await.expect(200);
    assert!(!system.gateway.said().contains("a panic"), "{}", system.gateway.said());

    disk.make_room();
    load.more(BETWEEN_FAULTS).await;
    // No longer than it takes to see it: a quick machine fills the room there is again while the store comes back.
    let sent = load.stop().await;
    until_status("it is ready", 200, async || client.get("/health/ready").await).await;
    until_status("the store keeps keys again", 201, async || make_key(&client).await).await;
    sent.is_all_stored(&client).await;
    assert_eq!(system.gateway.stop().code(), Some(0), "{}", system.gateway.said());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_directory_that_can_not_be_written_says_so_and_loses_nothing() {
    let disk = SmallDisk::mount(DISK_BYTES);
    let mut system = on(&disk, Shape::Embedded);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    let load = Load::start(&client, &organisation);
    load.more(BETWEEN_FAULTS).await;
    system.gateway.kill();
    let sent = load.stop().await;

    remount(&disk, "ro");
    let refused = system.run(&["dev", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1), "{}", refused.stderr);
    let sentence = refused.stderr.trim();
    assert!(sentence.starts_with("error: ") && sentence.lines().count() == 1, "{sentence}");
    for told in [disk.path().to_str().unwrap(), "Read-only file system", "--data-dir"] {
        assert!(sentence.contains(told), "no {told:?} in {sentence}");
    }
    let looked = system.run(&["doctor", "--json"]);
    assert!(looked.stdout.contains("can't be written"), "{}", looked.stdout);

    remount(&disk, "rw");
    system.gateway.start_again();
    sent.is_all_stored(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spool_that_can_not_be_written_takes_nothing_from_events_and_mends_itself() {
    let disk = SmallDisk::mount(DISK_BYTES);
    let mut system = on(&disk, Shape::AtScale);
    let organisation = system.organisation();
    let client = system.client(&organisation);
    system.gateway.kill();
    remount(&disk, "ro");
    system.gateway.start_again();

    client.publish(&event().signed_by(&organisation)).await.expect(202);
    let ready = client.get("/health/ready").await.expect(200);
    assert_eq!((&ready.body["status"], &ready.body["spool"]["state"]), (&json!("degraded"), &json!("unavailable")));
    system.services().kafka.kill();
    let refused = until_status("nothing takes events", 503, async || {
        client.publish(&event().saying("to nowhere").signed_by(&organisation)).await
    })
    .await;
    assert!(refused.headers.contains_key("retry-after"), "{}", refused.body);
    let ready = until_status("it is not ready", 503, async || client.get("/health/ready").await).await;
    assert_eq!(ready.body["status"], "unavailable", "{}", ready.body);

    remount(&disk, "rw");
    until_status("the spool takes events", 202, async || {
        client.publish(&event().saying("to the spool").signed_by(&organisation)).await
    })
    .await;
    let ready = until_status("it is ready", 200, async || client.get("/health/ready").await).await;
    assert_eq!(ready.body["spool"]["state"], "spooling", "{}", ready.body);
    system.services().kafka.restart();
    eventually("the spool is empty", async || {
        let ready = client.get("/health/ready").await;
        (ready.body["spool"]["state"] == "idle").then_some(())
    })
    .await;
    eventually("what was spooled is stored", async || {
        let stored = client.stored("q=to%20the%20spool").await;
        (!stored.is_empty()).then_some(())
    })
    .await;
}
