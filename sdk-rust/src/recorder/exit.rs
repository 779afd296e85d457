//! The end at SIGTERM, for programs that ask for it: a library takes no signal unasked.

use std::{
    sync::{Arc, Weak},
    thread,
    time::Instant,
};

use parking_lot::Mutex;
use signal_hook::{consts::SIGTERM, iterator::Signals, low_level::emulate_default_handler};

use super::engine::Engine;
use crate::errors::Error;

/// The recorders that end with the signal; `None` while nobody waits for it.
static ENGINES: Mutex<Option<Vec<Weak<Engine>>>> = Mutex::new(None);

/// From now on this one is closed at SIGTERM, and the process ends.
///
/// # Errors
/// [`Error::Configuration`] where the signal can't be taken.
pub(super) fn end_at_sigterm(engine: &Arc<Engine>) -> Result<(), Error> {
    let refused = |_| Error::Configuration("end_at_sigterm: SIGTERM can't be taken in this process".to_owned());
    let mut engines = ENGINES.lock();
    let known = match &mut *engines {
        Some(known) => known,
        nobody => {
            let signals = Signals::new([SIGTERM]).map_err(refused)?;
            thread::Builder::new().name("gapin-sigterm".to_owned()).spawn(|| wait(signals)).map_err(refused)?;
            nobody.insert(Vec::new())
        }
    };
    known.retain(|engine| engine.strong_count() > 0);
    known.push(Arc::downgrade(engine));
    Ok(())
}

fn wait(mut signals: Signals) {
    for signal in &mut signals {
        close_all();
        // Ends as it would have ended: whoever waits for this process sees the signal.
        let _ = emulate_default_handler(signal);
    }
}

/// Within the longest of their bounds together.
fn close_all() {
    let engines: Vec<_> = ENGINES.lock().iter().flatten().filter_map(Weak::upgrade).collect();
    let begun = Instant::now();
    for engine in engines {
        engine.close_blocking(engine.options.flush_timeout.saturating_sub(begun.elapsed()));
    }
}
