//! Numbers with rules of their own: social security, cards, accounts, addresses of machines.

use aibbar::Kind;

use super::{Case, Random, in_places, in_some_places, push};

pub(crate) fn cases(random: &mut Random, cases: &mut Vec<Case>) {
    social_security(random, cases);
    cards(random, cases);
    accounts(random, cases);
    addresses(random, cases);
}

fn social_security(random: &mut Random, cases: &mut Vec<Case>) {
    for _ in 0..60 {
        let area = match random.within(1, 899) {
            666 => 665,
            area => area,
        };
        let (group, serial) = (random.within(1, 99), random.within(1, 9999));
        let mark = random.of(&["-", "-", " ", ".", "\u{2011}", "\u{a0}"]);
        let number = format!("{area:03}{mark}{group:02}{mark}{serial:04}");
        in_some_places(Kind::Ssn, &number, random, cases);
        let plain = format!("{area:03}{group:02}{serial:04}");
        let place =
            random.of(&["My SSN is {}.", "SSN: {}", "social security number {}", "{\"ssn\":\"{}\"}", "ssn={}&x=1"]);
        push(Kind::Ssn, &place.replace("{}", &plain), &plain, cases);
    }
    in_places(Kind::Ssn, "536-22-8714", cases);
}

/// Beginnings of the issuers' numbers, and how many digits they have.
const ISSUERS: &[(&str, usize)] = &[
    ("4", 16),
    ("4", 13),
    ("4", 19),
    ("51", 16),
    ("55", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("300", 14),
    ("36", 14),
    ("38", 14),
    ("6011", 16),
    ("65", 16),
    ("644", 16),
    ("3528", 16),
    ("3589", 16),
    ("62", 16),
    ("62", 19),
    ("5018", 16),
    ("5020", 16),
    ("6304", 16),
    ("6759", 16),
    ("6763", 16),
    ("2200", 16),
    ("5019", 16),
    ("6521", 16),
    ("9792", 16),
    ("508", 16),
];

fn cards(random: &mut Random, cases: &mut Vec<Case>) {
    for (beginning, length) in ISSUERS {
        for _ in 0..4 {
            let digits = with_check_digit(&format!("{beginning}{}", random.digits(length - beginning.len() - 1)));
            let sizes: &[usize] = match length {
                15 => &[4, 6, 5],
                14 => &[4, 6, 4],
                16 => &[4, 4, 4, 4],
                _ => &[],
            };
            let told = *length == 13;
            let mut written = vec![digits.clone()];
            for mark in [" ", "-", "\u{a0}", "\u{2011}", "\u{2009}"] {
                let mut at = 0;
                let groups: Vec<&str> = sizes.iter().map(|size| (&digits[at..at + size], at += size).0).collect();
                written.extend((!groups.is_empty()).then(|| groups.join(mark)));
            }
            for number in &written {
                if told {
                    push(Kind::CreditCard, &format!("my card is {number}, thanks"), number, cases);
                } else {
                    in_some_places(Kind::CreditCard, number, random, cases);
                }
            }
        }
    }
    in_places(Kind::CreditCard, "4012 8888 8888 1881", cases);
    in_places(Kind::CreditCard, "378282246310005", cases);
    for written in ["４０１２８８８８８８８８１８８１", "4012%208888%208888%201881", "4012&#32;8888&nbsp;8888 1881"]
    {
        in_some_places(Kind::CreditCard, written, random, cases);
    }
}

/// Luhn's digit behind the others.
fn with_check_digit(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(digit - b'0')) {
            (0, digit) if digit >= 5 => digit * 2 - 9,
            (0, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// A country and what its accounts consist of: so many digits (`n`), capitals (`a`), or either (`c`).
const ACCOUNTS: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "4c20c"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("MC", "10n11c2n"),
    ("MD", "2c18c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
];

fn accounts(random: &mut Random, cases: &mut Vec<Case>) {
    for (country, form) in ACCOUNTS {
        let mut account = String::new();
        let mut count = 0;
        for mark in form.chars() {
            match mark {
                'n' => account += &random.digits(std::mem::take(&mut count)),
                'a' => account += &random.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", std::mem::take(&mut count)),
                'c' => account += &random.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", std::mem::take(&mut count)),
                digit => count = count * 10 + digit.to_digit(10).unwrap_or_default() as usize,
            }
        }
        let number = format!("{country}{:02}{account}", 98 - remainder(&format!("{account}{country}00")));
        let groups: Vec<&str> = (0..number.len()).step_by(4).map(|at| &number[at..number.len().min(at + 4)]).collect();
        for written in
            [number.clone(), groups.join(" "), groups.join("-"), groups.join("\u{a0}"), number.to_lowercase()]
        {
            in_some_places(Kind::Iban, &written, random, cases);
        }
    }
    in_places(Kind::Iban, "GB33BUKB20201555555555", cases);
    in_places(Kind::Iban, "FR14 2004 1010 0505 0001 3M02 606", cases);
}

/// Of 97, letters counted from ten.
fn remainder(text: &str) -> u32 {
    let digits: String = text.chars().filter_map(|letter| letter.to_digit(36)).map(|value| value.to_string()).collect();
    digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97)
}

fn addresses(random: &mut Random, cases: &mut Vec<Case>) {
    for _ in 0..60 {
        let four = [(); 4].map(|()| random.within(0, 255).to_string()).join(".");
        let six: Vec<String> = (0..8).map(|_| format!("{:x}", random.within(1, 0xffff))).collect();
        let (a, b) = (random.within(1, 3) as usize, random.within(5, 7) as usize);
        for address in [
            four.clone(),
            six.join(":"),
            format!("{}::{}", six[..a].join(":"), six[b..].join(":")),
            format!("{}::", six[..a + 1].join(":")),
            format!("::ffff:{four}"),
            format!("fe80::{}%eth0", six[b..].join(":")),
            format!("{four}/{}", random.within(8, 32)),
            six.join(":").to_uppercase(),
        ] {
            in_some_places(Kind::IpAddress, &address, random, cases);
        }
    }
    for text in ["http://{}/x", "{}:8080", "ssh root@{}", "X-Forwarded-For: {}, 1", "from={} to=you", "ping {}."] {
        push(Kind::IpAddress, &text.replace("{}", "203.0.113.77"), "203.0.113.77", cases);
    }
}
