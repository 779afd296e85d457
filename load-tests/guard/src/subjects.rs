//! The path of an event, cut where it can be done in one process and without a network.

mod append;
mod check;

use guard::Subject;

/// Everything that is counted here.
pub(crate) fn all() -> Vec<Subject> {
    [check::subjects(), append::subjects()].into_iter().flatten().collect()
}
