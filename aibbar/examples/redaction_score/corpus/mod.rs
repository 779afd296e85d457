//! Texts made by rules, with what must be hidden in them: many values of each kind in many places, and what only looks like them.
//!
//! Everything here is written independently of the rules that it tries: its own check digits, its own lists. The same seed makes the
//! same texts for ever.

mod negative;
mod numbers;
mod people;
mod secrets;

use aibbar::Kind;

/// One text, and what it holds.
pub(crate) struct Case {
    /// The kind of which it holds something; `None` when nothing in it may be hidden.
    pub(crate) kind: Option<Kind>,
    pub(crate) text: String,
    /// Of this nothing may be read afterwards, as it stands in the text.
    pub(crate) hidden: String,
    /// What else is a right name for it: a password that has the shape of a token is a secret.
    pub(crate) also: Option<Kind>,
}

/// Every text, in the same order each time.
pub(crate) fn cases() -> Vec<Case> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut cases = Vec::new();
    people::cases(&mut random, &mut cases);
    numbers::cases(&mut random, &mut cases);
    secrets::cases(&mut random, &mut cases);
    negative::cases(&mut random, &mut cases);
    cases
}

/// Xorshift: enough for texts, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From `first` up to `last`, both included.
    pub(crate) fn within(&mut self, first: u64, last: u64) -> u64 {
        first + (self.next() >> 11) % (last - first + 1)
    }

    pub(crate) fn of<'t, T>(&mut self, values: &'t [T]) -> &'t T {
        &values[self.within(0, values.len() as u64 - 1) as usize]
    }

    /// So many characters out of an alphabet.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| *self.of(&alphabet)).collect()
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.text("0123456789", length)
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.text("0123456789abcdef", length)
    }

    pub(crate) fn uuid(&mut self) -> String {
        [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-")
    }
}

/// Where a value may stand in a text; `{}` is its place.
const PLACES: &[&str] = &[
    "{}",
    "Please write it down: {}.",
    "It was {} and not the other one, she said",
    "{\"note\": \"{}\", \"n\": 1}",
    "{\"body\":\"{\\\"note\\\":\\\"{}\\\"}\"}",
    "2026-05-15T10:00:00Z INFO web[712]: saved value={} took=13ms",
    "7,Bob,{},Berlin,true",
    "<td class=\"x\">{}</td>",
    "| Bob | {} | ok |",
    "- {}\n- next\n",
    "let value = \"{}\";",
    "values = ['{}', 'b']",
    "({})",
    "> quoted: **{}**",
    "first line\n{}\nlast line",
    "据说是 {} 吗？",
];

/// The value in every place, and in a URL.
fn in_places(kind: Kind, value: &str, cases: &mut Vec<Case>) {
    for place in PLACES {
        push(kind, &place.replace("{}", value), value, cases);
    }
    let encoded = percent_encoded(value);
    push(kind, &format!("https://shop.example/find?q={encoded}&page=2"), &encoded, cases);
}

/// The value in a few places, one after the other.
fn in_some_places(kind: Kind, value: &str, random: &mut Random, cases: &mut Vec<Case>) {
    for _ in 0..3 {
        let place = random.of(PLACES);
        push(kind, &place.replace("{}", value), value, cases);
    }
}

fn push(kind: Kind, text: &str, hidden: &str, cases: &mut Vec<Case>) {
    let also = (kind == Kind::Secret).then_some(Kind::Password);
    cases.push(Case { kind: Some(kind), text: text.to_owned(), hidden: hidden.to_owned(), also });
}

fn percent_encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
