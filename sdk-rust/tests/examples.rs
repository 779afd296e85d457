//! What is printed in the README and lies in the examples runs, against the gateway.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

#[path = "support/provider.rs"]
mod provider;
#[path = "support/provider_answers.rs"]
mod provider_answers;
mod support;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use support::{
    gateway,
    programs::{example, said},
};
use uuid::Uuid;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// With the settings of a gateway and a provider.
fn run(name: &str) -> String {
    let provider = provider::Provider::start();
    let mut command = Command::new(example(name));
    command.envs(&gateway().env).env("GAPIN_AI_ID", Uuid::new_v4().to_string());
    command.env("OPENAI_BASE_URL", format!("{}/v1", provider.url)).env("OPENAI_API_KEY", "sk-none");
    said(&command.output().unwrap())
}

// feature: types.examples
#[test]
fn what_the_readme_prints_are_the_examples() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let mut printed = BTreeSet::new();
    for part in readme.split("```rust\n").skip(1) {
        let (block, _) = part.split_once("```").unwrap();
        let before = readme[..readme.find(part).unwrap()].trim_end_matches("```rust\n").trim_end();
        let named = before.lines().last().and_then(|line| line.strip_prefix("<!-- ")?.strip_suffix(" -->")).unwrap();
        let example = fs::read_to_string(Path::new(ROOT).join(named)).unwrap();
        // Its first lines are for the compiler and the linter.
        let (head, program) = example.split_once("\n\n").unwrap();
        assert!(head.lines().all(|line| line.starts_with("//! ") || line.starts_with("#![")), "{named}");
        assert_eq!(block, program, "{named}");
        printed.insert(named);
    }
    let names = ["acknowledge", "openai_chat", "quickstart", "read", "watch"];
    assert_eq!(printed.into_iter().collect::<Vec<_>>(), names.map(|name| format!("examples/{name}.rs")));
}

// feature: types.examples
#[test]
fn the_quickstart_runs_as_printed() {
    assert_eq!(run("quickstart"), "2 events are kept\n");
}

// feature: types.examples
#[test]
fn examples_run() {
    assert!(run("acknowledge").ends_with(" is kept\n"));
    assert!(run("agent").ends_with("12 events are kept\n"));
    assert_eq!(run("async_service"), "20 answers, 20 events are kept\n");
    assert!(run("openai_chat").ends_with("2 events are kept\n"));
    assert!(run("read_and_verify").contains("its signature is good"));
    assert!(run("quickstart").contains("kept"));
    // What the quickstart decided is read a moment later.
    support::eventually("a decision is read", || run("read").contains(r#""confidence":0.97"#).then_some(()));
}
