//! Where the embedded log and store keep their files.

use std::path::PathBuf;

use clap::Args;

/// The data directory.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
pub(crate) struct DataDirSettings {
    /// Folder of the embedded log and store, of the master key made by `gapin dev`, and of `dev.env`
    #[arg(long = "data-dir", env = "GAPIN_DATA_DIR", value_name = "DIR", default_value = "./.gapin")]
    pub(crate) data_dir: PathBuf,
}
