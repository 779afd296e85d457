//! Log lines: readable on a terminal, JSON elsewhere, always on standard error. A panic is one of them, and tells where
//! it happened: what it says itself may show what was sent, and is for nobody's eyes.

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
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        tracing::error!(place, thread, "a panic: please report it with this place and the version");
    }));
    if human {
        lines.with_ansi(Colours::of(&stderr).are_on()).with_target(false).init();
    } else {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init();
    }
}
