//! For the cross test of the SDKs: `sign COUNT SEED SECRET` writes signed events, one on each line; `verify SECRET` reads such
//! lines and writes, as JSON, how many there were and which do not verify.

use std::{
    io::{self, BufRead, Write},
    time::SystemTime,
};

use serde_json::{Value, json};
use uuid::{NoContext, Timestamp, Uuid};

use crate::random::HardValues;

const AI_ID: &str = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b";

pub(crate) fn sign(count: usize, seed: u64, secret: &str) {
    let mut values = HardValues::new(seed);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let at = aibbar::Timestamp::from_unix_ms(now.as_millis() as i64).to_string();
    let mut out = io::stdout().lock();
    for number in 0..count {
        let mut event = values.event(number);
        let event_id = Uuid::new_v7(Timestamp::from_unix(NoContext, now.as_secs(), now.subsec_nanos()));
        let head = json!({"ai_id": AI_ID, "ai_version": "cross-1", "timestamp": at, "event_id": event_id});
        if let (Value::Object(event), Value::Object(head)) = (&mut event, head) {
            event.extend(head);
        }
        writeln!(out, "{}", gapin_sdk::sign(&event, secret).unwrap()).unwrap();
    }
}

pub(crate) fn verify(secret: &str) {
    let (mut events, mut bad) = (0, Vec::new());
    for line in io::stdin().lock().split(b'\n') {
        if !gapin_sdk::verify(&line.unwrap(), secret) {
            bad.push(events);
        }
        events += 1;
    }
    println!("{}", json!({"events": events, "bad": bad}));
}
