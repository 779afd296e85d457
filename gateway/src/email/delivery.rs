//! How a letter leaves: over SMTP with a few tries, or into the log.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};
use tokio_util::sync::CancellationToken;

use super::letter::Written;
use crate::settings::{EmailOutlet, EmailSettings};

/// How long one step of the talk with the server may take.
const SMTP_WAIT_MAX: Duration = Duration::from_secs(20);

/// Between the tries; there is one more try than there are waits.
const RETRY_AFTER: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(60)];

/// Where letters go.
pub(super) enum Outlet {
    Nowhere,
    /// The links are shown in the log: `gapin dev` alone.
    Log,
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
}

impl Outlet {
    pub(super) fn new(settings: &EmailSettings) -> Result<Self, String> {
        Ok(match &settings.outlet {
            EmailOutlet::Nowhere => Outlet::Nowhere,
            EmailOutlet::Log => Outlet::Log,
            EmailOutlet::Smtp { url, from } => Outlet::Smtp {
                transport: AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|_| "the SMTP URL is not usable".to_owned())?
                    .timeout(Some(SMTP_WAIT_MAX))
                    .build(),
                from: from.parse().map_err(|_| "the sender is not an e-mail address".to_owned())?,
            },
        })
    }

    /// `sent`, `logged` or `failed`.
    pub(super) async fn deliver(
        &self,
        letter: Written,
        kind: &'static str,
        stopping: &CancellationToken,
    ) -> &'static str {
        let (transport, from) = match self {
            Outlet::Nowhere => return "failed",
            Outlet::Log => {
                let link = letter.link.as_deref().unwrap_or_default();
                tracing::info!(kind, to = letter.to, link, "no SMTP is configured, so the e-mail's link is shown here");
                return "logged";
            }
            Outlet::Smtp { transport, from } => (transport, from),
        };
        let message = match message(letter, from.clone()) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(kind, error, "an e-mail could not be written");
                return "failed";
            }
        };
        let mut waits = RETRY_AFTER.into_iter();
        loop {
            let error = match transport.send(message.clone()).await {
                Ok(_) => return "sent",
                Err(error) => error,
            };
            // What the server refuses for good it refuses again, and a gateway that stops has no time.
            match waits.next().filter(|_| !error.is_permanent() && !stopping.is_cancelled()) {
                Some(wait) => {
                    tracing::warn!(kind, error = told(&error), "an e-mail was not taken; it is tried again");
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = stopping.cancelled() => {}
                    }
                }
                None => {
                    tracing::error!(kind, error = told(&error), "an e-mail was not sent");
                    return "failed";
                }
            }
        }
    }
}

/// What went wrong, for the log. A server's answer by its code alone: its words name the recipient.
fn told(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the server answered {code}"),
        None => error.to_string(),
    }
}

/// Headers are built from types: no name and no address can add a line of its own.
fn message(letter: Written, from: Mailbox) -> Result<Message, String> {
    let to = letter.to.parse().map_err(|_| "the recipient is no e-mail address".to_owned())?;
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(letter.subject)
        .date_now()
        .message_id(None)
        // Nobody's holiday notice answers a machine (RFC 3834).
        .raw_header(header::HeaderValue::new(
            header::HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(letter.text, letter.html))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn letter(to: &str, subject: &str) -> Written {
        Written {
            to: to.to_owned(),
            subject: subject.to_owned(),
            link: None,
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
        }
    }

    fn headers(letter: Written) -> String {
        let message = message(letter, "GAPIN <gapin@example.com>".parse().unwrap()).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        text.split("\r\n\r\n").next().unwrap().to_owned()
    }

    #[test]
    fn a_message_has_the_headers_that_servers_look_for() {
        let headers = headers(letter("ada@example.com", "Grüße"));
        for name in ["From: GAPIN <gapin@example.com>", "To: ada@example.com", "Date: ", "Message-ID: <"] {
            assert!(headers.contains(name), "{name}: {headers}");
        }
        for name in ["MIME-Version: 1.0", "Content-Type: multipart/alternative", "Auto-Submitted: auto-generated"] {
            assert!(headers.contains(name), "{name}: {headers}");
        }
        assert!(headers.is_ascii(), "{headers}");
    }

    #[test]
    fn no_subject_and_no_address_adds_a_header() {
        let headers = headers(letter("ada@example.com", "Join\r\nBcc: eve@example.com"));
        assert!(!headers.lines().any(|line| line.starts_with("Bcc:")), "{headers}");
        assert!(message(letter("ada@example.com\r\nBcc: eve@example.com", "Hi"), "a@b.c".parse().unwrap()).is_err());
    }
}
