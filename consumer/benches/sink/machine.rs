//! What the processes spent, and the yardstick Q.

use std::{
    fmt, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use aibbar::canonical;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::corpus::{MEDIAN, signed};

/// Linux counts a process's time in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// The time on one core in which `serde_json` parses the corpus's median event and HMAC-SHA256 of its canonical bytes is
/// taken: the best of several.
pub(crate) fn q_us() -> f64 {
    const TIMES: u32 = 200;
    let event = signed(serde_json::from_str(MEDIAN).unwrap()).to_json();
    let canonical = canonical::to_vec(&serde_json::from_str(&event).unwrap());
    let once = || {
        let began = Instant::now();
        for _ in 0..TIMES {
            black_box(serde_json::from_str::<Value>(black_box(&event)).unwrap());
            let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
            mac.update(black_box(&canonical));
            black_box(mac.finalize());
        }
        began.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
    };
    (0..500).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Moments, and processor time until then.
pub(crate) struct Spent {
    at: Instant,
    own: Duration,
    server: Option<(u32, Duration)>,
}

/// What some records took.
pub(crate) struct Measure {
    pub(crate) per_second: f64,
    pub(crate) own_us: f64,
    pub(crate) server_us: Option<f64>,
}

impl Spent {
    pub(crate) fn now(server: Option<u32>) -> Spent {
        Spent { at: Instant::now(), own: of_process("self").0, server: server.map(|id| (id, with_children(id))) }
    }

    pub(crate) fn until_now(&self, records: usize) -> Measure {
        let each = |spent: Duration| spent.as_secs_f64() * 1e6 / records as f64;
        Measure {
            per_second: records as f64 / self.at.elapsed().as_secs_f64(),
            own_us: each(of_process("self").0 - self.own),
            server_us: self.server.map(|(id, before)| each(with_children(id).saturating_sub(before))),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, own CPU {:.2} µs", self.per_second, self.own_us)?;
        self.server_us.map_or(Ok(()), |us| write!(f, ", the server's {us:.2} µs a record"))
    }
}

/// Time of a process, that of its ended children, and its parent.
fn of_process(id: &str) -> (Duration, Duration, u32) {
    let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else { return Default::default() };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |at: usize| Duration::from_secs_f64(fields[at].parse::<f64>().unwrap() / TICKS_PER_SECOND);
    (ticks(11) + ticks(12), ticks(13) + ticks(14), fields[1].parse().unwrap())
}

/// Time of a process and of all its children, ended or not.
fn with_children(id: u32) -> Duration {
    let (own, ended, _) = of_process(&id.to_string());
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let numbers = processes.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    let children = numbers.map(|name| of_process(&name)).filter(|(_, _, parent)| *parent == id);
    own + ended + children.map(|(own, ..)| own).sum::<Duration>()
}

/// From here on the most memory is counted anew: making the backlog takes more than carrying it.
pub(crate) fn forget_memory_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// The most memory that this process had.
pub(crate) fn memory_peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
}
