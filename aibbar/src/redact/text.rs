//! One string: what the recognisers find in it and in its decoded views, replaced.

use std::borrow::Cow;
use std::iter::Peekable;
use std::sync::LazyLock;
use std::vec::IntoIter;

use regex::Regex;

use super::found::Found;
use super::growth::{bounded, text_bytes_max};
use super::hidden_already::set_aside;
use super::hint::{self, Hints, Seen};
use super::hit::{Hit, resolve};
use super::name::Meaning;
use super::view::View;
use super::why::Why;
use super::{
    Kind, RuleSet, announced, card, command, connection, cookie, email, iban, ip, manifest, password, pattern, pem,
    phone, secret, ssn, web_key,
};

/// How often escapes are undone inside of escapes: JSON in a string of JSON in a query string.
const VIEWS_MAX: usize = 3;

/// A placeholder can uncover a neighbour that was hidden by what it replaces; this often the text is read again.
const ROUNDS_MAX: usize = 8;

/// A text with nothing left to hide.
pub(super) struct Hidden {
    pub(super) text: String,
    /// What it held.
    pub(super) found: Found,
    /// The kind of what it was from its first to its last character, when it was one thing alone.
    pub(super) whole: Option<Kind>,
    /// The stand-ins in the text, in order; none when nobody asked for them and nothing had to be substituted.
    pub(super) spots: Vec<Spot>,
}

/// A stand-in in a text.
pub(super) struct Spot {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) why: Why,
    /// What stands there in the end, where that is not the placeholder of its kind.
    pub(super) stands_there: Option<String>,
    /// Whether something was hidden there just now.
    pub(super) is_new: bool,
}

/// The text without what must be hidden, or `None` when there is nothing to hide. `about` is what the name of the text means,
/// when it has one; `explain` asks for the spots.
pub(super) fn redact(rules: &RuleSet, text: &str, about: Option<Meaning>, explain: bool) -> Option<Hidden> {
    let read = if about.is_none() { read(rules, text)? } else { Seen::of(text) };
    let (seen, spots) = set_aside(rules, text);
    let bytes_max = text_bytes_max(text);
    let room = bytes_max.saturating_sub(bytes_unseen(&spots));
    let mut hits = match &seen {
        Cow::Borrowed(seen) => find_by(rules, seen, read, about, room),
        Cow::Owned(seen) => find(rules, seen, about, room),
    };
    if hits.is_empty() {
        return None;
    }
    let keeps_spots = explain || !spots.is_empty() || rules.substitutes();
    let mut spots = keeps_spots.then_some(spots);
    let mut found = Found::default();
    let mut hidden = replace(rules, &seen, &hits, &mut found, spots.as_mut());
    for round in 1..ROUNDS_MAX {
        let unseen = spots.as_deref().map_or(0, bytes_unseen);
        hits = find(rules, &hidden, about, bytes_max.saturating_sub(unseen));
        if hits.is_empty() {
            break;
        }
        if round == ROUNDS_MAX - 1 {
            // A chain of things that hide each other may be longer than there are rounds: what is left of it goes as one.
            hits.truncate(1);
            hits[0].end = hidden.len();
        }
        hidden = replace(rules, &hidden, &hits, &mut found, spots.as_mut());
    }
    let whole = Kind::ALL.into_iter().find(|kind| hidden == kind.placeholder());
    let mut spots = spots.unwrap_or_default();
    if spots.iter().any(|spot| spot.stands_there.is_some()) {
        hidden = put_in_place(&hidden, &mut spots);
    }
    Some(Hidden { text: hidden, found, whole, spots })
}

/// Whether there is anything to hide in a text that has no name, or one that means nothing.
pub(super) fn finds_in(rules: &RuleSet, text: &str) -> bool {
    let Some(seen) = read(rules, text) else { return false };
    let hits = match set_aside(rules, text).0 {
        Cow::Borrowed(text) => find_by(rules, text, seen, None, usize::MAX),
        Cow::Owned(text) => find(rules, &text, None, usize::MAX),
    };
    !hits.is_empty()
}

