//! The trace of an event across processes: W3C trace context in and out, and spans to a collector by OTLP over HTTP.
//!
//! Spans are those of `tracing` whose target is [`TARGET`]: they go to the collector and into no log line, and all others
//! go nowhere but there. Where no [`Traces`] was started they are not made at all.
//!
//! A collector that is slow, away or hostile costs spans and nothing else: they wait in a bounded queue that a thread of its
//! own empties, and what finds no room there is dropped and counted.
//!
//! Never reads what an event says.

mod context;
mod current;
mod export;
mod sampling;
mod settings;
mod tally;

use std::{sync::Arc, time::Duration};

use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use prometheus::Registry;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, filter_fn},
    registry::LookupSpan,
};

pub use context::{TRACEPARENT, TRACESTATE, TRACESTATE_BYTES_MAX, TraceContext};
pub use current::{context_of, link, set_parent};
pub use export::StartError;
pub use sampling::Sampling;
pub use settings::Settings;

use crate::{sampling::WithLinks, tally::Tally};

/// The target of every span that goes to the collector.
pub const TARGET: &str = "gapin_trace";

/// Links that a span may have: as many as OpenTelemetry's own default.
pub const LINKS_MAX: usize = 128;

/// How long the last spans may take at the end of the process.
const CLOSE_WAIT_MAX: Duration = Duration::from_secs(5);

/// Whether this is a span for the collector, rather than one for log lines.
pub fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET
}

/// Traces that are on.
pub struct Traces {
    provider: SdkTracerProvider,
    tally: Arc<Tally>,
}

impl Traces {
    /// Begins to send spans to a collector; one that is away is no error. Called within a runtime, which sends.
    pub fn start(settings: Settings) -> Result<Traces, StartError> {
        let tally = Arc::new(Tally::new()?);
        let given = settings.resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
        let resource = Resource::builder_empty()
            .with_attribute(KeyValue::new("service.version", settings.service_version))
            .with_attributes(given)
            .with_service_name(settings.service_name.clone())
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(WithLinks::new(settings.sampling))
            .with_max_links_per_span(LINKS_MAX as u32)
            .with_span_processor(export::processor(&settings, tally.clone())?)
            .build();
        Ok(Traces { provider, tally })
    }

    /// What hands spans over, in a subscriber.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("gapin"))
            .with_context_activation(false)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_traced).with_max_level_hint(LevelFilter::INFO))
    }

    /// Adds what became of spans to the metrics.
    ///
    /// # Errors
    /// When the registry has them already.
    pub fn register(&self, registry: &Registry) -> Result<(), prometheus::Error> {
        self.tally.register(registry)
    }

    /// Sends what waits, for some seconds at most; what is left then is lost.
    pub async fn close(self) {
        let closing = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(CLOSE_WAIT_MAX));
        if !matches!(closing.await, Ok(Ok(()))) {
            tracing::warn!("the last spans did not all come to the collector");
        }
    }
}
