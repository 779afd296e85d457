//! People: registration, sign-in, sessions, passwords.

pub(crate) mod attempts;
pub(crate) mod email_address;
pub(crate) mod housekeeping;
pub(crate) mod login;
pub(crate) mod me;
pub(crate) mod password_rules;
pub(crate) mod passwords;
pub(crate) mod person;
pub(crate) mod providers;
pub mod provision;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod reset;
pub(crate) mod sessions;
pub(crate) mod sign_in;

use url::Url;

use self::passwords::Passwords;
use crate::{
    metrics::Metrics,
    problem::{Kind, Problem},
    public_url::PublicUrl,
    settings::{AccountSettings, Registration},
};

/// What the routes about people share.
pub(crate) struct Accounts {
    pub(crate) passwords: Passwords,
    registration: Registration,
    public_url: PublicUrl,
}

impl Accounts {
    pub(crate) fn new(settings: &AccountSettings, public_url: PublicUrl, metrics: &Metrics) -> Self {
        Self {
            passwords: Passwords::new(
                settings.hashes_at_once,
                settings.hashes_waiting_max,
                metrics.password_hashes.clone(),
            ),
            registration: settings.registration,
            public_url,
        }
    }

    /// Where people reach the gateway.
    pub(crate) fn public_url(&self) -> Url {
        self.public_url.get()
    }

    /// Says 403 where strangers make no accounts.
    pub(crate) fn require_open_registration(&self) -> Result<(), Problem> {
        match self.registration {
            Registration::Open => Ok(()),
            Registration::Closed => Err(Problem::new(
                Kind::RegistrationClosed,
                "Accounts are made by invitation here: ask an administrator of your organisation for one.",
            )),
        }
    }
}
