//! What processes take between two moments, for those who measure something else than a load.

use crate::{
    processes::{Watch, Watched, cpu_s},
    result::Process,
};

/// Processes that are looked at.
pub struct Usage(Watch);

impl Usage {
    /// From now on.
    pub fn begin(watched: Vec<Watched>) -> Usage {
        Usage(Watch::begin(watched))
    }

    /// Until now, for so many events.
    pub fn end(self, events: u64, q_us: f64) -> Vec<Process> {
        in_q(self.0.end(events), q_us)
    }

    /// Seconds of processor time that one has taken since it was started.
    pub fn so_far(watched: &Watched) -> f64 {
        cpu_s(std::slice::from_ref(watched))
    }
}

/// Costs in Q as well.
pub(crate) fn in_q(processes: Vec<Process>, q_us: f64) -> Vec<Process> {
    let each = processes.into_iter();
    each.map(|process| Process { cpu_q_per_event: process.cpu_us_per_event / q_us, ..process }).collect()
}
