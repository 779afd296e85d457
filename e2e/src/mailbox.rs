//! E-mail, as whoever it was sent to reads it.

use serde_json::Value;
use testbed::Smtp;

use crate::eventually;

/// What was sent to one address.
pub struct Mailbox<'s> {
    server: &'s Smtp,
    address: String,
}

/// One e-mail.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML.
    pub html: String,
    /// Every header, by its name in lower case.
    pub headers: Value,
}

impl Letter {
    /// The token of the link in it.
    #[track_caller]
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("token=").unwrap_or_else(|| panic!("no link in: {}", self.text));
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

impl<'s> Mailbox<'s> {
    pub(crate) fn new(server: &'s Smtp, address: &str) -> Mailbox<'s> {
        Mailbox { server, address: address.to_owned() }
    }

    /// All so far, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        let all = self.server.letters().into_iter().map(|line| {
            serde_json::from_str::<Value>(&line).unwrap_or_else(|error| panic!("{error} in a letter: {line}"))
        });
        let ours = all.filter(|letter| letter["to"] == serde_json::json!([self.address]));
        ours.map(|letter| Letter {
            subject: text(&letter["headers"]["subject"]),
            text: text(&letter["text"]),
            html: text(&letter["html"]),
            headers: letter["headers"].clone(),
        })
        .collect()
    }

    /// Waits until that many are there, and answers the last.
    pub async fn letter(&self, count: usize) -> Letter {
        let what = format!("{count} e-mails to {}", self.address);
        let mut letters = eventually(&what, async || Some(self.letters()).filter(|all| all.len() >= count)).await;
        assert_eq!(letters.len(), count, "more e-mails to {} than expected: {letters:?}", self.address);
        letters.remove(count - 1)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
