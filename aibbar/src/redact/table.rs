//! The rules as data: names, country lengths, issuers, and the words that tell one number from another.

/// What the last word of a name is, or ends with, when its value is a password.
pub(super) const PASSWORD_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passwrd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
    "contraseña",
    "contrasena",
    "senha",
    "wachtwoord",
    "lösenord",
    "hasło",
    "motdepasse",
    "passe",
    "pswd",
    "mnemonic",
    "seedphrase",
    "passw",
    "psswd",
    "mdp",
    "clave",
    "haslo",
    "heslo",
    "jelszó",
    "jelszo",
    "lozinka",
    "parola",
    "passord",
    "adgangskode",
    "salasana",
    "losenord",
    "şifre",
    "sifre",
    "пароля",
    "口令",
    "암호",
    "пароль",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
];

/// The same for secrets that are not passwords. `key` and `token` are too plain to stand here: see below.
pub(super) const SECRET_NAMES: &[&str] = &[
    "secret",
    "secrets",
    "credential",
    "credentials",
    "authorization",
    "apikey",
    "apikeys",
    "secretkey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authkey",
    "masterkey",
    "accountkey",
    "sharedkey",
    "passwords",
    "passkey",
    "appkey",
    "creds",
    "cred",
    "keypass",
    "storepass",
    "instrumentationkey",
];

/// A `key` is a secret when the word before it is one of these.
pub(super) const SECRET_KEYS: &[&str] = &[
    "api",
    "apim",
    "secret",
    "access",
    "private",
    "signing",
    "encryption",
    "auth",
    "master",
    "account",
    "shared",
    "hmac",
    "aes",
    "subscription",
    "functions",
    "admin",
    "deploy",
    "service",
    "license",
    "session",
    "wallet",
    "ssh",
    "storage",
    "webhook",
    "consumer",
    "cipher",
    "crypto",
    "decryption",
    "rsa",
    "pgp",
    "gpg",
    "security",
    "bearer",
    "application",
    "integration",
    "ingest",
    "root",
    "personal",
    "instrumentation",
    "recovery",
    "unlock",
    "sas",
    "vapid",
    "ssl",
    "tls",
    "jwt",
    "server",
];

/// A `key` is none when the word before it is one of these: something is found by it, or it is shown to everyone.
pub(super) const PLAIN_KEYS: &[&str] = &[
    "public",
    "pub",
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "object",
    "row",
    "column",
    "index",
    "unique",
    "shard",
    "group",
    "routing",
    "idempotency",
    "dedup",
    "map",
    "json",
    "dict",
    "field",
    "i18n",
    "locale",
    "message",
    "event",
    "registry",
    "hot",
    "natural",
    "schema",
    "sequence",
    "arrow",
    "enter",
    "return",
    "escape",
    "tab",
    "shift",
    "ctrl",
    "alt",
    "translation",
    "lookup",
    "bucket",
    "path",
    "query",
    "websocket",
    "order",
    "composite",
    "surrogate",
    "candidate",
    "item",
    "cell",
    "list",
    "node",
    "hash",
    "range",
    "state",
    "issue",
    "project",
];

/// Last words of names that say only a little: a random value next to one is a secret.
pub(super) const WEAK_NAMES: &[&str] = &["access", "api", "salt", "pepper", "seed", "sid"];

/// Last words of names that tell where or what something of a service is, and hold no key to it.
pub(super) const PLAIN_ENDS: &[&str] = &[
    "sha",
    "commit",
    "hash",
    "digest",
    "checksum",
    "etag",
    "integrity",
    "version",
    "revision",
    "ref",
    "url",
    "uri",
    "host",
    "domain",
    "email",
    "name",
    "path",
    "file",
    "dir",
    "region",
    "model",
    "image",
    "tag",
    "branch",
    "channel",
    "org",
    "repo",
    "type",
    "status",
    "count",
    "date",
    "time",
    "timestamp",
    "at",
    "user",
    "username",
    "page",
    "link",
    "endpoint",
    "zone",
    "bucket",
    "uuid",
    "guid",
    "arn",
    "number",
    "cursor",
    "trace",
    "span",
    "request",
    "session",
    "event",
    "instance",
    "issue",
    "order",
    "thread",
    "filename",
    "fingerprint",
    "md5",
    "sha1",
    "sha256",
];