/// Reads a text whose name means nothing; `None` when that tells already that there is nothing to hide.
fn read(rules: &RuleSet, text: &str) -> Option<Seen> {
    let has_own_rules = rules.own().is_some();
    if !has_own_rules && is_uuid(text.as_bytes()) {
        return None;
    }
    let seen = Seen::of(text);
    (has_own_rules || !is_plain(text, seen)).then_some(seen)
}

/// Whether no recogniser has anything to look for: nearly every string of an event is so.
fn is_plain(text: &str, seen: Seen) -> bool {
    const SEARCHED: Hints =
        Hints::STEM.with(Hints::COOKIE).with(Hints::COMMAND).with(Hints::ANNOUNCED).with(Hints::KEY);
    let count = |byte: fn(&u8) -> bool| text.as_bytes().iter().filter(|other| byte(other)).count();
    !seen.hints.has(SEARCHED)
        && !seen.has(hint::AT_SIGN | hint::BRACKET | hint::ESCAPE)
        && (!seen.has(hint::COLON) || count(|byte| *byte == b':') < COLONS_MIN)
        && (!seen.has(hint::DIGIT) || has_too_few(count(u8::is_ascii_digit), text, seen) || is_date(text.as_bytes()))
        && !secret::may_be_in(text)
}

/// So many colons has whatever is found by its colons alone.
const COLONS_MIN: usize = 2;
/// So many digits has whatever is found by its digits, and so many where it is neither an account nor an address.
const DIGITS_MIN: usize = 4;
const NUMBER_DIGITS_MIN: usize = 7;
const _: () = assert!(COLONS_MIN <= announced::PGPASS_COLONS && DIGITS_MIN <= iban::DIGITS_MIN);
const _: () = assert!(
    NUMBER_DIGITS_MIN <= phone::DIGITS_MIN && NUMBER_DIGITS_MIN <= ssn::DIGITS && NUMBER_DIGITS_MIN <= card::DIGITS_MIN
);

/// Whether so many digits are none of anything: too few, or in too short a text for an account and without the points of an address.
fn has_too_few(digits: usize, text: &str, seen: Seen) -> bool {
    digits < DIGITS_MIN || digits < NUMBER_DIGITS_MIN && text.len() < iban::BYTES_MIN && !seen.has(hint::DOT)
}

/// A UUID with a letter in it, which nothing takes for a number of anything either, and which every event has some of.
fn is_uuid(text: &[u8]) -> bool {
    let is_part = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(is_part) && text.iter().any(u8::is_ascii_alphabetic)
}

/// `2026-03-20`, which nothing takes for a number of anything: a test asks about every day of two centuries.
fn is_date(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    match text {
        [b'1', b'9', year @ ..] | [b'2', b'0', year @ ..] => {
            matches!(year, [_, _, b'-', b'0' | b'1', _, b'-', b'0'..=b'3', _])
                && digits(&year[..2])
                && year[4].is_ascii_digit()
                && year[7].is_ascii_digit()
        }
        _ => false,
    }
}

/// How much longer the text becomes when what stands in the spots in the end is put there: it counts as the rest does.
fn bytes_unseen(spots: &[Spot]) -> usize {
    let longer = |spot: &Spot| Some(spot.stands_there.as_ref()?.len().saturating_sub(spot.end - spot.start));
    spots.iter().filter_map(longer).sum()
}

/// The text with placeholders where the hits are. Spots move with the text; those that a hit covers go.
fn replace(rules: &RuleSet, text: &str, hits: &[Hit], found: &mut Found, mut spots: Option<&mut Vec<Spot>>) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    let mut before = spots.as_mut().map(|spots| std::mem::take(*spots).into_iter().peekable());
    for hit in hits {
        found.add(hit.kind, hit.why);
        if let (Some(before), Some(after)) = (&mut before, &mut spots) {
            let shift = |at: usize| at - from + hidden.len();
            while let Some(spot) = before.next_if(|spot| spot.end <= hit.start) {
                after.push(Spot { start: shift(spot.start), end: shift(spot.end), ..spot });
            }
        }
        hidden.push_str(&text[from..hit.start]);
        let start = hidden.len();
        hidden.push_str(hit.kind.placeholder());
        if let (Some(before), Some(after)) = (&mut before, &mut spots) {
            let value = value(text, hit, before);
            let stands_there = rules.substitute(hit.kind, hit.why, &value);
            let end = hidden.len();
            after.push(Spot { start, end, kind: hit.kind, why: hit.why, stands_there, is_new: true });
        }
        from = hit.end;
    }
    if let (Some(before), Some(after)) = (before, spots) {
        let shift = |at: usize| at - from + hidden.len();
        after.extend(before.map(|spot| Spot { start: shift(spot.start), end: shift(spot.end), ..spot }));
    }
    hidden.push_str(&text[from..]);
    hidden
}

