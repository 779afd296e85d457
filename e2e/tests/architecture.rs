//! The crates' arrows point one way, and what belongs in one place stays there.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// One crate of the workspace, and what it depends on outside of its tests.
struct Member {
    folder: String,
    uses: BTreeSet<String>,
}

fn members() -> BTreeMap<String, Member> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--locked", "--format-version", "1"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let uses = dependencies.filter(|d| d["kind"] != "dev").map(|d| text(&d["name"])).collect();
        let manifest = text(&package["manifest_path"]);
        let folder = manifest.strip_suffix("/Cargo.toml").unwrap().to_owned();
        (text(&package["name"]), Member { folder, uses })
    });
    packages.collect()
}

#[test]
fn the_arrows_between_crates_are_those_of_the_architecture() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("aibbar", &[] as &[_]),
        ("bus", &[]),
        ("store", &["aibbar"]),
        ("dashboard", &[]),
        ("gateway", &["aibbar", "bus", "dashboard", "store", "traces"]),
        ("consumer", &["aibbar", "bus", "store", "traces"]),
        ("cli", &["aibbar", "bus", "consumer", "gateway", "load-tests", "store", "traces"]),
        ("testbed", &[]),
        // It counts what they do, and only tests depend on it.
        ("guard", &["aibbar", "bus"]),
        ("e2e", &["aibbar", "testbed"]),
        ("load-tests", &["aibbar"]),
        ("gapin-sdk", &["aibbar"]),
        ("traces", &[]),
    ]);
    let members = members();
    for (name, member) in &members {
        let ours: BTreeSet<_> = member.uses.iter().filter(|used| members.contains_key(*used)).collect();
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name}: say here what it may use"));
        for used in ours {
            assert!(allowed.contains(&used.as_str()), "{name} uses {used}");
        }
    }
}

/// `deny.toml` can't tell it: there, the SDK and the gateway are one graph.
#[test]
fn the_gateway_has_one_tls_stack() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "cli", "--offline", "--locked", "--prefix", "none", "--format", "{p}"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout);
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("openssl"), "{names:?}");
    for other in ["rustls", "ring", "aws-lc-rs"] {
        assert!(!names.contains(other), "the gateway is built with {other}");
    }
}

#[test]
fn what_belongs_in_one_place_is_used_in_no_other() {
    let members = members();
    for (crates, places) in [
        (&["rdkafka"] as &[&str], &["bus"] as &[&str]),
        (&["actix-web", "actix-ws", "actix-http", "actix-rt"], &["gateway"]),
        (&["tokio-postgres", "deadpool-postgres", "postgres-native-tls", "refinery"], &["store"]),
        // SQLite also carries the embedded log and the SDK's disk queue, and the end-to-end tests lock its files.
        (&["rusqlite"], &["bus", "e2e", "gapin-sdk", "store"]),
        (&["rustls", "ring"], &["gapin-sdk"]),
        // Of OpenTelemetry the SDK for Rust knows the current span alone.
        (&["opentelemetry"], &["gapin-sdk", "traces"]),
        (&["opentelemetry_sdk", "opentelemetry-otlp", "tracing-opentelemetry"], &["traces"]),
        (&["clap", "indicatif"], &["cli"]),
        (&["testbed"], &["e2e"]),
        (&["guard"], &[]),
    ] {
        for (name, member) in &members {
            for used in crates.iter().filter(|used| member.uses.contains(**used)) {
                assert!(places.contains(&name.as_str()), "{name} uses {used}");
            }
        }
    }
}

#[test]
fn the_event_does_no_io() {
    let forbidden =
        ["std::fs", "TcpStream", "UdpSocket", "std::env", "SystemTime::now", "Instant::now", "tokio", "tracing"];
    let members = members();
    for file in rust_files(&Path::new(&members["aibbar"].folder).join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let code =
            text.split("#[cfg(test)]").next().unwrap().lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for word in forbidden {
                assert!(!line.contains(word), "{}: {line}", file.display());
            }
        }
    }
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let workspace = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
    for (name, member) in members() {
        let manifest = fs::read_to_string(Path::new(&member.folder).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} does not take the workspace's lints");
    }
}

#[test]
fn no_file_is_a_heap_of_things() {
    const LINES_MAX: usize = 600;
    let heaps = ["utils.rs", "util.rs", "helpers.rs", "helper.rs", "common.rs", "misc.rs", "manager.rs"];
    for member in members().values() {
        for file in rust_files(Path::new(&member.folder)) {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(!heaps.contains(&name), "{}: name it after what it holds", file.display());
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= LINES_MAX, "{} has {lines} lines: it is about more than one thing", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        // The dashboard's own tools, which npm puts beside its sources.
        .filter(|path| !path.ends_with("node_modules"))
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
