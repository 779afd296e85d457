//! Log lines: readable on a terminal, JSON elsewhere, always on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::{
    settings::logs::{LogFormat, LogSettings},
    terminal::Colours,
};

pub(crate) fn start(settings: &LogSettings) {
    let stderr = std::io::stderr();
    let human = match settings.format {
        LogFormat::Auto => stderr.is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if human {
        lines.with_ansi(Colours::of(&stderr).are_on()).with_target(false).init();
    } else {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init();
    }
}
