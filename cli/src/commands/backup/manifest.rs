//! What a backup says of itself: which files it has, and what their bytes come to.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{data_dir::STORE_FILE, dev_env, exit::Failure, master_key, wiring::LOG_DIR};

/// The manifest's own file.
pub(super) const FILE_NAME: &str = "backup.json";

/// What this program writes, and the only one that it reads.
const FORMAT: u32 = 1;

/// No manifest is longer: it has a handful of files.
const BYTES_MAX: u64 = 64 * 1024;

/// A backup, as its manifest tells it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// When it was begun: whatever was acknowledged before is in it.
    pub(super) begun_at: String,
    /// The version of the program that made it.
    gapin: String,
    pub(super) files: Vec<Entry>,
}

/// One file of it.
#[derive(Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Its path in the backup, as in the data directory.
    pub(super) name: String,
    pub(super) bytes: u64,
    /// Of its bytes, in hexadecimal.
    pub(super) sha256: String,
}

/// The log's file, in the data directory.
pub(super) fn log_file() -> String {
    format!("{LOG_DIR}/log.db")
}

/// Every file that a backup may have.
pub(super) fn names() -> [String; 4] {
    [log_file(), STORE_FILE.to_owned(), master_key::FILE_NAME.to_owned(), dev_env::FILE_NAME.to_owned()]
}

impl Manifest {
    pub(super) fn new(begun_at: String, files: Vec<Entry>) -> Manifest {
        Manifest { format: FORMAT, begun_at, gapin: env!("CARGO_PKG_VERSION").to_owned(), files }
    }

    /// Reads that of a backup.
    ///
    /// # Errors
    /// The folder is no backup, or one that this program does not know.
    pub(super) fn read(backup: &Path) -> Result<Manifest, Failure> {
        let no_backup =
            |why: String| Failure::failed(format!("{} is no backup made by `gapin backup`: {why}", backup.display()));
        let mut text = String::new();
        File::open(backup.join(FILE_NAME))
            .and_then(|file| file.take(BYTES_MAX).read_to_string(&mut text))
            .map_err(|error| no_backup(format!("{FILE_NAME}: {error}")))?;
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| no_backup(format!("{FILE_NAME}: {error}")))?;
        if manifest.format != FORMAT {
            return Err(Failure::failed(format!(
                "{} was made by gapin {}, in a form that this version does not read: restore it with that one",
                backup.display(),
                manifest.gapin
            )));
        }
        let known = names();
        if let Some(unknown) = manifest.files.iter().find(|entry| !known.contains(&entry.name)) {
            return Err(no_backup(format!("{FILE_NAME} names {:?}, which no backup has", unknown.name)));
        }
        for needed in [log_file(), STORE_FILE.to_owned()] {
            if manifest.files.iter().filter(|entry| entry.name == needed).count() != 1 {
                return Err(no_backup(format!("{FILE_NAME} has to name {needed} once")));
            }
        }
        Ok(manifest)
    }

    /// Of all its files.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.bytes).sum()
    }

    /// Whether each file is there as it was made.
    pub(super) fn check(&self, backup: &Path) -> Result<(), Failure> {
        for entry in &self.files {
            let path = backup.join(&entry.name);
            let found = Entry::of(backup, &entry.name)
                .map_err(|error| Failure::failed(format!("{} can't be read: {error}", path.display())))?;
            if found != *entry {
                return Err(Failure::failed(format!(
                    "{} is not as it was made: it has {} bytes with the SHA-256 {}, and the manifest says {} and {}. \
                     Take another backup",
                    path.display(),
                    found.bytes,
                    found.sha256,
                    entry.bytes,
                    entry.sha256
                )));
            }
        }
        Ok(())
    }
}

impl Entry {
    /// Reads the file to its end.
    pub(super) fn of(folder: &Path, name: &str) -> io::Result<Entry> {
        let mut file = File::open(folder.join(name))?;
        let (mut sha256, mut bytes, mut part) = (Sha256::new(), 0, vec![0; 1 << 20]);
        loop {
            match file.read(&mut part)? {
                0 => break,
                read => {
                    sha256.update(&part[..read]);
                    bytes += read as u64;
                }
            }
        }
        Ok(Entry { name: name.to_owned(), bytes, sha256: hex::encode(sha256.finalize()) })
    }
}