/// What a hit covers, with what stands in the places of the spots that it covers: a pseudonym of pseudonyms tells them apart.
fn value<'t>(text: &'t str, hit: &Hit, spots: &mut Peekable<IntoIter<Spot>>) -> Cow<'t, str> {
    if spots.peek().is_none_or(|spot| spot.start >= hit.end) {
        return Cow::Borrowed(&text[hit.start..hit.end]);
    }
    let mut value = String::new();
    let mut from = hit.start;
    while let Some(spot) = spots.next_if(|spot| spot.start < hit.end) {
        value.push_str(&text[from..spot.start]);
        value.push_str(spot.stands_there.as_deref().unwrap_or(spot.kind.placeholder()));
        from = spot.end;
    }
    value.push_str(&text[from..hit.end]);
    Cow::Owned(value)
}

/// Puts into each spot what stands there in the end.
fn put_in_place(text: &str, spots: &mut [Spot]) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut from = 0;
    for spot in spots {
        whole.push_str(&text[from..spot.start]);
        from = spot.end;
        spot.start = whole.len();
        whole.push_str(spot.stands_there.as_deref().unwrap_or(spot.kind.placeholder()));
        spot.end = whole.len();
    }
    whole.push_str(&text[from..]);
    whole
}

/// Everything to hide, sorted and disjoint, and nothing that is hidden already.
fn find(rules: &RuleSet, text: &str, about: Option<Meaning>, bytes_max: usize) -> Vec<Hit> {
    find_by(rules, text, Seen::of(text), about, bytes_max)
}

/// The same of a text that was read already.
fn find_by(rules: &RuleSet, text: &str, seen: Seen, about: Option<Meaning>, bytes_max: usize) -> Vec<Hit> {
    let mut hits = Vec::new();
    look(rules, text, about, seen, &mut hits);

    let mut view = if seen.has(hint::ESCAPE) { View::decoded(text) } else { None };
    for _ in 0..VIEWS_MAX {
        let Some(decoded) = view else { break };
        let mut found = Vec::new();
        look(rules, &decoded.text, about, Seen::of(&decoded.text), &mut found);
        hits.extend(found.iter().map(|hit| {
            let (start, end) = decoded.original(hit.start, hit.end);
            Hit { start, end, ..*hit }
        }));
        view = View::decoded(&decoded.text).map(|deeper| deeper.through(&decoded));
    }
    if !hits.is_empty() {
        spare_placeholders(text, &mut hits);
    }
    bounded(text, resolve(hits), bytes_max)
}

/// How often the bytes are there that recognisers of numbers cannot do without.
#[derive(Default)]
struct Counts {
    digits: usize,
    colons: usize,
    dots: usize,
}

impl Counts {
    fn of(text: &str, seen: Seen) -> Self {
        let count = |class, byte: fn(&u8) -> bool| {
            if seen.has(class) { text.as_bytes().iter().filter(|other| byte(other)).count() } else { 0 }
        };
        Self {
            digits: count(hint::DIGIT, u8::is_ascii_digit),
            colons: count(hint::COLON, |byte| *byte == b':'),
            dots: count(hint::DOT, |byte| *byte == b'.'),
        }
    }
}

