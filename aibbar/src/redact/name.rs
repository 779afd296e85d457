//! What a name says about its value: `dbPassword`, `X-Api-Key`, `phone_number`, and `max_tokens`, which says nothing.
//!
//! The last word of a name is its noun and decides; the word before it can turn the meaning, and a first word such as `has` or `no`
//! makes the whole name a statement about a secret instead of its holder.

use super::hint::Seen;
use super::name_table::{
    OTHER_PASSES, PASSWORD_NAMES, PHONE_NAMES, PIN_CODES, PIN_NAMES, PLAIN_ENDS, PLAIN_KEYS, PLAIN_TOKENS, PREDICATES,
    PW_OWNERS, QUALIFIERS, SECRET_KEYS, SECRET_NAMES, SECRET_TOKENS, WEAK_NAMES,
};
use super::providers::PROVIDERS;

/// Longer names are judged by their end, in bytes.
const NAME_BYTES_MAX: usize = 96;

/// The shortest and the longest name of a service, in bytes: a test holds the table to them.
const PROVIDER_BYTES_MIN: usize = 3;
const PROVIDER_BYTES_MAX: usize = 12;

/// What kind of value a name announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A password: whatever the value is, it is one.
    Password,
    /// A short code, mostly of digits.
    Pin,
    /// A secret, a key, a credential.
    Secret,
    /// A token, which may also be a piece of text.
    Token,
    /// A key of some kind, or a service that gives out keys: only a random value is one.
    Key,
    /// The same of a service that gives out UUIDs, numbers and short words as keys, which under other names are no secrets.
    ServiceKey,
    /// Cookies: names and values of their own.
    Cookie,
    /// A telephone number.
    Phone,
    /// A US social security number.
    Ssn,
    /// A payment card number.
    Card,
}

impl Meaning {
    /// Whether the value must not be seen because of its name alone.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Meaning::Password | Meaning::Pin | Meaning::Secret | Meaning::Token)
    }
}

/// A name that means something has one of these words, or ends one of its words with it, or names a service.
pub(super) fn nouns() -> impl Iterator<Item = &'static str> {
    const OTHERS: &[&str] = &[
        "pass",
        "phrase",
        "pw",
        "code",
        "key",
        "sig",
        "auth",
        "jwt",
        "bearer",
        "sessid",
        "sessionid",
        "amz",
        "goog",
        "cookie",
        "token",
        "ssn",
        "socialsecurity",
        "social",
        "card",
        "cc",
        "pan",
        "primary",
        "contact",
        "caller",
        "callback",
        "dial",
    ];
    [PASSWORD_NAMES, SECRET_NAMES, PIN_NAMES, PHONE_NAMES, WEAK_NAMES, OTHERS].into_iter().flatten().copied()
}

/// What the name means, when it means something to hide.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    if Seen::in_name(end_of(name)) { told_by_words(name) } else { None }
}

/// What of a name is looked at.
fn end_of(name: &str) -> &str {
    let mut from = name.len().saturating_sub(NAME_BYTES_MAX);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    &name[from..]
}

