//! People: where they reach the gateway, and who may make an account.

use clap::{Args, ValueEnum};
use gateway::settings::{AccountSettings, Registration};
use url::Url;

use super::values::{count, email_address, http_url};

/// People and their sessions.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Accounts")]
pub(crate) struct PeopleSettings {
    /// Where people reach the gateway, as https://gapin.example.com: links in e-mails begin with it, and browsers may
    /// call from its pages. Absent: the address that the gateway listens on
    #[arg(long, env = "GAPIN_PUBLIC_URL", value_name = "URL", value_parser = http_url)]
    public_url: Option<Url>,

    /// Who may make an account. Absent: `open` where e-mail can be sent, and for the command `dev`; else `closed`
    #[arg(long, env = "GAPIN_REGISTRATION", value_name = "WHO", hide_possible_values = true)]
    registration: Option<Who>,

    /// Passwords that are hashed at once; each takes a processor and 19 MiB. Absent: half of the processors
    #[arg(long, env = "GAPIN_PASSWORD_HASHES_AT_ONCE", value_name = "N", value_parser = count::<1, 1_024>)]
    password_hashes_at_once: Option<usize>,

    /// Passwords that wait to be hashed; one more sign-in is answered 503
    #[arg(
        long,
        env = "GAPIN_PASSWORD_HASHES_WAITING_MAX",
        value_name = "N",
        default_value = "64",
        value_parser = count::<0, 100_000>
    )]
    password_hashes_waiting_max: usize,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Who {
    /// Everyone who shows that an e-mail address is theirs
    Open,
    /// Who was invited
    Closed,
}

impl PeopleSettings {
    /// As the gateway takes them; whether it can send e-mail decides what is not set.
    pub(crate) fn build(&self, sends_email: bool) -> AccountSettings {
        let usual = AccountSettings::default();
        AccountSettings {
            public_url: self.public_url.clone(),
            registration: match self.registration {
                Some(Who::Open) => Registration::Open,
                Some(Who::Closed) => Registration::Closed,
                None if sends_email => Registration::Open,
                None => Registration::Closed,
            },
            hashes_at_once: self.password_hashes_at_once.unwrap_or(usual.hashes_at_once),
            hashes_waiting_max: self.password_hashes_waiting_max,
        }
    }
}

/// The first owner, whom `gapin dev` makes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Accounts")]
pub(crate) struct OwnerSettings {
    /// E-mail address of the first owner
    #[arg(long, env = "GAPIN_OWNER_EMAIL", value_name = "ADDRESS", default_value = "owner@localhost", value_parser = email_address)]
    pub(crate) owner_email: String,
}
