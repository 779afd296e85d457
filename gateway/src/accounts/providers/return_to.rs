//! Where a person goes once they are signed in: a path of our own, and nothing that a browser could take for more.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::problem::{Kind, Problem};

/// It travels in a cookie, and a browser keeps none over 4 KiB.
const BYTES_MAX: usize = 1_024;

/// A path on this very host, with a query and a fragment if need be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReturnTo(String);

impl Default for ReturnTo {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl ReturnTo {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        if is_path_of_ours(text) {
            return Ok(Self(text.to_owned()));
        }
        let detail =
            format!("`return_to` is a path of this site that begins with one `/`, of at most {BYTES_MAX} bytes.");
        Err(Problem::new(Kind::InvalidParameter, detail))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A browser takes `//host`, `/\host` and, since it drops tabs and line breaks, `/<tab>/host` for another host.
fn is_path_of_ours(text: &str) -> bool {
    let is_plain = text.len() <= BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && text.starts_with('/') && !text.starts_with("//") && stays_here(text)
}

/// The same asked of a parser that reads addresses as browsers do: whatever the rule above overlooks.
fn stays_here(text: &str) -> bool {
    let here = Url::parse("https://here.invalid/").expect("a constant address");
    here.join(text).is_ok_and(|url| url.origin() == here.origin() && !url.path().starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_taken: bool) {
        assert_eq!(ReturnTo::parse(text).is_ok(), is_taken, "{text:?}");
    }

    #[test]
    fn a_path_of_our_own_is_taken() {
        check("/", true);
        check("/events?event_type=ai.error&q=a%20b#newest", true);
        check("/a//b", true);
        check("/@evil.example", true);
        check("/..//evil.example", false);
        check(&format!("/{}", "a".repeat(1_023)), true);
    }

    #[test]
    fn no_text_leads_to_another_host() {
        for text in [
            "",
            "events",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/.//evil.example",
            "/a/..//evil.example",
            "/\u{0}",
            "/ü",
            "/a b",
            "/a\r\nSet-Cookie: b=c",
        ] {
            check(text, false);
        }
        check(&format!("/{}", "a".repeat(1_024)), false);
    }
}
