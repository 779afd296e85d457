//! What a password may be: long enough, and not among the first that are tried. No rules about signs and digits: they
//! make passwords alike.

use aibbar::Fault;

/// The passwords that are tried first.
const COMMON: &str = include_str!("common_passwords.txt");

/// What is wrong with a new password of the person of these names, as a fault of the body's field `password`; its
/// length is the schema's to check.
pub(super) fn faults(password: &str, names: &[&str]) -> Vec<Fault> {
    let folded_password = folded(password);
    let is_name = |name: &&str| {
        let name = folded(name);
        name == folded_password || name.split_once('@').is_some_and(|(local, _)| local == folded_password)
    };
    let detail = if names.iter().any(is_name) {
        "must not be the e-mail address or the name"
    } else if COMMON.lines().any(|common| common == folded_password) || is_one_character(password) {
        "is one of the passwords that are tried first: take another"
    } else {
        return Vec::new();
    };
    vec![Fault { pointer: "/password".into(), code: "weak_password", detail: detail.into() }]
}

/// How a password is compared with words that it must not be.
fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_one_character(password: &str) -> bool {
    let mut chars = password.chars();
    let first = chars.next();
    chars.all(|next| Some(next) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the schemas of the bodies say.
    const PASSWORD_CHARS_MIN: usize = 8;

    #[track_caller]
    fn check(password: &str, is_good: bool) {
        assert_eq!(faults(password, &["ada@example.com", "Ada Lovelace"]).is_empty(), is_good, "{password}");
    }

    #[test]
    fn a_password_is_nothing_that_is_tried_first() {
        check("a quiet harbour", true);
        check("ÄÖÜäöüßß", true);
        check("password", false);
        check("PASSWORD123", false);
        check("zzzzzzzzzzzz", false);
        check("ada@example.com", false);
        check("Ada@Example.com", false);
        check("ada lovelace", false);
    }

    #[test]
    fn every_common_password_is_listed_as_it_is_compared() {
        for common in COMMON.lines() {
            assert!(common.chars().count() >= PASSWORD_CHARS_MIN, "{common}");
            assert_eq!(folded(common), common);
        }
    }
}