/// A `token` is none when the word before it is one of these: a piece of text, a mark in it, or a place in a list.
pub(super) const PLAIN_TOKENS: &[&str] = &[
    "next",
    "page",
    "prev",
    "previous",
    "continuation",
    "cancellation",
    "cancel",
    "eos",
    "bos",
    "pad",
    "unk",
    "sep",
    "cls",
    "mask",
    "stop",
    "end",
    "start",
    "begin",
    "special",
    "first",
    "last",
    "max",
    "min",
    "total",
    "prompt",
    "completion",
    "input",
    "output",
    "cached",
    "reasoning",
    "audio",
    "image",
    "text",
    "per",
    "each",
    "design",
    "syntax",
    "lexer",
    "parser",
    "word",
    "top",
    "non",
    "sync",
    "delta",
    "public",
    "key",
    "keyword",
    "lookahead",
    "identifier",
    "class",
    "numeric",
];

/// `tokens` are secrets only when the word before says so: a language model counts `tokens`.
pub(super) const SECRET_TOKENS: &[&str] =
    &["access", "refresh", "auth", "api", "bearer", "session", "secret", "user", "device", "push", "id"];

/// Names whose value is short and often of digits only.
pub(super) const PIN_NAMES: &[&str] = &["pin", "otp", "totp", "cvv", "cvc", "cvv2", "cvc2", "csc"];

/// A `code` is one of those when the word before it is one of these.
pub(super) const PIN_CODES: &[&str] = &[
    "security",
    "verification",
    "auth",
    "authentication",
    "recovery",
    "backup",
    "otp",
    "pin",
    "login",
    "2fa",
    "mfa",
    "sms",
    "time",
    "access",
    "activation",
];

/// `pass` and `pw` are passwords unless the word before makes something else of them.
pub(super) const OTHER_PASSES: &[&str] = &[
    "boarding", "season", "bus", "ski", "day", "all", "hall", "by", "first", "second", "third", "two", "multi",
    "single", "mountain",
];

/// What is written together with `pw`: `bindpw`.
pub(super) const PW_OWNERS: &[&str] =
    &["bind", "user", "db", "admin", "root", "my", "smtp", "wifi", "ftp", "ldap", "mysql", "pg", "ssh", "login"];

/// First words of names that tell something about a secret and do not hold it: `hasPassword`, `no_token`.
pub(super) const PREDICATES: &[&str] = &[
    "is", "has", "had", "was", "no", "non", "not", "without", "needs", "requires", "require", "should", "can", "allow",
    "allows", "enable", "enabled", "disable", "use", "uses", "forgot", "missing", "invalid", "valid",
];

/// Last words of names that leave the meaning with the word before: `password_confirmation`, `tokenValue`.
pub(super) const QUALIFIERS: &[&str] = &[
    "value",
    "values",
    "confirm",
    "confirmation",
    "plain",
    "plaintext",
    "cleartext",
    "raw",
    "string",
    "str",
    "text",
    "current",
    "old",
    "new",
    "prod",
    "production",
    "staging",
    "dev",
    "test",
    "live",
    "base64",
    "b64",
    "encoded",
    "header",
    "hash",
    "env",
    "var",
    "data",
    "field",
    "base",
];

/// What the last word of a name is when its value is a telephone number; before `number`, `no` and the like too.
pub(super) const PHONE_NAMES: &[&str] = &[
    "phone",
    "telephone",
    "cellphone",
    "smartphone",
    "mobile",
    "mobil",
    "tel",
    "cell",
    "fax",
    "msisdn",
    "whatsapp",
    "handy",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "téléphone",
    "telephone",
    "celular",
    "portable",
    "landline",
    "homephone",
    "workphone",
    "mobilephone",
    "phonenumber",
    "mobilenumber",
    "телефон",
    "电话",
    "手机",
    "電話",
];

