//! What is sent: events as agents record them, the same for the same seed.
//!
//! Sizes follow [`SIZES`]: median 0.94 KB, of a hundred one above 20 KB. What they hold is made of this crate's own words:
//! tool calls with their results, prompts and answers, decisions, errors; in some, personal data and secrets, so that
//! redaction has what it has in life.

mod prose;
mod sizes;

use serde_json::{Map, Value, json};

use crate::random::Random;

pub use sizes::{SIZES, size_at};

/// Events of the mixed corpus, when nobody says otherwise: enough for the percentile 99 to be of forty events.
pub const EVENTS: usize = 4_000;

/// In so many of a thousand events there are personal data.
const PERSONAL_PER_MILLE: usize = 150;
/// In so many of a thousand events there is a secret.
const SECRET_PER_MILLE: usize = 30;

/// What each event has besides its own members, when it is sent: ids, times, key, signature. See [`crate::template`].
const HEAD_BYTES: usize = 340;

/// Unsigned events, without what is each event's own (`event_id`, `ai_id`, `timestamp`, `sequence`, `key_id`).
#[derive(Clone, Debug)]
pub struct Corpus {
    events: Vec<Map<String, Value>>,
}

impl Corpus {
    /// Events of all sizes and kinds.
    pub fn mixed(seed: u64, events: usize) -> Corpus {
        let mut random = Random::new(seed);
        let mut sizes: Vec<usize> = (0..events).map(|index| size_at((index as f64 + 0.5) / events as f64)).collect();
        // Fisher and Yates.
        for last in (1..sizes.len()).rev() {
            sizes.swap(last, random.below(last + 1));
        }
        Corpus { events: sizes.into_iter().map(|bytes| event(&mut random, bytes)).collect() }
    }

    /// The one event that yardsticks are made of.
    pub fn median() -> Corpus {
        let mut event: Map<String, Value> =
            serde_json::from_str(include_str!("../corpus/median.json")).expect("the corpus is JSON");
        for own in ["event_id", "ai_id", "timestamp", "sequence", "key_id"] {
            event.remove(own);
        }
        Corpus { events: vec![event] }
    }

    /// The events.
    pub fn events(&self) -> &[Map<String, Value>] {
        &self.events
    }
}

/// One event of about this many bytes, once it is signed.
fn event(random: &mut Random, bytes: usize) -> Map<String, Value> {
    let model = random.of(&["model-1", "model-1-mini", "model-2-large"]);
    let room = bytes.saturating_sub(HEAD_BYTES);
    let metadata = metadata(random, room);
    let room = room.saturating_sub(json_bytes(&metadata));
    let (event_type, member, content) = match random.below(100) {
        0..45 => ("ai.action", "action", action(random, model, room)),
        45..65 => ("ai.response", "response", response(random, model, room)),
        65..85 => ("ai.query", "query", query(random, model, room)),
        85..93 => ("ai.decision", "decision", decision(random, room)),
        _ => ("ai.error", "error", error(random, room)),
    };
    let mut event = Map::new();
    event.insert("event_type".to_owned(), event_type.into());
    event.insert("ai_version".to_owned(), model.into());
    event.insert(member.to_owned(), content);
    event.insert("metadata".to_owned(), metadata);
    event
}

fn metadata(random: &mut Random, room: usize) -> Value {
    if room < 300 {
        return json!({});
    }
    json!({
        "session_id": uuid::Uuid::from_u64_pair(random.next(), random.next()).to_string(),
        "request_id": format!("req_{:012x}", random.next() >> 16),
        "labels": { "team": random.of(prose::TEAMS), "stage": "production" },
    })
}

