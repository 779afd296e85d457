//! The kinds of canaries: one of everything that redaction knows, good by its checksum, and no two alike.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// What a canary looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Email,
    InternationalEmail,
    Phone,
    Ssn,
    Card,
    Iban,
    IpV4,
    IpV6,
    AwsKey,
    GithubToken,
    GitlabToken,
    StripeKey,
    SlackToken,
    GoogleKey,
    OpenAiKey,
    AnthropicKey,
    SendgridKey,
    HuggingFaceToken,
    DigitalOceanToken,
    ApiKeyOfOurs,
    SigningSecretOfOurs,
    Jwt,
    Bearer,
    Pem,
    ConnectionString,
    Password,
    /// What an organisation's own rule finds.
    OwnRule,
}

/// The organisation's own rule.
pub(crate) const OWN_RULE: &str = "EMP-[0-9]{10}";

impl Kind {
    /// Every kind that redaction knows by itself.
    pub(crate) const ALL: [Kind; 26] = [
        Kind::Email,
        Kind::InternationalEmail,
        Kind::Phone,
        Kind::Ssn,
        Kind::Card,
        Kind::Iban,
        Kind::IpV4,
        Kind::IpV6,
        Kind::AwsKey,
        Kind::GithubToken,
        Kind::GitlabToken,
        Kind::StripeKey,
        Kind::SlackToken,
        Kind::GoogleKey,
        Kind::OpenAiKey,
        Kind::AnthropicKey,
        Kind::SendgridKey,
        Kind::HuggingFaceToken,
        Kind::DigitalOceanToken,
        Kind::ApiKeyOfOurs,
        Kind::SigningSecretOfOurs,
        Kind::Jwt,
        Kind::Bearer,
        Kind::Pem,
        Kind::ConnectionString,
        Kind::Password,
    ];

    /// The canary of this number: what is sent, and the part of it that nobody may ever see.
    pub(crate) fn make(self, number: u64) -> (String, String) {
        let mut random = Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self as u64);
        let whole = |text: String| (text.clone(), text);
        match self {
            Kind::Email => {
                let name = format!("canary.{}", random.text(10, LOWER));
                (format!("{name}@mail.example.org"), name)
            }
            Kind::InternationalEmail => {
                let name = format!("vögel.{}", random.text(10, LOWER));
                (format!("{name}@bücher.example"), name)
            }
            Kind::Phone => {
                // An area code and exchanges that are given out.
                let number = format!("415-2{:02}-{:04}", number % 100, number / 100 % 10_000);
                (format!("+1 {number}"), number)
            }
            Kind::Ssn => {
                let number = format!("5{:02}-{:02}-{:04}", number % 90, number / 90 % 90 + 10, 1_234 + number / 8_100);
                (format!("SSN {number}"), number)
            }
            Kind::Card => {
                let payload = format!("453201{:09}", number * 7 % 1_000_000_000);
                whole(format!("{payload}{}", luhn_digit(&payload)))
            }
            Kind::Iban => {
                let account = format!("37040044{:010}", 532_013_000 + number * 31);
                (format!("DE{:02}{account}", iban_check("DE", &account)), account)
            }
            Kind::IpV4 => {
                whole(format!("203.{}.{}.{}", 113 + number / 40_000, number / 200 % 200 + 20, number % 200 + 20))
            }
            Kind::IpV6 => {
                whole(format!("2606:4700:{:x}:{:x}::{:x}", 0x1000 + number, 0x2000 + number, 0x1000 + number * 3))
            }
            Kind::AwsKey => whole(format!("AKIA{}", random.text(16, BASE32))),
            Kind::GithubToken => {
                let secret = random.text(30, BASE62);
                whole(format!("ghp_{secret}{}", base62_crc(&secret)))
            }
            Kind::GitlabToken => whole(format!("glpat-{}", random.text(20, BASE62))),
            Kind::StripeKey => whole(format!("sk_live_{}", random.text(24, BASE62))),
            Kind::SlackToken => {
                let secret = random.text(24, BASE62);
                (format!("xoxb-{}-{}-{secret}", random.text(12, DIGITS), random.text(13, DIGITS)), secret)
            }
            Kind::GoogleKey => whole(format!("AIza{}", random.text(35, BASE62))),
            Kind::OpenAiKey => whole(format!("sk-proj-{}", random.text(48, BASE62))),
            Kind::AnthropicKey => whole(format!("sk-ant-api03-{}AA", random.text(93, BASE62))),
            Kind::SendgridKey => {
                let secret = random.text(43, BASE62);
                (format!("SG.{}.{secret}", random.text(22, BASE62)), secret)
            }
            Kind::HuggingFaceToken => whole(format!("hf_{}", random.text(34, LETTERS))),
            Kind::DigitalOceanToken => whole(format!("dop_v1_{}", random.text(64, HEX))),
            Kind::ApiKeyOfOurs => {
                let secret = random.text(24, BASE62);
                whole(format!("sk_{secret}{}", base62_crc(&secret)))
            }
            Kind::SigningSecretOfOurs => whole(format!("ss_{}", random.text(64, HEX))),
            Kind::Jwt => {
                let part = |json: String| URL_SAFE_NO_PAD.encode(json);
                let head = part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned());
                let claims = part(format!(r#"{{"sub":"{}","iat":1772357402}}"#, random.text(12, LOWER)));
                let signature = random.text(43, BASE62);
                (format!("{head}.{claims}.{signature}"), signature)
            }
            Kind::Bearer => {
                let token = random.text(40, BASE62);
                (format!("Authorization: Bearer {token}"), token)
            }
            Kind::Pem => {
                let line = random.text(64, BASE62);
                let lines = [random.text(64, BASE62), line.clone(), random.text(40, BASE62)].join("\n");
                (format!("-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----"), line)
            }
            Kind::ConnectionString => {
                let password = random.text(20, BASE62);
                (format!("postgres://service:{password}@db.internal.example:5432/orders"), password)
            }
            Kind::Password => {
                let password = format!("{}7!x", random.text(12, BASE62));
                (format!("password={password}"), password)
            }
            Kind::OwnRule => whole(format!("EMP-{:010}", 4_000_000_000 + number * 7919)),
        }
    }
}

const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Numbers that look like chance and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn text(&mut self, length: usize, alphabet: &str) -> String {
        let of = alphabet.as_bytes();
        (0..length).map(|_| char::from(of[(self.next() % of.len() as u64) as usize])).collect()
    }
}

/// The checksum of GitHub's tokens, and of GAPIN's API keys: CRC-32 as six characters of base62.
fn base62_crc(secret: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(secret.as_bytes());
    let mut sum = crc.sum();
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62.as_bytes()[(sum % 62) as usize];
        sum /= 62;
    }
    digits.map(char::from).iter().collect()
}

fn luhn_digit(payload: &str) -> u32 {
    let doubled = payload.bytes().rev().enumerate().map(|(place, byte)| {
        let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    (10 - doubled.sum::<u32>() % 10) % 10
}

fn iban_check(country: &str, account: &str) -> u64 {
    let letters: String = country.bytes().map(|letter| (letter - b'A' + 10).to_string()).collect();
    let number = format!("{account}{letters}00");
    98 - number.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97)
}

#[test]
fn every_canary_is_one_that_redaction_knows() {
    let rules = aibbar::RuleSet::strictest();
    for kind in Kind::ALL {
        for number in 0..200 {
            let (text, needle) = kind.make(number);
            assert!(text.contains(&needle));
            let (redacted, _) = rules.redact_text(&text);
            assert!(!redacted.contains(&needle), "{kind:?}: {text} became {redacted}");
        }
    }
}
