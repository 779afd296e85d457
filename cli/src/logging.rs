//! Log lines: readable on a terminal, JSON elsewhere, always on standard error.
//!
//! Ours hold no secret and no content, at any level. Libraries write at `debug` and `trace` what passes through them: a
//! request's headers, a statement's parameters. So theirs end at `info`, whatever the filter says. A panic is a line, too,
//! and tells where it happened: what it says itself may show what was sent, and is for nobody's eyes.
//!
//! Spans of traces go to their collector, and into no line.

use std::io::IsTerminal as _;

use traces::{Traces, is_traced};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt as _, filter_fn},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    settings::logs::{LogFormat, LogSettings},
    terminal::Colours,
};

/// The crates whose every line was written to be read.
const OURS: [&str; 7] = ["aibbar", "bus", "consumer", "gapin", "gateway", "store", "traces"];

/// The most that a library tells.
const LIBRARIES_LEVEL_MAX: Level = Level::INFO;

pub(crate) fn start(settings: &LogSettings, traces: Option<&Traces>) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let may_be_written = filter_fn(may_be_written);
    match traces {
        // Nothing else listens: what is in no line is not made at all.
        None => tracing_subscriber::registry().with(filter).with(may_be_written).with(lines(settings)).init(),
        Some(traces) => {
            let lines = lines(settings).with_filter(filter.and(may_be_written));
            tracing_subscriber::registry().with(traces.layer()).with(lines).init();
        }
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or_default().to_owned();
        tracing::error!(place, thread, "a panic: please report it with this place and the version");
    }));
}

/// What writes lines.
fn lines<S>(settings: &LogSettings) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let stderr = std::io::stderr();
    let human = match settings.format {
        LogFormat::Auto => stderr.is_terminal(),
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if human {
        lines.with_ansi(Colours::of(&stderr).are_on()).with_target(false).boxed()
    } else {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
    }
}

fn may_be_written(line: &Metadata<'_>) -> bool {
    if is_traced(line) {
        return false;
    }
    *line.level() <= LIBRARIES_LEVEL_MAX || is_ours(line.target())
}

fn is_ours(target: &str) -> bool {
    OURS.contains(&target.split("::").next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{env, process::Command};

    use super::*;

    /// Set for the process that panics: the hook is a whole process's.
    const PANICS: &str = "GAPIN_TEST_PANICS";

    #[test]
    fn a_panic_tells_its_place_and_nothing_of_what_was_sent() {
        if env::var_os(PANICS).is_some() {
            start(&LogSettings { filter: "trace".to_owned(), format: LogFormat::Json }, None);
            // The message of this panic quotes the text.
            let cut = || "vögel.tell-no-one@example.org".to_owned()[..2].len();
            assert!(std::thread::spawn(cut).join().is_err());
            return;
        }
        let this = "logging::tests::a_panic_tells_its_place_and_nothing_of_what_was_sent";
        let ran = Command::new(env::current_exe().unwrap())
            .args([this, "--exact", "--nocapture"])
            .env(PANICS, "1")
            .env("RUST_BACKTRACE", "1")
            .output()
            .unwrap();
        let said = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
        assert!(ran.status.success() && said.contains("a panic") && said.contains("logging.rs"), "{said}");
        assert!(!said.contains("tell-no-one") && !said.contains("example.org"), "{said}");
    }

    #[test]
    fn only_our_own_modules_are_ours() {
        for target in ["gateway", "gateway::record::check", "gapin::run", "bus::kafka::context"] {
            assert!(is_ours(target), "{target}");
        }
        for target in ["", "tokio_postgres::query", "actix_http::h1::dispatcher", "gateway_of_others", "log", "rdkafka"]
        {
            assert!(!is_ours(target), "{target}");
        }
    }
}
