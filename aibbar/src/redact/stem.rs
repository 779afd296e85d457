//! Stems of names: what every name in a text that may give a secret away has in it.
//!
//! One expression holds them all, and to run it over a long text costs six times what it costs to look for their pieces (see
//! [`hint`](super::hint)). So it is only asked around each piece that is found; asked about the whole text it is the oracle of
//! the tests.

use std::sync::LazyLock;

use regex::Regex;

use super::hint::{Hints, PLACES, PieceSearch, Pieces};
use super::providers::PROVIDERS;

/// What some word of every name that matters contains.
#[rustfmt::skip]
pub(super) const STEMS: &[&str] = &[
    "pass", "pwd", "pswd", "psswd", "secret", "token", "key", "cred", "auth", "bearer", "basic", "jwt", "otp", "cvv", "cvc", "csc",
    "code", "kennwort", "contrase", "senha", "wachtwoord", "haslo", "heslo", "jelszo", "lozinka", "parola", "adgangskode", "salasana",
    "losenord", "sifre", "-signature", "sessid", "sessionid", "salt", "pepper", "seed", "mnemonic",
];
/// The same, where they are whole words: as parts of others they mean nothing.
pub(super) const WHOLE_WORDS: &[&str] = &["mdp", "api", "access", "sid", "sig"];
/// The same, where a word begins with them.
pub(super) const BEGINNINGS: &[&str] = &["pin", "clave"];
/// The same, where a word ends with them.
pub(super) const ENDS: &[&str] = &["pw", "psk"];
/// The same in other letters, in both cases.
pub(super) const WRITTEN_STEMS: &[&str] = &[
    "lösenord",
    "hasło",
    "jelszó",
    "şifre",
    "пароль",
    "пароля",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "비밀번호",
    "암호",
];

/// All of them, and the names of services.
static STEM: LazyLock<Regex> = LazyLock::new(|| {
    let services: Vec<&str> = PROVIDERS.iter().filter(|name| is_stem(name)).copied().collect();
    let (stems, services, written) = (STEMS.join("|"), services.join("|"), WRITTEN_STEMS.join("|"));
    let (words, beginnings, ends) = (WHOLE_WORDS.join("|"), BEGINNINGS.join("|"), ENDS.join("|"));
    let plain = format!("{stems}|\\b(?:{words})\\b|\\b(?:{beginnings})|(?:{ends})\\b|{services}");
    Regex::new(&format!("(?i-u:{plain})|(?i:{written})")).expect("made of words")
});

/// Whether the name of this service is looked for in text: shorter ones are parts of too many other words.
pub(super) fn is_stem(provider: &str) -> bool {
    const SERVICE_BYTES_MIN: usize = 4;
    provider.len() >= SERVICE_BYTES_MIN
}

/// A literal that is looked for by one of its pieces.
struct Sought {
    /// Where the piece stands in the table of hints.
    place: usize,
    /// The literal, or nothing where its letters have cases beyond ASCII.
    literal: &'static str,
    /// So many bytes of the literal come before the piece.
    before: usize,
}

/// All literals that are looked for.
struct AllSought {
    /// By the places of their pieces.
    sought: Vec<Sought>,
    /// For each place: where those with a piece there begin.
    first: Vec<u16>,
}

static ALL: LazyLock<AllSought> = LazyLock::new(|| {
    let services = PROVIDERS.iter().filter(|name| is_stem(name));
    let plain = STEMS.iter().chain(WHOLE_WORDS).chain(BEGINNINGS).chain(services);
    let plain = plain.map(|literal| (*literal, Pieces::of(literal)));
    let ends = ENDS.iter().map(|end| (*end, Pieces::of_end(end)));
    let written = WRITTEN_STEMS.iter().map(|word| ("", Pieces { before: 0, ..Pieces::of_written(word) }));
    let mut sought: Vec<Sought> = plain
        .chain(ends)
        .chain(written)
        .flat_map(|(literal, Pieces { places, before })| {
            places.into_iter().map(move |place| Sought { place, literal, before })
        })
        .collect();
    sought.sort_by_key(|sought| (sought.place, sought.literal));
    sought.dedup_by_key(|sought| (sought.place, sought.literal));
    let first = (0..PLACES).map(|place| sought.partition_point(|sought| sought.place < place) as u16).collect();
    AllSought { sought, first }
});

