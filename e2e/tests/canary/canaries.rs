//! Every canary that was sent, and where; and who finds one of them again in some bytes, in whatever form.

use std::{fmt::Display, sync::Mutex};

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::kind::Kind;

/// A form shorter than this is found by chance.
const FORM_BYTES_MIN: usize = 8;
/// What is shown around a find.
const SHOWN_BYTES: usize = 60;

/// What was sent, and must be seen nowhere.
#[derive(Debug)]
struct Sent {
    what: String,
    place: String,
    needle: String,
}

/// All that was sent.
#[derive(Default)]
pub(crate) struct Canaries(Mutex<Vec<Sent>>);

impl Canaries {
    /// A new canary of this kind for this place.
    pub(crate) fn make(&self, kind: Kind, place: impl Display) -> String {
        let mut sent = self.0.lock().unwrap();
        let (text, needle) = kind.make(sent.len() as u64);
        sent.push(Sent { what: format!("{kind:?}"), place: place.to_string(), needle });
        text
    }

    /// A secret that the system made or was given.
    pub(crate) fn keep(&self, what: &str, needle: &str) {
        assert!(needle.len() >= FORM_BYTES_MIN, "{what} is too short to be looked for");
        let sent = Sent { what: what.to_owned(), place: "the system's own".to_owned(), needle: needle.to_owned() };
        self.0.lock().unwrap().push(sent);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Whoever finds them.
    pub(crate) fn finder(&self) -> Finder {
        let sent = std::mem::take(&mut *self.0.lock().unwrap());
        let mut forms = Vec::new();
        let mut whose = Vec::new();
        for (number, canary) in sent.iter().enumerate() {
            for form in forms_of(&canary.needle) {
                forms.push(form);
                whose.push(number);
            }
        }
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(&forms).unwrap();
        Finder { automaton, whose, sent }
    }
}

/// Finds canaries.
pub(crate) struct Finder {
    automaton: AhoCorasick,
    whose: Vec<usize>,
    sent: Vec<Sent>,
}

impl Finder {
    /// What of them stands in these bytes, each canary once.
    pub(crate) fn find(&self, bytes: &[u8]) -> Vec<String> {
        let mut seen = std::collections::BTreeSet::new();
        let mut told = Vec::new();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let number = self.whose[found.pattern()];
            if seen.insert(number) {
                let Sent { what, place, needle } = &self.sent[number];
                let around = found.start().saturating_sub(SHOWN_BYTES)..(found.end() + SHOWN_BYTES).min(bytes.len());
                let around = String::from_utf8_lossy(&bytes[around]);
                told.push(format!("{what} of {place} ({needle}) in: …{}…", around.escape_debug()));
            }
        }
        told
    }
}

/// The needle as it is, and as anything on the way may have written it. Letters in either case are the finder's.
fn forms_of(needle: &str) -> Vec<Vec<u8>> {
    let json = serde_json::Value::from(needle).to_string();
    let ascii_json: String =
        needle.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) }).collect();
    let mut forms: Vec<String> = vec![
        needle.to_owned(),
        json[1..json.len() - 1].to_owned(),
        ascii_json,
        percent_encoded(needle),
        needle.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ];
    for offset in 0..3 {
        // Within a longer text a needle begins at any of three places of a group; its edges are cut off with its neighbours.
        let padded = [vec![0; offset], needle.as_bytes().to_vec()].concat();
        let whole = (padded.len() * 8) / 6;
        let begin = (offset * 8).div_ceil(6);
        forms.push(STANDARD_NO_PAD.encode(&padded)[begin..whole].to_owned());
        forms.push(URL_SAFE_NO_PAD.encode(&padded)[begin..whole].to_owned());
    }
    forms.sort_unstable();
    forms.dedup();
    forms.into_iter().filter(|form| form.len() >= FORM_BYTES_MIN).map(String::into_bytes).collect()
}

/// Everything but letters and digits escaped.
pub(crate) fn percent_encoded(text: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    escaped.collect()
}

#[test]
fn a_canary_is_found_in_every_form() {
    let canaries = Canaries::default();
    let text = canaries.make(Kind::Email, "a test");
    canaries.keep("a secret", "tell/no+one \"this\"");
    let finder = canaries.finder();
    let base64 = |before: &str| STANDARD_NO_PAD.encode(format!("{before}{text} and more"));
    for hidden in [
        text.clone(),
        text.to_uppercase(),
        percent_encoded(&text),
        base64(""),
        base64("x"),
        base64("xy"),
        serde_json::json!({ "in": "tell/no+one \"this\"" }).to_string(),
        percent_encoded("tell/no+one \"this\""),
    ] {
        assert_eq!(finder.find(format!("before {hidden} after").as_bytes()).len(), 1, "{hidden}");
    }
    assert_eq!(finder.find(b"canary.[REDACTED:email]"), [""; 0]);
}
