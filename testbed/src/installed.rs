//! Finds the services' programs, or says which command installs them.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Where the OpenID provider is installed, in this checkout.
const OPENID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.tools/openid");

/// Stops the test with the command that mends it.
pub(crate) fn missing(what: &str) -> ! {
    panic!("{what} is not installed; mend it with: make services");
}

/// The program of this name in `PATH`.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(|path| path.is_file())
}

/// The folder with PostgreSQL's server programs, which Debian keeps out of `PATH`; the newest version wins.
pub(crate) fn postgres_programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .max();
    newest
        .map(|(_, bin)| bin)
        .or_else(|| in_path("initdb")?.parent().map(Path::to_path_buf))
        .unwrap_or_else(|| missing("PostgreSQL"))
}

/// The folder with Kafka's jars, in this checkout.
pub(crate) fn kafka_jars() -> PathBuf {
    let jars = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.tools/kafka"));
    if jars.join("pom.xml").is_file() { jars.to_path_buf() } else { missing("Kafka") }
}

/// The folder with the OpenID provider's packages, in this checkout.
pub(crate) fn openid_modules() -> PathBuf {
    let modules = Path::new(OPENID).join("node_modules");
    if modules.join("oidc-provider").is_dir() { modules } else { missing("the OpenID provider") }
}

/// Node.js: the one beside the provider, which is there where the system's is too old.
pub(crate) fn node() -> PathBuf {
    let pinned = Path::new(OPENID).join("node");
    if pinned.is_file() { pinned } else { in_path("node").unwrap_or_else(|| missing("Node.js")) }
}

/// The OpenTelemetry Collector, built into this checkout.
pub(crate) fn collector() -> PathBuf {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.tools/otel"));
    // The list is copied when the program is there.
    let program = folder.join("collector");
    if folder.join("go.sum").is_file() && program.is_file() { program } else { missing("the OpenTelemetry Collector") }
}

/// A program of the Python tools (`python`, `aiosmtpd`, `schemathesis`), in this checkout.
pub fn python_tool(name: &str) -> PathBuf {
    let tools = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.tools/python"));
    // The list is copied when everything on it is there.
    let program = tools.join("bin").join(name);
    if tools.join("requirements.txt").is_file() && program.is_file() { program } else { missing(name) }
}

/// Whether this process runs as root.
pub(crate) fn running_as_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("every Unix has id(1)");
    id.stdout.trim_ascii() == b"0"
}
