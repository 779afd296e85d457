//! W3C trace context, strictly as <https://www.w3.org/TR/trace-context/> has it.

use std::str::FromStr as _;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The header that names a trace, and the span in it that something follows from; of requests, and of records in the log.
pub const TRACEPARENT: &str = "traceparent";

/// The header with what other systems say of a trace; of requests alone.
pub const TRACESTATE: &str = "tracestate";

/// The longest `tracestate` that is taken; a longer one is left away whole.
pub const TRACESTATE_BYTES_MAX: usize = 512;

/// Bytes of a `traceparent` of version 00: `00-<trace id>-<span id>-<flags>`.
const VERSION_00_BYTES: usize = 55;

/// A place in a trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TraceContext(SpanContext);

impl TraceContext {
    /// What a `traceparent` says; `None` when it is none.
    ///
    /// Of a version that is newer than 00, and not `ff`, what is known of 00 is read, as the standard wants it.
    pub fn parse(traceparent: &str) -> Option<TraceContext> {
        let (known, rest) = traceparent.split_at_checked(VERSION_00_BYTES)?;
        let mut parts = known.split('-');
        let version = hex_byte(parts.next()?)?;
        let (trace_id, span_id) = (parts.next()?, parts.next()?);
        let flags = hex_byte(parts.next()?)?;
        let is_whole = match version {
            0 => rest.is_empty(),
            0xff => false,
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        if !is_whole || parts.next().is_some() || trace_id.len() != 32 || span_id.len() != 16 {
            return None;
        }
        if !is_lower_hex(trace_id) || !is_lower_hex(span_id) {
            return None;
        }
        let (trace_id, span_id) = (TraceId::from_hex(trace_id).ok()?, SpanId::from_hex(span_id).ok()?);
        let flags = TraceFlags::new(flags) & TraceFlags::SAMPLED;
        let context = SpanContext::new(trace_id, span_id, flags, true, TraceState::NONE);
        context.is_valid().then_some(TraceContext(context))
    }

    /// The same with this `tracestate`, the values of all such headers with commas between; without where it is none.
    pub fn with_state(self, tracestate: &str) -> TraceContext {
        if tracestate.is_empty() || tracestate.len() > TRACESTATE_BYTES_MAX {
            return self;
        }
        let Ok(state) = TraceState::from_str(tracestate) else { return self };
        let TraceContext(old) = self;
        TraceContext(SpanContext::new(old.trace_id(), old.span_id(), old.trace_flags(), old.is_remote(), state))
    }

    /// Its `traceparent`, without what other systems say of it.
    pub fn traceparent(&self) -> String {
        let TraceContext(context) = self;
        let flags = context.trace_flags() & TraceFlags::SAMPLED;
        format!("00-{}-{}-{flags:02x}", context.trace_id(), context.span_id())
    }

    /// The id of the trace, as log lines name it.
    pub fn trace_id(&self) -> String {
        self.0.trace_id().to_string()
    }

    /// Whether whoever began the trace keeps it.
    pub fn is_sampled(&self) -> bool {
        self.0.is_sampled()
    }

    pub(crate) fn of(context: SpanContext) -> Option<TraceContext> {
        context.is_valid().then_some(TraceContext(context))
    }

    pub(crate) fn into_inner(self) -> SpanContext {
        self.0
    }
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex_byte(text: &str) -> Option<u8> {
    if text.len() == 2 && is_lower_hex(text) { u8::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    fn given(version: &str, flags: &str, more: &str) -> String {
        format!("{version}-{TRACE}-{SPAN}-{flags}{more}")
    }

    #[track_caller]
    fn read(traceparent: &str, is_sampled: bool) {
        let context = TraceContext::parse(traceparent).unwrap();
        assert_eq!((context.trace_id().as_str(), context.is_sampled()), (TRACE, is_sampled), "{traceparent}");
        let written = given("00", if is_sampled { "01" } else { "00" }, "");
        assert_eq!(context.traceparent(), written, "{traceparent}");
    }

    #[test]
    fn what_the_standard_allows_is_read() {
        read(&given("00", "01", ""), true);
        read(&given("00", "00", ""), false);
        // Flags that nobody knows yet change nothing.
        read(&given("00", "ff", ""), true);
        read(&given("00", "02", ""), false);
        // Nor do later versions, whatever follows.
        read(&given("01", "01", ""), true);
        read(&given("fe", "01", "-later"), true);
    }

    #[test]
    fn what_is_no_traceparent_is_none() {
        let upper = given("00", "01", "").to_uppercase();
        let zero = "0".repeat(32);
        for wrong in [
            "",
            "00",
            &upper,
            &given("ff", "01", ""),
            &given("0g", "01", ""),
            &given("+1", "01", ""),
            &given("00", "+1", ""),
            &given("00", "0", ""),
            &given("00", "01", "-more"),
            &given("01", "01", "more"),
            &given("00", "01", " "),
            &format!("00-{zero}-{SPAN}-01"),
            &format!("00-{TRACE}-{}-01", &zero[..16]),
            &format!("00-{}-{SPAN}x-01", &TRACE[1..]),
            &format!("00-{TRACE}{SPAN}---01"),
            &format!("00_{TRACE}_{SPAN}_01"),
            &format!("00-{TRACE}-{}-01", "\u{e4}".repeat(8)),
        ] {
            assert_eq!(TraceContext::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_tracestate_that_is_none_takes_nothing_with_it() {
        let context = TraceContext::parse(&given("00", "01", "")).unwrap();
        let kept = context.clone().with_state("vendor=a,other=b");
        assert_eq!(kept.clone().into_inner().trace_state().header(), "vendor=a,other=b");
        assert_eq!(kept.traceparent(), context.traceparent());
        for wrong in ["", "no pair", &format!("vendor={}", "x".repeat(TRACESTATE_BYTES_MAX))] {
            assert_eq!(context.clone().with_state(wrong), context, "{wrong:?}");
        }
    }
}
