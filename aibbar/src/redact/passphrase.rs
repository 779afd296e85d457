//! Passphrases of several words without quotes: `password: correct horse battery staple`, and not `password: please reset it`.

/// As many words as nobody writes by accident without a small one among them.
const WORDS: std::ops::RangeInclusive<usize> = 3..=12;
/// Of one word, in bytes.
const WORD_BYTES: std::ops::RangeInclusive<usize> = 3..=14;
/// What may stand between the beginning of its line and the name, in bytes: more of it is a sentence.
const MARGIN_BYTES_MAX: usize = 32;
/// How far the line is read: as many words of this length with their blanks.
const LINE_BYTES_MAX: usize = 12 * 15;

/// Words that hold sentences together, and those that tell of a password instead of being one.
#[rustfmt::skip]
const OF_SENTENCES: &[&str] = &[
    "about", "accepted", "account", "admin", "again", "all", "already", "also", "and", "any", "are", "ask", "authentication", "been",
    "before", "below", "but", "can", "cannot", "change", "changed", "characters", "check", "choose", "click", "code", "config",
    "contact", "contain", "contains", "could", "create", "default", "denied", "does", "empty", "enter", "entered", "error", "expired",
    "expires", "failed", "field", "file", "follow", "for", "forgot", "forgotten", "from", "generated", "get", "has", "have", "help",
    "here", "how", "incorrect", "invalid", "its", "key", "least", "length", "letters", "login", "long", "manager", "match", "may", "maximum",
    "minimum", "missing", "must", "need", "needed", "new", "nobody", "none", "not", "now", "off", "old", "one", "only", "optional", "our",
    "password", "passwords", "pass", "please", "prompt", "protected", "provided", "read", "required", "requires", "reset", "same", "secret",
    "see", "sent", "server", "set", "should", "skip", "some", "stored", "string", "strong", "than", "that", "the", "their", "then", "there",
    "they", "this", "to", "token", "too", "try", "unchanged", "unknown", "update", "updated", "use", "used", "user", "username", "using",
    "valid", "value", "via", "was", "weak", "were", "what", "when", "where", "which", "who", "will", "with", "without", "wrong", "you", "your",
    // Of other languages.
    "das", "dem", "den", "der", "die", "ein", "eine", "ist", "ihr", "mit", "nicht", "oder", "und", "von", "wurde", "zum", "zur", "bitte",
    "est", "les", "des", "une", "vous", "votre", "par", "pas", "pour", "que", "qui", "sur", "avec", "con", "del", "las", "los", "para", "por",
    "una", "esta", "per", "non", "che", "het", "een", "van", "voor", "niet",
];

/// Where a passphrase ends that begins at `start` and takes all the rest of its line, in a line that begins with the name at
/// `name`. One of its words that holds sentences together, a capital or a mark makes a sentence of it.
pub(super) fn passphrase_end(text: &str, name: usize, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let margin = bytes[..name].iter().rev().take(MARGIN_BYTES_MAX).take_while(|byte| **byte != b'\n').count();
    let begins = matches!(text.get(name - margin..name)?.trim(), "" | "-" | "export" | "set" | "//" | "#" | "*");
    if !begins || margin == MARGIN_BYTES_MAX {
        return None;
    }
    let line = &bytes[start..bytes.len().min(start + LINE_BYTES_MAX)];
    let is_part = |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || **byte == b' ';
    let length = line.iter().take_while(is_part).count();
    let end = start + text[start..start + length].trim_end().len();
    let ends_line = matches!(bytes.get(start + length), None | Some(b'\n' | b'\r'));
    let mut words = 0;
    for word in text[start..end].split(' ') {
        let is_digits = !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits && !WORD_BYTES.contains(&word.len()) || OF_SENTENCES.contains(&word) {
            return None;
        }
        words += usize::from(!is_digits);
    }
    (ends_line && WORDS.contains(&words)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> Option<&str> {
        let name = text.find("pass")?;
        let start = name + text[name..].find(": ")? + 2;
        passphrase_end(text, name, start).map(|end| &text[start..end])
    }

    #[test]
    fn words_without_a_sentence_are_a_passphrase() {
        assert_eq!(end("password: orbit lantern mustard quiet"), Some("orbit lantern mustard quiet"));
        assert_eq!(end("a: b\n  - passphrase: seven 41 violet harbour\nc: d"), Some("seven 41 violet harbour"));
        for prose in [
            "password: please reset it",
            "password: nobody told me",
            "password: orbit lantern",
            "password: minimum eight letters",
            "password: Correct Horse Battery",
            "password: orbit lantern mustard, quiet",
            "password: mot de passe oublié",
            "the first password: orbit lantern mustard quiet",
        ] {
            assert_eq!(end(prose), None, "{prose}");
        }
    }
}