/// Words that make a number after them a telephone number, whatever it looks like.
pub(super) const PHONE_WORDS: &[&str] = &[
    "phone",
    "phones",
    "telephone",
    "cellphone",
    "mobile",
    "mobil",
    "tel",
    "cell",
    "fax",
    "msisdn",
    "whatsapp",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "téléphone",
    "celular",
    "handy",
    "landline",
    "телефон",
    "phone number",
    "hotline",
    "phone no",
    "phone#",
    "ph",
    "mob",
    "contact no",
    "call me at",
    "call me on",
    "reach me at",
    "reach me on",
    "text me at",
    "sms to",
    "dial",
    "电话",
    "手机",
    "電話",
];

/// Words that let a national number stand without them being proof.
pub(super) const CALL_WORDS: &[&str] = &[
    "call",
    "calling",
    "text",
    "sms",
    "reach",
    "ring",
    "contact",
    "number",
    "numbers",
    "rufnummer",
    "anruf",
    "appelez",
    "us",
    "uk",
    "usa",
    "landline",
    "voicemail",
    "helpline",
    "support",
    "office",
    "home",
    "work",
    "caller",
    "nummer",
    "numero",
    "número",
    "numéro",
    "номер",
];

/// Words that ask to call the number after them.
pub(super) const DIAL_WORDS: &[&str] = &[
    "call",
    "calling",
    "dial",
    "sms",
    "reach",
    "ring",
    "contact",
    "rufnummer",
    "anruf",
    "anrufen",
    "appelez",
    "caller",
    "voicemail",
    "helpline",
    "number is",
    "numbers are",
    "nummer ist",
    "numéro",
    "número",
    "numero",
    "номер",
    "reach out",
    "text me",
    "text us",
];

/// Words that make nine digits a social security number.
pub(super) const SSN_WORDS: &[&str] =
    &["ssn", "ssns", "social security", "social-security", "ss#", "soc sec", "social"];

/// Words that make digits a card number, where their shape alone is too plain.
pub(super) const CARD_WORDS: &[&str] = &[
    "card",
    "cards",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "amex",
    "cc",
    "pan",
    "uatp",
    "kreditkarte",
    "carte",
    "maestro",
    "discover",
    "jcb",
    "diners",
    "unionpay",
    "tarjeta",
    "cartão",
    "carta",
    "kortnummer",
    "карта",
    "карты",
    "卡号",
    "信用卡",
];

/// Words that make four numbers with dots a version.
pub(super) const VERSION_WORDS: &[&str] =
    &["version", "versions", "ver", "release", "build", "v", "firmware", "driver"];

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
    issuer(220000, 220499, &[16, 17, 18, 19]),            // Mir
    issuer(222100, 272099, &[16]),                        // Mastercard
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
    issuer(606282, 606282, &[16]),                        // Hipercard
    issuer(608000, 608999, &[16]),                        // RuPay
    issuer(620000, 629999, &[16, 17, 18, 19]),            // UnionPay
    issuer(630400, 630499, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(636000, 639999, &[16, 17, 18, 19]),            // InterPayment, InstaPayment, Maestro
    issuer(644000, 659999, &[16, 17, 18, 19]),            // Discover, RuPay, Troy
    issuer(670000, 679999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(810000, 829999, &[16, 17, 18, 19]),            // UnionPay, RuPay
    issuer(860000, 860099, &[16]),                        // UzCard
    issuer(979200, 979299, &[16]),                        // Troy
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

/// Last labels that are those of files and not of hosts: `logo@2x.png` is no address.
pub(super) const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "css", "js", "mjs", "ts", "tsx", "jsx", "html", "htm",
    "json", "yaml", "yml", "xml", "txt", "pdf", "csv", "tgz", "gz", "tar", "so", "dll", "exe", "class", "jar", "war",
    "service", "lock",
];
