//! Q: what it costs anyone, on this machine and now, to read one median event and to know that it is genuine.
//!
//! `serde_json` parses the corpus's median event, signed, into a `Value`, and HMAC-SHA256 is taken of its canonical bytes
//! by the fastest crate at hand: `sha2`, which uses the processor's SHA instructions where there are any.

use std::{hint::black_box, time::Instant};

use aibbar::{Event, RuleSet, Signer, SigningSecret, canonical};
use serde_json::{Map, Value};

/// Events in one try, and tries: some 0.1 s together, and the best of them is what nothing disturbed.
const EVENTS: u32 = 400;
const TRIES: usize = 25;

/// What the machine takes for the median event.
#[derive(Clone, Copy, Debug)]
pub struct Yardstick {
    /// Q, in microseconds.
    pub q_us: f64,
    /// The check of the same event as a gateway does it (parse, schema, signature, redaction), in microseconds.
    pub check_us: f64,
}

impl Yardstick {
    /// Takes it, now.
    pub fn take() -> Yardstick {
        let secret = SigningSecret::new("not-a-secret: for benchmarks only");
        let unsigned: Map<String, Value> =
            serde_json::from_str(include_str!("../corpus/median.json")).expect("the corpus is JSON");
        let event = Event::sign(unsigned, &secret).expect("the corpus is of the schema");
        let text = event.to_json();
        let members: Map<String, Value> = serde_json::from_str(&text).expect("it was written as JSON");
        let canonical = canonical::to_vec_without(&members, "signature");
        let signer = Signer::new(&secret);
        let rules = RuleSet::default();
        let q = || {
            let value: Value = serde_json::from_slice(black_box(text.as_bytes())).expect("it was written as JSON");
            black_box((value, signer.sign(black_box(&canonical))));
        };
        let check = || {
            let event = Event::parse(black_box(text.as_bytes())).expect("it was signed");
            event.verify([&secret]).expect("it was signed with this");
            black_box(event.redact(&rules));
        };
        // Rules are compiled at their first use.
        check();
        Yardstick { q_us: best_us(q), check_us: best_us(check) }
    }
}

/// Microseconds of one, by the best of some tries.
fn best_us(mut one: impl FnMut()) -> f64 {
    let tries = (0..TRIES).map(|_| {
        let began = Instant::now();
        for _ in 0..EVENTS {
            one();
        }
        began.elapsed().as_secs_f64() * 1e6 / f64::from(EVENTS)
    });
    tries.fold(f64::INFINITY, f64::min)
}
