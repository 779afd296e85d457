//! Which gateway, and as whom: from what is passed, else from the environment.

use std::{env, fmt, time::Duration};

use aibbar::SigningSecret;
use uuid::Uuid;

use crate::errors::Error;

/// Where a gateway of one's own listens.
pub(crate) const URL_DEFAULT: &str = "http://127.0.0.1:8080";
/// How long an answer may take.
pub(crate) const REQUEST_TIMEOUT_DEFAULT: Duration = Duration::from_secs(10);
/// What events say of the AI's version where nobody says another.
pub(crate) const AI_VERSION_DEFAULT: &str = "unknown";

pub(crate) const AI_VERSION_CHARS_MAX: usize = 128;

/// What was passed; the rest comes from the environment. `Debug` shows neither the key nor the secret.
#[derive(Clone, Default)]
#[must_use]
pub struct Settings {
    pub(crate) url: Option<String>,
    pub(crate) api_key: Option<String>,
    pub(crate) signing_secret: Option<SigningSecret>,
    pub(crate) signing_key_id: Option<String>,
    pub(crate) ai_id: Option<Uuid>,
    pub(crate) ai_version: Option<String>,
    pub(crate) request_timeout: Option<Duration>,
    pub(crate) root_certificates: Option<Vec<u8>>,
}

impl Settings {
    /// Everything from the environment: `GAPIN_URL` (default `http://127.0.0.1:8080`), `GAPIN_API_KEY`,
    /// `GAPIN_SIGNING_SECRET`, `GAPIN_SIGNING_KEY_ID`, `GAPIN_AI_ID`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The gateway's address.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The API key.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// What events are signed with. A key's id from the environment says nothing of a secret that is passed here.
    pub fn signing_secret(mut self, secret: impl Into<String>) -> Self {
        self.signing_secret = Some(SigningSecret::new(secret));
        self
    }