fn action(random: &mut Random, model: &str, room: usize) -> Value {
    let mut action = json!({
        "function": random.of(prose::FUNCTIONS),
        "input": {},
        "output": null,
        "latency_ms": (random.below(200_000) as f64) / 100.0,
        "model": model,
    });
    let mut room = room.saturating_sub(json_bytes(&action) + "\"action\":,".len());
    if room > 80 {
        let input = json!({ "query": text(random, (room / 4).min(400)), "limit": 20 });
        room = room.saturating_sub(json_bytes(&input));
        action["input"] = input;
    }
    if room > 150 {
        action["tokens_used"] = random.below(4_000).into();
        let (mut found, mut left) = (Vec::new(), room - 20);
        while left > 2 * prose::FOUND_BYTES {
            let one = prose::found(random);
            left = left.saturating_sub(json_bytes(&one) + 1);
            found.push(one);
        }
        found.push(json!({ "note": text(random, left.saturating_sub(r#"{"note":""}"#.len())) }));
        action["output"] = found.into();
    } else {
        action["output"] = text(random, room).into();
    }
    action
}

fn response(random: &mut Random, model: &str, room: usize) -> Value {
    let mut response = json!({ "output": "", "model": model, "finish_reason": "stop" });
    if room > 300 {
        response["usage"] = json!({ "input_tokens": random.below(9_000), "output_tokens": random.below(2_000) });
    }
    let room = room.saturating_sub(json_bytes(&response) + "\"response\":,".len());
    response["output"] = text(random, room).into();
    response
}

fn query(random: &mut Random, model: &str, room: usize) -> Value {
    if room < 300 {
        return json!({ "prompt": text(random, room.saturating_sub(r#""query":{"prompt":""},"#.len())) });
    }
    const ROUND: usize = r#"{"content":"","role":"assistant"},"#.len();
    let turns = random.below(6) + 2;
    let each = room.saturating_sub(r#""query":{"messages":[],"model":"model-2-large"},"#.len()) / turns;
    let messages: Vec<Value> = (0..turns)
        .map(|turn| {
            let role = ["user", "assistant"][(turn + 1) % 2];
            json!({ "role": if turn == 0 { "system" } else { role }, "content": text(random, each.saturating_sub(ROUND)) })
        })
        .collect();
    json!({ "messages": messages, "model": model })
}

fn decision(random: &mut Random, room: usize) -> Value {
    let mut decision = json!({
        "type": random.of(&["routing", "approval", "ranking"]),
        "logic": "",
        "options": ["wait", "ask", { "go": random.below(9) }],
        "chosen": "ask",
        "confidence": (random.below(1_001) as f64) / 1_000.0,
    });
    let room = room.saturating_sub(json_bytes(&decision) + "\"decision\":,".len());
    decision["logic"] = text(random, room).into();
    decision
}

fn error(random: &mut Random, room: usize) -> Value {
    let mut error = json!({
        "code": random.of(&["timeout", "rate_limited", "tool_failed"]),
        "message": text(random, (room / 4).min(200)),
        "stack": "",
        "recoverable": random.happens(700),
    });
    let room = room.saturating_sub(json_bytes(&error) + "\"error\":,".len());
    error["stack"] = prose::stack(random, room).into();
    error
}

/// So many bytes of text, as JSON counts them, with what has to be hidden in some.
fn text(random: &mut Random, bytes: usize) -> String {
    let mut text = String::new();
    if bytes > 120 && random.happens(PERSONAL_PER_MILLE) {
        text.push_str(&prose::personal(random));
    }
    if bytes > 160 && random.happens(SECRET_PER_MILLE) {
        text.push_str(&prose::secret(random));
    }
    prose::fill(random, text, bytes)
}

fn json_bytes(value: &Value) -> usize {
    value.to_string().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_corpus() {
        assert_eq!(Corpus::mixed(7, 50).events(), Corpus::mixed(7, 50).events());
        assert_ne!(Corpus::mixed(7, 50).events(), Corpus::mixed(8, 50).events());
    }

    #[test]
    fn every_kind_is_there_in_its_share() {
        let corpus = Corpus::mixed(1, EVENTS);
        let share = |word: &str| {
            let of = corpus.events().iter().filter(|event| event["event_type"] == word).count();
            of * 100 / corpus.events().len()
        };
        for (word, expected) in
            [("ai.action", 45), ("ai.response", 20), ("ai.query", 20), ("ai.decision", 8), ("ai.error", 7)]
        {
            assert!(share(word).abs_diff(expected) <= 3, "{word}: {} %", share(word));
        }
    }
}
