//! The packages as others get them: packed, unpacked in a clean folder, built against, documented, and sound by the linter.
#![allow(clippy::unwrap_used)]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use support::{
    gateway,
    programs::{self, said},
};
use uuid::Uuid;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const MANIFEST: &str = r#"
[package]
name = "clean"
version = "0.1.0"
edition = "2024"

[dependencies]
gapin-sdk = { path = "../gapin-sdk" }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }

[patch.crates-io]
aibbar = { path = "../aibbar" }

[workspace]
"#;

const PROGRAM: &str = r#"
#![deny(warnings)]

use std::time::Duration;

use gapin_sdk::{Client, Recorder, Settings, sign, verify};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let accepted = client.record(json!({"event_type": "ai.query", "query": {"prompt": "?"}})).await?;
    assert_eq!(accepted.status, "accepted");
    let recorder = Recorder::new(Settings::new())?;
    assert!(recorder.query().prompt("?").record().is_some());
    assert!(recorder.flush(Duration::from_secs(60)).await);
    assert_eq!(recorder.stats().accepted, 1);
    let event = json!({
        "event_type": "ai.query", "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b", "ai_version": "model-1",
        "timestamp": "2026-03-01T09:30:00Z", "metadata": {}, "query": {"prompt": "?"},
    });
    assert!(verify(&sign(&event, "secret")?, "secret"));
    println!("used");
    Ok(())
}
"#;

/// Where all of this is built, so that a second run builds little.
fn target() -> PathBuf {
    // This test is target/<profile>/deps/<name>.
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned()
}

fn cargo(arguments: &[&str], at: &Path, target: &Path) -> Command {
    let mut command = programs::cargo();
    command.args(arguments).current_dir(at).env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    command
}

/// Packs both, and unpacks them beside each other.
fn unpacked(into: &Path) {
    let packed = ["package", "--quiet", "-p", "aibbar", "-p", "gapin-sdk", "--no-verify", "--allow-dirty"];
    said(&cargo(&packed, Path::new(ROOT), &target()).output().unwrap());
    for name in ["aibbar", "gapin-sdk"] {
        let archive = target().join(format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION")));
        let unpacked = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(into).output().unwrap();
        said(&unpacked);
        let versioned = into.join(format!("{name}-{}", env!("CARGO_PKG_VERSION")));
        fs::rename(versioned, into.join(name)).unwrap();
    }
}

// feature: types.package
#[test]
fn both_packages_build_and_work_in_a_clean_folder() {
    let temporary = tempfile::tempdir().unwrap();
    let at = temporary.path();
    unpacked(at);
    for name in ["aibbar", "gapin-sdk"] {
        for file in ["README.md", "CHANGELOG.md", "LICENSE"] {
            assert!(at.join(name).join(file).is_file(), "{name} has no {file}");
        }
    }
    // In the repository it is a link, out of the package's folder.
    let schema = at.join("aibbar/aibbar-event.schema.json");
    assert!(fs::symlink_metadata(&schema).unwrap().is_file());
    let contract = Path::new(ROOT).join("contract/aibbar-event.schema.json");
    assert_eq!(fs::read(schema).unwrap(), fs::read(contract).unwrap());

    let clean = at.join("clean");
    fs::create_dir_all(clean.join("src")).unwrap();
    fs::write(clean.join("Cargo.toml"), MANIFEST).unwrap();
    fs::write(clean.join("src/main.rs"), PROGRAM).unwrap();
    // The versions that are here: nothing is fetched.
    fs::copy(Path::new(ROOT).join("Cargo.lock"), clean.join("Cargo.lock")).unwrap();
    let mut run = cargo(&["run", "--quiet"], &clean, &target().join("sdk-package"));
    run.envs(&gateway().env).env("GAPIN_AI_ID", Uuid::new_v4().to_string());
    assert_eq!(said(&run.output().unwrap()), "used\n");
}

// feature: types.strict
#[test]
fn the_linter_finds_nothing_and_the_reference_is_whole() {
    let workspace = Path::new(ROOT);
    let lint = ["clippy", "--quiet", "-p", "gapin-sdk", "--all-features", "--", "-D", "warnings"];
    said(&cargo(&lint, workspace, &target()).output().unwrap());
    let document = ["doc", "--quiet", "-p", "gapin-sdk", "--all-features", "--no-deps"];
    said(&cargo(&document, workspace, &target()).env("RUSTDOCFLAGS", "-D warnings").output().unwrap());
    let page = fs::read_to_string(target().join("doc/gapin_sdk/index.html")).unwrap();
    for name in ["struct.Recorder", "struct.Client", "fn.canonicalize", "enum.Error", "struct.LiveStream"] {
        assert!(page.contains(&format!("{name}.html")), "the reference has no {name}");
    }
}
