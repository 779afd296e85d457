//! SIGKILL while it records and sends: the disk queue has what the gateway has not, and nothing comes twice.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeSet,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use gapin_sdk::Client;
use serde_json::{Value, json};
use support::{
    FLUSH, Through,
    faulty::{Exchange, Fault, Gate, cut},
    gateway,
    programs::program,
    prompts, settings,
};

/// Whether the gateway has a request that is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrives {
    Never,
    First,
    Late,
}

/// A request on its way when its sender is killed.
struct Held {
    is_held: Arc<Gate>,
    free: Arc<Gate>,
    is_over: Arc<Gate>,
}

fn held(arrives: Arrives) -> (Held, Fault) {
    let (is_held, free, is_over) = (Gate::new(), Gate::new(), Gate::new());
    let held = Held { is_held: Arc::clone(&is_held), free: Arc::clone(&free), is_over: Arc::clone(&is_over) };
    let is_done = AtomicBool::new(false);
    let fault = move |exchange: &Exchange<'_>| {
        if is_done.swap(true, Ordering::SeqCst) {
            return None;
        }
        let mut answer = (arrives == Arrives::First).then(|| exchange.forward());
        is_held.open();
        free.wait();
        if arrives == Arrives::Late {
            answer = Some(exchange.forward());
        }
        is_over.open();
        answer
    };
    (held, Arc::new(fault))
}

fn goes_through() -> Fault {
    Arc::new(|exchange| Some(exchange.forward()))
}

// feature: queue.disk
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_sends_it_loses_nothing_and_nothing_comes_twice() {
    let (through, folder) = (Through::new(), tempfile::tempdir().unwrap());
    let (mut recorded, mut kills) = (Vec::new(), Vec::new());
    // At the first batch, and at later ones.
    let ways = [
        ("first", 0, Arrives::Never),
        ("second", 3, Arrives::First),
        ("third", 4, Arrives::Late),
        ("fourth", 1, Arrives::Never),
    ];
    for (name, before, arrives) in ways {
        let (kill, fault) = held(arrives);
        through.faulty.faults((0..before).map(|_| goes_through()).chain([fault]));
        through.faulty.always(Some(cut()));
        let mut command = program(gateway(), "on_and_on");
        command.arg(folder.path()).args([&through.faulty.url, name]).env("GAPIN_AI_ID", through.ai_id.to_string());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        kill.is_held.wait();
        process.kill().unwrap(); // SIGKILL
        let said = process.wait_with_output().unwrap().stdout;
        recorded.extend(String::from_utf8(said).unwrap().lines().map(str::to_owned));
        kills.push(kill);
    }
    through.faulty.always(None);
    let last = through.builder().disk_queue(folder.path()).flush_timeout(FLUSH).build().unwrap();
    assert!(last.flush(FLUSH).await);
    let stats = last.stats();
    assert_eq!((stats.queued, stats.refused, stats.dropped), (0, 0, 0));
    assert!(last.close().await);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // What was still on its way comes late, a second time.
    for kill in &kills {
        kill.free.open();
        kill.is_over.wait();
    }
    let client = Client::new(settings(gateway(), through.ai_id)).unwrap();
    client.record(json!({"event_type": "ai.query", "query": {"prompt": "last of all"}})).await.unwrap();
    let sent = through.faulty.events();
    let told = |event: &Value, name: &str| event[name].as_str().unwrap().to_owned();
    let ids: BTreeSet<_> = sent.iter().map(|event| told(event, "event_id")).collect();
    let signed: BTreeSet<_> = sent.iter().map(|event| (told(event, "event_id"), told(event, "signature"))).collect();
    assert_eq!(ids.len(), signed.len());
    let stored = prompts(&through.stored(ids.len() + 1));
    let kept: BTreeSet<_> = stored.iter().collect();
    assert_eq!(kept.len(), stored.len(), "each once");
    assert!(recorded.iter().all(|prompt| kept.contains(prompt)));
    // One may be on disk whose recording had not returned, of each that was killed.
    assert!(stored.len() - 1 - recorded.len() <= kills.len(), "{} of {}", stored.len(), recorded.len());
    let names: BTreeSet<_> = recorded.iter().filter_map(|prompt| prompt.split(' ').next()).collect();
    assert_eq!(names, BTreeSet::from(["first", "second", "third", "fourth"]));
}
