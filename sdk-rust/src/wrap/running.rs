//! One call that is under way.

use std::{
    any::Any,
    time::{Instant, SystemTime},
};

use aibbar::json;
use serde::Serialize;
use serde_json::{Value, json};

use super::{ITEMS_MAX, Wrap};

/// It is recorded once.
pub(super) struct Running {
    wrap: Wrap,
    at: SystemTime,
    began: Instant,
    /// The items of a stream, in their canonical form, with a comma between.
    items: Vec<u8>,
    count: usize,
    is_recorded: bool,
}

impl Running {
    pub(super) fn begin(wrap: Wrap) -> Self {
        Self { wrap, at: SystemTime::now(), began: Instant::now(), items: Vec::new(), count: 0, is_recorded: false }
    }

    /// It has returned.
    pub(super) fn done(&mut self, output: &(impl Serialize + ?Sized)) {
        let output = self.wrap.recorder.written(output);
        self.record_action(&output);
    }

    /// A stream has yielded.
    pub(super) fn item(&mut self, item: &impl Serialize) {
        self.count += 1;
        if self.count > ITEMS_MAX {
            return;
        }
        if !self.items.is_empty() {
            self.items.push(b',');
        }
        let written = self.wrap.recorder.written(item);
        self.items.extend_from_slice(&written);
    }

    /// A stream has ended, or nobody asks for more.
    pub(super) fn items_done(&mut self) {
        let output = self.list();
        self.record_action(&output);
    }

    /// It has failed.
    pub(super) fn failed(&mut self, code: &str, message: &str) {
        if std::mem::replace(&mut self.is_recorded, true) {
            return;
        }
        let value = |written: &[u8]| json::parse(written).unwrap_or_default();
        let output = if self.count == 0 { Value::Null } else { value(&self.list()) };
        let model = self.wrap.model.as_deref().unwrap_or_else(|| self.wrap.recorder.ai_version());
        let action = json!({
            "function": self.wrap.function,
            "input": self.wrap.input.as_deref().map_or(Value::Null, value),
            "output": output,
            "latency_ms": (self.began.elapsed().as_secs_f64() * 1e6).round() / 1e3,
            "model": model,
        });
        self.wrap.recorder.error(code, message).timestamp(self.at).with_action(action).record();
    }

    /// It has panicked.
    pub(super) fn panicked(&mut self, panic: &(dyn Any + Send)) {
        let message = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        self.failed("panic", &message);
    }

    fn list(&self) -> Vec<u8> {
        let mut list = vec![b'['];
        list.extend_from_slice(&self.items);
        if self.count > ITEMS_MAX {
            list.extend_from_slice(format!(r#","[cut: {} items]""#, self.count).as_bytes());
        }
        list.push(b']');
        list
    }

    fn record_action(&mut self, output: &[u8]) {
        if std::mem::replace(&mut self.is_recorded, true) {
            return;
        }
        let input = self.wrap.input.as_deref().unwrap_or(b"null");
        let mut action =
            self.wrap.recorder.action(&self.wrap.function).timestamp(self.at).latency(self.began.elapsed());
        if let Some(model) = &self.wrap.model {
            action = action.model(model);
        }
        action.written(input, output).record();
    }
}
