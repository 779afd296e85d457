//! Where an export is written to: standard output, or a file that has its name once it is whole.
//!
//! Until then it has a temporary name, the same for all exports to that file, and whoever writes it holds a lock on it. So
//! what has that name and is held by nobody was left behind by an export that was killed, and the next one takes it away;
//! what is held is an export at work, and another one is refused. Only who holds the lock of the file that has the name
//! removes or renames it.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::exit::Failure;

/// What was recorded is for whoever exports it.
const PRIVATE_FILE: u32 = 0o600;

/// Tries to come by the temporary name; others that want it at the same time are in the way of one.
const TRIES_MAX: u32 = 10;

/// An output that is not whole yet. A file that is never kept leaves nothing behind.
pub(super) enum Target {
    Output,
    File(Unfinished),
}

/// A file under its temporary name.
pub(super) struct Unfinished {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    is_kept: bool,
}

impl Target {
    /// Begins it; a file that has the name stays as it is until then.
    pub(super) fn open(path: &Path) -> Result<Target, Failure> {
        if path == Path::new("-") {
            return Ok(Target::Output);
        }
        // What a link leads to is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let Some(name) = path.file_name().filter(|_| path.is_file() || !path.exists()) else {
            return Err(Failure::usage(format!("{} is not the name of a file", path.display())));
        };
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(".part");
        let temporary = path.with_file_name(temporary);
        let file = begin(&temporary)?;
        Ok(Target::File(Unfinished { file, temporary, path, is_kept: false }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Target::Output => io::stdout().lock().write_all(bytes).map_err(output_failed),
            Target::File(unfinished) => unfinished.file.write_all(bytes).map_err(|error| unfinished.failed(&error)),
        }
    }

    /// It is whole: a file gets its name, in place of one that had it, and stays so whatever happens to the machine.
    pub(super) fn keep(self) -> Result<(), Failure> {
        match self {
            Target::Output => io::stdout().lock().flush().map_err(output_failed),
            Target::File(mut unfinished) => {
                let kept =
                    unfinished.file.sync_all().and_then(|()| fs::rename(&unfinished.temporary, &unfinished.path));
                kept.map_err(|error| unfinished.failed(&error))?;
                unfinished.is_kept = true;
                sync_folder_of(&unfinished.path).map_err(|error| {
                    let path = unfinished.path.display();
                    Failure::failed(format!(
                        "{path} is there and whole, but might not outlive a loss of power: {error}"
                    ))
                })
            }
        }
    }
}

impl Unfinished {
    fn failed(&self, error: &io::Error) -> Failure {
        Failure::failed(format!("{} can't be written: {error}", self.path.display()))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// A new file of this name, which is ours alone.
fn begin(temporary: &Path) -> Result<File, Failure> {
    for _ in 0..TRIES_MAX {
        let made = OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(temporary);
        match made {
            // Before it was held, another export may have taken it for a left-over.
            Ok(file) if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && has_name(&file, temporary) => {
                return Ok(file);
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => remove_left_over(temporary)?,
            Err(error) => {
                return Err(Failure::usage(format!("{} can't be made: {error}", temporary.display())));
            }
        }
    }
    Err(at_work(temporary))
}

/// Takes away what a killed export left; what is not that is told.
fn remove_left_over(temporary: &Path) -> Result<(), Failure> {
    let in_the_way =
        |why: &dyn std::fmt::Display| Failure::failed(format!("{} is in the way: {why}", temporary.display()));
    match fs::symlink_metadata(temporary) {
        Ok(there) if !there.is_file() => return Err(in_the_way(&"it is not a file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Ok(_) | Err(_) => {}
    }
    let file = match OpenOptions::new().write(true).open(temporary) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(in_the_way(&error)),
    };
    match file.try_lock() {
        Ok(()) if has_name(&file, temporary) => fs::remove_file(temporary).map_err(|error| in_the_way(&error)),
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(at_work(temporary)),
        Err(TryLockError::Error(error)) => Err(in_the_way(&format_args!(
            "whether an export writes it can't be told ({error}); if none does, remove it"
        ))),
    }
}

fn at_work(temporary: &Path) -> Failure {
    Failure::failed(format!("another export to the same file is at work: it writes {}", temporary.display()))
}

/// Whether it is this file that has this name now.
fn has_name(file: &File, path: &Path) -> bool {
    let identity = |there: fs::Metadata| (there.dev(), there.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(file), Ok(there)) => identity(file) == identity(there),
        _ => false,
    }
}

/// A name is on disk once its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn output_failed(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::failed("standard output was closed before the export was whole"),
        _ => Failure::failed(format!("standard output can't be written: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::exit::Exit;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        fs::write(&path, "before").unwrap();

        let mut broken = Target::open(&path).unwrap();
        broken.write(b"half").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), [".events.csv.part", "events.csv"]);
        drop(broken);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()), ["events.csv"]);

        let mut whole = Target::open(&path).unwrap();
        whole.write(b"wh").unwrap();
        whole.write(b"ole").unwrap();
        whole.keep().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(names(folder.path()), ["events.csv"]);
    }

    #[test]
    fn what_a_killed_export_left_is_taken_away_by_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        fs::write(folder.path().join(".events.csv.part"), "what was left, longer than what comes").unwrap();
        let mut next = Target::open(&path).unwrap();
        next.write(b"whole").unwrap();
        next.keep().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(names(folder.path()), ["events.csv"]);
    }

    #[test]
    fn an_export_at_work_is_not_disturbed_by_another_to_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        let mut first = Target::open(&path).unwrap();
        first.write(b"fir").unwrap();
        let refused = Target::open(&path).err().unwrap();
        assert!(refused.exit == Exit::Failed && refused.sentence.contains("at work"), "{refused}");
        first.write(b"st").unwrap();
        first.keep().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        // The one that waited for its turn.
        Target::open(&path).unwrap().keep().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("", 1));
    }

    #[test]
    fn of_many_at_once_each_is_whole_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        let exports = (0..8).map(|number: u8| {
            let path = path.clone();
            std::thread::spawn(move || {
                (0..50)
                    .filter(|_| {
                        let Ok(mut target) = Target::open(&path) else { return false };
                        for _ in 0..10 {
                            target.write(&[b'0' + number; 100]).unwrap();
                        }
                        target.keep().is_ok()
                    })
                    .count()
            })
        });
        let kept: usize = exports.collect::<Vec<_>>().into_iter().map(|export| export.join().unwrap()).sum();
        assert!(kept > 0);
        let last = fs::read(&path).unwrap();
        assert!(last.len() == 1_000 && last.iter().all(|byte| *byte == last[0]), "{} bytes", last.len());
        assert_eq!(names(folder.path()), ["events.csv"]);
    }

    #[test]
    fn what_a_link_leads_to_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("events.csv"), folder.path().join("latest.csv"));
        fs::write(&path, "before").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut whole = Target::open(&link).unwrap();
        whole.write(b"whole").unwrap();
        whole.keep().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path(), &folder.path().join("none/x"), Path::new("/dev/null")] {
            assert_eq!(Target::open(path).err().unwrap().exit, Exit::Usage, "{}", path.display());
        }
        std::os::unix::fs::symlink("/dev/null", folder.path().join(".events.csv.part")).unwrap();
        let in_the_way = Target::open(&folder.path().join("events.csv")).err().unwrap();
        assert!(in_the_way.sentence.contains("in the way"), "{in_the_way}");
    }
}
