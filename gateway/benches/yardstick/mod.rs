//! What the benchmarks here measure by: `serde_json` reading one event of about 1 KB into a value, in the same run.
#![allow(unreachable_pub, dead_code, reason = "each benchmark uses a part of it")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Calls in one round of the yardstick.
const PARSES_PER_ROUND: u32 = 2_000;

/// The event.
pub fn event() -> String {
    let event = json!({
        "event_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
        "event_type": "ai.action",
        "ai_id": "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
        "ai_version": "model-1",
        "timestamp": "2026-03-01T09:30:00.123456Z",
        "sequence": 4711,
        "key_id": "default",
        "signature_algorithm": "HMAC-SHA256",
        "signature": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
        "action": {
            "function": "search_direct_flight",
            "input": {"origin": "JFK", "destination": "SEA", "date": "2026-03-20", "passengers": 2},
            "output": [
                {"flight": "HAT069", "departs": "06:00", "arrives": "12:00", "seats": {"economy": 15, "business": 0}, "price": 121.5},
                {"flight": "HAT083", "departs": "01:00", "arrives": "07:00", "seats": {"economy": 7, "business": 4}, "price": 99.25},
            ],
            "latency_ms": 182.25,
            "tokens_used": 512,
        },
        "response": {"output": "There are two direct flights that morning.\nThe earlier one is cheaper; shall I book it?"},
        "metadata": {
            "session_id": "5b0c1a52-4a0e-4b1e-9c38-6a2f1d7e8b90",
            "request_id": "req_01HZX",
            "labels": {"team": "travel", "stage": "production"},
        },
    });
    let text = event.to_string();
    assert!((900..1_150).contains(&text.len()), "an event of about 1 KB, not of {} bytes", text.len());
    text
}

/// Reads it.
pub fn parse(event: &str) -> Value {
    serde_json::from_slice(black_box(event.as_bytes())).unwrap()
}

/// The time of reading it, of many times.
pub fn time_of_a_parse(event: &str) -> Duration {
    let started = Instant::now();
    (0..PARSES_PER_ROUND).for_each(|_| drop(black_box(parse(event))));
    started.elapsed() / PARSES_PER_ROUND
}

/// The middle one.
pub fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
