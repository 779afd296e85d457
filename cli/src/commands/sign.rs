//! `gapin sign`: signs events from standard input.

use std::{
    io::{BufRead, BufReader},
    time::SystemTime,
};

use aibbar::{Event, Timestamp};
use clap::Args;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    client::{Defaults, Signer},
    exit::{Exit, Failure},
    lines::{LINE_BYTES_MAX, Line, Lines},
    settings::{
        client::{AiSettings, SigningSettings},
        data_dir::DataDirSettings,
    },
    terminal::{note, say},
};

/// Sign events: one JSON object, or one on each line, from standard input
#[derive(Args, Debug)]
pub(crate) struct SignArgs {
    #[command(flatten)]
    signing: SigningSettings,
    #[command(flatten)]
    ai: AiSettings,
    #[command(flatten)]
    data_dir: DataDirSettings,
}

pub(crate) const EXAMPLES: &str = "\
Absent `timestamp` (now), `ai_id`, `key_id` and `metadata` ({}) are filled in before signing.

Examples:
  gapin sign < event.json
  gapin sign < events.ndjson > signed.ndjson
  gapin sign < event.json | curl -sS -H \"Authorization: Bearer $GAPIN_API_KEY\" \\
      -H 'Content-Type: application/json' --data-binary @- \"$GAPIN_URL/aibbar/events\"";

pub(crate) fn run(args: SignArgs) -> Result<Exit, Failure> {
    let defaults = Defaults::read(&args.data_dir.data_dir)?;
    let filling = Filling { signer: defaults.signer(args.signing)?, ai_id: defaults.ai_id(args.ai)? };
    let mut exit = Exit::Ok;
    for_each_event(BufReader::new(std::io::stdin().lock()), |line, event| {
        match event.and_then(|event| filling.sign(&event)) {
            Ok(signed) => say(&signed.to_json()),
            Err(why) => {
                exit = Exit::SomeRefused;
                note(&format!("line {line}: {why}"));
                Ok(())
            }
        }
    })?;
    Ok(exit)
}

/// What an event gets where it says nothing.
struct Filling {
    signer: Signer,
    ai_id: Option<Uuid>,
}

impl Filling {
    fn sign(&self, json: &[u8]) -> Result<Event, String> {
        let Value::Object(mut event) = aibbar::json::parse(json).map_err(|fault| format!("invalid_json: {fault}"))?
        else {
            return Err("schema_violation: an event is a JSON object".to_owned());
        };
        self.fill(&mut event);
        if let (Some(ours), Some(named)) = (&self.signer.key_id, event.get("key_id"))
            && named != ours.as_str()
        {
            return Err(format!(
                "it names another signing key in `key_id` than {ours:?}, whose secret is at hand: no gateway would \
                 verify it; take `key_id` out, or set GAPIN_SIGNING_KEY_ID and GAPIN_SIGNING_SECRET to that key's"
            ));
        }
        Event::sign(event, &self.signer.secret).map_err(|refusal| {
            let faults: String =
                refusal.faults.iter().map(|fault| format!("\n  {}: {}", fault.pointer, fault.detail)).collect();
            format!("{refusal}{faults}")
        })
    }

    fn fill(&self, event: &mut Map<String, Value>) {
        let mut fill = |name: &str, value: Option<Value>| {
            if let (false, Some(value)) = (event.contains_key(name), value) {
                event.insert(name.to_owned(), value);
            }
        };
        fill("timestamp", Some(Timestamp::from(SystemTime::now()).to_string().into()));
        fill("metadata", Some(Value::Object(Map::new())));
        fill("ai_id", self.ai_id.map(|ai_id| ai_id.to_string().into()));
        fill("key_id", self.signer.key_id.clone().map(Value::from));
    }
}

