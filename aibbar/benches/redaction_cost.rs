//! What hostile text costs: 256 KiB of near-misses, per byte, against usual text in the same run.
//!
//! A ratio of times has no place among the tests; here it fails when one is beyond the bound.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use aibbar::{Kind, RuleSet};

const EVENT_BYTES: usize = 256 * 1024;
/// So many times the usual cost of a byte is hostile text allowed to cost.
const SLOWER_MAX: f64 = 20.0;

fn all() -> RuleSet {
    RuleSet::default().with(Kind::IpAddress, true)
}

fn filled(piece: &str) -> String {
    piece.chars().cycle().take(EVENT_BYTES / piece.len() * piece.chars().count()).collect()
}

/// The best of a few is what the text costs when nothing else has the processor.
fn cost(text: &str, times: usize) -> Duration {
    (0..times)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(all().redact_text(std::hint::black_box(text)));
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn main() {
    let usual = filled(
        "The user mia_li_3668 asked to book flight HAT243 from JFK to SEA on 2024-05-20 for $1,299.00, and the agent confirmed at 15:04. \
         Their address is mia.li@example.com, and the reservation is 4WQ150 with 2 free bags. ",
    );
    all().redact_text(&usual); // compiles the rules
    let usual = cost(&usual, 5).as_secs_f64() / usual.len() as f64;

    let pieces = [
        "@",
        "1",
        "1 ",
        "12 ",
        "1-",
        "+1",
        "+4",
        "(1",
        "(",
        "[",
        "{",
        "\"",
        "\\",
        "\\\"",
        "%",
        "%4",
        "%40",
        "a@",
        "a@b",
        "a@b.",
        "a.",
        "a.a.a.",
        "1.",
        "1.1.1.1.",
        "::",
        ":a",
        "1:",
        "a:b:",
        "fe80:",
        "eyJ",
        "eyJ.",
        "eyJa.eyJa.",
        "eyJ-",
        "eyJaaaaaaaaaaaaaaa.",
        "sk-",
        "sk-a",
        "sk_live_",
        "ghp_",
        "ghp_a",
        "AKIA",
        "xoxb-1",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END ",
        "://",
        "://a:",
        "://a:b@",
        "://@",
        "password",
        "password=",
        "password=\"",
        "password=\"<",
        "password='x",
        "token=`",
        "token: ",
        "token is ",
        "key ",
        "api key ",
        "--password ",
        "<token>",
        "<token ",
        "</token>",
        "token(\"",
        "token string = ",
        "Bearer ",
        "Basic ",
        "basic A1==",
        "PIN 1",
        "4111 ",
        "4111-1111-",
        "411111111111111",
        "DE89 ",
        "DE89370400440532013",
        "123-45-",
        "123 45 678 ",
        "0 ",
        "00",
        "00 ",
        "+49 ",
        "+49 30 1",
        "(030) ",
        "tel ",
        "tel 1",
        "phone 12345 ",
        "[REDACTED:",
        "[REDACTED:email]",
        "ü",
        "用户@",
        "a@用户.",
        "-a.",
        "-",
        "--",
        "_",
        ".",
        "..",
        "@..",
        "a@a.-",
        "a@1.1",
        "a@aa.-.aa",
        "\u{a0}1",
        "\\u0040",
        "\\\\",
        "&a=",
        "passpass",
        "keykeykey",
        "token_",
        "token.",
        "token-",
        "T0kenA",
        "AIza",
        "AAAA",
        ":AA",
        "A",
        "a",
        "aB",
        " ",
    ];
    let slow: Vec<String> = pieces
        .iter()
        .filter_map(|piece| {
            let text = filled(piece);
            let slower = |times| cost(&text, times).as_secs_f64() / text.len() as f64 / usual;
            // Once is enough for most; what seems slow may only have had to wait.
            let slower = Some(slower(1)).filter(|slower| *slower <= SLOWER_MAX).unwrap_or_else(|| slower(5));
            (slower > SLOWER_MAX).then(|| format!("{piece:?}: {slower:.0} times"))
        })
        .collect();
    println!("{} hostile texts of {EVENT_BYTES} bytes, usual text costs {:.1} ns a byte", pieces.len(), usual * 1e9);
    assert!(slow.is_empty(), "{slow:#?} (usual: {:.1} ns a byte)", usual * 1e9);
}
