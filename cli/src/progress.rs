//! How far a long command is: a bar on a terminal, a plain line every few seconds elsewhere.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::{note, shows_progress};

const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shared by all who get on with it.
#[derive(Clone)]
pub(crate) struct Progress {
    shown: Shown,
}

#[derive(Clone)]
enum Shown {
    Bar(ProgressBar),
    Lines(Arc<Mutex<Instant>>),
}

impl Progress {
    /// `length` is how many bytes there are, when it is known.
    pub(crate) fn start(length: Option<u64>) -> Progress {
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

    /// So many more bytes are done.
    pub(crate) fn advance(&self, bytes: u64) {
        if let Shown::Bar(bar) = &self.shown {
            bar.inc(bytes);
        }
    }

    /// What has come of it so far.
    pub(crate) fn tell(&self, words: String) {
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

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
