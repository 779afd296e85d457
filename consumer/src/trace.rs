//! The trace of a batch, where traces are on: it follows from those of the requests whose records it holds.
//!
//! A batch with records of one request is a child of its append; one of several is the beginning of a trace of its own, with
//! a link to each, as OpenTelemetry's conventions for messaging have it. Of a batch in which no record says that its trace is
//! kept there is none.

use aibbar::record::EVENTS_TOPIC;
use bus::LogRecord;
use traces::{LINKS_MAX, TARGET, TRACEPARENT, TraceContext, link, set_parent};
use tracing::{Span, field::Empty};

/// A batch on its way into the store, until it is dropped; none where traces are off.
pub(crate) struct BatchTrace(Span);

impl BatchTrace {
    /// Begins where these records' traces left off.
    pub(crate) fn begin(records: &[LogRecord], group: &str) -> BatchTrace {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return BatchTrace(Span::none());
        }
        let mut contexts = contexts_of(records);
        if contexts.is_empty() {
            return BatchTrace(Span::none());
        }
        let batch = tracing::info_span!(
            target: TARGET, parent: None, "process",
            otel.name = format_args!("process {EVENTS_TOPIC}"),
            otel.kind = "consumer",
            otel.status_code = Empty,
            messaging.operation.type = "process",
            messaging.destination.name = EVENTS_TOPIC,
            messaging.consumer.group.name = group,
            messaging.batch.message_count = records.len(),
        );
        match contexts.pop() {
            Some(only) if contexts.is_empty() => set_parent(&batch, only),
            last => contexts.into_iter().chain(last).for_each(|context| link(&batch, context)),
        }
        BatchTrace(batch)
    }

    /// The store's part of it, until it is dropped.
    pub(crate) fn store(&self) -> Span {
        if self.0.is_disabled() {
            return Span::none();
        }
        tracing::info_span!(target: TARGET, parent: &self.0, "store", otel.kind = "client", otel.status_code = Empty)
    }

    /// It did not come to its end, and will be read again.
    pub(crate) fn failed(&self) {
        self.0.record("otel.status_code", "ERROR");
    }
}

/// The traces that are kept of these records, each once: as many as a span may have links.
fn contexts_of(records: &[LogRecord]) -> Vec<TraceContext> {
    let mut contexts: Vec<TraceContext> = Vec::new();
    // The records of one request mostly lie together.
    let mut last: &[u8] = &[];
    for value in records.iter().filter_map(|record| record.header(TRACEPARENT)) {
        if contexts.len() >= LINKS_MAX {
            break;
        }
        if **value == *last {
            continue;
        }
        last = value;
        let context = str::from_utf8(value).ok().and_then(TraceContext::parse).filter(TraceContext::is_sampled);
        if let Some(context) = context.filter(|context| !contexts.contains(context)) {
            contexts.push(context);
        }
    }
    contexts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bus::Position;
    use bytes::Bytes;

    use super::*;

    fn record(traceparent: &str) -> LogRecord {
        LogRecord {
            position: Position { partition: 0, offset: 0 },
            appended_at_ms: 0,
            key: Bytes::new(),
            payload: Bytes::new(),
            headers: vec![(TRACEPARENT.to_owned(), Bytes::copy_from_slice(traceparent.as_bytes()))],
        }
    }

    fn traceparent(span: usize, flags: &str) -> String {
        format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{:016x}-{flags}", span + 1)
    }

    #[test]
    fn each_trace_that_is_kept_is_found_once() {
        let (first, second, not_kept) = (traceparent(0, "01"), traceparent(1, "01"), traceparent(2, "00"));
        let given = [&first, &first, &second, &not_kept, "nonsense", &first].map(record);
        assert_eq!(contexts_of(&given), [&first, &second].map(|one| TraceContext::parse(one).unwrap()));
        assert_eq!(contexts_of(&[LogRecord { headers: Vec::new(), ..record("") }]), []);
    }

    #[test]
    fn no_batch_has_more_links_than_a_span_may() {
        let given: Vec<_> = (0..2 * LINKS_MAX).map(|span| record(&traceparent(span, "01"))).collect();
        assert_eq!(contexts_of(&given).len(), LINKS_MAX);
    }

    #[test]
    fn where_traces_are_off_there_is_no_span() {
        let trace = BatchTrace::begin(&[record(&traceparent(0, "01"))], "group");
        assert!(trace.0.is_disabled() && trace.store().is_disabled());
    }
}
