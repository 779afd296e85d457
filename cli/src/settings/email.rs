//! How e-mail leaves.

use clap::Args;
use gateway::settings::{EmailOutlet, EmailSettings};

use super::values::{Secret, email_sender, smtp_url};
use crate::exit::Failure;

/// E-mail.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "E-mail")]
pub(crate) struct MailSettings {
    /// The SMTP server, as smtps://user:password@host:465, or smtp://user:password@host:587?tls=required. Absent: no
    /// e-mail is sent, and `dev` writes the links that e-mails would hold to its log
    #[arg(long, env = "GAPIN_SMTP_URL", hide_env_values = true, hide = true, value_name = "URL", value_parser = smtp_url)]
    smtp_url: Option<Secret>,

    /// Who e-mails are from, as `GAPIN <gapin@example.com>`; needed with GAPIN_SMTP_URL
    #[arg(long, env = "GAPIN_EMAIL_FROM", value_name = "SENDER", value_parser = email_sender)]
    email_from: Option<String>,
}

impl MailSettings {
    /// As the gateway takes them; without a server, e-mails go `otherwise`.
    pub(crate) fn build(&self, otherwise: EmailOutlet) -> Result<EmailSettings, Failure> {
        let outlet = match (&self.smtp_url, &self.email_from) {
            (None, _) => otherwise,
            (Some(url), Some(from)) => EmailOutlet::Smtp { url: url.expose().to_owned(), from: from.clone() },
            (Some(_), None) => {
                return Err(Failure::usage("GAPIN_EMAIL_FROM (--email-from) is absent; GAPIN_SMTP_URL needs a sender"));
            }
        };
        Ok(EmailSettings { outlet })
    }
}
