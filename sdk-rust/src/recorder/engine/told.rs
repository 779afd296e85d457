//! What users are told: by the log, once a minute of each kind, and by their callbacks.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use aibbar::json;
use serde_json::Value;

use super::{
    super::{DropReason, queue::Entry},
    Engine,
};
use crate::errors::Fault;

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

impl Engine {
    /// A fault that no caller sees.
    pub(crate) fn fault(&self, place: &str, kind: &str) {
        self.faults(place, kind, 1);
    }

    /// So many of them.
    pub(crate) fn faults(&self, place: &str, kind: &str, count: u64) {
        {
            let mut state = self.state.lock();
            state.stats.faults += count;
            state.stats.last_fault = Some(kind.to_owned());
        }
        self.reporter.warn(&format!("fault:{place}"), &format!("{place} failed ({kind}); your program goes on"));
    }

    /// Without the lock. What the worker lets go is told before it is counted, so that it is told once a flush has ended.
    pub(in crate::recorder) fn tell_dropped(&self, dropped: &[Entry], why: DropReason) {
        if dropped.is_empty() {
            return;
        }
        let why_text = why.as_str();
        self.reporter.warn(
            &format!("dropped:{why_text}"),
            &format!("events were let go ({why_text}): see the recorder's stats() and on_dropped"),
        );
        let Some(on_dropped) = &self.options.on_dropped else {
            return;
        };
        for entry in dropped {
            self.call_back("on_dropped", || on_dropped(&event_of(entry), why));
        }
    }

    pub(in crate::recorder) fn tell_refused(&self, entry: &Entry, fault: &Fault) {
        let code = &fault.code;
        self.reporter.warn(
            &format!("refused:{code}"),
            &format!("the gateway refused an event for good ({code}): see on_refused"),
        );
        if let Some(on_refused) = &self.options.on_refused {
            self.call_back("on_refused", || on_refused(&event_of(entry), fault));
        }
    }

    /// One that records, and so lets others go, is not told of those: it would never end.
    fn call_back(&self, name: &str, call: impl FnOnce()) {
        if IN_CALLBACK.replace(true) {
            return;
        }
        let called = catch_unwind(AssertUnwindSafe(call));
        IN_CALLBACK.set(false);
        if called.is_err() {
            self.fault(name, "panic");
        }
    }
}

/// The event, as it was recorded.
fn event_of(entry: &Entry) -> Value {
    json::parse(&entry.payload).unwrap_or_default()
}