/// The same of a name whatever it has, without asking for hints.
pub(super) fn told_by_words(name: &str) -> Option<Meaning> {
    let name = end_of(name);
    if name.is_ascii() {
        let (mut lower, mut words) = ([0; NAME_BYTES_MAX], [""; NAME_BYTES_MAX]);
        return told_by(words_of_ascii(name, &mut lower, &mut words));
    }
    let words = words(name);
    told_by(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn told_by(mut words: &[&str]) -> Option<Meaning> {
    if words.len() > 1 && PREDICATES.contains(&words[0]) {
        return None;
    }
    while let [first @ .., last] = words
        && !first.is_empty()
        && (QUALIFIERS.contains(last) || last.bytes().all(|byte| byte.is_ascii_digit()))
    {
        words = first;
    }
    let (last, rest) = words.split_last()?;
    let previous = rest.last().copied().unwrap_or_default();
    let last = last.trim_end_matches(|character: char| character.is_ascii_digit() && !PIN_NAMES.contains(last));

    if PASSWORD_NAMES.iter().any(|noun| is_noun(last, noun)) {
        return Some(Meaning::Password);
    }
    let is_phrase = matches!(last, "word" | "words" | "phrase") && previous == "pass"
        || last == "phrase" && matches!(previous, "seed" | "recovery" | "secret");
    if is_phrase || last.strip_suffix("pw").is_some_and(|whose| PW_OWNERS.contains(&whose)) {
        return Some(Meaning::Password);
    }
    if matches!(last, "pass" | "pw") {
        return (!OTHER_PASSES.contains(&previous)).then_some(if rest.is_empty() {
            Meaning::Token
        } else {
            Meaning::Password
        });
    }
    if SECRET_NAMES.iter().any(|noun| is_noun(last, noun)) {
        return Some(Meaning::Secret);
    }
    if PIN_NAMES.contains(&last) || last == "code" && PIN_CODES.contains(&previous) {
        return Some(Meaning::Pin);
    }
    match last {
        "key" | "keys" if SECRET_KEYS.contains(&previous) => return Some(Meaning::Secret),
        "key" | "keys" => return (!PLAIN_KEYS.contains(&previous)).then(|| key_of(words)),
        "sig" => return Some(Meaning::Key),
        "auth" | "jwt" | "bearer" | "phpsessid" | "jsessionid" | "sessionid" | "sessid" => return Some(Meaning::Token),
        "signature" => return matches!(previous, "amz" | "goog").then_some(Meaning::Token),
        "codes" if PIN_CODES.contains(&previous) => return Some(Meaning::Token),
        "cookie" | "cookies" | "setcookie" => return Some(Meaning::Cookie),
        "tokens" => return SECRET_TOKENS.contains(&previous).then_some(Meaning::Token),
        "ssn" | "socialsecuritynumber" => return Some(Meaning::Ssn),
        "card" | "creditcard" | "cardnumber" | "creditcardnumber" | "cardno" | "cardnum" | "ccnum" | "ccnumber"
        | "ccno" | "ccn" | "cc" | "pan" => return Some(Meaning::Card),
        "number" | "no" | "nr" | "num" | "nummer" | "numero" => return number_of(previous, rest),
        _ => {}
    }
    if let Some(modifier) = last.strip_suffix("token") {
        let modifier = if modifier.is_empty() { previous } else { modifier };
        // `secret_access_key_token`: somebody's key, and no mark in a text.
        let is_key = modifier == "key" && rest.len() > 1 && SECRET_KEYS.contains(&rest[rest.len() - 2]);
        return (is_key || !PLAIN_TOKENS.contains(&modifier)).then_some(Meaning::Token);
    }
    if PHONE_NAMES.iter().any(|noun| is_noun(last, noun)) {
        return Some(Meaning::Phone);
    }
    let is_plain = || {
        PLAIN_ENDS.contains(&last)
            || last == "id" && !matches!(previous, "client" | "access" | "app" | "sumo" | "sumologic")
    };
    // `client_secret_of_the_shop`: what says secret somewhere holds one, or tells something about it.
    let says_secret = || words.contains(&"secret");
    if !is_plain() && says_secret() {
        return Some(Meaning::Key);
    }
    (WEAK_NAMES.contains(&last) || !is_plain() && names_provider(words)).then(|| key_of(words))
}

/// What a name that says no more than "key" means: `HEROKU_KEY`, `hubspot`, `messagebird_client_id` are those of a service.
fn key_of(words: &[&str]) -> Meaning {
    let says_key = match words {
        [.., "key" | "keys" | "api" | "access" | "secret" | "pat" | "accessid" | "clientid"] => true,
        [.., "client" | "access" | "sumo" | "sumologic", "id"] => true,
        _ => PROVIDERS.binary_search(&words.concat().as_str()).is_ok(),
    };
    if says_key && names_provider(words) { Meaning::ServiceKey } else { Meaning::Key }
}

/// `OKTA_PROD`, `new-relic`, `messageBird`
fn names_provider(words: &[&str]) -> bool {
    let knows = |word: &str| PROVIDERS.binary_search(&word).is_ok();
    let knows_both = |pair: &[&str]| {
        let bytes = pair[0].len() + pair[1].len();
        (PROVIDER_BYTES_MIN..=PROVIDER_BYTES_MAX).contains(&bytes) && knows(&pair.concat())
    };
    words.iter().any(|word| knows(word)) || words.windows(2).any(knows_both)
}

fn number_of(previous: &str, rest: &[&str]) -> Option<Meaning> {
    match previous {
        "card" | "creditcard" | "cc" | "pan" => Some(Meaning::Card),
        "account" if rest.len() > 1 && rest[rest.len() - 2] == "primary" => Some(Meaning::Card),
        "contact" | "caller" | "callback" | "dial" => Some(Meaning::Phone),
        "ssn" | "socialsecurity" => Some(Meaning::Ssn),
        "security" if rest.len() > 1 && rest[rest.len() - 2] == "social" => Some(Meaning::Ssn),
        _ => PHONE_NAMES.contains(&previous).then_some(Meaning::Phone),
    }
}

/// The noun itself, or one written together with what qualifies it: `dbpassword`. Short nouns end too many other words.
fn is_noun(word: &str, noun: &str) -> bool {
    // Nearly all are told apart by their last letters, without comparing them.
    if word.as_bytes().last() != noun.as_bytes().last() {
        return false;
    }
    word == noun || noun.len() >= 5 && word.ends_with(noun) || noun == "pwd" && word.ends_with(noun)
}

/// [`words`] of a short name of ASCII, which most are, without an allocation: lower case stands in `lower`.
fn words_of_ascii<'l>(
    name: &str,
    lower: &'l mut [u8; NAME_BYTES_MAX],
    words: &'l mut [&'l str; NAME_BYTES_MAX],
) -> &'l [&'l str] {
    let bytes = name.as_bytes();
    lower[..bytes.len()].copy_from_slice(bytes);
    lower.make_ascii_lowercase();
    let lower = str::from_utf8(&lower[..bytes.len()]).unwrap_or_default();
    let (mut count, mut start) = (0, 0);
    for at in 0..bytes.len() {
        let is_part = bytes[at].is_ascii_alphanumeric();
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric() || is_hump(bytes, at);
        if is_part && begins {
            start = at;
            count += 1;
        }
        if is_part {
            words[count - 1] = &lower[start..=at];
        }
    }
    &words[..count]
}

