//! What one check came to.

use serde::Serialize;

/// From good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Fine,
    /// It works, and someone should look.
    Doubtful,
    Wrong,
    Unreachable,
}

/// What was found, and how to mend it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) state: State,
    pub(super) finding: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mend: Option<String>,
}

impl Finding {
    fn new(state: State, finding: impl Into<String>, mend: Option<String>) -> Self {
        Self { check: "", state, finding: finding.into(), mend }
    }

    pub(super) fn fine(finding: impl Into<String>) -> Self {
        Self::new(State::Fine, finding, None)
    }

    pub(super) fn doubtful(finding: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(State::Doubtful, finding, Some(mend.into()))
    }

    pub(super) fn wrong(finding: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(State::Wrong, finding, Some(mend.into()))
    }

    pub(super) fn unreachable(finding: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(State::Unreachable, finding, Some(mend.into()))
    }
}
