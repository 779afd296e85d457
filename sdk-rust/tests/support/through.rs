//! Recorders that speak to the shared gateway through a faulty server.

use std::{sync::Arc, time::Duration};

use gapin_sdk::{Recorder, RecorderBuilder, Settings};
use serde_json::Value;
use uuid::Uuid;

use super::{
    FaultyGateway, eventually,
    faulty::{Gate, held_until},
    gateway, settings, stored,
};

/// Longer than any test waits.
pub const FLUSH: Duration = Duration::from_secs(60);

pub struct Through {
    pub faulty: FaultyGateway,
    pub ai_id: Uuid,
}

impl Through {
    pub fn new() -> Self {
        Self { faulty: FaultyGateway::new(gateway().port), ai_id: Uuid::new_v4() }
    }

    pub fn settings(&self) -> Settings {
        settings(gateway(), self.ai_id).url(&self.faulty.url)
    }

    /// Of a recorder that does not wait long.
    pub fn builder(&self) -> RecorderBuilder {
        quick(Recorder::builder(self.settings()))
    }

    pub fn stored(&self, count: usize) -> Vec<Value> {
        stored(gateway(), self.ai_id, count)
    }

    /// One event is under way, and stays so until the gate is opened.
    pub fn hold_the_first(&self, recorder: &Recorder) -> Arc<Gate> {
        let gate = Gate::new();
        self.faulty.faults([held_until(&gate)]);
        recorder.query().prompt("first").record();
        eventually("the first is under way", || (!self.faulty.arrived().is_empty()).then_some(()));
        gate
    }
}

pub fn quick(builder: RecorderBuilder) -> RecorderBuilder {
    builder
        .retry_wait_min(Duration::from_millis(5))
        .retry_wait_max(Duration::from_millis(50))
        .batch_age(Duration::from_millis(20))
        .flush_timeout(Duration::from_secs(1))
}

/// So many queries, numbered.
pub fn record(recorder: &Recorder, numbers: std::ops::Range<usize>) {
    for number in numbers {
        recorder.query().prompt(number.to_string()).record();
    }
}

pub fn prompts(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["query"]["prompt"].as_str().unwrap().to_owned()).collect()
}

pub fn numbered(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}
