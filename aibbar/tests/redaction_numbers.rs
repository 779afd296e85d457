//! Cards, telephone numbers and IP addresses among the numbers that look like them: by the words, marks and shapes around them.
#![allow(clippy::unwrap_used)]

use aibbar::{Kind, RuleSet};

/// `(text, what is hidden in it)`, with `…` between values: nothing else may change.
#[track_caller]
fn check_hidden(kind: Kind, cases: &[(&str, &str)]) {
    let rules = RuleSet::default().with(Kind::IpAddress, true);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, values)| {
            let expected = values.split('…').fold((*text).to_owned(), |text, value| {
                assert!(text.contains(value), "{value:?} is not in {text:?}");
                text.replacen(value, kind.placeholder(), 1)
            });
            let (redacted, _) = rules.redact_text(text);
            (redacted != expected).then(|| format!("{text:?} became {redacted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[track_caller]
fn check_untouched(texts: &[&str]) {
    let rules = RuleSet::default().with(Kind::IpAddress, true);
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let (redacted, _) = rules.redact_text(text);
            (redacted != *text).then(|| format!("{text:?} became {redacted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn short_cards_are_found_where_somebody_pays_or_nothing_else_stands() {
    check_hidden(
        Kind::CreditCard,
        &[
            ("charged 135410014004955 on Monday", "135410014004955"),
            ("bezahlt mit 4222222222222", "4222222222222"),
            ("Refunded to 122000000000003, sorry", "122000000000003"),
            ("4222222222222", "4222222222222"),
            ("135410014004955", "135410014004955"),
        ],
    );
    check_untouched(&[
        "at 4222222222222 bytes",
        "payment invoice 4222222222222",
        "charge id: 135410014004955",
        "paid 1700000000001 sats",
        // An article of Germany: its own check digit is right too.
        "4006381333931",
    ]);
}

#[test]
fn cards_of_smaller_issuers_and_of_stripes_are_found_and_columns_are_not() {
    check_hidden(
        Kind::CreditCard,
        &[
            ("6331101999990016 exp 01/29", "6331101999990016"),
            ("ref;6034932528973614;ok", "6034932528973614"),
            ("%B5555555555554444^ROE/JANE^2712101?", "5555555555554444"),
            ("41111111 11111111", "41111111 11111111"),
            ("41111111 11111111 12/27", "41111111 11111111"),
        ],
    );
    check_untouched(&["41111111 11111111 22 33", "12 41111111 11111111", "%41111111111111112^"]);
}

#[test]
fn telephones_are_told_in_many_languages() {
    check_hidden(
        Kind::Phone,
        &[
            ("Diensttelefon 22731234", "22731234"),
            ("Meine Handynummer: 01761234567", "01761234567"),
            ("Rufnummer 9114567890", "9114567890"),
            ("tél. 0781223344", "0781223344"),
            ("Tfno: 655123987", "655123987"),
            ("mi móvil es 655 123 987", "655 123 987"),
            ("Telemóvel 934567812", "934567812"),
            ("il mio cellulare è 3471234567", "3471234567"),
            ("telefoonnummer 0651234567", "0651234567"),
            ("tlf. 22446688", "22446688"),
            ("Puhelinnumero: 0401234567", "0401234567"),
            ("numer telefonu 601234567", "601234567"),
            ("Zavolejte na 602 345 678", "602 345 678"),
            ("Telefonszám: 06201234567", "06201234567"),
            ("cep telefonu 05321234567", "05321234567"),
            ("мой телефон: 89161234567", "89161234567"),
            ("τηλέφωνο 2101234567", "2101234567"),
            ("手机号：13812345678", "13812345678"),
        ],
    );
    check_untouched(&["Konto 078 345 6789", "Rechnung 0176 1234567", "mobile users: 1234567", "phone model 1234567"]);
}

#[test]
fn bare_digits_are_a_telephone_where_somebody_asks_to_call_them() {
    check_hidden(
        Kind::Phone,
        &[
            ("My number is 2125550142, thanks", "2125550142"),
            ("number: 2125550142", "2125550142"),
            ("call 7135550199 now", "7135550199"),
            ("Contact me at 7135550199", "7135550199"),
        ],
    );
    check_untouched(&[
        "employee number is 6175550173",
        "user id 6175550173 called back",
        "order number: 2125550142",
        "processed 4155550132 bytes",
        "call 1234567 times",
    ]);
}

#[test]
fn more_shapes_of_telephone_numbers_are_found_and_lists_are_not() {
    check_hidden(
        Kind::Phone,
        &[
            ("617 555 0173", "617 555 0173"),
            ("1 888 555 0144", "1 888 555 0144"),
            ("[617] 555-0173", "[617] 555-0173"),
            ("011-49-30-901820", "011-49-30-901820"),
            ("011 44 20 7946 0018", "011 44 20 7946 0018"),
            ("00390667843434", "00390667843434"),
            ("(03) 445 17 18", "(03) 445 17 18"),
            ("(0 40) 12 34 56 78", "(0 40) 12 34 56 78"),
            ("+52 1 33 1234 5678", "+52 1 33 1234 5678"),
            ("21 99876-5432", "21 99876-5432"),
            ("Room 12 (617) 555-0173", "(617) 555-0173"),
            ("line 4 617-555-0173", "617-555-0173"),
            ("070-123 45 67", "070-123 45 67"),
        ],
    );
    check_untouched(&[
        "256 512 1024",
        "640 480 3000",
        "05 06 07 08 09",
        "account 078 051 121",
        "arn:aws:iam::005079637066:role/reader",
        "000012345678901",
        "[617, 555, 1234]",
    ]);
}

#[test]
fn an_extension_goes_with_its_number() {
    check_hidden(
        Kind::Phone,
        &[
            ("617-555-0173 ext 5, please", "617-555-0173 ext 5"),
            ("(617) 555-0173 x12", "(617) 555-0173 x12"),
            ("+1 617 555 0173, extension 204.", "+1 617 555 0173, extension 204"),
        ],
    );
    check_hidden(Kind::Phone, &[("617-555-0173 exit 5", "617-555-0173"), ("617-555-0173 x y", "617-555-0173")]);
}

#[test]
fn two_telephone_numbers_side_by_side_are_two() {
    check_hidden(
        Kind::Phone,
        &[
            ("617 555 0173 617 555 0188", "617 555 0173…617 555 0188"),
            ("617-555-0173/617-555-0188", "617-555-0173…617-555-0188"),
            ("Doe,617-555-0173,617-555-0188,02139", "617-555-0173…617-555-0188"),
            ("+49 30 901820 0171 1234567", "+49 30 901820…0171 1234567"),
            ("Handy 0171 1234567 0172 7654321", "0171 1234567…0172 7654321"),
            ("Phones: 6175550173, 6175550188 or 6175550190", "6175550173…6175550188…6175550190"),
        ],
    );
}

#[test]
fn a_version_word_speaks_for_what_it_touches_only() {
    check_hidden(
        Kind::IpAddress,
        &[
            ("server version 5 on 10.20.30.40", "10.20.30.40"),
            ("build failed at 10.9.8.7", "10.9.8.7"),
            ("version: 3, host: 10.6.6.6", "10.6.6.6"),
            ("version 10.0.0.1:8080", "10.0.0.1"),
        ],
    );
    check_untouched(&[
        "AssemblyVersion(\"1.0.0.0\")",
        "ProductVersion: '6.1.7.1'",
        "Gecko (rv:1.9.2.3)",
        "Versión 5.4.3.2",
        "upgraded from 1.2.3.4 to 1.2.3.5",
        "Section 4.3.2.1",
        "clause 7.1.2.3",
        "§ 4.2.1.3",
    ]);
}

#[test]
fn what_is_glued_to_a_version_tells_it_from_an_address() {
    check_hidden(
        Kind::IpAddress,
        &[
            ("ip==10.1.1.1", "10.1.1.1"),
            ("ip.src == 10.1.1.2", "10.1.1.2"),
            ("<ip>10.7.7.7</ip>", "10.7.7.7"),
            ("http://10.4.4.4/a", "10.4.4.4"),
            ("Server/10.2.2.2", "10.2.2.2"),
            ("node1/10.2.2.3", "10.2.2.3"),
            ("10.0.0.5-10.0.0.9", "10.0.0.5…10.0.0.9"),
            ("logs/10.5.5.5.log", "10.5.5.5"),
            ("blocked 9.1.0.0", "9.1.0.0"),
            ("ip 1.0.0.0", "1.0.0.0"),
            ("1.0.0.0", "1.0.0.0"),
            ("moved from 5.2.0.0/16", "5.2.0.0/16"),
            ("10.0.0.1, <10.0.0.2>", "10.0.0.1…10.0.0.2"),
        ],
    );
    check_untouched(&[
        "Chrome/120.0.0.0 Safari/537.36",
        "OPR/99.0.0.0",
        "numpy==1.24.3.1",
        "lib>=2.3.4.5",
        "\"^1.2.3.4\"",
        "tool-4.5.6.7.tar.gz",
        "3.4.5.6-beta",
        "3.4.5.6-rc2",
        "spring 4.1.0.1.Final",
        "libz.so.1.2.11.1",
        "openssl 3.0.2.0",
        "dotnet 8.0.1.0 runtime",
        ">=1.0.0.0,<2.0.0.0",
    ]);
}

#[test]
fn a_fifth_number_makes_an_identifier_unless_it_is_a_port() {
    check_hidden(
        Kind::IpAddress,
        &[("10.1.2.3.443 > 10.1.2.4.51514:", "10.1.2.3…10.1.2.4"), ("192.168.1.1.1", "192.168.1.1")],
    );
    check_untouched(&["1.2.3.4.5", "OID 1.3.6.1.4.1", "1.3.6.1.2.1.1.5.0", "1.3.6.1.4.1.311.20"]);
}

#[test]
fn hexadecimal_names_of_a_program_are_no_addresses() {
    check_hidden(
        Kind::IpAddress,
        &[
            ("ip:fd00::abcd", "fd00::abcd"),
            ("[feed::cafe]:80", "feed::cafe"),
            ("fe80::cafe", "fe80::cafe"),
            ("a099::9c0:876a:130b", "a099::9c0:876a:130b"),
        ],
    );
    check_untouched(&["de::ad", "face::cafe()", "use e2e::db;", "beef::add1(1)", "00:11:22:33:44:55:66:77"]);
}
