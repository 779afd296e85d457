//! Where an export is written to: standard output, or a file that has its name once it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::exit::{Exit, Failure};

/// What was recorded is for whoever exports it.
const PRIVATE_FILE: u32 = 0o600;

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
        let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
            return Err(Failure::usage(format!("{} is not the name of a file", path.display())));
        };
        let temporary = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        let temporary = path.with_file_name(temporary);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(PRIVATE_FILE)
            .open(&temporary)
            .map_err(|error| Failure::usage(format!("{} can't be made: {error}", temporary.display())))?;
        Ok(Target::File(Unfinished { file, temporary, path: path.to_owned(), is_kept: false }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Target::Output => io::stdout().lock().write_all(bytes).map_err(output_failed),
            Target::File(unfinished) => unfinished.file.write_all(bytes).map_err(|error| unfinished.failed(&error)),
        }
    }

    /// It is whole: a file gets its name, in place of one that had it.
    pub(super) fn keep(self) -> Result<(), Failure> {
        match self {
            Target::Output => io::stdout().lock().flush().map_err(output_failed),
            Target::File(mut unfinished) => {
                let kept =
                    unfinished.file.sync_all().and_then(|()| fs::rename(&unfinished.temporary, &unfinished.path));
                kept.map_err(|error| unfinished.failed(&error))?;
                unfinished.is_kept = true;
                Ok(())
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

fn output_failed(error: io::Error) -> Failure {
    match error.kind() {
        // The reader has seen enough (`gapin export -o - | head`): no failure, and nobody to tell.
        io::ErrorKind::BrokenPipe => Failure::new(Exit::Ok, ""),
        _ => Failure::failed(format!("standard output can't be written: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_has_its_name_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        fs::write(&path, "before").unwrap();
        let there = || fs::read_dir(folder.path()).unwrap().count();

        let mut broken = Target::open(&path).unwrap();
        broken.write(b"half").unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), there()), ("before", 2));
        drop(broken);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), there()), ("before", 1));

        let mut whole = Target::open(&path).unwrap();
        whole.write(b"wh").unwrap();
        whole.write(b"ole").unwrap();
        whole.keep().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), there()), ("whole", 1));
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Target::open(folder.path()).err().unwrap().exit, Exit::Usage);
        assert_eq!(Target::open(&folder.path().join("none/x")).err().unwrap().exit, Exit::Usage);
    }
}
