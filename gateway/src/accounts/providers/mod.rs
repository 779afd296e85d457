//! Sign-in with Google and GitHub: OAuth 2.0 with PKCE and state, and OpenID Connect's ID token where there is one.
//!
//! The person goes to the provider and comes back with a code; what was begun travels in a sealed cookie, so the
//! gateway keeps nothing of a sign-in that is never finished. What the provider tells makes a [`Profile`], and a
//! profile becomes a person of ours in `link.rs`, on nothing less than an address that the provider has verified.

mod flow;
mod github;
mod google;
mod link;
mod outbound;
mod return_to;
pub(crate) mod routes;

use std::{fmt, str::FromStr};

use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use url::Url;

use self::{flow::Flow, github::GitHub, google::Google, outbound::Outbound};
use crate::{
    problem::{Kind, Problem},
    settings::ProviderSettings,
};

/// When a provider that could not be asked may be asked again.
const RETRY_AFTER_S: u32 = 5;

/// The longest id of a person at a provider (OpenID Connect Core § 2).
const SUBJECT_CHARS_MAX: usize = 255;

/// A provider that GAPIN knows; whether it is configured is another matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    Google,
    GitHub,
}

impl Provider {
    const ALL: [Provider; 2] = [Provider::Google, Provider::GitHub];

    /// The word in paths, in the store and in the trail.
    const fn word(self) -> &'static str {
        match self {
            Provider::Google => "google",
            Provider::GitHub => "github",
        }
    }

    /// What people call it.
    const fn name(self) -> &'static str {
        match self {
            Provider::Google => "Google",
            Provider::GitHub => "GitHub",
        }
    }

    /// Where it sends people back to.
    fn callback(self, public_url: &Url) -> Url {
        let mut url = public_url.clone();
        url.set_path(&format!("/auth/oauth/{}/callback", self.word()));
        url
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Provider {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|provider| provider.word() == word).ok_or(())
    }
}

/// What a provider told of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Profile {
    provider: Provider,
    /// Who they are there, for ever; 1–255 characters.
    subject: String,
    /// The address that the provider knows to be theirs, as it writes it; the primary one where there are several.
    verified_email: Option<String>,
    name: Option<String>,
}

/// Why the provider's part of a sign-in failed. The texts are for the log.
#[derive(Debug)]
enum Failure {
    /// It does not answer, or not as it should, or does not know us.
    Unavailable(String),
    /// It answers, and this sign-in is not good.
    Refused(String),
}

impl Failure {
    /// Logs the cause, and answers what the person is told.
    fn tell(self, provider: Provider) -> Problem {
        match self {
            Failure::Unavailable(cause) => {
                tracing::warn!(provider = provider.word(), %cause, "a sign-in provider can't be used");
                let detail = format!("{provider} can't be asked now; try again shortly, or sign in another way.");
                Problem::retry_after(Kind::ProviderUnavailable, RETRY_AFTER_S, detail)
            }
            Failure::Refused(cause) => {
                tracing::info!(provider = provider.word(), %cause, "a sign-in was refused");
                refused(format!("{provider} did not confirm this sign-in; begin again."))
            }
        }
    }
}

fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(Kind::ProviderSignInFailed, detail)
}

/// The providers that are configured.
pub(crate) struct Providers {
    google: Option<Google>,
    github: Option<GitHub>,
    outbound: Outbound,
}

impl Providers {
    /// Fails only when there can be no TLS.
    pub(crate) fn new(settings: ProviderSettings) -> Result<Self, reqwest::Error> {
        Ok(Self {
            google: settings.google.map(Google::new),
            github: settings.github.map(GitHub::new),
            outbound: Outbound::new()?,
        })
    }

    fn is_configured(&self, provider: Provider) -> bool {
        match provider {
            Provider::Google => self.google.is_some(),
            Provider::GitHub => self.github.is_some(),
        }
    }

    fn configured(&self) -> impl Iterator<Item = Provider> {
        Provider::ALL.into_iter().filter(|provider| self.is_configured(*provider))
    }

    /// Where the person goes to sign in; `None` when the provider is not configured.
    async fn authorization_url(&self, flow: &Flow, callback: Url) -> Option<Result<Url, Failure>> {
        match flow.provider {
            Provider::Google => Some(self.google.as_ref()?.authorization_url(flow, callback, &self.outbound).await),
            Provider::GitHub => Some(Ok(self.github.as_ref()?.authorization_url(flow, &callback))),
        }
    }

    /// Who came back with this code; `None` when the provider is not configured.
    async fn profile(&self, flow: &Flow, callback: Url, code: String) -> Option<Result<Profile, Failure>> {
        match flow.provider {
            Provider::Google => Some(self.google.as_ref()?.profile(flow, callback, code, &self.outbound).await),
            Provider::GitHub => Some(self.github.as_ref()?.profile(flow, &callback, &code, &self.outbound).await),
        }
    }
}

/// What the provider is given at the start, so that whoever catches the code can't use it (RFC 7636, S256).
fn pkce_challenge(flow: &Flow) -> PkceCodeChallenge {
    PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(flow.verifier.clone()))
}

/// The provider's id of a person, within bounds.
fn subject(subject: String) -> Result<String, Failure> {
    match subject.chars().count() {
        1..=SUBJECT_CHARS_MAX => Ok(subject),
        length => Err(Failure::Unavailable(format!("an id of a person has {length} characters"))),
    }
}

/// An error and what it came from, on one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_provider_sends_people_back_to_the_public_url() {
        let public_url = Url::parse("https://gapin.example/").unwrap();
        assert_eq!(Provider::GitHub.callback(&public_url).as_str(), "https://gapin.example/auth/oauth/github/callback");
    }

    #[test]
    fn every_provider_reads_back_from_its_word() {
        for provider in Provider::ALL {
            assert_eq!(provider.word().parse(), Ok(provider));
        }
        assert!("Google".parse::<Provider>().is_err());
    }
}
