//! The one form of an e-mail address: trimmed and lowered, so that nobody is two people by a capital letter.
//!
//! Only A to Z are lowered. Unicode folds letters of other mailboxes into theirs (the Kelvin sign U+212A into `k`), and
//! two mailboxes must never be one account; what is beyond ASCII stays as it was written.

use aibbar::Fault;
use lettre::Address;

/// The longest address that SMTP carries (RFC 5321, erratum 1690).
const EMAIL_BYTES_MAX: usize = 254;

/// The address as it is kept and compared; `None` when it is none.
pub fn canonical(text: &str) -> Option<String> {
    let email = text.trim().to_ascii_lowercase();
    let is_address = email.len() <= EMAIL_BYTES_MAX && email.parse::<Address>().is_ok();
    is_address.then_some(email)
}

/// The fault of a body's field `email` that is no address.
pub(crate) fn faults(text: &str) -> Vec<Fault> {
    match canonical(text) {
        Some(_) => Vec::new(),
        None => vec![Fault {
            pointer: "/email".into(),
            code: "format",
            detail: format!("must be an e-mail address of at most {EMAIL_BYTES_MAX} bytes"),
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(canonical(text).as_deref(), expected, "{text:?}");
        assert_eq!(faults(text).is_empty(), expected.is_some());
    }

    #[test]
    fn two_mailboxes_are_never_one_account() {
        check("Kim@example.com", Some("kim@example.com"));
        check("\u{212A}im@example.com", Some("\u{212A}im@example.com"));
        check("\u{130}da@example.com", Some("\u{130}da@example.com"));
        check("\u{C4}da@Example.com", Some("\u{C4}da@example.com"));
    }

    #[test]
    fn an_address_has_one_form() {
        check("ada@example.com", Some("ada@example.com"));
        check(" Ada@Example.COM ", Some("ada@example.com"));
        check("owner@localhost", Some("owner@localhost"));
        check("", None);
        check("ada", None);
        check("ada@", None);
        check("a b@example.com", None);
        check("ada@example.com\r\nBcc: eve@example.com", None);
        check("Ada <ada@example.com>", None);
        check(&format!("{}@example.com", "a".repeat(60)), Some(&format!("{}@example.com", "a".repeat(60))));
        check(&format!("a@{}.com", "b".repeat(260)), None);
    }
}
