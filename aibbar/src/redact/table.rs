//! The rules as data: words that several kinds go by.

/// Words that make nine digits a social security number.
pub(super) const SSN_WORDS: &[&str] =
    &["ssn", "ssns", "social security", "social-security", "ss#", "soc sec", "social"];

/// Last labels that are those of files and not of hosts: `logo@2x.png` is no address.
pub(super) const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "css", "js", "mjs", "ts", "tsx", "jsx", "html", "htm",
    "json", "yaml", "yml", "xml", "txt", "pdf", "csv", "tgz", "gz", "tar", "so", "dll", "exe", "class", "jar", "war",
    "service", "lock",
];
