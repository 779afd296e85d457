//! What stands where a secret will stand: `<your key>`, `${TOKEN}`, `xxxx`, `null`. Hiding it would hide nothing and cost a reader.

use super::tokens::PUBLISHED;

/// Words that a value may be without being a secret.
const WORDS: &[&str] = &[
    "none",
    "null",
    "nil",
    "undefined",
    "true",
    "false",
    "yes",
    "no",
    "required",
    "optional",
    "string",
    "str",
    "text",
    "int",
    "integer",
    "number",
    "bytes",
    "bool",
    "boolean",
    "object",
    "any",
    "password",
    "passwd",
    "secret",
    "token",
    "empty",
    "missing",
    "invalid",
    "valid",
    "expired",
    "unset",
    "unknown",
    "redacted",
    "hidden",
    "masked",
    "default",
    "value",
    "here",
    "bearer",
    "basic",
    "is",
    "was",
    "must",
    "should",
    "the",
    "your",
    "and",
    "or",
    "not",
    "for",
    "with",
    "has",
    "have",
    "are",
    "can",
    "cannot",
    "will",
    "may",
    "in",
    "on",
    "at",
    "to",
    "of",
    "a",
    "an",
    "it",
    "this",
    "that",
    "please",
    "incorrect",
    "wrong",
    "reset",
    "changed",
    "change",
    "forgot",
    "failed",
    "ok",
    "needed",
    "set",
    "env",
    "enter",
    "minimum",
    "maximum",
    "at least",
    "self",
    "this",
    "function",
    "new",
    "current",
    "old",
    "await",
    "async",
    "func",
    "fn",
    "lambda",
    "nullptr",
    "buffer",
    "array",
    "promise",
    "type",
    "literal",
    "oauth",
    "oauth2",
    "same-origin",
    "include",
    "omit",
    "field",
    "varchar",
    "char",
    "nvarchar",
    "uuid",
    "email",
    "checkbox",
    "submit",
    "const",
    "let",
    "var",
    "typeof",
    "input",
    "n/a",
    "tbd",
    "todo",
    "...",
];

/// What begins the name of a variable instead of its value.
const REFERENCES: &[&str] = &[
    "${",
    "$(",
    "{{",
    "{%",
    "%(",
    "@{",
    "#{",
    "<%",
    "process.env",
    "os.environ",
    "os.getenv",
    "getenv",
    "System.getenv",
    "ENV[",
    "env(",
    "env.",
    "import.meta",
    "config.",
    "settings.",
    "vault:",
    "ssm:",
    "secretsmanager:",
    "keyvault:",
    "@Microsoft.KeyVault(",
    "arn:",
    "file:",
    "ref:",
    "secrets.",
    "var.",
    "data.",
    "self.",
    "this.",
    "args.",
    "params.",
    "request.",
    "req.",
    "options.",
    "opts.",
    "props.",
    "op://",
    "http://",
    "https://",
    "projects/",
    "/run/",
    "/etc/",
    "/var/",
    "/home/",
    "/tmp/",
    "/opt/",
    "/usr/",
    "/mnt/",
    "./",
    "../",
    "~/",
    "!secret",
    "!vault",
    "!Ref",
    "!Sub",
    "!GetAtt",
    "!ENV",
    "!env",
];

pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || is_filler(value) || is_reference(value) || is_word(value) || is_sample(value)
}

/// The same without the words: what nobody would choose as a password.
pub(super) fn is_reference_or_sample(value: &str) -> bool {
    is_filler(value) || is_reference(value) || is_sample(value)
}

/// What a member holds when it holds no secret: `"auth": "none"`.
pub(super) fn is_nothing(value: &str) -> bool {
    const NOTHING: [&str; 9] = ["none", "null", "undefined", "true", "false", "yes", "no", "bearer", "basic"];
    NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// A word of a sentence or of a program.
fn is_word(value: &str) -> bool {
    value.len() <= 12 && WORDS.contains(&value.to_lowercase().as_str())
}

/// One character again and again, or marks only: `********`, `xxxx-xxxx`, `…`.
fn is_filler(value: &str) -> bool {
    let mut letters = value.chars().filter(|character| character.is_alphanumeric());
    match letters.next() {
        None => !value.contains(|character: char| {
            character.is_ascii_punctuation() && !"*.-_#?<>[](){}…•+=/\\|,:;'\"`~$%&@!^".contains(character)
        }),
        Some(first) => {
            value.chars().count() > 2
                && letters.all(|letter| letter == first)
                && matches!(first, 'x' | 'X' | '0' | 'a' | 'A')
        }
    }
}

fn is_reference(value: &str) -> bool {
    let bracketed =
        (value.starts_with('<') && value.ends_with('>')) || (value.starts_with('[') && value.ends_with(']'));
    let templated = value.len() > 2
        && [("{", "}"), ("__", "__"), ("@@", "@@"), ("#{", "}#")].iter().any(|(open, close)| {
            value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_identifier)
        });
    let printed =
        matches!(value, "%s" | "%v" | "%q" | "%d" | "%@" | "{}" | "{0}" | "{1}" | "?" | ":password" | ":token");
    let shell = value.strip_prefix('$').is_some_and(is_identifier);
    let batch = value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_identifier);
    bracketed
        || templated
        || printed
        || shell
        || batch
        || REFERENCES.iter().any(|reference| value.starts_with(reference))
}

fn is_identifier(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}

/// A sample out of a manual: `your_api_key`, `AKIAIOSFODNN7EXAMPLE`, `…XXXXXXXX…`, `…abcdefgh…`.
pub(super) fn is_sample(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    PUBLISHED.contains(&value)
        || value.ends_with("EXAMPLE")
        || value.ends_with("EXAMPLEKEY")
        || ["your_", "your-", "yourapi", "<your", "insert_", "insert-", "replace_", "replace-", "placeholder"]
            .iter()
            .any(|start| lower.starts_with(start))
        || ["_here", "-here", "placeholder"].iter().any(|end| lower.ends_with(end))
        || has_run(value.as_bytes())
}

/// Mostly one character, or twelve letters of the alphabet in order. In random tokens that is next to impossible.
fn has_run(value: &[u8]) -> bool {
    let (mut same, mut longest, mut rising) = (1, 1, 1);
    for pair in value.windows(2) {
        same = if pair[0] == pair[1] && pair[1].is_ascii_alphanumeric() { same + 1 } else { 1 };
        longest = longest.max(same);
        let steps = pair[0].is_ascii_alphabetic() && pair[0].to_ascii_lowercase() + 1 == pair[1].to_ascii_lowercase();
        rising = if steps { rising + 1 } else { 1 };
        if rising >= 12 {
            return true;
        }
    }
    longest >= 8 && 2 * longest >= value.len()
}

/// Shannon entropy, in bits a character.
pub(super) fn entropy(value: &str) -> f32 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = value.len() as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| *count as f32 / length)
        .map(|share| -share * share.log2())
        .sum()
}

/// Whether no language has such a word: digits among letters, capitals inside, marks.
pub(super) fn is_unlike_a_word(value: &str) -> bool {
    let digits = value.chars().any(|character| character.is_ascii_digit());
    let letters = value.chars().any(char::is_alphabetic);
    let marks = value
        .trim_matches(|character: char| !character.is_alphanumeric())
        .chars()
        .any(|character| !character.is_alphanumeric() && !matches!(character, '-' | '\'' | '.' | '_' | ' ' | '/'));
    let inner_capitals = value.chars().skip(1).any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    letters && (digits || marks || inner_capitals && value.len() >= 8) || digits && marks
}