    /// Which signing key that secret is of; none means the organisation's default key.
    pub fn signing_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.signing_key_id = Some(key_id.into());
        self
    }

    /// The AI system that speaks where an event names no other.
    pub fn ai_id(mut self, ai_id: Uuid) -> Self {
        self.ai_id = Some(ai_id);
        self
    }

    /// Its version, such as a model's name; 128 characters are kept.
    pub fn ai_version(mut self, ai_version: impl Into<String>) -> Self {
        self.ai_version = Some(ai_version.into());
        self
    }

    /// How long an answer may take; 10 s where it is not said.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Certificates, in PEM form, that a gateway's may come from beside those that the system trusts: for a gateway, or a
    /// proxy on the way to it, whose certificate is one's own.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates = Some(pem.into());
        self
    }

    /// What holds after the environment was asked.
    ///
    /// # Errors
    /// [`Error::Configuration`] where something is missing or can't be meant.
    pub(crate) fn resolve(self) -> Result<Resolved, Error> {
        self.resolve_with(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// [`Settings::resolve`] over another environment.
    pub(crate) fn resolve_with(self, env: impl Fn(&str) -> Option<String>) -> Result<Resolved, Error> {
        let configuration = |message: &str| Error::Configuration(message.to_owned());
        let url = self.url.or_else(|| env("GAPIN_URL")).unwrap_or_else(|| URL_DEFAULT.to_owned());
        let parsed = reqwest::Url::parse(&url).ok();
        let Some(mut parsed) = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) else {
            return Err(configuration("the gateway's address (url, GAPIN_URL) begins with http:// or https://"));
        };
        if !parsed.username().is_empty() || parsed.password().is_some() {
            // It is shown in logs and text forms.
            return Err(configuration("the gateway's address (url, GAPIN_URL) holds a name or a password"));
        }
        // Paths are added to it.
        parsed.set_query(None);
        parsed.set_fragment(None);
        let url = parsed.as_str().trim_end_matches('/').to_owned();
        let api_key = self
            .api_key
            .filter(|key| !key.is_empty())
            .or_else(|| env("GAPIN_API_KEY"))
            .ok_or_else(|| configuration("there is no API key: pass api_key, or set GAPIN_API_KEY"))?;
        if !api_key.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(configuration("the API key (api_key, GAPIN_API_KEY) holds what no key holds"));
        }
        let ai_id = match (self.ai_id, env("GAPIN_AI_ID")) {
            (Some(ai_id), _) => Some(ai_id),
            (None, None) => None,
            (None, Some(text)) => Some(
                Uuid::try_parse(&text)
                    .map_err(|_| configuration("the AI system's id (ai_id, GAPIN_AI_ID) is a UUID"))?,
            ),
        };
        let request_timeout = self.request_timeout.unwrap_or(REQUEST_TIMEOUT_DEFAULT);
        if request_timeout.is_zero() {
            return Err(configuration("request_timeout is more than 0"));
        }
        let passed = self.signing_secret.filter(|secret| !secret.expose().is_empty());
        let is_secret_passed = passed.is_some();
        let signing_key_id =
            self.signing_key_id.or_else(|| if is_secret_passed { None } else { env("GAPIN_SIGNING_KEY_ID") });
        let signing_secret = passed.or_else(|| env("GAPIN_SIGNING_SECRET").map(SigningSecret::new));
        let ai_version = self.ai_version.filter(|version| !version.is_empty());
        let ai_version = ai_version.as_deref().unwrap_or(AI_VERSION_DEFAULT);
        let ai_version = ai_version.chars().take(AI_VERSION_CHARS_MAX).collect();
        let root_certificates = self.root_certificates;
        Ok(Resolved {
            url,
            api_key,
            signing_secret,
            signing_key_id,
            ai_id,
            ai_version,
            request_timeout,
            root_certificates,
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            // One with a name or a password is refused later.
            .field("url", &self.url.as_deref().filter(|url| !url.contains('@')))
            .field("signing_key_id", &self.signing_key_id)
            .field("ai_id", &self.ai_id)
            .field("ai_version", &self.ai_version)
            .field("request_timeout", &self.request_timeout)
            .finish_non_exhaustive()
    }
}

/// What holds.
#[derive(Clone)]
pub(crate) struct Resolved {
    /// Without a slash at its end.
    pub(crate) url: String,
    pub(crate) api_key: String,
    pub(crate) signing_secret: Option<SigningSecret>,
    pub(crate) signing_key_id: Option<String>,
    pub(crate) ai_id: Option<Uuid>,
    pub(crate) ai_version: String,
    pub(crate) request_timeout: Duration,
    pub(crate) root_certificates: Option<Vec<u8>>,
}

impl Resolved {
    /// The signing secret.
    ///
    /// # Errors
    /// [`Error::Configuration`] where there is none.
    pub(crate) fn secret(&self) -> Result<&SigningSecret, Error> {
        self.signing_secret.as_ref().ok_or_else(|| {
            Error::Configuration(
                "there is no signing secret: pass signing_secret, or set GAPIN_SIGNING_SECRET".to_owned(),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn what_is_passed_wins_over_the_environment() {
        let env = |name: &str| Some(format!("http://env/{name}"));
        let resolved = Settings::new().url("http://here/").ai_id(Uuid::nil()).api_key("k").resolve_with(env).unwrap();
        assert_eq!((resolved.url.as_str(), resolved.api_key.as_str()), ("http://here", "k"));
        assert_eq!(resolved.secret().unwrap().expose(), "http://env/GAPIN_SIGNING_SECRET");
        assert_eq!(resolved.signing_key_id.as_deref(), Some("http://env/GAPIN_SIGNING_KEY_ID"));
    }

    #[test]
    fn a_key_id_of_the_environment_says_nothing_of_a_secret_that_is_passed() {
        let env = |name: &str| (name != "GAPIN_AI_ID" && name != "GAPIN_URL").then(|| name.to_owned());
        let resolved = Settings::new().signing_secret("s").resolve_with(env).unwrap();
        assert_eq!(resolved.signing_key_id, None);
        assert_eq!(resolved.url, URL_DEFAULT);
    }

    #[test]
    fn what_is_missing_is_said() {
        let told = Settings::new().resolve_with(nothing).err().unwrap().to_string();
        assert!(told.contains("GAPIN_API_KEY"), "{told}");
        let told = Settings::new().api_key("k").resolve_with(nothing).unwrap().secret().unwrap_err().to_string();
        assert!(told.contains("GAPIN_SIGNING_SECRET"), "{told}");
        for bad in [Settings::new().url("ftp://x"), Settings::new().api_key("k\n"), Settings::new().url("http://")] {
            let bad = if bad.api_key.is_none() { bad.api_key("k") } else { bad };
            assert!(matches!(bad.resolve_with(nothing), Err(Error::Configuration(_))));
        }
    }

    #[test]
    fn an_address_holds_no_password() {
        for url in ["http://user:sekret@here", "https://sekret@here", "http://:sekret@here"] {
            let error = Settings::new().url(url).api_key("k").resolve_with(nothing).err().unwrap();
            assert!(matches!(&error, Error::Configuration(told) if !told.contains("sekret")), "{error}");
        }
    }

    #[test]
    fn an_address_is_scheme_host_and_path() {
        let url = |url: &str| Settings::new().url(url).api_key("k").resolve_with(nothing).unwrap().url;
        assert_eq!(url("HTTPS://Here:8443/under/?token=7#top"), "https://here:8443/under");
        assert_eq!(url(" http://here:80// "), "http://here");
    }

    #[test]
    fn a_secret_that_is_empty_is_none() {
        let env = |name: &str| (name != "GAPIN_AI_ID" && name != "GAPIN_URL").then(|| name.to_owned());
        let resolved = Settings::new().signing_secret("").resolve_with(env).unwrap();
        assert_eq!(resolved.secret().unwrap().expose(), "GAPIN_SIGNING_SECRET");
        assert_eq!(resolved.signing_key_id.as_deref(), Some("GAPIN_SIGNING_KEY_ID"));
        assert!(Settings::new().api_key("k").signing_secret("").resolve_with(nothing).unwrap().secret().is_err());
    }

    #[test]
    fn no_secret_is_in_the_text_form() {
        let settings = Settings::new().url("http://u:sekret-3@here").api_key("sekret-1").signing_secret("sekret-2");
        let told = format!("{settings:?} {:?}", crate::Recorder::builder(settings.clone()));
        assert!(!told.contains("sekret"), "{told}");
    }
}
