//! Counts the instructions of one subject: this program under `valgrind --tool=callgrind`.
//!
//! Counts must be the same today and tomorrow, here and elsewhere. valgrind helps: it shows every program the same
//! processor, one without AVX-512 and SHA instructions, and runs one thread at a time. What is left is taken away here:
//! an environment of its own, so that neither the stack's place nor a setting of the shell matters.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{Subject, mark};

/// Why there is no count.
#[derive(Debug, thiserror::Error)]
pub enum NoCount {
    /// The program is not on this machine.
    #[error("there is no valgrind here: `make services` installs it")]
    NoValgrind,
    /// It could not be started, or its files not be read.
    #[error("valgrind: {0}")]
    Io(#[from] io::Error),
    /// The subject failed, or valgrind did.
    #[error("valgrind ended with {status}: {said}")]
    Failed {
        /// How it ended.
        status: String,
        /// The end of what it said.
        said: String,
    },
    /// The count is not where it should be.
    #[error("callgrind wrote no count between two marks: {0}")]
    NotFound(String),
}

/// What one turn of the subject takes, in instructions of all threads.
pub fn count(subject: &Subject) -> Result<u64, NoCount> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("counts");
    let output = under_callgrind(subject.name, &file, folder.path())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = said.lines().rev().take(12).collect();
        let said = last.into_iter().rev().collect::<Vec<_>>().join("\n");
        return Err(NoCount::Failed { status: output.status.to_string(), said });
    }
    // The first file is of what came before the first mark, the third of what came after the second.
    let between = PathBuf::from(format!("{}.2", file.display()));
    let text = std::fs::read_to_string(&between).map_err(|error| NoCount::NotFound(error.to_string()))?;
    let total = total(&text).ok_or_else(|| NoCount::NotFound("no line of totals".to_owned()))?;
    Ok(total / subject.turns)
}

fn under_callgrind(subject: &str, file: &Path, home: &Path) -> Result<Output, NoCount> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--dump-instr=no", "--compress-strings=yes", "--error-exitcode=97"])
        .arg(format!("--dump-before=*{}*", mark::NAME))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe()?)
        .args(["run", subject])
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", home)
        .env("TMPDIR", home)
        .env("LC_ALL", "C");
    valgrind.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NoCount::NoValgrind,
        _ => NoCount::Io(error),
    })
}

/// The sum that stands at the head or the end of a file of callgrind's.
fn total(text: &str) -> Option<u64> {
    let line =
        text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_a_file_is_found() {
        assert_eq!(total("version: 1\nevents: Ir\nsummary: 4711\n\nfn=(1) main\n1 5\n"), Some(4711));
        assert_eq!(total("events: Ir\nfn=(1) main\n1 5\ntotals: 12\n"), Some(12));
        assert_eq!(total("events: Ir\n"), None);
    }
}
