//! What the program says about itself.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// Logs (standard error).
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Logs")]
pub(crate) struct LogSettings {
    /// Which log lines are written: a level (error, warn, info, debug, trace, off), or levels by
    /// module, such as `info,consumer=debug`
    #[arg(long = "log", env = "GAPIN_LOG", value_name = "FILTER", global = true, default_value = "info,actix_server=warn,refinery_core=warn,tokio_postgres=warn,actix_http::h1::dispatcher=off", value_parser = filter)]
    pub(crate) filter: String,

    /// How log lines look; `auto` is `human` on a terminal and `json` elsewhere
    #[arg(
        long = "log-format",
        env = "GAPIN_LOG_FORMAT",
        value_name = "FORMAT",
        global = true,
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// `human` on a terminal, `json` elsewhere
    Auto,
    /// One readable line
    Human,
    /// One JSON object per line
    Json,
}

fn filter(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    // A word that is no level would be taken for a module, and everything else would fall silent.
    let is_level = |word: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word));
    let has_level = text.split(',').filter(|part| !part.contains('=')).all(|word| is_level(word.trim()));
    match text.parse::<EnvFilter>() {
        Ok(_) if has_level => Ok(text.to_owned()),
        _ => Err("a level (error, warn, info, debug, trace, off) or levels by module, \
                       such as info,consumer=debug"
            .to_owned()),
    }
}
