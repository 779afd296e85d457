//! Programs that tests run as processes of their own: `tests/programs/programs.rs`, and the examples.

use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Mutex,
};

use super::Gateway;

/// Programs have the TLS of the test that starts them.
const FEATURES: &[&str] = if cfg!(feature = "native-tls") {
    &["--all-features"]
} else {
    &["--features", "async-openai,disk-queue,opentelemetry,reqwest-middleware,zstd"]
};

static BUILT: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::new(None);

/// An example of this crate, built; `programs` is that of `tests/programs/programs.rs`.
pub fn example(name: &str) -> PathBuf {
    let mut built = BUILT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let built = built.get_or_insert_default();
    if let Some(path) = built.get(name) {
        return path.clone();
    }
    let ran = cargo()
        .args(["build", "--quiet", "--offline", "-p", "gapin-sdk", "--example", name])
        .args(FEATURES)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    // This test is target/<profile>/deps/<name>.
    let test = env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap_or(Path::new(".")).join("examples").join(name);
    assert!(path.is_file(), "there is no {}", path.display());
    built.insert(name.to_owned(), path.clone());
    path
}

/// Cargo as a shell would run it: what it told this test of the test's own package makes crates build anew that ask for it.
pub fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"].iter().any(|own| text.starts_with(own)) {
            command.env_remove(&name);
        }
    }
    command
}

/// One of the programs, with the gateway's settings in its environment.
pub fn program(gateway: &Gateway, name: &str) -> Command {
    let mut command = Command::new(example("programs"));
    command.arg(name).envs(&gateway.env);
    command
}

/// What it said, of one that ended well.
pub fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
