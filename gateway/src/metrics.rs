//! The gateway's metric families: base units, bounded labels.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, exponential_buckets,
};

/// Every family of the gateway.
pub(crate) struct Metrics {
    /// Requests by route pattern, method and status.
    pub(crate) requests: IntCounterVec,
    /// Seconds from the request's head to the answer's, by route pattern.
    pub(crate) request_seconds: HistogramVec,
    /// Events acknowledged.
    pub(crate) accepted: IntCounter,
    /// Events refused, by code.
    pub(crate) rejected: IntCounterVec,
    /// Messages acknowledged.
    pub(crate) messages_accepted: IntCounter,
    /// Messages refused, by code.
    pub(crate) messages_rejected: IntCounterVec,
    /// Things hidden, by kind.
    pub(crate) redactions: IntCounterVec,
    /// Seconds that the log took to acknowledge one request's events.
    pub(crate) append_seconds: Histogram,
    /// Events per request.
    pub(crate) batch_events: Histogram,
    /// Requests in the door of events now.
    pub(crate) requests_in_flight: IntGauge,
    /// Events that are worked on or wait for the log now.
    pub(crate) events_in_flight: IntGauge,
    /// Bytes of bodies held now.
    pub(crate) bytes_in_flight: IntGauge,
    /// Connections open now.
    pub(crate) connections: IntGauge,
    /// Connections closed at once, since their address had its share.
    pub(crate) connections_refused: IntCounter,
    /// Live clients now.
    pub(crate) live_clients: IntGauge,
    /// Records handed to live clients.
    pub(crate) live_delivered: IntCounter,
    /// Records that a slow live client missed.
    pub(crate) live_missed: IntCounter,
    /// Records that wait for live clients now.
    pub(crate) live_queued: IntGauge,
    /// Bytes of records that are held for live clients now.
    pub(crate) live_held: IntGauge,
    /// Things that went uncounted in an organisation's statistics, since there was no room.
    pub(crate) statistics_lost: IntCounter,
    /// Exports at work now.
    pub(crate) exports: IntGauge,
    /// Exports that ended, by how.
    pub(crate) exports_ended: IntCounterVec,
    /// Passwords hashed, to be kept or to be verified.
    pub(crate) password_hashes: IntCounter,
    /// E-mails by kind and what became of them.
    pub(crate) emails: IntCounterVec,
}

impl Metrics {
    /// Makes the families and registers them.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let add = |family: Box<dyn prometheus::core::Collector>| registry.register(family);
        macro_rules! family {
            ($make:expr) => {{
                let made = $make?;
                add(Box::new(made.clone()))?;
                made
            }};
        }
        // 100 µs to 13 s, by doubling.
        let seconds = exponential_buckets(0.000_1, 2.0, 18)?;
        let build = IntGauge::with_opts(
            Opts::new("gapin_build_info", "Always 1; the version is the label.")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        build.set(1);
        add(Box::new(build))?;
        Ok(Self {
            requests: family!(IntCounterVec::new(
                Opts::new("gapin_http_requests_total", "Requests answered, by route, method and status."),
                &["route", "method", "status"],
            )),
            request_seconds: family!(HistogramVec::new(
                HistogramOpts::new("gapin_http_request_duration_seconds", "Time to answer a request, by route.")
                    .buckets(seconds.clone()),
                &["route"],
            )),
            accepted: family!(IntCounter::new("gapin_events_accepted_total", "Events acknowledged as durable.")),
            rejected: family!(IntCounterVec::new(
                Opts::new("gapin_events_rejected_total", "Events refused, by code."),
                &["code"],
            )),
            messages_accepted: family!(IntCounter::new(
                "gapin_messages_accepted_total",
                "Messages acknowledged as durable.",
            )),
            messages_rejected: family!(IntCounterVec::new(
                Opts::new("gapin_messages_rejected_total", "Messages refused, by code."),
                &["code"],
            )),
            redactions: family!(IntCounterVec::new(
                Opts::new("gapin_redactions_total", "Things hidden in events, by kind."),
                &["kind"],
            )),
            append_seconds: family!(Histogram::with_opts(
                HistogramOpts::new("gapin_log_append_duration_seconds", "Time for the log to acknowledge a request.")
                    .buckets(seconds),
            )),
            batch_events: family!(Histogram::with_opts(
                HistogramOpts::new("gapin_batch_events", "Events per request.")
                    .buckets(exponential_buckets(1.0, 2.0, 14)?),
            )),
            requests_in_flight: family!(IntGauge::new(
                "gapin_record_requests_in_flight",
                "Requests in the door of events now.",
            )),
            events_in_flight: family!(IntGauge::new(
                "gapin_record_events_in_flight",
                "Events that are worked on or wait for the log now.",
            )),
            connections: family!(IntGauge::new("gapin_http_connections", "Connections open now.")),
            connections_refused: family!(IntCounter::new(
                "gapin_http_connections_refused_total",
                "Connections closed at once, since their address had its share.",
            )),
            bytes_in_flight: family!(IntGauge::new(
                "gapin_record_in_flight_bytes",
                "Bytes of bodies, of requests and of large answers, held now.",
            )),
            live_clients: family!(IntGauge::new("gapin_live_clients", "Live clients connected now.")),
            live_delivered: family!(IntCounter::new("gapin_live_delivered_total", "Records handed to live clients.",)),
            live_missed: family!(IntCounter::new("gapin_live_missed_total", "Records that slow live clients missed.",)),
            live_queued: family!(IntGauge::new("gapin_live_queued_records", "Records that wait for live clients now.")),
            live_held: family!(IntGauge::new(
                "gapin_live_held_bytes",
                "Bytes of records that are held for live clients now, each record once.",
            )),
            statistics_lost: family!(IntCounter::new(
                "gapin_statistics_lost_total",
                "Things that went uncounted in organisations' statistics, since the store was away for long.",
            )),
            exports: family!(IntGauge::new("gapin_exports", "Exports at work now.")),
            exports_ended: family!(IntCounterVec::new(
                Opts::new("gapin_exports_ended_total", "Exports that ended, by how: whole or broken_off."),
                &["outcome"],
            )),
            password_hashes: family!(IntCounter::new(
                "gapin_password_hashes_total",
                "Passwords hashed, to be kept or to be verified.",
            )),
            emails: family!(IntCounterVec::new(
                Opts::new("gapin_emails_total", "E-mails by kind and outcome: sent, logged or failed."),
                &["kind", "outcome"],
            )),
        })
    }
}
