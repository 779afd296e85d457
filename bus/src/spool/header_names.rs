//! Names of headers as they are read back, for records that are handed on.
//!
//! A record on its way carries names that live as long as the program, for the program writes them
//! into its code; read back from a file they are text. The few that there are become as long-lived here.

use std::collections::BTreeSet;

use parking_lot::Mutex;

/// Names that are kept at most; far more than any version of this program ever wrote.
const NAMES_MAX: usize = 256;

static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The same name, for as long as the program runs; `None` past the bound.
pub(super) fn long_lived(name: &str) -> Option<&'static str> {
    let mut names = NAMES.lock();
    if let Some(known) = names.get(name) {
        return Some(known);
    }
    if names.len() >= NAMES_MAX {
        return None;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    Some(kept)
}
