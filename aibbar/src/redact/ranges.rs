//! Whose numbers are whose, as data: issuers of cards, and the accounts of countries.

/// A range of issuer numbers, by their first six digits, and the lengths of its cards.
pub(super) struct Issuer {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) lengths: &'static [u8],
}

const fn issuer(first: u32, last: u32, lengths: &'static [u8]) -> Issuer {
    Issuer { first, last, lengths }
}

/// Who may issue cards, by ISO/IEC 7812 ranges.
#[rustfmt::skip]
pub(super) const ISSUERS: &[Issuer] = &[
    issuer(100000, 199999, &[15]),                        // UATP
    issuer(194600, 194699, &[16, 18, 19]),                // GPN
    issuer(220000, 220499, &[16, 17, 18, 19]),            // Mir
    issuer(220500, 220599, &[16]),                        // PayPak
    issuer(222100, 272099, &[16]),                        // Mastercard
    issuer(286900, 286999, &[16]),                        // Carnet
    issuer(300000, 305999, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(308800, 310299, &[16, 17, 18, 19]),            // JCB
    issuer(309500, 309599, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(333700, 334999, &[16]),                        // JCB
    issuer(340000, 349999, &[15]),                        // American Express
    issuer(352800, 358999, &[16, 17, 18, 19]),            // JCB
    issuer(360000, 369999, &[14, 15, 16, 17, 18, 19]),    // Diners Club
    issuer(370000, 379999, &[15]),                        // American Express
    issuer(380000, 399999, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(400000, 499999, &[13, 16, 19]),                // Visa
    issuer(500000, 509999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro, RuPay, Elo, Verve, Dankort
    issuer(510000, 559999, &[16]),                        // Mastercard
    issuer(560000, 589999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(601100, 601199, &[16, 17, 18, 19]),            // Discover
    issuer(603493, 603493, &[16]),                        // Cencosud
    issuer(604200, 604399, &[16]),                        // Cabal
    issuer(606282, 606282, &[16]),                        // Hipercard
    issuer(606985, 607999, &[16]),                        // RuPay
    issuer(608000, 608999, &[16]),                        // RuPay
    issuer(620000, 629999, &[16, 17, 18, 19]),            // UnionPay
    issuer(630400, 630499, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(633100, 633499, &[16, 18, 19]),                // Switch, Solo
    issuer(636000, 639999, &[16, 17, 18, 19]),            // InterPayment, InstaPayment, Maestro
    issuer(644000, 659999, &[16, 17, 18, 19]),            // Discover, RuPay, Troy
    issuer(670000, 679999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(810000, 829999, &[16, 17, 18, 19]),            // UnionPay, RuPay
    issuer(860000, 860099, &[16]),                        // UzCard
    issuer(911200, 911299, &[16]),                        // Belkart
    issuer(970400, 970499, &[16, 19]),                    // NAPAS
    issuer(979200, 979299, &[16]),                        // Troy
    issuer(980400, 980499, &[16]),                        // Prostir
    issuer(986000, 986099, &[16]),                        // Humo
];

/// How the digits of a card are grouped when they are grouped.
pub(super) const CARD_GROUPS: &[&[u8]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 3],
    &[4, 4, 4, 1],
    &[8, 8],
    &[6, 10],
    &[4, 4, 4],
    &[8, 4, 4],
    &[6, 13],
];

/// Length of the IBANs of each country (SWIFT's registry, and countries that use the form without being in it).
#[rustfmt::skip]
pub(super) const IBAN_LENGTHS: &[([u8; 2], u8)] = &[
    (*b"AD", 24), (*b"AE", 23), (*b"AL", 28), (*b"AO", 25), (*b"AT", 20), (*b"AZ", 28), (*b"BA", 20), (*b"BE", 16), (*b"BF", 28),
    (*b"BG", 22), (*b"BH", 22), (*b"BI", 27), (*b"BJ", 28), (*b"BR", 29), (*b"BY", 28), (*b"CF", 27), (*b"CG", 27), (*b"CH", 21),
    (*b"CI", 28), (*b"CM", 27), (*b"CR", 22), (*b"CV", 25), (*b"CY", 28), (*b"CZ", 24), (*b"DE", 22), (*b"DJ", 27), (*b"DK", 18),
    (*b"DO", 28), (*b"DZ", 26), (*b"EE", 20), (*b"EG", 29), (*b"ES", 24), (*b"FI", 18), (*b"FK", 18), (*b"FO", 18), (*b"FR", 27),
    (*b"GA", 27), (*b"GB", 22), (*b"GE", 22), (*b"GI", 23), (*b"GL", 18), (*b"GQ", 27), (*b"GR", 27), (*b"GT", 28), (*b"GW", 25),
    (*b"HN", 28), (*b"HR", 21), (*b"HU", 28), (*b"IE", 22), (*b"IL", 23), (*b"IQ", 23), (*b"IR", 26), (*b"IS", 26), (*b"IT", 27),
    (*b"JO", 30), (*b"KM", 27), (*b"KW", 30), (*b"KZ", 20), (*b"LB", 28), (*b"LC", 32), (*b"LI", 21), (*b"LT", 20), (*b"LU", 20),
    (*b"LV", 21), (*b"LY", 25), (*b"MA", 28), (*b"MC", 27), (*b"MD", 24), (*b"ME", 22), (*b"MG", 27), (*b"MK", 19), (*b"ML", 28),
    (*b"MN", 20), (*b"MR", 27), (*b"MT", 31), (*b"MU", 30), (*b"MZ", 25), (*b"NE", 28), (*b"NI", 28), (*b"NL", 18), (*b"NO", 15),
    (*b"OM", 23), (*b"PK", 24), (*b"PL", 28), (*b"PS", 29), (*b"PT", 25), (*b"QA", 29), (*b"RO", 24), (*b"RS", 22), (*b"RU", 33),
    (*b"SA", 24), (*b"SC", 31), (*b"SD", 18), (*b"SE", 24), (*b"SI", 19), (*b"SK", 24), (*b"SM", 27), (*b"SN", 28), (*b"SO", 23),
    (*b"ST", 25), (*b"SV", 28), (*b"TD", 27), (*b"TG", 28), (*b"TL", 23), (*b"TN", 24), (*b"TR", 26), (*b"UA", 29), (*b"VA", 22),
    (*b"VG", 24), (*b"XK", 20), (*b"YE", 30),
];
