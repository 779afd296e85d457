//! What an import came to.

use serde::Serialize;

/// No more refusals than these are kept and shown; all are counted.
const REFUSALS_MAX: usize = 100;

/// What was refused, and where it stands in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Refused {
    pub(super) line: u64,
    pub(super) code: String,
    pub(super) detail: String,
}

/// The counts of an import, or of a part of it.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Report {
    /// Lines that are a conversation.
    pub(super) conversations: u64,
    /// Lines, and messages in them, that can't be read.
    pub(super) unreadable: u64,
    /// Events that were sent.
    pub(super) sent: u64,
    /// Events that are durable at the gateway, new or known already.
    pub(super) acknowledged: u64,
    /// Events that were refused here or there.
    pub(super) refused: u64,
    /// Requests that were sent again.
    pub(super) retries: u64,
    /// The first of what was refused or could not be read.
    pub(super) refusals: Vec<Refused>,
}

impl Report {
    pub(super) fn add(&mut self, part: Report) {
        self.conversations += part.conversations;
        self.unreadable += part.unreadable;
        self.sent += part.sent;
        self.acknowledged += part.acknowledged;
        self.refused += part.refused;
        self.retries += part.retries;
        for refused in part.refusals {
            self.keep(refused);
        }
    }

    pub(super) fn refuse(&mut self, refused: Refused) {
        self.refused += 1;
        self.keep(refused);
    }

    pub(super) fn cannot_read(&mut self, line: u64, detail: String) {
        self.unreadable += 1;
        self.keep(Refused { line, code: "unreadable".to_owned(), detail });
    }

    fn keep(&mut self, refused: Refused) {
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push(refused);
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.refused == 0 && self.unreadable == 0
    }
}
