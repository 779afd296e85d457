//! E-mail: letters of a few kinds, delivered by SMTP, or shown in the log of `gapin dev` where there is none.

mod delivery;
mod letter;

use std::sync::Arc;

use lettre::message::Mailbox;

use crate::{
    background::Background,
    metrics::Metrics,
    problem::{Kind, Problem},
    public_url::PublicUrl,
    settings::EmailSettings,
};

pub(crate) use letter::{Letter, Matter};

use delivery::Outlet;

/// Whether e-mails can be from this: an address, alone or as `Name <address>`.
pub fn is_email_sender(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

/// Sends letters.
#[derive(Clone)]
pub(crate) struct Email {
    outlet: Arc<Outlet>,
    public_url: PublicUrl,
    background: Background,
    metrics: Arc<Metrics>,
}

impl Email {
    /// The sentence says what of the settings is wrong, and shows no password.
    pub(crate) fn new(
        settings: &EmailSettings,
        public_url: PublicUrl,
        background: Background,
        metrics: Arc<Metrics>,
    ) -> Result<Self, String> {
        let outlet = Arc::new(Outlet::new(settings)?);
        Ok(Self { outlet, public_url, background, metrics })
    }

    /// Says 503 where no letter can be sent at all.
    pub(crate) fn require(&self) -> Result<(), Problem> {
        match *self.outlet {
            Outlet::Nowhere => Err(Problem::new(
                Kind::EmailUnavailable,
                "This installation sends no e-mail (GAPIN_SMTP_URL): ask its operator, who can make accounts with `gapin users`.",
            )),
            _ => Ok(()),
        }
    }

    /// Sends a letter after the answer; 503 when none can be sent, or too many wait.
    pub(crate) fn send(&self, letter: Letter) -> Result<(), Problem> {
        self.require()?;
        let email = self.clone();
        self.background.begin(async move { email.deliver(letter).await })
    }

    /// An invitation into an organisation, by the person of this name (or address), with its token.
    pub(crate) fn invitation(
        &self,
        to: &str,
        organisation: &str,
        invited_by: &str,
        token: &str,
    ) -> Result<(), Problem> {
        let matter = Matter::Invitation {
            organisation: organisation.to_owned(),
            invited_by: invited_by.to_owned(),
            token: token.to_owned(),
        };
        self.send(Letter { to: to.to_owned(), matter })
    }

    /// Sends a letter now, with a few tries; what became of it is counted, and a failure logged.
    pub(crate) async fn deliver(&self, letter: Letter) {
        let kind = letter.matter.word();
        let outcome = match letter.written(&self.public_url.get()) {
            Ok(written) => self.outlet.deliver(written, kind, &self.background.stopping).await,
            Err(error) => {
                tracing::error!(kind, %error, "an e-mail could not be written");
                "failed"
            }
        };
        self.metrics.emails.with_label_values(&[kind, outcome]).inc();
    }
}