/// The places of all pieces of stems in the table of hints.
pub(super) fn places() -> impl Iterator<Item = usize> {
    ALL.sought.iter().map(|sought| sought.place)
}

/// Whether a stem may have its piece here.
fn may_have_piece(text: &[u8], at: usize, place: usize) -> bool {
    let mut of_place = ALL.sought[usize::from(ALL.first[place])..].iter().take_while(|sought| sought.place == place);
    of_place.any(|Sought { literal, before, .. }| {
        let written = at.checked_sub(*before).and_then(|start| text.get(start..start + literal.len()));
        written.is_some_and(|written| written.eq_ignore_ascii_case(literal.as_bytes()))
    })
}

/// How far from a piece its stem is looked for, in bytes: a test holds that no stem is nearly as long, in whatever case.
const REACH_BYTES: usize = 32;

/// Where in this text, from here on, the next stem begins and ends: the leftmost.
pub(super) fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    // Every stem has a piece. What is found around one, and begins before it or with it, is the leftmost then: anything
    // further left would have been found around a piece of its own, and what begins later has a later piece.
    let mut pieces = PieceSearch::new(text, from, Hints::STEM);
    pieces.find_map(|(at, place)| {
        if !may_have_piece(text.as_bytes(), at, place) {
            return None;
        }
        let start = text.floor_char_boundary(at.saturating_sub(REACH_BYTES)).max(from);
        let end = text.ceil_char_boundary((at + REACH_BYTES).min(text.len()));
        let stem = STEM.find_at(&text[..end], start).filter(|stem| stem.start() <= at)?;
        Some((stem.start(), stem.end()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_stem_reaches_further_than_it_is_looked_for() {
        let ascii = STEMS.iter().chain(WHOLE_WORDS).chain(BEGINNINGS).chain(ENDS).chain(PROVIDERS);
        // Beside the stem there is room for a character that is none of its own.
        assert!(ascii.into_iter().all(|stem| stem.is_ascii() && stem.len() + 4 <= REACH_BYTES));
        // No letter of another case has more than three bytes.
        assert!(WRITTEN_STEMS.iter().all(|stem| 3 * stem.chars().count() + 4 <= REACH_BYTES));
    }

    #[test]
    fn every_case_of_a_letter_counts() {
        for text in ["ha\u{17f}ło", "HA\u{17f}ŁO", "l\u{f6}\u{17f}enord", "JEL\u{17f}ZÓ", "", "p", "pw", "PSK"] {
            assert_eq!(next(text, 0), STEM.find(text).map(|stem| (stem.start(), stem.end())), "{text}");
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let stems = STEMS.iter().chain(WHOLE_WORDS).chain(BEGINNINGS).chain(ENDS).chain(WRITTEN_STEMS);
        let stems: Vec<&str> = stems.chain(PROVIDERS).copied().collect();
        let stem = prop_oneof![
            6 => prop::sample::select(stems.clone()).prop_map(str::to_owned),
            2 => prop::sample::select(stems.clone()).prop_map(str::to_uppercase),
            // Beginnings and ends of stems, which together may make another one.
            3 => (prop::sample::select(stems), 0..8_usize).prop_map(|(stem, at)| {
                let (first, second) = stem.split_at(stem.floor_char_boundary(at));
                format!("{second}{first}")
            }),
            4 => prop::sample::select(vec![" ", "_", "-", "é", "密", "ſ", "\u{212a}", "x", "é ", ".", "1"]).prop_map(str::to_owned),
            1 => "\\PC{1,40}",
        ];
        prop::collection::vec(stem, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn around_pieces_the_same_is_found_as_in_the_whole_text(text in texts(), from in 0..20_usize) {
            let mut from = text.floor_char_boundary(from);
            loop {
                let found = next(&text, from);
                prop_assert_eq!(found, STEM.find_at(&text, from).map(|stem| (stem.start(), stem.end())));
                let Some((_, end)) = found else { break };
                from = end;
            }
        }
    }
}
