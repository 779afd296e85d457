//! `gapin keys rotate-master`: a new master key, while gateways run.
//!
//! Where the key lies in the data directory, the file goes through three states: `old`; `new, old`, which seals under
//! the new one and opens both; `new`. It leaves the second only when nothing in the store is sealed under the old key
//! any more, so a rotation that was broken off at any step is gone on with by running the command again. A process
//! that runs reads the file again when it meets a key that it does not know, and before it seals anything. Where the
//! key is configured, the file and the steps are the operator's, and only the sealing is done here.

use clap::Args;
use store::{
    Actor, AuditEntry,
    vault::{MasterKey, MasterKeys},
};

use super::KeyStoreArgs;
use crate::{
    data_dir::{DataDir, Existing, Lock},
    exit::{Exit, Failure},
    master_key,
    terminal::{note, say},
};

const LOCK_FILE: &str = "rotate-master.lock";

#[derive(Args, Debug)]
pub(super) struct RotateMasterArgs {
    #[command(flatten)]
    store: KeyStoreArgs,
}

pub(super) const EXAMPLES: &str = "\
Where master.key lies in the data directory, one call does it all, also while `gapin dev` runs.

Where the key is configured (GAPIN_MASTER_KEY, or a file that GAPIN_MASTER_KEY_FILE names):
  1. put a new key before the present one, `new,old`, in the setting of every process, and restart them
  2. run this command with the same setting
  3. leave `new` alone in the setting of every process, and restart them
A key that was rotated away still signs access tokens of people until a process is restarted without it.

Examples:
  gapin keys rotate-master
  GAPIN_MASTER_KEY=\"$(openssl rand -hex 32),$OLD\" DATABASE_URL=postgres://… gapin keys rotate-master";

pub(super) async fn run(args: RotateMasterArgs) -> Result<Exit, Failure> {
    match &args.store.master_key.master_key {
        Some(configured) => {
            let keys: MasterKeys = configured.expose().parse().map_err(|error| Failure::usage(format!("{error}")))?;
            rotate_configured(&args.store, &keys).await
        }
        None => rotate_in_data_dir(&args.store).await,
    }
}

async fn rotate_configured(store: &KeyStoreArgs, keys: &MasterKeys) -> Result<Exit, Failure> {
    if keys.as_slice().len() == 1 {
        return Err(Failure::usage(
            "GAPIN_MASTER_KEY holds one key alone, so there is nothing to rotate to: make a new one with \
             `openssl rand -hex 32` and put it before the present one, with a comma between, in the setting of every \
             process; then run this again",
        ));
    }
    let resealed = reseal(store).await?;
    say(&format!("{}; next, leave that key alone in GAPIN_MASTER_KEY of every process", in_words(resealed)))?;
    Ok(Exit::Ok)
}

async fn rotate_in_data_dir(store: &KeyStoreArgs) -> Result<Exit, Failure> {
    let path = &store.data_dir.data_dir;
    let file = path.join(master_key::FILE_NAME);
    if !file.exists() {
        return Err(Failure::usage(format!(
            "there is no master key to rotate: GAPIN_MASTER_KEY is not set, and {} is not there",
            file.display()
        )));
    }
    let data_dir = DataDir::ensure(path)?;
    let _lock = rotation_lock(&data_dir)?;
    let keys = master_key::read(&file)?;
    let keys = if keys.as_slice().len() > 1 {
        note("going on with a rotation that was broken off");
        keys
    } else {
        let both = MasterKeys::led_by(MasterKey::generate(), &keys);
        master_key::write(&data_dir, &both, Existing::Replaced)?;
        both
    };
    let resealed = reseal(store).await?;
    master_key::write(&data_dir, &keys.first().into(), Existing::Replaced)?;
    say(&format!("{}; {} holds that key alone", in_words(resealed), file.display()))?;
    note("a `gapin dev` that runs knows the new key; restart it to make it forget the old one");
    Ok(Exit::Ok)
}

/// Two rotations at once would each forget the other's key.
/// Held by the one process that may change the file of the master key.
pub(in crate::commands) fn rotation_lock(data_dir: &DataDir) -> Result<Lock, Failure> {
    data_dir.lock_file(LOCK_FILE, |holder| {
        let path = data_dir.path().display();
        format!(
            "another gapin{holder} is rotating the master key in {path}, or making a backup of it: wait until it has ended"
        )
    })
}

async fn reseal(settings: &KeyStoreArgs) -> Result<u64, Failure> {
    let store = settings.open().await?;
    let resealed = store.stores.identity.reseal().await?;
    let audit = AuditEntry::new(None, Actor::operator(), "master_key.rotate", "master_key", "master_key");
    store.stores.audit.append_audit(&audit.with("resealed", resealed)).await?;
    settings.announce().await;
    Ok(resealed)
}

fn in_words(resealed: u64) -> String {
    match resealed {
        0 => "every secret was sealed under the first master key already".to_owned(),
        1 => "one secret was sealed anew under the first master key".to_owned(),
        _ => format!("{resealed} secrets were sealed anew under the first master key"),
    }
}
