//! The recorded budgets: `load-tests/budgets.json`, and what is said of a count.
//!
//! Counts are those of one architecture and, by a few percent, of one version of the compiler: both stand in the file.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};

/// A count may lie this much above its budget.
const ABOVE_PERCENT_MAX: u64 = 10;
/// A count that lies further below leaves so much room that the next loss would not be seen.
const BELOW_PERCENT_MAX: u64 = 10;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// By architecture, as Rust calls it.
    pub architectures: BTreeMap<String, Recorded>,
}

/// What was counted on one architecture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The version of the compiler then.
    pub rustc: String,
    /// Instructions of one turn, by subject.
    pub instructions: BTreeMap<String, u64>,
}

/// Why the file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}")]
pub struct NotBudgets {
    file: String,
    why: String,
}

/// What a count means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within its budget.
    Kept,
    /// So far below that the budget should be recorded again.
    FarBelow,
    /// Beyond its budget.
    Above,
    /// Nothing is recorded.
    Unknown,
}

impl Budgets {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Budgets, NotBudgets> {
        let because = |why: String| NotBudgets { file: path.display().to_string(), why };
        let text = fs::read_to_string(path).map_err(|error| because(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| because(error.to_string()))
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) -> Result<(), NotBudgets> {
        let because = |why: String| NotBudgets { file: path.display().to_string(), why };
        let text = serde_json::to_string_pretty(self).map_err(|error| because(error.to_string()))?;
        fs::write(path, text + "\n").map_err(|error| because(error.to_string()))
    }

    /// What is recorded for this architecture.
    pub fn here(&self) -> Option<&Recorded> {
        self.architectures.get(std::env::consts::ARCH)
    }

    /// Keeps these counts; subjects of other programs stay as they are.
    pub fn record(&mut self, rustc: &str, counts: impl IntoIterator<Item = (String, u64)>) {
        let here = self.architectures.entry(std::env::consts::ARCH.to_owned()).or_default();
        here.rustc = rustc.to_owned();
        here.instructions.extend(counts);
    }
}

impl Recorded {
    /// What this count of the subject means.
    pub fn judge(&self, subject: &str, count: u64) -> Verdict {
        let Some(&budget) = self.instructions.get(subject) else { return Verdict::Unknown };
        let (count, budget) = (u128::from(count) * 100, u128::from(budget));
        if count > budget * u128::from(100 + ABOVE_PERCENT_MAX) {
            Verdict::Above
        } else if count < budget * u128::from(100 - BELOW_PERCENT_MAX) {
            Verdict::FarBelow
        } else {
            Verdict::Kept
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn recorded() -> Budgets {
        let mut budgets = Budgets::default();
        budgets.record("1.0.0", [("check".to_owned(), 1_000)]);
        budgets
    }

    #[test]
    fn a_tenth_more_is_kept_and_no_instruction_beyond() {
        for (count, expected) in [
            (1_000, Verdict::Kept),
            (1_100, Verdict::Kept),
            (1_101, Verdict::Above),
            (900, Verdict::Kept),
            (899, Verdict::FarBelow),
        ] {
            assert_eq!(recorded().here().unwrap().judge("check", count), expected, "{count}");
        }
        assert_eq!(recorded().here().unwrap().judge("another", 1), Verdict::Unknown);
    }

    #[test]
    fn recording_one_program_leaves_the_others_subjects() {
        let mut budgets = recorded();
        budgets.record("1.1.0", [("append".to_owned(), 7)]);
        let here = budgets.here().unwrap();
        assert_eq!(here.rustc, "1.1.0");
        assert_eq!(here.judge("check", 1_000), Verdict::Kept);
        assert_eq!(here.judge("append", 7), Verdict::Kept);
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("budgets.json");
        recorded().write(&file).unwrap();
        assert_eq!(Budgets::read(&file).unwrap(), recorded());
        assert!(Budgets::read(&folder.path().join("none")).is_err());
    }
}