/// Calls `each` with every event of the input and the line it begins on: one event however it is
/// laid out, or one on each line when the first line is an event by itself.
pub(super) fn for_each_event(
    input: impl BufRead,
    mut each: impl FnMut(u64, Result<Vec<u8>, String>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| Failure::failed(format!("standard input can't be read: {error}"));
    let too_long = || format!("longer than the {LINE_BYTES_MAX} bytes that are read");
    let mut lines = Lines::new(input, LINE_BYTES_MAX);
    let Some(Line { number, bytes: first, .. }) = lines.next_line().map_err(unreadable)? else {
        return Err(Failure::usage("standard input holds no event"));
    };
    let Some(mut first) = first else { return each(number, Err(too_long())) };
    if is_whole(&first) {
        each(number, Ok(first))?;
        while let Some(line) = lines.next_line().map_err(unreadable)? {
            each(line.number, line.bytes.ok_or_else(too_long))?;
        }
        return Ok(());
    }
    match lines.rest().map_err(unreadable)? {
        Some(rest) => {
            first.push(b'\n');
            first.extend(rest);
            each(number, Ok(first))
        }
        None => each(number, Err(too_long())),
    }
}

/// Whether the line holds a JSON value from its first to its last character.
fn is_whole(line: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::SigningSecret;

    use super::*;

    fn events(input: &str) -> Vec<(u64, String)> {
        let mut events = Vec::new();
        for_each_event(input.as_bytes(), |line, event| {
            events.push((line, String::from_utf8(event.unwrap()).unwrap()));
            Ok(())
        })
        .unwrap();
        events
    }

    #[test]
    fn one_event_may_be_laid_out_over_lines() {
        assert_eq!(events("\n{\n \"a\": 1\n}\n"), [(2, "{\n \"a\": 1\n}\n".to_owned())]);
    }

    #[test]
    fn several_events_stand_on_a_line_each() {
        assert_eq!(events("{\"a\":1}\n\n{\"b\":\n"), [(1, "{\"a\":1}".to_owned()), (3, "{\"b\":".to_owned())]);
    }

    #[test]
    fn what_is_absent_is_filled_and_what_is_there_stays() {
        let secret = SigningSecret::new("secret");
        let ai_id = Uuid::new_v4();
        let filling = Filling { signer: Signer { key_id: Some("k1".to_owned()), secret }, ai_id: Some(ai_id) };
        let signed = filling.sign(br#"{"event_type":"ai.query","ai_version":"v","query":{"prompt":"?"}}"#).unwrap();
        assert_eq!((signed.ai_id(), signed.key_id()), (ai_id, Some("k1")));
        signed.verify([&filling.signer.secret]).unwrap();

        let given = br#"{"event_type":"ai.query","ai_version":"v","query":{"prompt":"?"},"key_id":"k1","timestamp":"2026-01-01T00:00:00Z"}"#;
        let signed = filling.sign(given).unwrap();
        assert_eq!((signed.key_id(), signed.timestamp().unix_ms()), (Some("k1"), 1_767_225_600_000));
    }

    #[test]
    fn an_event_for_another_key_is_not_signed_with_this_one() {
        let secret = SigningSecret::new("secret");
        let filling = Filling { signer: Signer { key_id: Some("k1".to_owned()), secret }, ai_id: None };
        let why = filling.sign(br#"{"event_type":"ai.query","key_id":"other"}"#).unwrap_err();
        assert!(why.contains("k1") && why.contains("GAPIN_SIGNING_KEY_ID"), "{why}");
    }

    #[test]
    fn every_fault_is_told() {
        let filling = Filling { signer: Signer { key_id: None, secret: SigningSecret::new("s") }, ai_id: None };
        let why = filling.sign(br#"{"event_type":"ai.nothing","extra":1}"#).unwrap_err();
        for part in ["schema_violation", "ai_id", "ai_version", "/event_type"] {
            assert!(why.contains(part), "{part} is missing in: {why}");
        }
        assert!(filling.sign(br#"{"a":1,"a":2}"#).unwrap_err().starts_with("invalid_json"));
    }
}