fn look(rules: &RuleSet, text: &str, about: Option<Meaning>, seen: Seen, hits: &mut Vec<Hit>) {
    let hints = seen.hints;
    let counts = Counts::of(text, seen);
    if rules.hides(Kind::Secret) {
        if secret::may_be_in(text) {
            secret::find(text, hits);
        }
        if hints.has(Hints::KEY) {
            because(Why::PrivateKey, hits, |hits| pem::find(text, hits));
            because(Why::PrivateKey, hits, |hits| web_key::find(text, hits));
        }
        if seen.has(hint::AT_SIGN) && counts.colons > 0 {
            because(Why::InUrl, hits, |hits| connection::find(text, hits));
        }
    }
    if rules.hides(Kind::Password) {
        if hints.has(Hints::STEM) {
            password::find(text, hits);
            manifest::find(text, hits);
        }
        if hints.has(Hints::ANNOUNCED) {
            announced::find(text, hits);
        }
        if counts.colons >= announced::PGPASS_COLONS {
            announced::find_pgpass(text, hits);
        }
        if hints.has(Hints::COMMAND) {
            command::find(text, hits);
        }
        if hints.has(Hints::COOKIE) || about == Some(Meaning::Cookie) {
            cookie::find(text, about, hits);
        }
    }
    if rules.hides(Kind::Email) && seen.has(hint::AT_SIGN) {
        email::find(text, hits);
    }
    if rules.hides(Kind::IpAddress) && (counts.colons >= 2 || (counts.dots >= 3 && counts.digits >= 4)) {
        ip::find(text, hits);
    }
    if rules.hides(Kind::Phone) && counts.digits >= phone::DIGITS_MIN {
        phone::find(text, about, hits);
    }
    if rules.hides(Kind::Ssn) && counts.digits >= ssn::DIGITS {
        ssn::find(text, about, hits);
    }
    if rules.hides(Kind::CreditCard) && counts.digits >= card::DIGITS_MIN {
        card::find(text, about, hits);
    }
    if rules.hides(Kind::Iban) && counts.digits >= iban::DIGITS_MIN {
        iban::find(text, hits);
    }
    if let Some(own) = rules.own() {
        pattern::find(&own.patterns, text, hits);
    }
}

/// Notes a reason for hits whose kind has several.
fn because(why: Why, hits: &mut Vec<Hit>, find: impl FnOnce(&mut Vec<Hit>)) {
    let before = hits.len();
    find(hits);
    hits[before..].iter_mut().for_each(|hit| hit.why = why);
}

