//! One call that is under way.

use std::{
    any::Any,
    time::{Instant, SystemTime},
};

use aibbar::json;
use serde::Serialize;
use serde_json::{Value, json};

use super::{ITEMS_MAX, Wrap};
use crate::safe::HEAD_BYTES_MAX;

/// It is recorded once.
pub(super) struct Running {
    wrap: Wrap,
    at: SystemTime,
    began: Instant,
    /// The items of a stream, in their canonical form, with a comma between: so many that an event is full.
    items: Vec<u8>,
    count: usize,
    kept: usize,
    is_polled: bool,
    is_recorded: bool,
}

impl Running {
    pub(super) fn begin(wrap: Wrap) -> Self {
        Self {
            wrap,
            at: SystemTime::now(),
            began: Instant::now(),
            items: Vec::new(),
            count: 0,
            kept: 0,
            is_polled: false,
            is_recorded: false,
        }
    }

    /// A future or a stream is polled. With the first poll it begins.
    pub(super) fn polled(&mut self) {
        if !std::mem::replace(&mut self.is_polled, true) {
            (self.at, self.began) = (SystemTime::now(), Instant::now());
        }
    }

    /// It has returned.
    pub(super) fn done(&mut self, output: &(impl Serialize + ?Sized)) {
        let output = self.wrap.recorder.written(output);
        self.record_action(&output);
    }

    /// A stream has yielded.
    pub(super) fn item(&mut self, item: &impl Serialize) {
        self.count += 1;
        if self.kept == ITEMS_MAX || self.items.len() >= HEAD_BYTES_MAX {
            return;
        }
        self.kept += 1;
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
        if self.count > self.kept {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{recorder::Recorder, safe::LOOKED_BYTES_MAX, settings::Settings};

    #[test]
    fn of_a_stream_no_more_is_kept_than_an_event_holds() {
        let recorder =
            Recorder::new(Settings::new().url("http://127.0.0.1:9").api_key("k").signing_secret("s")).unwrap();
        let mut running = Running::begin(recorder.wrap("f"));
        let text = "x".repeat(HEAD_BYTES_MAX / 2);
        for _ in 0..10 {
            running.item(&text);
        }
        assert!(running.items.len() <= HEAD_BYTES_MAX + LOOKED_BYTES_MAX);
        let list = json::parse(&running.list()).unwrap();
        assert_eq!((list[1].as_str(), list[2].as_str()), (Some(text.as_str()), Some("[cut: 10 items]")));
        assert_eq!(list.as_array().map(Vec::len), Some(3));
        running.is_recorded = true;
    }
}
