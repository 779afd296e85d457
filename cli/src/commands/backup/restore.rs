//! `gapin restore`: makes a data directory of a backup.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    copy_file, make_folder,
    manifest::{self, Manifest},
};
use crate::{
    data_dir::{DataDir, UNFINISHED_RESTORE},
    exit::{Exit, Failure},
    master_key,
    settings::data_dir::DataDirSettings,
    terminal::{note, say},
    wiring::LOG_DIR,
};

/// Make a data directory of a backup made by `gapin backup`
#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// The backup's folder
    backup: PathBuf,
    /// Only look whether the backup is whole
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
Each file is compared with what the backup says of it before anything is written. The data directory has to be empty. One
that was broken off is finished by running it again; until then `gapin dev` does not start on that directory.

Examples:
  gapin restore --check ./gapin-backup
  gapin restore ./gapin-backup --data-dir ./restored && gapin dev --data-dir ./restored";

pub(crate) fn run(args: RestoreArgs) -> Result<Exit, Failure> {
    let RestoreArgs { backup, check, data_dir: DataDirSettings { data_dir: target } } = args;
    let manifest = Manifest::read(&backup)?;
    manifest.check(&backup)?;
    let has_master_key = manifest.files.iter().any(|entry| entry.name == master_key::FILE_NAME);
    if check {
        say(&format!("{} is whole ({} bytes, begun at {})", backup.display(), manifest.bytes(), manifest.begun_at))?;
    } else {
        restore(&manifest, &backup, &target)?;
        let shown = target.display();
        say(&format!(
            "{shown} holds what was acknowledged before {}: gapin dev --data-dir {shown}",
            manifest.begun_at
        ))?;
    }
    if !has_master_key {
        note(&format!(
            "the master key is not in the backup: put it into {}, or set GAPIN_MASTER_KEY, before the start",
            target.join(master_key::FILE_NAME).display()
        ));
    }
    Ok(Exit::Ok)
}

fn restore(manifest: &Manifest, backup: &Path, target: &Path) -> Result<(), Failure> {
    let target = DataDir::ensure(target)?;
    let _lock = target.lock_for_restore()?;
    let failed = |error: io::Error| Failure::failed(format!("{} can't be written: {error}", target.path().display()));
    if target.has_unfinished_restore() {
        clear(target.path()).map_err(failed)?;
    } else {
        refuse_what_is_not_empty(target.path())?;
    }
    place(manifest, backup, target.path()).map_err(failed)
}

/// The lock's file is there whenever anything looked.
fn refuse_what_is_not_empty(target: &Path) -> Result<(), Failure> {
    let known = manifest::names();
    let names = known.iter().map(String::as_str).chain([LOG_DIR]);
    match names.into_iter().find(|name| target.join(name).exists()) {
        Some(name) => Err(Failure::failed(format!(
            "{} has data of its own ({name}), which would be written over: name an empty directory with --data-dir",
            target.display()
        ))),
        None => Ok(()),
    }
}

/// Takes away what an unfinished restore left.
fn clear(target: &Path) -> io::Result<()> {
    let is_absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    match fs::remove_dir_all(target.join(LOG_DIR)) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    for name in manifest::names() {
        match fs::remove_file(target.join(name)) {
            Err(error) if !is_absent(&error) && error.kind() != io::ErrorKind::NotADirectory => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Marked as unfinished until all of it is on disk.
fn place(manifest: &Manifest, backup: &Path, target: &Path) -> io::Result<()> {
    let mark = target.join(UNFINISHED_RESTORE);
    let synced = |path: &Path| File::open(path)?.sync_all();
    fs::write(&mark, "")?;
    synced(target)?;
    make_folder(&target.join(LOG_DIR))?;
    for entry in &manifest.files {
        copy_file(&backup.join(&entry.name), &target.join(&entry.name))?.sync_all()?;
    }
    synced(&target.join(LOG_DIR))?;
    synced(target)?;
    fs::remove_file(mark)?;
    synced(target)
}
