//! Which traces are kept.

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState},
};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// How it is decided which traces are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampling {
    /// All of them.
    All,
    /// This share of them, from 0 to 1, by the trace's id: every process decides the same.
    Share(f64),
    /// As whoever began the trace says; of those that begin here all.
    ParentElseAll,
    /// As whoever began the trace says; of those that begin here none.
    ParentElseNone,
    /// As whoever began the trace says; of those that begin here this share.
    ParentElseShare(f64),
}

impl Sampling {
    fn sampler(self) -> Sampler {
        let by_parent = |root| Sampler::ParentBased(Box::new(root));
        match self {
            Sampling::All => Sampler::AlwaysOn,
            Sampling::Share(share) => Sampler::TraceIdRatioBased(share),
            Sampling::ParentElseAll => by_parent(Sampler::AlwaysOn),
            Sampling::ParentElseNone => by_parent(Sampler::AlwaysOff),
            Sampling::ParentElseShare(share) => by_parent(Sampler::TraceIdRatioBased(share)),
        }
    }
}

/// What follows from several traces, of which one is kept, is kept with it: it has no parent that could say so.
#[derive(Clone, Debug)]
pub(crate) struct WithLinks(Sampler);

impl WithLinks {
    pub(crate) fn new(sampling: Sampling) -> Self {
        Self(sampling.sampler())
    }
}

impl ShouldSample for WithLinks {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let has_parent = parent.is_some_and(Context::has_active_span);
        if !has_parent && links.iter().any(|link| link.span_context.is_sampled()) {
            let (decision, trace_state) = (SamplingDecision::RecordAndSample, TraceState::NONE);
            return SamplingResult { decision, attributes: Vec::new(), trace_state };
        }
        self.0.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::TraceContext;

    fn context(is_sampled: bool) -> TraceContext {
        let flags = u8::from(is_sampled);
        TraceContext::parse(&format!("00-ffffffffffffffffffffffffffffffff-00f067aa0ba902b7-{flags:02x}")).unwrap()
    }

    fn is_kept(sampling: Sampling, parent: Option<bool>, links: &[bool]) -> bool {
        let parent = parent.map(|is_sampled| Context::new().with_remote_span_context(context(is_sampled).into_inner()));
        let links: Vec<_> =
            links.iter().map(|is_sampled| Link::new(context(*is_sampled).into_inner(), Vec::new(), 0)).collect();
        let id = TraceId::from_hex("ffffffffffffffffffffffffffffffff").unwrap();
        let result =
            WithLinks::new(sampling).should_sample(parent.as_ref(), id, "span", &SpanKind::Internal, &[], &links);
        result.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn whoever_began_the_trace_decides_where_the_parent_is_asked() {
        for sampling in [Sampling::ParentElseAll, Sampling::ParentElseNone, Sampling::ParentElseShare(0.0)] {
            assert!(is_kept(sampling, Some(true), &[]), "{sampling:?}");
            assert!(!is_kept(sampling, Some(false), &[]), "{sampling:?}");
        }
        assert!(is_kept(Sampling::ParentElseAll, None, &[]));
        assert!(!is_kept(Sampling::ParentElseNone, None, &[]));
        assert!(!is_kept(Sampling::ParentElseShare(0.5), None, &[]));
        assert!(is_kept(Sampling::All, Some(false), &[]));
        assert!(!is_kept(Sampling::Share(0.5), Some(true), &[]), "its id is among the last");
    }

    #[test]
    fn what_follows_from_one_that_is_kept_is_kept() {
        assert!(is_kept(Sampling::ParentElseShare(0.0), None, &[false, true]));
        assert!(!is_kept(Sampling::ParentElseShare(0.0), None, &[false, false]));
        assert!(!is_kept(Sampling::ParentElseAll, Some(false), &[true]), "a parent says more than a link");
    }
}
