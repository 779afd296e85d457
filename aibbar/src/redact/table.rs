//! The rules as data: the words that tell one number from another.

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

/// Last labels that are those of files and not of hosts: `logo@2x.png` is no address.
pub(super) const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "css", "js", "mjs", "ts", "tsx", "jsx", "html", "htm",
    "json", "yaml", "yml", "xml", "txt", "pdf", "csv", "tgz", "gz", "tar", "so", "dll", "exe", "class", "jar", "war",
    "service", "lock",
];
