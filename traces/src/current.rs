//! Between spans and trace contexts.

use opentelemetry::{Context, trace::TraceContextExt as _};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::TraceContext;

/// Makes the span a child of this place, in whichever process; before anything else is done with it.
pub fn set_parent(span: &Span, parent: TraceContext) {
    // A span that is not made, or not for the collector, has no parent.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent.into_inner()));
}

/// Tells that the span follows from this place too; before anything else is done with it.
pub fn link(span: &Span, to: TraceContext) {
    span.add_link(to.into_inner());
}

/// Where the span is in its trace; `None` when it is no span for the collector. Begins it, if it was not begun.
pub fn context_of(span: &Span) -> Option<TraceContext> {
    if span.is_disabled() {
        return None;
    }
    TraceContext::of(span.context().span().span_context().clone())
}
