//! How far an import is: a bar on a terminal, a plain line every few seconds elsewhere.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::report::Report;
use crate::terminal::{note, shows_progress};

const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shared by the one who reads and the one who sends.
#[derive(Clone)]
pub(super) struct Progress {
    shown: Shown,
}

#[derive(Clone)]
enum Shown {
    Bar(ProgressBar),
    Lines(Arc<Mutex<Instant>>),
}

impl Progress {
    /// `length` is the input's size, when it is known.
    pub(super) fn start(length: Option<u64>) -> Progress {
        if !shows_progress() {
            return Progress { shown: Shown::Lines(Arc::new(Mutex::new(Instant::now()))) };
        }
        let (bar, template) = match length {
            Some(length) => (ProgressBar::new(length), "{bar:30} {bytes}/{total_bytes}  {msg}"),
            None => (ProgressBar::new_spinner(), "{spinner} {bytes}  {msg}"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { shown: Shown::Bar(bar) }
    }

    pub(super) fn read(&self, bytes: u64) {
        if let Shown::Bar(bar) = &self.shown {
            bar.inc(bytes);
        }
    }

    pub(super) fn sent(&self, report: &Report) {
        let words = format!("{} events acknowledged, {} refused", report.acknowledged, report.refused);
        match &self.shown {
            Shown::Bar(bar) => bar.set_message(words),
            Shown::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    note(&words);
                }
            }
        }
    }

    pub(super) fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