/// What is hidden stays as it is: a hit on nothing but placeholders is none, and one that reaches into a placeholder covers all
/// of it.
fn spare_placeholders(text: &str, hits: &mut Vec<Hit>) {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        let kinds = Kind::ALL.map(Kind::as_str).join("|");
        Regex::new(&format!(r"\[REDACTED:(?:{kinds}|{})\]", Kind::Custom.as_str())).expect("made of words")
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
            let start = hit.start.min(placeholders[first].0);
            let end = hit.end.max(placeholders[after - 1].1);
            let hidden: usize = placeholders[first..after].iter().map(|(start, end)| end - start).sum();
            if hidden == end - start {
                return false;
            }
            (hit.start, hit.end) = (start, end);
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::name::{meaning, told_by_words};
    use super::*;

    /// Parts of what recognisers find, and of what they don't.
    #[rustfmt::skip]
    const FRAGMENTS: &[&str] = &[
        "password", "Passwort: ", "pwd=", "hunter2!", " is ", ": ", "=", "\"", "'", "\n", " ", "x", "api", "_key", "-Key", "Token", "secret",
        "Authorization: ", "Bearer ", "Basic ", "dXNlcjpwYXNzd29yZA==", "AKIA", "IOSFODNN7EXAMPLF", "ghp_", "sk-", "proj-",
        "a8Fh2kLm9QzX0vBn4RtY7uWe1PsD3gJc", "eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".", "-----BEGIN RSA PRIVATE KEY-----",
        "-----END RSA PRIVATE KEY-----", "Private-Lines: 8\n", "{\"kty\":\"oct\",\"k\":\"", "<RSAKeyValue><D>", "</D>", "kind: Secret\n", "data:\n  ",
        "identified by ", "CREATE USER bob ", "ConvertTo-SecureString ", "net use z: ", "/user:bob ", "db.example.net:5432:app:bob:", "curl -u ",
        "mysql -p", "xh -a ", "http -a ", "docker login -p ", "bob:", "Cookie: sid=", "set-cookie: ", "COOKIE", "; theme=dark", "postgres://bob:",
        "@example.com", "/db", "jdbc:oracle:thin:bob/", "192.168.1.77", "fd00::1", "+49 171 ", "1234567", "415-555-2671", "078-05-1120",
        "4111 1111 1111 1111", "DE89370400440532013000", "пароль", "ПАРОЛЬ", "密码", "hasło", "HASŁO", "şifre", "jelszó", "lösenord", "パスワード", "비밀번호",
        "%40", "\\u0040", "&#64;", "＠", "OKTA_PROD", "new-relic", "GitHub", "mdp", "psk", "pw", "pin", " 4711", "cvv2", "salt", "seed", "sig", "sid",
        "[REDACTED:email]", "[", "]", "<password>", "</password>", "--token ", "the", "and", "reservation", "passengers", "2026-03-01", "15:04",
    ];

    fn texts() -> impl Strategy<Value = String> {
        let fragment = prop_oneof![
            8 => proptest::sample::select(FRAGMENTS).prop_map(str::to_owned),
            1 => "[ -~]{1,6}",
            1 => "\\PC{1,3}",
        ];
        proptest::collection::vec(fragment, 1..9).prop_map(|fragments| fragments.concat())
    }

    #[test]
    fn no_date_is_a_number_of_anything() {
        for date in
            (1900..2100).flat_map(|year| (0..20).flat_map(move |month| (0..40).map(move |day| (year, month, day))))
        {
            let date = format!("{}-{:02}-{:02}", date.0, date.1, date.2);
            assert!(
                is_date(date.as_bytes()) && find(&RuleSet::strictest(), &date, None, usize::MAX).is_empty(),
                "{date}"
            );
        }
        for other in [
            "2026-03-2",
            "2026-03-201",
            "2126-03-20",
            "2026/03/20",
            "2026-23-20",
            "2026-03-40",
            "x026-03-20",
            "20a6-03-20",
        ] {
            assert!(!is_date(other.as_bytes()), "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn hints_pass_nothing_by(text in texts(), strict: bool) {
            let rules = if strict { RuleSet::strictest() } else { RuleSet::default() };
            let (mut hinted, mut everything) = (Vec::new(), Vec::new());
            look(&rules, &text, None, Seen::of(&text), &mut hinted);
            look(&rules, &text, None, Seen::everything(), &mut everything);
            prop_assert_eq!(hinted, everything);
        }

        #[test]
        fn in_what_is_plain_nothing_is_found(text in texts()) {
            prop_assert!(!is_plain(&text, Seen::of(&text)) || find(&RuleSet::strictest(), &text, None, usize::MAX).is_empty());
        }

        #[test]
        fn no_uuid_is_a_number_of_anything(digits in "([0-9]{8}(-[0-9]{4}){3}-[0-9]{12})|([0-9]{7}[0-9a-f]|[a-f][0-9]{7})(-[0-9a-f][0-9]{3}|-[0-9]{4}){3}-([0-9a-fA-F]{12}|[0-9]{11}[a-f])") {
            prop_assert!(!is_uuid(digits.as_bytes()) || find(&RuleSet::strictest(), &digits, None, usize::MAX).is_empty());
        }

        #[test]
        fn where_no_run_is_no_token_is(text in texts()) {
            let mut hits = Vec::new();
            secret::find(&text, &mut hits);
            prop_assert!(hits.is_empty() || secret::may_be_in(&text));
        }

        #[test]
        fn names_that_hint_at_nothing_mean_nothing(name in texts()) {
            prop_assert_eq!(meaning(&name), told_by_words(&name));
        }

        #[test]
        fn what_is_clean_in_pieces_stays_as_it_is(members in proptest::collection::vec((texts(), texts()), 1..5)) {
            let object: serde_json::Map<_, _> = members.iter().map(|(key, text)| (key.clone(), text.as_str().into())).collect();
            let pieces = object.iter().flat_map(|(key, value)| [super::super::Piece::Key(key), super::super::Piece::Text(value.as_str().unwrap_or_default())]);
            if RuleSet::strictest().finds_nothing_in(pieces) {
                let mut redacted = object.clone();
                prop_assert!(RuleSet::strictest().redact(&mut redacted).is_empty());
                prop_assert_eq!(redacted, object.clone());
            }
        }
    }
}
