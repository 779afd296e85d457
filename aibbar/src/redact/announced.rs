//! Passwords that fixed words of a language announce, and no name: `IDENTIFIED BY '…'`, `ConvertTo-SecureString "…"`, a line of a
//! `.pgpass`.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;
use super::stand_in::is_reference_or_sample;

/// Each with the value as its only group; every repetition is bounded.
#[rustfmt::skip]
const PHRASES: [&str; 4] = [
    r"(?i-u:\bidentified)\s{1,4}(?:(?i-u:with)\s{1,4}[A-Za-z0-9_]{1,32}\s{1,4})?(?i-u:by|as)\s{1,4}(?:(?i-u:password)\s{1,4})?'([^'\n]{4,200})'",
    r"(?i-u:\b(?:user|role|login)\b)[^\n;:']{0,80}(?i-u:\bpassword)\s{0,4}=?\s{0,4}'([^'\n]{4,200})'",
    r#"(?i-u:\bConvertTo-SecureString)\s{1,4}(?:(?i-u:-String)\s{1,4})?["']([^"'\n]{3,200})["']"#,
    r"(?i-u:\bnet)\s{1,4}(?i-u:use)\s[^\n/]{0,120}(?i-u:/user:)\S{1,80}[ \t]{1,4}([^\s/]{4,120})",
];

/// Each phrase has one of these.
pub(super) const WORDS: [&str; 4] = ["identified", "password", "securestring", "/user:"];

/// A line of a `.pgpass`: `host:port:database:user:password`.
const PGPASS: &str = r"(?m)^[A-Za-z0-9_.*-]{1,120}:(?:\*|54[0-9]{2}|6432):[^\s:]{1,64}:[^\s:]{1,64}:([^\s:]{4,200})$";
/// So many colons has such a line.
pub(super) const PGPASS_COLONS: usize = 4;

/// What words announce.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    static RULES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        PHRASES.iter().map(|phrase| Regex::new(phrase).expect("fixed patterns: a test compiles them all")).collect()
    });
    RULES.iter().for_each(|rule| values(rule, text, hits));
}

/// The passwords of lines of a `.pgpass`.
pub(super) fn find_pgpass(text: &str, hits: &mut Vec<Hit>) {
    static RULE: LazyLock<Regex> = LazyLock::new(|| Regex::new(PGPASS).expect("a fixed pattern"));
    values(&RULE, text, hits);
}

fn values(rule: &Regex, text: &str, hits: &mut Vec<Hit>) {
    let values = rule.captures_iter(text).filter_map(|captures| captures.get(1));
    let values = values.filter(|value| !is_reference_or_sample(value.as_str()));
    hits.extend(values.map(|value| Hit::new(Kind::Password, value.start(), value.end())));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_language_announce_a_password() {
        let found = |text: &str| {
            let mut hits = Vec::new();
            find(text, &mut hits);
            find_pgpass(text, &mut hits);
            hits.first().map(|hit| text[hit.start..hit.end].to_owned())
        };
        for text in [
            "CREATE USER bob IDENTIFIED BY 'kelp9';",
            "create user bob identified with caching_sha2_password by 'kelp9'",
            "ALTER ROLE bob WITH LOGIN PASSWORD 'kelp9';",
            "ConvertTo-SecureString 'kelp9' -AsPlainText -Force",
            "net use Z: \\\\box\\share /user:dom\\bob kelp9",
            "x\ndb.example.net:5432:app:bob:kelp9\ny",
        ] {
            assert_eq!(found(text).as_deref(), Some("kelp9"), "{text}");
        }
        for text in [
            "CREATE USER bob IDENTIFIED BY '${PASSWORD}';",
            "the user's password is checked",
            "a.rs:12:one:two:three",
            "net use Z: /delete",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
