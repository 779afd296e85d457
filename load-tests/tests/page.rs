//! `docs/performance.md` is what the results say, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use load_tests::result::{FORMAT, Results};
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_page_and_what_is_reckoned_from_it_are_made_of_the_results() {
    for script in ["scripts/performance_page.py", "scripts/docs/generated.py"] {
        let script = Path::new(ROOT).join(script);
        let output = Command::new(testbed::python_tool("python")).arg(script).arg("--check").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn results_are_of_this_form_and_tell_nothing_of_their_machine_but_what_it_is() {
    for entry in fs::read_dir(Path::new(ROOT).join("load-tests/results")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        for told in ["/home/", "/tmp/", "/usr/", "/var/", "127.0.0.1", "localhost"] {
            assert!(!text.contains(told), "{name}: {told}");
        }
        if text.contains("\"runs\"") {
            let results: Results = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(results.format, FORMAT, "{name}");
            assert!(results.rows.iter().all(|row| !row.command.is_empty()), "{name}: a figure without its command");
        }
    }
}

#[test]
fn each_row_of_the_page_has_one_name_and_one_goal() {
    let rows = fs::read_to_string(Path::new(ROOT).join("load-tests/page/rows.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
    let names: BTreeSet<&str> = rows.iter().map(|row| row["row"].as_str().unwrap()).collect();
    assert_eq!(names.len(), rows.len());
    assert!(rows.iter().all(|row| row["most"].is_number() != row["least"].is_number()));
}
