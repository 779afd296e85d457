//! What seals secrets at rest.

use clap::Args;

use super::values::{Secret, master_key};

/// The master key.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Secrets")]
pub(crate) struct MasterKeySettings {
    /// Seals signing secrets and peppers API keys in the store; made by `openssl rand -hex 32`.
    /// Every process that uses one store needs the same. Absent: `master.key` in the data directory,
    /// made at the first start, where the store is embedded or the command is `dev`
    #[arg(long, env = "GAPIN_MASTER_KEY", hide_env_values = true, hide = true, value_name = "HEX", value_parser = master_key)]
    pub(crate) master_key: Option<Secret>,
}
