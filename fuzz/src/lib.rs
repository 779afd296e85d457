//! What each fuzzer begins with, made of the contract's test vectors.

use std::{env, fs, path::Path};

use aibbar::{Event, Receipt, RuleSet, record};
use serde_json::Value;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors");

/// The variable that names the folder for seeds; without it none are written.
const FOLDER: &str = "GAPIN_FUZZ_SEEDS";

/// Writes them, before the fuzzer reads the folder.
pub fn write_seeds(seeds: impl FnOnce() -> Vec<Vec<u8>>) {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).expect("the folder can be made");
    for (number, seed) in seeds().into_iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), seed).expect("the folder is writable");
    }
}

/// The events of the vectors, good and bad.
pub fn events() -> Vec<Vec<u8>> {
    [texts("events-valid.jsonl", "json"), texts("events-invalid.jsonl", "json")].concat()
}

/// JSON of every form: the events, all good ones as a batch, and what the canonical form is about.
pub fn json() -> Vec<Vec<u8>> {
    let batch = [b"[", texts("events-valid.jsonl", "json").join(&b',').as_slice(), b"]"].concat();
    [events(), texts("canonical.jsonl", "json"), texts("canonical.jsonl", "canonical"), vec![batch]].concat()
}

/// The records of the good events, and what is no record.
pub fn records() -> Vec<Vec<u8>> {
    let mut records: Vec<_> = events().iter().filter_map(|event| Some(record_of(Event::parse(event).ok()?).into())).collect();
    records.extend(texts("events-invalid.jsonl", "json"));
    records
}

/// This event as a record.
pub fn record_of(event: Event) -> String {
    let now = event.timestamp();
    let receipt = Receipt {
        event_id: event.event_id(),
        org_id: event.ai_id(),
        received_at: now,
        api_key_id: event.ai_id(),
        key_id: "main",
        signature_verified_at: now,
        gateway: "fuzz",
        redaction_rules: RuleSet::VERSION,
    };
    record::encode(&event.redact(&RuleSet::default()), &receipt)
}

/// This member of every line of the file.
fn texts(file: &str, member: &str) -> Vec<Vec<u8>> {
    let lines = fs::read_to_string(Path::new(VECTORS).join(file)).expect("the vectors are there");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a vector is JSON"));
    lines.filter_map(|vector| Some(vector[member].as_str()?.as_bytes().to_vec())).collect()
}