/// Whether a capital begins a word: `dbPassword`, `APIKey`.
fn is_hump(bytes: &[u8], at: usize) -> bool {
    let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    let before = bytes[at - 1];
    bytes[at].is_ascii_uppercase()
        && (before.is_ascii_lowercase() || before.is_ascii_digit() || before.is_ascii_uppercase() && next_is_lower)
}

/// The words of a name in snake, kebab, dotted or camel case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut previous = ' ';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_alphanumeric() {
            fresh = true;
            previous = character;
            continue;
        }
        let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let hump = character.is_uppercase()
            && (previous.is_lowercase() || previous.is_ascii_digit() || previous.is_uppercase() && next_is_lower);
        if fresh || hump {
            words.push(String::new());
            fresh = false;
        }
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Option<Meaning>, names: &[&str]) {
        for name in names {
            assert_eq!(meaning(name), expected, "{name}");
            assert_eq!(told_by_words(name), expected, "{name}");
        }
    }

    #[test]
    fn names_are_split_in_every_case() {
        assert_eq!(words("dbPassword"), ["db", "password"]);
        assert_eq!(words("X-Api-Key"), ["x", "api", "key"]);
        assert_eq!(words("APIKey"), ["api", "key"]);
        assert_eq!(words("AWS_SECRET.access key"), ["aws", "secret", "access", "key"]);
        assert_eq!(words("oauth2Token"), ["oauth2", "token"]);
    }

    #[test]
    fn names_of_ascii_have_the_same_words_without_an_allocation() {
        for name in [
            "dbPassword",
            "X-Api-Key",
            "APIKey",
            "AWS_SECRET.access key",
            "oauth2Token",
            "",
            "__",
            "a",
            "A",
            "aB",
            "AB",
            "ABc",
            "a1B",
            "1A",
            "A1b2C3",
            "_x_",
            "HTTPServer2Key",
            "x--Y",
            "iOS",
            "getURL2",
        ] {
            let (mut lower, mut of_ascii) = ([0; NAME_BYTES_MAX], [""; NAME_BYTES_MAX]);
            assert_eq!(words_of_ascii(name, &mut lower, &mut of_ascii), words(name), "{name}");
        }
    }

    #[test]
    fn names_of_services_are_neither_shorter_nor_longer() {
        let lengths = || PROVIDERS.iter().map(|name| name.len());
        assert_eq!((lengths().min(), lengths().max()), (Some(PROVIDER_BYTES_MIN), Some(PROVIDER_BYTES_MAX)));
    }

    #[test]
    fn passwords() {
        check(
            Some(Meaning::Password),
            &[
                "password",
                "Passwd",
                "dbPassword",
                "DB_PASSWORD",
                "user-password",
                "mysqlpwd",
                "DB_PASS",
                "newPassword2",
                "password_hash",
            ],
        );
        check(
            None,
            &[
                "hasPassword",
                "password_length",
                "passwordResetUrl",
                "boarding_pass",
                "passport",
                "bypass",
                "passenger",
                "compass",
            ],
        );
    }

    #[test]
    fn secrets() {
        check(
            Some(Meaning::Secret),
            &[
                "secret",
                "client_secret",
                "clientSecret",
                "X-Api-Key",
                "apiKey",
                "APIKEY",
                "aws_secret_access_key",
                "Authorization",
                "credentials",
            ],
        );
        check(
            None,
            &["api_key_id", "primary_key", "cache_key", "keyboard", "monkey", "secretary", "secret_name", "public_key"],
        );
    }

    #[test]
    fn keys_of_any_kind() {
        check(Some(Meaning::Key), &["key", "salt", "snyk_team", "monday_board"]);
        check(
            Some(Meaning::ServiceKey),
            &[
                "datadog_host_key",
                "OKTA_PROD",
                "new-relic",
                "messageBird",
                "stripe",
                "sendbird_access",
                "plaid-client-id",
                "sumo.accessId",
            ],
        );
        check(
            None,
            &["rookTable", "public_key", "github_sha", "slack_channel", "aws_region", "partitionKey", "turkey"],
        );
    }

    #[test]
    fn tokens() {
        check(
            Some(Meaning::Token),
            &["token", "access_token", "accessToken", "refreshtoken", "csrf-token", "id_token", "jwt", "authTokens"],
        );
        check(
            None,
            &[
                "tokens",
                "tokens_used",
                "input_tokens",
                "output_tokens",
                "max_tokens",
                "token_count",
                "total_tokens",
                "tokenizer",
                "eos_token",
            ],
        );
        check(None, &["nextPageToken", "nonMatchingToken", "token_type", "completion_tokens", "logprob"]);
    }

    #[test]
    fn numbers_of_people() {
        check(Some(Meaning::Phone), &["phone", "mobile_number", "phoneNumber", "homePhone", "fax-no", "tel"]);
        check(Some(Meaning::Ssn), &["ssn", "social_security_number", "SSN"]);
        check(Some(Meaning::Card), &["card_number", "creditCardNumber", "cardNumber"]);
        check(Some(Meaning::Pin), &["pin", "otp", "cvv2", "security_code", "verificationCode"]);
        check(
            None,
            &["flight_number", "order_no", "error_code", "country_code", "hotel", "excel", "pinned", "spin", "number"],
        );
    }

    #[test]
    fn members_of_the_fixed_schema_mean_nothing() {
        check(
            None,
            &[
                "event_type",
                "ai_id",
                "ai_version",
                "timestamp",
                "action",
                "function",
                "input",
                "output",
                "latency_ms",
                "model",
                "tokens_used",
                "decision",
                "type",
                "logic",
                "options",
                "chosen",
                "confidence",
                "error",
                "code",
                "message",
                "stack",
                "recoverable",
                "query",
                "messages",
                "prompt",
                "parameters",
                "response",
                "finish_reason",
                "usage",
                "input_tokens",
                "output_tokens",
                "metadata",
                "user_id",
                "session_id",
                "request_id",
                "source_ip",
                "country",
                "region",
                "trace_id",
                "span_id",
                "labels",
                "event_id",
                "sequence",
                "key_id",
                "signature",
                "signature_algorithm",
            ],
        );
    }
}
