//! Prints how well redaction does on labelled cases: `cargo run -p aibbar --example redaction_score -- [FOLDER]`.
//!
//! The folder holds `pii.jsonl` (`entity`, `text`, `expected_count`) and `secrets.jsonl` (`rule`, `label`, `text`, `secret`).
//! With `--misses` every case that went wrong is printed too.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aibbar::{Kind, RuleSet};
use serde_json::Value;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/redaction");

/// Hits that were right, hits that were wrong, and what was missed.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(good: usize, bad: usize) -> f64 {
    if good + bad == 0 { 1.0 } else { good as f64 / (good + bad) as f64 }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let misses = arguments.iter().any(|argument| argument == "--misses");
    let folder = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .map_or_else(|| PathBuf::from(DATA), PathBuf::from);

    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    personal(&folder, misses, &mut scores)?;
    let negatives = secrets(&folder, misses, &mut scores)?;

    println!("{:<14} {:>9} {:>7} {:>6} {:>6} {:>6}", "kind", "precision", "recall", "right", "wrong", "missed");
    for (kind, score) in &scores {
        println!(
            "{kind:<14} {:>9.3} {:>7.3} {:>6} {:>6} {:>6}",
            score.precision(),
            score.recall(),
            score.right,
            score.wrong,
            score.missed
        );
    }
    let hit = scores.get("secret").map_or(0, |score| score.wrong);
    println!("of {negatives} texts without a secret, {hit} were taken for one");
    Ok(())
}

fn cases(file: &Path) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn personal(
    folder: &Path,
    misses: bool,
    scores: &mut BTreeMap<String, Score>,
) -> Result<(), Box<dyn std::error::Error>> {
    let rules = RuleSet::default().with(Kind::IpAddress, true);
    for case in cases(&folder.join("pii.jsonl"))? {
        let kind = match case["entity"].as_str() {
            Some("EMAIL_ADDRESS") => Kind::Email,
            Some("IP_ADDRESS") => Kind::IpAddress,
            Some("PHONE_NUMBER") => Kind::Phone,
            Some("US_SSN") => Kind::Ssn,
            Some("CREDIT_CARD") => Kind::CreditCard,
            Some("IBAN_CODE") => Kind::Iban,
            other => return Err(format!("no such entity: {other:?}").into()),
        };
        let text = case["text"].as_str().unwrap_or_default();
        let expected = case["expected_count"].as_u64().unwrap_or_default() as usize;
        let (redacted, _) = rules.redact_text(text);
        let found = redacted.matches(kind.placeholder()).count();
        let score = scores.entry(kind.as_str().to_owned()).or_default();
        score.right += found.min(expected);
        score.wrong += found.saturating_sub(expected);
        score.missed += expected.saturating_sub(found);
        if misses && found != expected {
            println!("{kind:?}: expected {expected}: {text:?} became {redacted:?}");
        }
    }
    Ok(())
}

/// Answers how many texts held no secret.
fn secrets(
    folder: &Path,
    misses: bool,
    scores: &mut BTreeMap<String, Score>,
) -> Result<usize, Box<dyn std::error::Error>> {
    let rules = RuleSet::default();
    let mut negatives = 0;
    for case in cases(&folder.join("secrets.jsonl"))? {
        let text = case["text"].as_str().unwrap_or_default();
        let (redacted, _) = rules.redact_text(text);
        let score = scores.entry("secret".to_owned()).or_default();
        let is_secret = case["label"] == "pos";
        // A secret is hidden when nothing of it can be read, whatever kind it was taken for.
        let hidden = match case["secret"].as_str() {
            Some(secret) if is_secret => !redacted.contains(secret) && redacted.contains("[REDACTED:"),
            _ => redacted != text,
        };
        negatives += usize::from(!is_secret);
        match (is_secret, hidden) {
            (true, true) => score.right += 1,
            (true, false) => score.missed += 1,
            (false, true) => score.wrong += 1,
            (false, false) => {}
        }
        if misses && is_secret != hidden {
            println!("{} ({}): {text:?} became {redacted:?}", case["rule"], case["label"]);
        }
    }
    Ok(negatives)
}
