//! How a command ends: exit codes that scripts can use, and the sentence for people.

use std::{fmt, process::ExitCode};

/// Every exit code; the same for all commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All of it was done.
    Ok = 0,
    /// It failed, in a way that has no code of its own.
    Failed = 1,
    /// The command line, a setting or the input's form is wrong: trying again is no use.
    Usage = 2,
    /// It ran to its end, and some of it was refused or is invalid.
    SomeRefused = 3,
    /// What it needs can't be reached: trying again later may help.
    Unreachable = 4,
}

/// The exit codes as every help shows them.
pub(crate) const EXIT_CODES_HELP: &str = "\
Exit codes: 0 done · 1 failed · 2 wrong usage or setting · 3 some refused or invalid · 4 can't be reached";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not end well. Its text is for people, on standard error; never a secret.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) sentence: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self { exit, sentence: sentence.into() }
    }

    /// A wrong setting or command line.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// Something that can't be reached now.
    pub(crate) fn unreachable(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Unreachable, sentence)
    }

    /// Anything else.
    pub(crate) fn failed(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Failed, sentence)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}

/// The store's words, with the exit code that fits them.
impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        let exit = match error {
            store::StoreError::Unavailable(_) | store::StoreError::Unexplained(_) => Exit::Unreachable,
            store::StoreError::Refused(_) | store::StoreError::Exists(_) | store::StoreError::Unreadable(_) => {
                Exit::Failed
            }
        };
        Self::new(exit, error.to_string())
    }
}

/// Why nobody was made, with the exit code that fits.
impl From<gateway::provision::ProvisionError> for Failure {
    fn from(error: gateway::provision::ProvisionError) -> Self {
        match error {
            gateway::provision::ProvisionError::Store(error) => error.into(),
            error => Self::failed(error.to_string()),
        }
    }
}

/// The log's words, with the exit code that fits them.
impl From<bus::LogError> for Failure {
    fn from(error: bus::LogError) -> Self {
        let exit = match error {
            bus::LogError::Unavailable(_) => Exit::Unreachable,
            bus::LogError::NoSuchTopic(_)
            | bus::LogError::InvalidTopic(_)
            | bus::LogError::TopicExists(_)
            | bus::LogError::GroupActive(_)
            | bus::LogError::Fenced
            | bus::LogError::Closed => Exit::Failed,
        };
        Self::new(exit, error.to_string())
    }
}
