//! What traces are told.

use std::{collections::HashMap, fmt, time::Duration};

use crate::Sampling;

/// Where spans go, whose they are, and which are kept.
pub struct Settings {
    /// Where the collector takes traces: the whole address, with its path.
    pub endpoint: String,
    /// Sent with every request to it; secrets.
    pub headers: HashMap<String, String>,
    /// Whether what is sent is compressed, by gzip.
    pub is_compressed: bool,
    /// How long the collector may take for one request and all its repetitions.
    pub timeout: Duration,
    /// `service.name`.
    pub service_name: String,
    /// `service.version`.
    pub service_version: &'static str,
    /// More about this process, by key.
    pub resource: Vec<(String, String)>,
    /// Which traces are kept.
    pub sampling: Sampling,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { endpoint, service_name, sampling, .. } = self;
        f.debug_struct("Settings")
            .field("endpoint", endpoint)
            .field("service_name", service_name)
            .field("sampling", sampling)
            .finish_non_exhaustive()
    }
}
