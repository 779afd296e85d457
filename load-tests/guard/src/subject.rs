//! What is counted.

use crate::mark::instructions_are_counted_from_here;

/// One piece of work.
pub struct Subject {
    /// What budgets call it; lasting.
    pub name: &'static str,
    /// How often it is done while instructions are counted; the count is that of one.
    pub turns: u64,
    /// Makes everything ready; what it returns is done, again and again.
    pub prepare: fn() -> Box<dyn FnMut()>,
}

/// Done so often first: tables are compiled, caches filled and buffers grown by then.
const TURNS_BEFORE: u64 = 20;

impl Subject {
    /// Does it between two marks.
    pub(crate) fn run(&self) {
        let mut work = (self.prepare)();
        (0..TURNS_BEFORE).for_each(|_| work());
        instructions_are_counted_from_here();
        (0..self.turns).for_each(|_| work());
        instructions_are_counted_from_here();
    }
}
