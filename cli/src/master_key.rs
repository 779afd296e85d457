//! The master keys: configured, or kept in the data directory where one process is all there is.

use std::path::{Path, PathBuf};

use store::vault::{MasterKey, MasterKeys, NotAMasterKey, Vault};

use crate::{
    data_dir::{DataDir, Existing, STORE_FILE},
    exit::Failure,
    settings::{secrets::MasterKeySettings, tree::file_of_secret},
};

/// The variable that holds them.
pub(crate) const VARIABLE: &str = "GAPIN_MASTER_KEY";

/// Where they lie in the data directory when they are not configured.
pub(crate) const FILE_NAME: &str = "master.key";

/// What happens where no master key is configured and none lies in the data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenAbsent {
    /// It is made there.
    MadeInDataDir,
    /// Several processes share a store: each needs the same key, so it has to be configured.
    Refused,
}

/// The vault of a process. Where the master keys lie in a file, they are read again when something was sealed under
/// one that is not known: they can be rotated while the process runs.
pub(crate) fn vault(settings: &MasterKeySettings, data_dir: &Path, when_absent: WhenAbsent) -> Result<Vault, Failure> {
    let keys = master_keys(settings, data_dir, when_absent)?;
    Ok(match file(settings, data_dir) {
        Some(file) => Vault::with_source(keys, move || read(&file).ok()),
        None => Vault::new(keys),
    })
}

/// The file that the master keys are read from, if any.
fn file(settings: &MasterKeySettings, data_dir: &Path) -> Option<PathBuf> {
    match settings.master_key {
        Some(_) => file_of_secret(VARIABLE),
        None => Some(data_dir.join(FILE_NAME)),
    }
}

/// Reads a file of master keys.
pub(crate) fn read(path: &Path) -> Result<MasterKeys, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::failed(format!("{} can't be read: {error}", path.display())))?;
    text.parse().map_err(|error| not_keys(&path.display().to_string(), error))
}

/// Writes them into the data directory, whole or not at all.
pub(crate) fn write(data_dir: &DataDir, keys: &MasterKeys, existing: Existing) -> Result<(), Failure> {
    let lines: String = keys.as_slice().iter().map(|key| format!("{}\n", *key.to_hex())).collect();
    data_dir.write_private(FILE_NAME, &lines, existing).map(|_| ())
}

fn not_keys(place: &str, error: NotAMasterKey) -> Failure {
    Failure::usage(format!("{place} holds no master key: {error}"))
}

fn master_keys(settings: &MasterKeySettings, data_dir: &Path, when_absent: WhenAbsent) -> Result<MasterKeys, Failure> {
    if let Some(configured) = &settings.master_key {
        return configured.expose().parse().map_err(|error| not_keys(VARIABLE, error));
    }
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        if when_absent == WhenAbsent::Refused {
            return Err(Failure::usage(
                "GAPIN_MASTER_KEY is not set, and a store that several processes share needs it: make one with \
                 `openssl rand -hex 32`, keep it safe, and give the same to every process, in GAPIN_MASTER_KEY or in \
                 a file that GAPIN_MASTER_KEY_FILE names",
            ));
        }
        if data_dir.join(STORE_FILE).exists() {
            return Err(Failure::failed(format!(
                "{} is missing, and the store beside it was made with it: put it back, or set GAPIN_MASTER_KEY",
                path.display()
            )));
        }
        // Another process may be first: then its key is the one.
        write(&DataDir::ensure(data_dir)?, &MasterKey::generate().into(), Existing::Kept)?;
    }
    read(&path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NONE: MasterKeySettings = MasterKeySettings { master_key: None };

    #[test]
    fn a_key_is_made_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = DataDir::ensure(dir.path()).unwrap();
        let made = master_keys(&NONE, data_dir.path(), WhenAbsent::MadeInDataDir).unwrap();
        let kept = master_keys(&NONE, data_dir.path(), WhenAbsent::MadeInDataDir).unwrap();
        assert_eq!(*made.first().to_hex(), *kept.first().to_hex());
    }

    #[test]
    fn a_damaged_key_is_told_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = DataDir::ensure(dir.path()).unwrap();
        data_dir.write_private(FILE_NAME, "half a k", Existing::Kept).unwrap();
        let told = master_keys(&NONE, data_dir.path(), WhenAbsent::MadeInDataDir).unwrap_err().to_string();
        assert!(told.contains(FILE_NAME) && !told.contains("half a k"), "{told}");
    }

    #[test]
    fn a_lost_key_is_told_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = DataDir::ensure(dir.path()).unwrap();
        data_dir.write_private(STORE_FILE, "a store", Existing::Kept).unwrap();
        let told = master_keys(&NONE, data_dir.path(), WhenAbsent::MadeInDataDir).unwrap_err().to_string();
        assert!(told.contains("master.key is missing") && told.contains("GAPIN_MASTER_KEY"), "{told}");
        assert!(!data_dir.path().join(FILE_NAME).exists());
    }

    #[test]
    fn at_scale_it_has_to_be_configured() {
        let dir = tempfile::tempdir().unwrap();
        let data_dir = DataDir::ensure(dir.path()).unwrap();
        let told = master_keys(&NONE, data_dir.path(), WhenAbsent::Refused).unwrap_err().to_string();
        assert!(told.contains("openssl rand -hex 32"), "{told}");
        let configured = MasterKeySettings { master_key: Some("ab".repeat(32).into()) };
        let key = master_keys(&configured, data_dir.path(), WhenAbsent::Refused).unwrap();
        assert_eq!(*key.first().to_hex(), "ab".repeat(32));
    }
}
