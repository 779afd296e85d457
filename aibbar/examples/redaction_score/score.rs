//! Counts what redaction found, what it missed and what it took for something.

use std::collections::BTreeMap;
use std::fmt::Write;

use aibbar::{Kind, RuleSet};

use crate::corpus::Case;

/// What was right and wrong about one kind.
#[derive(Clone, Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

/// The counts of every kind, the texts without anything to hide, and what went wrong.
#[derive(Default)]
pub(crate) struct Board {
    counts: BTreeMap<&'static str, Count>,
    /// Texts that hold nothing, and those of them of which something was hidden.
    pub(crate) plain: (usize, usize),
    /// One line for each case that went wrong.
    pub(crate) misses: Vec<String>,
}

impl Board {
    /// Precision and recall of a kind.
    pub(crate) fn shares(&self, kind: Kind) -> (f64, f64) {
        let count = self.counts.get(name(kind)).cloned().unwrap_or_default();
        (share(count.right, count.wrong), share(count.right, count.missed))
    }

    /// A table in Markdown.
    pub(crate) fn table(&self) -> String {
        let mut table =
            String::from("| kind | precision | recall | right | wrong | missed |\n|---|---|---|---|---|---|\n");
        for kind in Kind::ALL {
            let Some(Count { right, wrong, missed }) = self.counts.get(kind.as_str()) else { continue };
            let (precision, recall) = self.shares(kind);
            writeln!(
                table,
                "| {kind} | {precision:.3} | {recall:.3} | {right} | {wrong} | {missed} |",
                kind = kind.as_str()
            )
            .ok();
        }
        let (plain, hit) = self.plain;
        writeln!(table, "\nOf {plain} texts without anything to hide, {hit} lost something.").ok();
        table
    }

    pub(crate) fn right(&mut self, kind: Kind, count: usize) {
        self.counts.entry(name(kind)).or_default().right += count;
    }

    pub(crate) fn wrong(&mut self, kind: Kind, count: usize) {
        self.counts.entry(name(kind)).or_default().wrong += count;
    }

    pub(crate) fn missed(&mut self, kind: Kind, count: usize) {
        self.counts.entry(name(kind)).or_default().missed += count;
    }
}

/// Secrets and passwords are one: what it is called depends on whether its shape or its name was seen first.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret | Kind::Password => "secret",
        kind => kind.as_str(),
    }
}

fn share(good: usize, bad: usize) -> f64 {
    if good + bad == 0 { 1.0 } else { good as f64 / (good + bad) as f64 }
}

/// Every kind, also the one that is off unless somebody switches it on.
pub(crate) fn rules() -> RuleSet {
    RuleSet::default().with(Kind::IpAddress, true)
}

pub(crate) fn score(cases: Vec<Case>) -> Board {
    let rules = rules();
    let mut board = Board::default();
    for case in cases {
        let (redacted, found) = rules.redact_text(&case.text);
        let Some(kind) = case.kind else {
            board.plain.0 += 1;
            board.plain.1 += usize::from(!found.is_empty());
            found.iter().for_each(|kind| board.wrong(*kind, 1));
            if !found.is_empty() {
                board.misses.push(format!("nothing to hide: {:?} became {redacted:?}", case.text));
            }
            continue;
        };
        let is_named =
            found.iter().any(|found| name(*found) == name(kind) || case.also.is_some_and(|also| *found == also));
        let is_hidden = is_named && !redacted.contains(&case.hidden);
        if is_hidden {
            board.right(kind, 1)
        } else {
            board.missed(kind, 1)
        }
        let others: Vec<Kind> = found.iter().copied().filter(|found| name(*found) != name(kind)).collect();
        others.iter().for_each(|kind| board.wrong(*kind, 1));
        if !is_hidden || !others.is_empty() {
            board.misses.push(format!("{}: {:?} became {redacted:?}", name(kind), case.text));
        }
    }
    board
}
