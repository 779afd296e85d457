//! The API is tried by its own document, with a small budget; `make fuzz-api` does the same with a large one.

use std::process::Command;

/// Test cases per operation and run.
const EXAMPLES: &str = "4";

/// A run takes a minute or so; a machine under test is busy.
const SECONDS_MAX: &str = "900";

#[test]
fn no_request_makes_the_gateway_say_what_its_document_does_not() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/python/fuzz_api.py");
    let ran = Command::new(testbed::python_tool("python"))
        .arg(script)
        .env("GAPIN_BIN", e2e::gapin_path())
        .env("FUZZ_EXAMPLES", EXAMPLES)
        .env("FUZZ_SEED", "1")
        .env("FUZZ_SECONDS", SECONDS_MAX)
        .env_remove("FUZZ_AS")
        .env_remove("FUZZ_ONLY")
        .output()
        .expect("Python can be run");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{}\n{said}\n{}", ran.status, String::from_utf8_lossy(&ran.stderr));
}
