//! The machine: what it is, and what else it does.

use std::fs;

use crate::{
    processes::{Watched, cpu_s},
    result::{Disturbance, Machine},
};

/// A run with more steal than this share counts for nothing.
const STEAL_MAX: f64 = 0.02;
/// The same of processes that are no part of it.
const OTHERS_MAX: f64 = 0.10;
/// Linux counts processor time in these.
const TICKS_PER_S: f64 = 100.0;

impl Machine {
    /// This one.
    pub fn this() -> Machine {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let value = |name: &str| {
            let line = cpuinfo.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let memory_kib: u64 = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok())
            .unwrap_or(0);
        let flags = value("flags").or_else(|| value("Features")).unwrap_or_default();
        Machine {
            cpu: value("model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            memory_mib: memory_kib / 1024,
            sha_instructions: flags.split(' ').any(|flag| matches!(flag, "sha_ni" | "sha2")),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }
}

/// Ticks of all processors since the machine was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticks {
    all: u64,
    idle: u64,
    steal: u64,
}

impl Ticks {
    fn now() -> Option<Ticks> {
        Self::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// `cpu user nice system idle iowait irq softirq steal guest …`; guests' time is in that of users already.
    fn parse(stat: &str) -> Option<Ticks> {
        let first = stat.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u64> = first.split_whitespace().take(8).filter_map(|tick| tick.parse().ok()).collect();
        (ticks.len() == 8).then(|| Ticks { all: ticks.iter().sum(), idle: ticks[3] + ticks[4], steal: ticks[7] })
    }
}

/// Looks at what else the machine does, from now on.
pub(crate) struct Quiet {
    ticks: Option<Ticks>,
    ours: Vec<Watched>,
    ours_s: f64,
    /// Whether all that is under test is among ours; only then others' work can be told from it.
    knows_all: bool,
}

impl Quiet {
    pub(crate) fn begin(ours: Vec<Watched>, knows_all: bool) -> Quiet {
        let ours_s = cpu_s(&ours);
        Quiet { ticks: Ticks::now(), ours, ours_s, knows_all }
    }

    pub(crate) fn end(&self) -> Disturbance {
        let ours_s = cpu_s(&self.ours) - self.ours_s;
        match (self.ticks, Ticks::now()) {
            (Some(before), Some(after)) => disturbance(before, after, self.knows_all.then_some(ours_s)),
            _ => Disturbance::default(),
        }
    }
}

fn disturbance(before: Ticks, after: Ticks, ours_s: Option<f64>) -> Disturbance {
    let all = after.all.saturating_sub(before.all).max(1) as f64;
    let steal = after.steal.saturating_sub(before.steal) as f64;
    let busy = all - after.idle.saturating_sub(before.idle) as f64 - steal;
    let others = ours_s.map_or(0.0, |ours_s| (busy - ours_s * TICKS_PER_S).max(0.0));
    let (steal, others) = (steal / all, others / all);
    Disturbance { steal, others, is_too_much: steal > STEAL_MAX || others > OTHERS_MAX }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_line_has_it_all() {
        let stat = "cpu  10 1 20 60 5 1 3 7 100 0\ncpu0 …";
        assert_eq!(Ticks::parse(stat), Some(Ticks { all: 107, idle: 65, steal: 7 }));
        assert_eq!(Ticks::parse("cpu 1 2 3"), None);
    }

    #[test]
    fn steal_and_others_disturb() {
        let before = Ticks { all: 0, idle: 0, steal: 0 };
        let after = |idle, steal| Ticks { all: 1_000, idle, steal };
        let of = |idle, steal, ours_s| {
            let told = disturbance(before, after(idle, steal), ours_s);
            (told.steal, told.others, told.is_too_much)
        };
        assert_eq!(of(500, 0, Some(5.0)), (0.0, 0.0, false));
        assert_eq!(of(500, 50, Some(4.5)), (0.05, 0.0, true));
        assert_eq!(of(500, 0, Some(3.0)), (0.0, 0.2, true));
        assert_eq!(of(500, 0, None), (0.0, 0.0, false), "who is unknown is not blamed");
    }

    #[test]
    fn this_machine_is_described() {
        let machine = Machine::this();
        assert!(machine.cores > 0 && machine.memory_mib > 0 && !machine.cpu.contains('/'), "{machine:?}");
    }
}
