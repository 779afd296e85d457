//! Redaction takes time linear in the size of its input: 256 KiB of any near-misses stay within 20 times the usual cost of a byte.
//!
//! Time is the processor's for this thread, and hostile text is measured against usual text in the same run; what seems too slow is
//! measured again. A rule that reads its input twice as often as it is long would be a thousand times beyond the bound.
#![allow(clippy::unwrap_used)]

#[path = "../benches/hostile/mod.rs"]
mod hostile;

use std::time::{Duration, Instant};

use aibbar::{
    Kind, RuleSet,
    redact::{OwnRule, Settings},
};
use serde_json::{Map, Value, json};

const EVENT_BYTES: usize = 256 * 1024;
const SLOWER_MAX: f64 = 20.0;
/// What is beyond the bound is measured so often before it counts.
const TRIES: usize = 10;

fn rules() -> RuleSet {
    RuleSet::default().with(Kind::IpAddress, true)
}

/// What the processor spent on this thread; where the system does not tell, what the clock says.
fn processor_time() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|line| line.split(' ').next()?.parse().ok()).map(Duration::from_nanos);
    nanos.unwrap_or_else(|| START.get_or_init(Instant::now).elapsed())
}

fn cost(work: &dyn Fn(), bytes: usize) -> f64 {
    let start = processor_time();
    work();
    (processor_time() - start).as_secs_f64() / bytes as f64
}

/// What is measured: its name, the bytes that it reads, and the reading.
type Work = (String, usize, Box<dyn Fn()>);

/// Names what costs more than it may, with how many times the usual it costs.
fn check(works: Vec<Work>) {
    let usual_text = hostile::filled(hostile::USUAL, EVENT_BYTES);
    let usual = || cost(&|| drop(rules().redact_text(&usual_text).1), usual_text.len());
    usual(); // compiles the rules
    let mut least = usual();
    let slow: Vec<String> = works
        .into_iter()
        .filter_map(|(name, bytes, work)| {
            let mut slower = f64::INFINITY;
            for _ in 0..TRIES {
                slower = slower.min(cost(&*work, bytes) / least);
                if slower <= SLOWER_MAX {
                    return None;
                }
                // Perhaps the usual was measured in better times.
                least = usual();
            }
            Some(format!("{name}: {slower:.0} times"))
        })
        .collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

fn text(name: String, text: String) -> Work {
    (name, text.len(), Box::new(move || drop(rules().redact_text(&text).1)))
}

#[test]
fn near_misses_repeated_cost_no_more_than_their_length() {
    check(
        hostile::PIECES.iter().map(|piece| text(format!("{piece:?} …"), hostile::filled(piece, EVENT_BYTES))).collect(),
    );
}

/// As many rules as there may be, all of this pattern.
fn own_rules(pattern: &str) -> RuleSet {
    let rule = |number: usize| OwnRule {
        name: format!("rule_{number}"),
        pattern: Some(pattern.to_owned()),
        pointer: None,
        mode: aibbar::Mode::Mask,
    };
    let rules = (0..Settings::RULES_MAX).map(rule).collect();
    RuleSet::new(&Settings { rules, ..Settings::default() }, None).unwrap()
}

/// Letters without a plan, so that an automaton that remembers where each of them stood is never done with making states.
fn planless(letters: [&str; 4], bytes: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut text = String::with_capacity(bytes + 8);
    while text.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(letters[(state >> 60) as usize % letters.len()]);
    }
    text
}

#[test]
fn own_patterns_that_need_too_many_states_cost_no_more_than_the_length() {
    const PATTERNS: [&str; 6] = [
        "[ab]{0,100}a[ab]{100}c",
        "(?:[ab]{1,15}a){2,15}c",
        "[ab]{4}a[ab]{14}c",
        "[ab]{4}(?:[ab]{1,100}a[ab]{100}c)?",
        r"\b[ab]{0,30}a[ab]{30}c\b",
        "EMP-[0-9]{6}",
    ];
    let texts = [["a", "b", "a", "b"], ["ab", "ba", "aab ", "b"], ["a", "b", "ab", "\\n"], ["a", "bb", "é", "ab"]];
    let work = |pattern: &str, letters: [&str; 4]| -> Work {
        let (rules, text) = (own_rules(pattern), planless(letters, EVENT_BYTES));
        (format!("{pattern:?} in {letters:?}"), text.len(), Box::new(move || drop(rules.redact_text(&text).1)))
    };
    check(PATTERNS.iter().flat_map(|pattern| texts.iter().map(move |letters| work(pattern, *letters))).collect());
}

#[test]
fn long_runs_cost_no_more_than_their_length() {
    let run = |(beginning, character): &(&str, char)| {
        text(format!("{beginning:?} and {character:?} …"), hostile::run(beginning, *character, EVENT_BYTES))
    };
    check(hostile::RUNS.iter().map(run).collect());
}

#[test]
fn values_of_any_shape_cost_no_more_than_their_length() {
    let value = |name: &str, value: Value| -> Work {
        let Value::Object(object) = value else { panic!("an object") };
        let bytes = serde_json::to_string(&object).unwrap().len();
        (name.to_owned(), bytes, Box::new(move || drop(rules().redact(&mut object.clone()))))
    };
    let deep = (0..60).fold(json!("bob@example.com"), |inner, _| json!({ "a/b~c": [inner] }));
    let same: Map<String, Value> = (0..10_000).map(|index| (format!("bob{index}@example.com"), json!(1))).collect();
    let taken: Map<String, Value> = (0..5_000)
        .flat_map(|index| {
            [(format!("bob{index}@example.com"), json!(1)), (format!("[REDACTED:email]#{index}"), json!(1))]
        })
        .collect();
    let long_name = "k".repeat(2000);
    check(vec![
        value("keys that become the same", Value::Object(same)),
        value("keys that become names that are taken", Value::Object(taken)),
        value("many short strings", json!({ "a": vec!["a@b.co"; 20_000] })),
        value("many numbers under a name", json!({ "pin": vec![4711; 30_000] })),
        value("many empty objects", json!({ "a": vec![json!({}); 40_000] })),
        value("deep ones", json!({ "a": vec![deep; 250] })),
        value("long names", json!({ "a": vec![json!({ long_name.clone(): { long_name: "a@b.co" } }); 60] })),
        value("named by siblings", json!({ "a": vec![json!({ "name": "password", "value": "x" }); 6_000] })),
    ]);
}
