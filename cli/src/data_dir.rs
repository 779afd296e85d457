//! The data directory: made private, locked against a second process, its small files written whole or not at all.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use crate::exit::Failure;

/// The embedded store, in the data directory.
pub(crate) const STORE_FILE: &str = "store.sqlite";

/// There while what a backup holds is being put into the directory, and for good when that was broken off.
pub(crate) const UNFINISHED_RESTORE: &str = "restore.unfinished";

const PRIVATE_DIR: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// A data directory that is there.
#[derive(Clone, Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
}

/// Held by the one process that has the embedded log open; gone with the process, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// What happens to a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    Replaced,
    Kept,
}

impl DataDir {
    /// Makes the directory (0700) when it is not there.
    pub(crate) fn ensure(path: &Path) -> Result<DataDir, Failure> {
        DirBuilder::new()
            .recursive(true)
            .mode(PRIVATE_DIR)
            .create(path)
            .map_err(|error| fault(path, "made", &error))?;
        Ok(DataDir { path: path.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Takes the directory for this process, or says who has it.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        let lock = self.lock_for_restore()?;
        if self.has_unfinished_restore() {
            return Err(Failure::failed(format!(
                "a restore into {} was broken off, so that data is missing there: run `gapin restore` again",
                self.path.display()
            )));
        }
        Ok(lock)
    }

    /// The same for whoever finishes a restore that was broken off.
    pub(crate) fn lock_for_restore(&self) -> Result<Lock, Failure> {
        self.lock_file("lock", |holder| {
            let path = self.path.display();
            format!("another gapin{holder} uses the data directory {path}: stop it, or choose another with --data-dir")
        })
    }

    pub(crate) fn has_unfinished_restore(&self) -> bool {
        self.file(UNFINISHED_RESTORE).exists()
    }

    /// Takes this file of the directory for this process, or says who has it, in the words of `taken`.
    pub(crate) fn lock_file(&self, name: &str, taken: impl FnOnce(&str) -> String) -> Result<Lock, Failure> {
        let path = self.file(name);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(PRIVATE_FILE)
            .open(&path)
            .map_err(|error| fault(&path, "opened", &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(&path).unwrap_or_default();
                let holder = match holder.trim().parse::<u32>() {
                    Ok(pid) => format!(" (process {pid})"),
                    Err(_) => String::new(),
                };
                return Err(Failure::failed(taken(&holder)));
            }
            Err(TryLockError::Error(error)) => return Err(fault(&path, "locked", &error)),
        }
        // Who holds it is a courtesy to the next one who tries.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }

    /// Writes a private file so that after a crash it is there whole or not at all. Answers whether it was written.
    pub(crate) fn write_private(&self, name: &str, text: &str, existing: Existing) -> Result<bool, Failure> {
        let path = self.file(name);
        let temporary = self.file(&format!("{name}.{}.new", uuid::Uuid::new_v4().simple()));
        let written = write_and_sync(&temporary, text).and_then(|()| match existing {
            Existing::Replaced => std::fs::rename(&temporary, &path).map(|()| true),
            Existing::Kept => match std::fs::hard_link(&temporary, &path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(error),
            },
        });
        if !matches!((&written, existing), (Ok(true), Existing::Replaced)) {
            // A left-over is harmless: nobody reads it.
            let _ = std::fs::remove_file(&temporary);
        }
        let written = written.map_err(|error| fault(&path, "written", &error))?;
        File::open(&self.path).and_then(|dir| dir.sync_all()).map_err(|error| fault(&path, "written", &error))?;
        Ok(written)
    }
}

fn write_and_sync(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn fault(path: &Path, done: &str, error: &io::Error) -> Failure {
    use io::ErrorKind as E;
    let mend = match error.kind() {
        E::PermissionDenied | E::ReadOnlyFilesystem => {
            ": give this user the right to write there, or choose another directory with --data-dir"
        }
        E::StorageFull | E::QuotaExceeded => ": make room on that disk, or choose another directory with --data-dir",
        _ => "",
    };
    Failure::failed(format!("{} can't be {done}: {error}{mend}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn data_dir() -> (tempfile::TempDir, DataDir) {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = DataDir::ensure(&dir.path().join("data")).unwrap();
        (dir, data_dir)
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_written_is_private_and_leaves_nothing_beside_it() {
        let (_guard, data_dir) = data_dir();
        assert_eq!(mode(data_dir.path()), 0o700);
        for (text, existing, written, expected) in [
            ("one", Existing::Kept, true, "one"),
            ("two", Existing::Kept, false, "one"),
            ("three", Existing::Replaced, true, "three"),
        ] {
            assert_eq!(data_dir.write_private("secret", text, existing).unwrap(), written);
            assert_eq!(std::fs::read_to_string(data_dir.file("secret")).unwrap(), expected);
            assert_eq!(mode(&data_dir.file("secret")), 0o600);
        }
        assert_eq!(std::fs::read_dir(data_dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_second_holder_is_told_whose_it_is() {
        let (_guard, data_dir) = data_dir();
        let lock = data_dir.lock().unwrap();
        let refused = data_dir.lock().unwrap_err().to_string();
        assert!(refused.contains(&std::process::id().to_string()) && refused.contains("--data-dir"), "{refused}");
        drop(lock);
        data_dir.lock().unwrap();
    }
}
