//! Reads a process's own metrics, as Prometheus does.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

/// Everything that a process tells.
#[derive(Debug, Default)]
pub(crate) struct Metrics(String);

/// Counts by upper bound, in seconds; the last bound is infinite.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram(Vec<(f64, f64)>);

impl Metrics {
    /// From `http://ADDRESS/metrics`.
    pub(crate) fn scrape(url: &str) -> Result<Metrics, String> {
        let address = url.trim_start_matches("http://").trim_end_matches("/metrics");
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(address)?;
            write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().map(Metrics).map_err(|error| format!("{url}: {error}"))
    }

    fn of<'m>(&'m self, name: &'m str) -> impl Iterator<Item = (&'m str, f64)> {
        self.0.lines().filter_map(move |line| {
            let rest = line.strip_prefix(name).filter(|rest| rest.starts_with(['{', ' ']))?;
            let (labels, value) = rest.rsplit_once(' ')?;
            Some((labels, value.parse().ok()?))
        })
    }

    /// Over all labels.
    pub(crate) fn sum(&self, name: &str) -> f64 {
        self.of(name).map(|(_, value)| value).sum()
    }

    pub(crate) fn histogram(&self, name: &str) -> Histogram {
        let buckets = format!("{name}_bucket");
        let bound = |labels: &str| {
            let bound = labels.split("le=\"").nth(1)?.split('"').next()?;
            if bound == "+Inf" { Some(f64::INFINITY) } else { bound.parse().ok() }
        };
        Histogram(self.of(&buckets).filter_map(|(labels, value)| Some((bound(labels)?, value))).collect())
    }
}

impl Histogram {
    /// What came since then.
    pub(crate) fn since(&self, before: &Histogram) -> Histogram {
        let earlier = |index: usize| before.0.get(index).map_or(0.0, |(_, count)| *count);
        Histogram(self.0.iter().enumerate().map(|(index, (bound, count))| (*bound, count - earlier(index))).collect())
    }

    /// Milliseconds that this share of all did not exceed, on a straight line within its bucket.
    pub(crate) fn quantile_ms(&self, share: f64) -> Option<f64> {
        let all = self.0.last()?.1;
        let wanted = all * share;
        let (mut low, mut below) = (0.0, 0.0);
        for (bound, count) in &self.0 {
            if *count >= wanted && *count > below {
                let high = if bound.is_finite() { *bound } else { low };
                return Some((low + (high - low) * (wanted - below) / (count - below)) * 1_000.0);
            }
            (low, below) = (*bound, *count);
        }
        None
    }
}
