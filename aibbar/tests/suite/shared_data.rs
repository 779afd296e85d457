//! Test data from elsewhere, which lies beside the project.

use std::{fs, path::PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(name)
}

pub(crate) fn read(name: &str) -> Vec<u8> {
    let path = path(name);
    fs::read(&path).unwrap_or_else(|error| panic!("the shared test data must lie at {}: {error}", path.display()))
}

pub(crate) fn read_text(name: &str) -> String {
    String::from_utf8(read(name)).unwrap()
}

pub(crate) fn read_lines(name: &str) -> Vec<Value> {
    read_text(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn base64(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap()
}
