//! E-mail addresses and telephone numbers.

use aibbar::Kind;

use super::{Case, Random, in_places, in_some_places, push};

pub(crate) fn cases(random: &mut Random, cases: &mut Vec<Case>) {
    emails(random, cases);
    international(random, cases);
    national(random, cases);
}

fn emails(random: &mut Random, cases: &mut Vec<Case>) {
    const NAMES: &[&str] = &[
        "anna",
        "b.smith",
        "carl_jones",
        "d-lee",
        "eve+news",
        "f.g.h",
        "o'neil",
        "x1y2",
        "info",
        "Jürgen",
        "山田",
        "иван",
        "no.reply",
    ];
    const HOSTS: &[&str] =
        &["example", "mail.example", "my-shop", "sub.domain.example", "1and2", "münchen", "例え", "xn--80ak6aa92e"];
    const ENDS: &[&str] = &["com", "org", "de", "co.uk", "museum", "io", "travel", "xn--p1ai", "рф", "technology"];
    for name in NAMES {
        for host in HOSTS {
            let address = format!("{name}{}@{host}.{}", random.within(0, 99), random.of(ENDS));
            in_some_places(Kind::Email, &address, random, cases);
        }
    }
    in_places(Kind::Email, "john.doe@example.com", cases);
    for written in [
        "a.b＠example.com",
        "a.b&#64;example.com",
        "a.b\\u0040example.com",
        "a.b%2540example.com",
        "a.b\u{200b}@example.com",
    ] {
        in_some_places(Kind::Email, written, random, cases);
    }
    for text in [
        "mailto:{}?subject=x",
        "Bob <{}>",
        "From: {}\r\nTo: you",
        "{};",
        "user={}&x=1",
        "git log --author={}",
        "\"{}\":{\"id\":1}",
    ] {
        push(Kind::Email, &text.replace("{}", "jane@example.net"), "jane@example.net", cases);
    }
}

/// Calling code, the beginnings of its national numbers, and how many digits they have.
const COUNTRIES: &[(&str, &[&str], usize)] = &[
    ("1", &["212555", "415555", "604555", "800555"], 10),
    ("7", &["495", "916", "812"], 10),
    ("20", &["10", "12"], 10),
    ("27", &["82", "11"], 9),
    ("30", &["210", "697"], 10),
    ("31", &["20", "61"], 9),
    ("32", &["47"], 9),
    ("33", &["1", "6", "7"], 9),
    ("34", &["91", "61", "93"], 9),
    ("39", &["333", "347"], 10),
    ("40", &["21", "72"], 9),
    ("41", &["44", "79"], 9),
    ("43", &["664", "676"], 10),
    ("44", &["20", "161", "7911"], 10),
    ("45", &["20", "31"], 8),
    ("46", &["70", "73"], 9),
    ("47", &["22", "91"], 8),
    ("48", &["22", "60"], 9),
    ("49", &["30", "151", "89"], 10),
    ("52", &["55", "33"], 10),
    ("54", &["11"], 10),
    ("55", &["119", "219"], 11),
    ("56", &["9"], 9),
    ("57", &["30", "31"], 10),
    ("60", &["12"], 9),
    ("61", &["4", "2"], 9),
    ("62", &["812"], 10),
    ("63", &["917"], 10),
    ("64", &["21"], 9),
    ("65", &["6", "9"], 8),
    ("66", &["81"], 9),
    ("81", &["90", "80"], 10),
    ("82", &["10"], 10),
    ("84", &["90"], 9),
    ("86", &["138", "139"], 11),
    ("90", &["532"], 10),
    ("91", &["98", "70"], 10),
    ("92", &["30"], 10),
    ("94", &["71"], 9),
    ("98", &["912"], 10),
    ("212", &["61"], 9),
    ("234", &["803"], 10),
    ("254", &["712"], 9),
    ("351", &["91"], 9),
    ("353", &["85"], 9),
    ("358", &["40"], 9),
    ("380", &["44", "67"], 9),
    ("420", &["60"], 9),
    ("852", &["51"], 8),
    ("966", &["50"], 9),
    ("971", &["50"], 9),
    ("972", &["54", "52"], 9),
];

fn international(random: &mut Random, cases: &mut Vec<Case>) {
    for (code, beginnings, length) in COUNTRIES {
        for beginning in *beginnings {
            let national = format!("{beginning}{}", random.digits(length - beginning.len()));
            let (area, rest) = national.split_at(if national.len() > 8 { 3 } else { 2 });
            let (left, right) = rest.split_at(rest.len() / 2);
            for written in [
                format!("+{code}{national}"),
                format!("+{code} {area} {left} {right}"),
                format!("+{code}-{area}-{left}-{right}"),
                format!("+{code} ({area}) {left}-{right}"),
                format!("+{code}.{area}.{left}{right}"),
                format!("00{code} {area} {left} {right}"),
                format!("+{code}\u{a0}{area}\u{a0}{left}\u{a0}{right}"),
            ] {
                in_some_places(Kind::Phone, &written, random, cases);
            }
        }
    }
    in_places(Kind::Phone, "+1 415 555 0132", cases);
    in_places(Kind::Phone, "+49 89 636 48018", cases);
}

/// How people of a country write numbers to each other; `d` is any digit.
const WRITTEN: &[&str] = &[
    "(415) 555-dddd",
    "(212)555-dddd",
    "415-555-dddd",
    "312.555.dddd",
    "1-800-555-dddd",
    "(617) 555 dddd",
    "020 7946 dddd",
    "0161 496 dddd",
    "07911 123ddd",
    "(020) 7946 dddd",
    "030 901dddd",
    "(030) 23125 dddd",
    "0151 234567dd",
    "089/636dddd",
    "01 42 68 53 dd",
    "06.12.34.5d.dd",
    "02-6123dddd",
    "054-123dddd",
    "09-762dddd",
    "(11) 91234-dddd",
    "(21) 2345-dddd",
    "03-1234-dddd",
    "090-1234-dddd",
    "(02) 9374 dddd",
    "0412 345 ddd",
    "138 0013 dddd",
    "8 (495) 123-dd-dd",
    "8 800 555-dd-dd",
    "044 668 18 dd",
    "010-1234-dddd",
    "011 4321-dddd",
    "022 345 67dd",
];

/// The same where only the words around it tell.
const TOLD: &[&str] = &[
    "4155550132",
    "555-0132",
    "98765 43210",
    "9876543210",
    "612 345 678",
    "20 12 34 56",
    "9123 4567",
    "02 6123 4567",
    "7911 123456",
    "55 11 98456 5666",
];

fn national(random: &mut Random, cases: &mut Vec<Case>) {
    for pattern in WRITTEN {
        for _ in 0..2 {
            let number: String = pattern
                .chars()
                .map(|mark| if mark == 'd' { char::from(b'0' + random.within(0, 9) as u8) } else { mark })
                .collect();
            in_some_places(Kind::Phone, &number, random, cases);
        }
    }
    for number in TOLD {
        for place in [
            "My phone number is {}.",
            "Phone: {}",
            "tel. {}",
            "Mobile {}, thanks",
            "{\"phone\": \"{}\"}",
            "WhatsApp: {}",
            "phone={}&x=1",
            "telefon: {}",
        ] {
            push(Kind::Phone, &place.replace("{}", number), number, cases);
        }
    }
    for number in ["(415) 555-0132", "612 345 678", "98765 43210", "9123 4567"] {
        for place in
            ["Call me at {} tomorrow", "please dial {} and ask for Bob", "You can reach her on {}", "contact {}"]
        {
            push(Kind::Phone, &place.replace("{}", number), number, cases);
        }
    }
}
