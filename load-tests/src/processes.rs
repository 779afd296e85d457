//! What processes take: processor time and memory, as Linux tells them in `/proc`.
//!
//! They hold still on a machine that others use, too, where rates do not.

use std::{
    collections::HashMap,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::result::Process;

/// Linux counts processor time in these, whatever the kernel's own clock (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;
const KIB_PER_MIB: f64 = 1024.0;
const SAMPLE_EVERY: Duration = Duration::from_millis(500);
/// Memory is sampled so often at most: hours.
const SAMPLES_MAX: usize = 20_000;

/// A process whose costs are counted, with all its descendants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What it is called in the results.
    pub name: String,
    /// Its id.
    pub pid: u32,
}

impl Watched {
    /// Reads `NAME=PID`, or a `PID` alone.
    pub fn parse(text: &str) -> Option<Watched> {
        let (name, pid) = text.split_once('=').unwrap_or(("process", text));
        let pid = pid.parse().ok().filter(|pid| *pid > 0)?;
        (!name.is_empty()).then(|| Watched { name: name.to_owned(), pid })
    }

    /// This very process.
    pub(crate) fn generator() -> Watched {
        Watched { name: "generator".to_owned(), pid: std::process::id() }
    }
}

/// One look at processes.
#[derive(Clone, Debug, Default)]
struct Taken {
    cpu_s: f64,
    resident_mib: f64,
}

/// Looks at processes while a load runs.
pub(crate) struct Watch {
    watched: Vec<Watched>,
    before: Vec<Taken>,
    samples: Arc<Mutex<Vec<Vec<f64>>>>,
    began: Instant,
    stop: Arc<AtomicBool>,
    sampler: Option<JoinHandle<()>>,
}

impl Watch {
    /// From now on.
    pub(crate) fn begin(watched: Vec<Watched>) -> Watch {
        let before = look(&watched);
        let samples = Arc::new(Mutex::new(vec![Vec::new(); watched.len()]));
        let stop = Arc::new(AtomicBool::new(false));
        let sampler = std::thread::spawn({
            let (watched, samples, stop) = (watched.clone(), samples.clone(), stop.clone());
            move || {
                while !stop.load(Ordering::Relaxed) {
                    for (of, taken) in samples.lock().iter_mut().zip(look(&watched)) {
                        if of.len() < SAMPLES_MAX {
                            of.push(taken.resident_mib);
                        }
                    }
                    std::thread::park_timeout(SAMPLE_EVERY);
                }
            }
        });
        Watch { watched, before, samples, began: Instant::now(), stop, sampler: Some(sampler) }
    }

    /// Until now, for so many events; what that is in Q is known once Q is.
    pub(crate) fn end(mut self, events: u64) -> Vec<Process> {
        let after = look(&self.watched);
        let took = self.began.elapsed();
        self.stop_sampling();
        let samples = std::mem::take(&mut *self.samples.lock());
        let each = self.watched.iter().zip(self.before.iter().zip(after)).zip(samples);
        each.map(|((watched, (before, after)), mut samples)| {
            samples.push(after.resident_mib);
            let cpu_s = after.cpu_s - before.cpu_s;
            let per_event = cpu_s * 1e6 / events.max(1) as f64;
            let sample_s = took.as_secs_f64() / (samples.len() as f64 - 1.0).max(1.0);
            Process {
                name: watched.name.clone(),
                cpu_s,
                cpu_us_per_event: per_event,
                cpu_q_per_event: 0.0,
                resident_mib: [before.resident_mib, after.resident_mib, samples.iter().copied().fold(0.0, f64::max)],
                slope_mib_per_minute: slope(&samples[samples.len() / 2..]) * 60.0 / sample_s,
                resident_samples_mib: samples,
            }
        })
        .collect()
    }

