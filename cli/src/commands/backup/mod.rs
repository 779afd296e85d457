//! `gapin backup`: a copy of the embedded shape's data directory, made while `gapin dev` runs.

mod manifest;
mod restore;

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use aibbar::Timestamp;
use clap::Args;

use self::manifest::{Entry, Manifest, log_file};
pub(crate) use self::restore::{EXAMPLES as RESTORE_EXAMPLES, RestoreArgs, run as restore};
use crate::{
    commands::keys::rotation_lock,
    data_dir::{DataDir, STORE_FILE},
    dev_env,
    exit::{Exit, Failure},
    master_key,
    settings::data_dir::DataDirSettings,
    terminal::{note, say},
    wiring::LOG_DIR,
};

/// Copy the data of `gapin dev` into a new folder, while it runs
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// The folder to make; nothing may be there yet
    into: PathBuf,
    /// Leave the master key out: the backup is of use only together with a copy of it kept elsewhere
    #[arg(long)]
    without_master_key: bool,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
Everything that was acknowledged before it began is in it, whatever is sent meanwhile. It holds secrets: the master key,
and dev.env. Its folder appears under its name once it is whole and on disk. `gapin restore` makes it a data directory again.

At scale PostgreSQL and Kafka keep the data: see docs/backup.md.

Examples:
  gapin backup ./gapin-backup
  gapin backup --data-dir /var/lib/gapin \"/var/backups/gapin-$(date +%F)\"";

pub(crate) fn run(args: BackupArgs) -> Result<Exit, Failure> {
    let from = &args.data_dir.data_dir;
    if let Some(missing) = [log_file(), STORE_FILE.to_owned()].iter().find(|name| !from.join(name).exists()) {
        return Err(Failure::failed(format!(
            "{} holds no log and store of `gapin dev` ({missing} is not there): name its data directory with --data-dir. \
             At scale PostgreSQL and Kafka hold the data: see docs/backup.md",
            from.display()
        )));
    }
    let from = DataDir::ensure(from)?;
    // While the keys are rotated, store and key are not of one moment.
    let _no_rotation = rotation_lock(&from)?;
    let target = Target::begin(&args.into)?;
    let manifest = copy(&from, target.path(), !args.without_master_key)?;
    target.finish(&manifest)?;
    say(&format!(
        "{} holds all that was acknowledged before {} ({} bytes)",
        args.into.display(),
        manifest.begun_at,
        manifest.bytes()
    ))?;
    if !manifest.files.iter().any(|entry| entry.name == master_key::FILE_NAME) {
        note("the master key is not in it, and it is of no use without: keep a copy of the key elsewhere");
    }
    Ok(Exit::Ok)
}

/// The log first: a record that the store's copy has and the log's has not is stored, but one that the log's copy took
/// for stored, and the store's does not have, would be lost.
fn copy(from: &DataDir, into: &Path, with_master_key: bool) -> Result<Manifest, Failure> {
    let begun_at = Timestamp::from(SystemTime::now()).to_string();
    let failed = |name: &str, error: io::Error| Failure::failed(format!("{name} can't be copied: {error}"));
    make_folder(&into.join(LOG_DIR)).map_err(|error| failed(LOG_DIR, error))?;
    make_file(&into.join(log_file())).map_err(|error| failed(LOG_DIR, error))?;
    bus::local::copy_folder(&from.file(LOG_DIR), &into.join(LOG_DIR))?;
    make_file(&into.join(STORE_FILE)).map_err(|error| failed(STORE_FILE, error))?;
    store::sqlite::copy(&from.file(STORE_FILE), &into.join(STORE_FILE))?;
    let mut names = vec![log_file(), STORE_FILE.to_owned()];
    for (name, is_wanted) in [(master_key::FILE_NAME, with_master_key), (dev_env::FILE_NAME, true)] {
        if is_wanted && from.file(name).exists() {
            copy_file(&from.file(name), &into.join(name)).map_err(|error| failed(name, error))?;
            names.push(name.to_owned());
        }
    }
    let files = names.iter().map(|name| Entry::of(into, name).map_err(|error| failed(name, error)));
    Ok(Manifest::new(begun_at, files.collect::<Result<_, _>>()?))
}

/// A folder that gets its name once it is whole.
struct Target {
    wanted: PathBuf,
    unfinished: PathBuf,
    is_finished: bool,
}

impl Target {
    fn begin(wanted: &Path) -> Result<Target, Failure> {
        let shown = wanted.display();
        if wanted.symlink_metadata().is_ok() {
            return Err(Failure::failed(format!("{shown} is there already: name a folder that is not")));
        }
        let Some(name) = wanted.file_name() else {
            return Err(Failure::usage(format!("{shown} names no folder that can be made")));
        };
        let mut unfinished = name.to_owned();
        unfinished.push(".unfinished");
        let unfinished = wanted.with_file_name(unfinished);
        let parent = parent_of(wanted);
        DirBuilder::new().recursive(true).mode(0o700).create(parent).and_then(|()| make_folder(&unfinished)).map_err(
            |error| match error.kind() {
                io::ErrorKind::AlreadyExists => Failure::failed(format!(
                    "{} is there: another backup is being made, or one was broken off. In that case: rm -r {0:?}",
                    unfinished.display()
                )),
                _ => Failure::failed(format!("{} can't be made: {error}", unfinished.display())),
            },
        )?;
        Ok(Target { wanted: wanted.to_owned(), unfinished, is_finished: false })
    }

    fn path(&self) -> &Path {
        &self.unfinished
    }

    /// On disk, all of it, before it has its name.
    fn finish(mut self, manifest: &Manifest) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(manifest).map_err(|error| Failure::failed(error.to_string()))?;
        let finished = || {
            make_file(&self.unfinished.join(manifest::FILE_NAME))?.write_all(format!("{text}\n").as_bytes())?;
            for name in
                manifest.files.iter().map(|entry| entry.name.as_str()).chain([manifest::FILE_NAME, LOG_DIR, "."])
            {
                File::open(self.unfinished.join(name))?.sync_all()?;
            }
            std::fs::rename(&self.unfinished, &self.wanted)?;
            File::open(parent_of(&self.wanted))?.sync_all()
        };
        finished().map_err(|error| Failure::failed(format!("{} can't be written: {error}", self.wanted.display())))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.is_finished {
            // What is left of it is in nobody's way, and named when it is.
            let _ = std::fs::remove_dir_all(&self.unfinished);
        }
    }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// For its owner alone.
fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// A new file, for its owner alone.
fn make_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Into a new file, for its owner alone.
fn copy_file(from: &Path, to: &Path) -> io::Result<File> {
    let mut file = make_file(to)?;
    io::copy(&mut File::open(from)?, &mut file)?;
    Ok(file)
}
