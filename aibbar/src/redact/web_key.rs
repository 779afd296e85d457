//! The private members of keys that are written as JSON (`{"kty": "RSA", "d": "…"}`) or XML (`<RSAKeyValue>…<D>…</D>`), in text. Their
//! names are single letters, which mean something only beside what says that this is a key.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    static OF_JSON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?-u:"(?:d|k|p|q|dp|dq|qi)"[ \t\n]{0,8}:[ \t\n]{0,8}"([A-Za-z0-9_+/=-]{16,}))"#)
            .expect("a fixed pattern")
    });
    static OF_XML: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?-u:<(?:D|P|Q|DP|DQ|InverseQ)>\s{0,16}([A-Za-z0-9+/=]{16,}))").expect("a fixed pattern")
    });
    for (mark, members) in [("\"kty\"", &OF_JSON), ("<RSAKeyValue>", &OF_XML)] {
        if text.contains(mark) {
            let found = members.captures_iter(text).filter_map(|captures| captures.get(1));
            hits.extend(found.map(|value| Hit::new(Kind::Secret, value.start(), value.end())));
        }
    }
}
