//! One string: what the recognisers find in it and in its decoded views, replaced.

use std::sync::LazyLock;

use regex::Regex;

use super::hit::{Hit, resolve};
use super::name::Meaning;
use super::view::View;
use super::{Kind, RuleSet, card, command, connection, cookie, email, iban, ip, password, pem, phone, secret, ssn};

/// How often escapes are undone inside of escapes: JSON in a string of JSON in a query string.
const VIEWS_MAX: usize = 3;

/// A placeholder can uncover a neighbour that was hidden by what it replaces; this often the text is read again.
const ROUNDS_MAX: usize = 4;

/// A text with nothing left to hide.
pub(super) struct Hidden {
    pub(super) text: String,
    /// What it held, each kind once, in the order of `Kind::ALL`.
    pub(super) kinds: Vec<Kind>,
}

/// The text without what must be hidden, or `None` when there is nothing to hide. `about` is what the name of the text means,
/// when it has one.
pub(super) fn redact(rules: &RuleSet, text: &str, about: Option<Meaning>) -> Option<Hidden> {
    let mut hits = find(rules, text, about);
    if hits.is_empty() {
        return None;
    }
    let mut found = [false; Kind::ALL.len()];
    let mut hidden = replace(text, &hits, &mut found);
    for _ in 1..ROUNDS_MAX {
        hits = find(rules, &hidden, about);
        if hits.is_empty() {
            break;
        }
        hidden = replace(&hidden, &hits, &mut found);
    }
    Some(Hidden { text: hidden, kinds: Kind::ALL.into_iter().filter(|kind| found[*kind as usize]).collect() })
}

fn replace(text: &str, hits: &[Hit], found: &mut [bool; Kind::ALL.len()]) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    for hit in hits {
        found[hit.kind as usize] = true;
        hidden.push_str(&text[from..hit.start]);
        hidden.push_str(hit.kind.placeholder());
        from = hit.end;
    }
    hidden.push_str(&text[from..]);
    hidden
}

/// Everything to hide, sorted and disjoint, and nothing that is hidden already.
fn find(rules: &RuleSet, text: &str, about: Option<Meaning>) -> Vec<Hit> {
    let mut hits = Vec::new();
    look(rules, text, about, &mut hits);

    let mut view = View::decoded(text);
    for _ in 0..VIEWS_MAX {
        let Some(decoded) = view else { break };
        let mut found = Vec::new();
        look(rules, &decoded.text, about, &mut found);
        hits.extend(found.iter().map(|hit| {
            let (start, end) = decoded.original(hit.start, hit.end);
            Hit { start, end, kind: hit.kind }
        }));
        view = View::decoded(&decoded.text).map(|deeper| deeper.through(&decoded));
    }
    if !hits.is_empty() {
        spare_placeholders(text, &mut hits);
    }
    resolve(hits)
}

/// Which bytes a text has, for recognisers that need certain ones: most strings pass most recognisers by at once.
struct Alphabet {
    digits: usize,
    at_sign: bool,
    colons: usize,
    dots: usize,
}

impl Alphabet {
    fn of(text: &str) -> Self {
        let mut seen = Self { digits: 0, at_sign: false, colons: 0, dots: 0 };
        for byte in text.bytes() {
            seen.digits += usize::from(byte.is_ascii_digit());
            seen.at_sign |= byte == b'@';
            seen.colons += usize::from(byte == b':');
            seen.dots += usize::from(byte == b'.');
        }
        seen
    }
}

fn look(rules: &RuleSet, text: &str, about: Option<Meaning>, hits: &mut Vec<Hit>) {
    let seen = Alphabet::of(text);
    if rules.hides(Kind::Secret) {
        secret::find(text, hits);
        pem::find(text, hits);
        if seen.at_sign && seen.colons > 0 {
            connection::find(text, hits);
        }
    }
    if rules.hides(Kind::Password) {
        password::find(text, hits);
        command::find(text, hits);
        cookie::find(text, about, hits);
    }
    if rules.hides(Kind::Email) && seen.at_sign {
        email::find(text, hits);
    }
    if rules.hides(Kind::IpAddress) && (seen.colons >= 2 || (seen.dots >= 3 && seen.digits >= 4)) {
        ip::find(text, hits);
    }
    if rules.hides(Kind::Phone) && seen.digits >= phone::DIGITS_MIN {
        phone::find(text, about, hits);
    }
    if rules.hides(Kind::Ssn) && seen.digits >= ssn::DIGITS {
        ssn::find(text, about, hits);
    }
    if rules.hides(Kind::CreditCard) && seen.digits >= card::DIGITS_MIN {
        card::find(text, about, hits);
    }
    if rules.hides(Kind::Iban) && seen.digits >= iban::DIGITS_MIN {
        iban::find(text, hits);
    }
}

/// What is hidden stays as it is: a hit inside a placeholder is none, and one that reaches into a placeholder covers all of it.
fn spare_placeholders(text: &str, hits: &mut Vec<Hit>) {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        let kinds = Kind::ALL.map(Kind::as_str).join("|");
        Regex::new(&format!(r"\[REDACTED:(?:{kinds})\]")).expect("made of words")
    });
    let placeholders: Vec<(usize, usize)> =
        PLACEHOLDER.find_iter(text).map(|placeholder| (placeholder.start(), placeholder.end())).collect();
    if placeholders.is_empty() {
        return;
    }
    hits.retain_mut(|hit| {
        let first = placeholders.partition_point(|(_, end)| *end <= hit.start);
        let after = placeholders.partition_point(|(start, _)| *start < hit.end);
        if first < after {
            if placeholders[first].0 <= hit.start && hit.end <= placeholders[first].1 {
                return false;
            }
            hit.start = hit.start.min(placeholders[first].0);
            hit.end = hit.end.max(placeholders[after - 1].1);
        }
        true
    });
}
