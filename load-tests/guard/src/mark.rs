//! Where counting begins and ends.

use std::{hint::black_box, sync::atomic::AtomicU64};

static CALLS: AtomicU64 = AtomicU64::new(0);

/// The name by which callgrind finds the mark, however the compiler writes it.
pub(crate) const NAME: &str = "instructions_are_counted_from_here";

/// Callgrind writes down what it has counted and begins anew whenever this is entered.
#[inline(never)]
pub fn instructions_are_counted_from_here() {
    // Something to do that nobody can leave out: what does nothing is no function in the program.
    black_box(CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
}
