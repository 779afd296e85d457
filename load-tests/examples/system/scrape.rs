//! Reads a process's own metrics, as Prometheus does.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

/// Everything that a process tells.
#[derive(Debug, Default)]
pub(crate) struct Metrics(String);

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
}