    fn stop_sampling(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(sampler) = self.sampler.take() {
            sampler.thread().unpark();
            let _ = sampler.join();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop_sampling();
    }
}

/// By least squares: how much a sample is more than the one before it.
fn slope(samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    if samples.len() < 2 {
        return 0.0;
    }
    let mean_place = (count - 1.0) / 2.0;
    let mean = samples.iter().sum::<f64>() / count;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for (place, sample) in samples.iter().enumerate() {
        let off = place as f64 - mean_place;
        covariance += off * (sample - mean);
        variance += off * off;
    }
    covariance / variance
}

fn look(watched: &[Watched]) -> Vec<Taken> {
    let processes = all();
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for (pid, stat) in &processes {
        children.entry(stat.parent).or_default().push(*pid);
    }
    let taken = watched.iter().map(|watched| {
        let mut taken = Taken::default();
        let mut left = vec![watched.pid];
        while let Some(pid) = left.pop() {
            if let Some(stat) = processes.get(&pid) {
                taken.cpu_s += stat.ticks as f64 / TICKS_PER_S;
                taken.resident_mib += stat.resident_mib(pid);
                left.extend(children.get(&pid).into_iter().flatten());
            }
        }
        taken
    });
    taken.collect()
}

struct Stat {
    parent: u32,
    ticks: u64,
}

impl Stat {
    /// Fields as `man 5 proc_pid_stat` numbers them, behind the name, which may hold anything: own time, and that of
    /// children that have ended.
    fn parse(text: &str) -> Option<Stat> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        Some(Stat {
            parent: u32::try_from(number(4)?).ok()?,
            ticks: number(14)? + number(15)? + number(16)? + number(17)?,
        })
    }

    /// What only this process holds, and what it shares with its parent's other children but once: `RssAnon` and the
    /// files it has mapped, without shared memory, which PostgreSQL's processes would each count.
    fn resident_mib(&self, pid: u32) -> f64 {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let kib = |name: &str| -> f64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0)
        };
        (kib("RssAnon:") + kib("RssFile:")) / KIB_PER_MIB
    }
}

fn all() -> HashMap<u32, Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, Stat::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect()
}

/// Seconds of processor time of these processes so far, together.
pub(crate) fn cpu_s(watched: &[Watched]) -> f64 {
    look(watched).iter().map(|taken| taken.cpu_s).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_stat_is_read_whatever_the_name() {
        let stat = Stat::parse("42 (a) b (c) R 7 1 1 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 1 0 5 6 7").unwrap();
        assert_eq!((stat.parent, stat.ticks), (7, 100));
        assert!(Stat::parse("42 (cut").is_none());
    }

    #[test]
    fn a_process_is_named_or_not() {
        let watched = |text: &str| Watched::parse(text).map(|watched| (watched.name, watched.pid));
        assert_eq!(watched("gateway=17"), Some(("gateway".to_owned(), 17)));
        assert_eq!(watched("17"), Some(("process".to_owned(), 17)));
        assert!(["gateway", "gateway=", "=17", "0", "-1"].into_iter().all(|text| watched(text).is_none()));
    }

    #[test]
    fn what_grows_has_a_slope() {
        assert_eq!(slope(&[1.0, 2.0, 3.0, 4.0]), 1.0);
        assert_eq!(slope(&[5.0, 5.0, 5.0]), 0.0);
        assert_eq!(slope(&[5.0]), 0.0);
    }

    #[test]
    fn work_of_this_process_is_counted() {
        let watch = Watch::begin(vec![Watched::generator()]);
        let before = cpu_s(&[Watched::generator()]);
        let mut work = 1_u64;
        // Until it shows.
        while cpu_s(&[Watched::generator()]) - before < 0.05 {
            for step in 0..1_000_000 {
                work = std::hint::black_box(work.wrapping_mul(31).wrapping_add(step));
            }
        }
        let taken = watch.end(10);
        assert!(taken[0].cpu_s >= 0.05 && taken[0].resident_mib[2] > 0.0, "{taken:?}");
        assert!((taken[0].cpu_us_per_event - taken[0].cpu_s * 1e5).abs() < 1e-6);
    }
}
