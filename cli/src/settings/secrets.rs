//! What seals secrets at rest.

use clap::Args;

use super::values::{Secret, master_keys, secret};

/// The master key.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Secrets")]
pub(crate) struct MasterKeySettings {
    /// Seals signing secrets and the peppers of API keys in the store, and signs access tokens; made by
    /// `openssl rand -hex 32`. Every process that uses one store needs the same. Several with commas or line breaks
    /// between: the first seals, all open (see `gapin keys rotate-master`). Absent: `master.key` in the data directory,
    /// made at the first start, where the store is embedded or the command is `dev`
    #[arg(long, env = "GAPIN_MASTER_KEY", hide_env_values = true, hide = true, value_name = "HEX", value_parser = master_keys)]
    pub(crate) master_key: Option<Secret>,
}

/// A signing secret that does not lie in the store.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Secrets")]
pub(crate) struct DefaultSigningSettings {
    /// Signing secret that verifies events which name no key, beside the default key in the store; for installations
    /// of one organisation: it is that of the organisation that was made first. Records name the key `env`
    #[arg(long, env = "AIBBAR_SIGNING_SECRET", hide_env_values = true, hide = true, value_name = "SECRET", value_parser = secret)]
    pub(crate) aibbar_signing_secret: Option<Secret>,
}
