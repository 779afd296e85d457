//! The one list of what an SDK does, held against these tests.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

const MARK: &str = "// feature: ";

fn listed() -> BTreeSet<String> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/sdk/features.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    let features = list["features"].as_array().unwrap();
    let ids: BTreeSet<_> = features.iter().map(|feature| feature["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), features.len(), "an id is there twice");
    ids
}

/// The ids of a file's marks. Each stands right above a test, with nothing between but other marks, attributes and doc
/// comments, of which one makes it a test.
fn marked(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut ids = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(id) = line.strip_prefix(MARK) else { continue };
        let above = lines[at..].iter().take_while(|line| line.starts_with("//") || line.starts_with("#["));
        let is_test = above.clone().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
        let function = lines.get(at + above.count()).copied().unwrap_or_default();
        assert!(is_test && (function.starts_with("fn ") || function.starts_with("async fn ")), "no test under {line}");
        ids.insert(id.to_owned());
    }
    ids
}

#[test]
fn every_feature_has_a_test_and_every_mark_is_listed() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(tests).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("features.rs") {
            found.extend(marked(&fs::read_to_string(&path).unwrap()));
        }
    }
    let listed = listed();
    let missing: Vec<_> = listed.difference(&found).collect();
    let unknown: Vec<_> = found.difference(&listed).collect();
    assert!(missing.is_empty(), "features without a test: {missing:?}");
    assert!(unknown.is_empty(), "tests of features that are not listed: {unknown:?}");
}

#[test]
fn a_mark_that_stands_above_no_test_is_no_mark() {
    let fine =
        "// feature: a.b\n// feature: c.d\n/// Why.\n#[cfg(unix)]\n#[tokio::test(flavor = \"x\")]\nasync fn f() {}\n";
    assert_eq!(marked(fine), BTreeSet::from(["a.b".to_owned(), "c.d".to_owned()]));
    for wrong in ["// feature: a.b\n\n#[test]\nfn f() {}\n", "// feature: a.b\nfn f() {}\n"] {
        assert!(std::panic::catch_unwind(|| marked(wrong)).is_err(), "{wrong}");
    }
}
