//! The labelled cases: `pii.jsonl` (`entity`, `text`, `expected_count`) and `secrets.jsonl` (`rule`, `label`, `text`, `secret`).

use std::path::Path;

use aibbar::Kind;
use serde_json::Value;

use crate::score::{Board, rules};

pub(crate) fn score(folder: &Path) -> Result<Board, Box<dyn std::error::Error>> {
    let mut board = Board::default();
    personal(&folder.join("pii.jsonl"), &mut board)?;
    secrets(&folder.join("secrets.jsonl"), &mut board)?;
    Ok(board)
}

fn cases(file: &Path) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn personal(file: &Path, board: &mut Board) -> Result<(), Box<dyn std::error::Error>> {
    for case in cases(file)? {
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
        let (redacted, _) = rules().redact_text(text);
        let found = redacted.matches(&format!("[REDACTED:{}]", kind.as_str())).count();
        board.right(kind, found.min(expected));
        board.wrong(kind, found.saturating_sub(expected));
        board.missed(kind, expected.saturating_sub(found));
        if found != expected {
            board.misses.push(format!("{kind:?}: expected {expected}: {text:?} became {redacted:?}"));
        }
    }
    Ok(())
}

fn secrets(file: &Path, board: &mut Board) -> Result<(), Box<dyn std::error::Error>> {
    let rules = aibbar::RuleSet::default();
    for case in cases(file)? {
        let text = case["text"].as_str().unwrap_or_default();
        let (redacted, _) = rules.redact_text(text);
        let is_secret = case["label"] == "pos";
        // A secret is hidden when nothing of it can be read, whatever kind it was taken for.
        let hidden = match case["secret"].as_str() {
            Some(secret) if is_secret => !redacted.contains(secret) && redacted.contains("[REDACTED:"),
            _ => redacted != text,
        };
        match (is_secret, hidden) {
            (true, true) => board.right(Kind::Secret, 1),
            (true, false) => board.missed(Kind::Secret, 1),
            (false, true) => board.wrong(Kind::Secret, 1),
            (false, false) => {}
        }
        if !is_secret {
            board.plain.0 += 1;
            board.plain.1 += usize::from(hidden);
        }
        if is_secret != hidden {
            board.misses.push(format!("{} ({}): {text:?} became {redacted:?}", case["rule"], case["label"]));
        }
    }
    Ok(())
}
