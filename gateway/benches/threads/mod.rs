//! The processor time of this process's threads, by name: what holds still where the rate does not.

use std::{fs, time::Duration};

/// Of all threads whose names begin so, as far as they are alive.
#[allow(unreachable_pub, reason = "of benchmarks")]
pub fn processor_time(name: &str) -> Duration {
    let threads = fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
    let of_one = |thread: fs::DirEntry| {
        let is_named = fs::read_to_string(thread.path().join("comm")).ok()?.starts_with(name);
        let ns = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        is_named.then(|| ns.split(' ').next()?.parse().ok()).flatten().map(Duration::from_nanos)
    };
    threads.filter_map(of_one).sum()
}
