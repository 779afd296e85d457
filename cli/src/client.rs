//! What the client commands take from their settings, and from `dev.env` where those are silent.

use std::path::{Path, PathBuf};

use aibbar::SigningSecret;
use url::Url;
use uuid::Uuid;

use crate::{
    dev_env::{self, DevEnv},
    exit::Failure,
    settings::{
        client::{AiSettings, ApiKeySettings, GatewayUrlSettings, SigningSettings, uuid},
        values::{Secret, http_url},
    },
};

/// `dev.env` of the data directory, and where it was looked for.
pub(crate) struct Defaults {
    path: PathBuf,
    env: DevEnv,
}

/// What events are signed with.
#[derive(Debug)]
pub(crate) struct Signer {
    /// What an event without `key_id` gets; `None` leaves it to the organisation's default key.
    pub(crate) key_id: Option<String>,
    pub(crate) secret: SigningSecret,
}

impl Defaults {
    pub(crate) fn read(data_dir: &Path) -> Result<Defaults, Failure> {
        let path = data_dir.join(dev_env::FILE_NAME);
        let env = DevEnv::read(data_dir)
            .map_err(|error| Failure::usage(format!("{} can't be read: {error}", path.display())))?;
        Ok(Defaults { path, env })
    }

    pub(crate) fn url(&self, settings: GatewayUrlSettings) -> Result<Url, Failure> {
        match (settings.url, &self.env.url) {
            (Some(url), _) => Ok(url),
            (None, Some(text)) => http_url(text).map_err(|allowed| self.damaged("GAPIN_URL", &allowed)),
            (None, None) => Err(self.absent("GAPIN_URL")),
        }
    }

    pub(crate) fn api_key(&self, settings: ApiKeySettings) -> Result<Secret, Failure> {
        settings.api_key.or_else(|| self.env.api_key.clone()).ok_or_else(|| self.absent("GAPIN_API_KEY"))
    }

    /// A secret and a key id belong together: one from the settings is never paired with the other's from the file.
    pub(crate) fn signer(&self, settings: SigningSettings) -> Result<Signer, Failure> {
        let (key_id, secret) = match (settings.signing_key_id, settings.signing_secret) {
            (key_id, Some(secret)) => (key_id, Some(secret)),
            (Some(key_id), None) if self.env.signing_key_id.as_ref() != Some(&key_id) => (Some(key_id), None),
            (_, None) => (self.env.signing_key_id.clone(), self.env.signing_secret.clone()),
        };
        let secret = secret.ok_or_else(|| self.absent("GAPIN_SIGNING_SECRET"))?;
        Ok(Signer { key_id, secret: SigningSecret::new(secret.expose()) })
    }

    /// The AI system, when there is one named anywhere.
    pub(crate) fn ai_id(&self, settings: AiSettings) -> Result<Option<Uuid>, Failure> {
        match (settings.ai_id, &self.env.ai_id) {
            (Some(ai_id), _) => Ok(Some(ai_id)),
            (None, Some(text)) => uuid(text).map(Some).map_err(|allowed| self.damaged("GAPIN_AI_ID", &allowed)),
            (None, None) => Ok(None),
        }
    }

    pub(crate) fn absent(&self, variable: &str) -> Failure {
        Failure::usage(format!(
            "{variable} is not set, and {} does not hold it: set it, or start `gapin dev`, which writes that file",
            self.path.display()
        ))
    }

    fn damaged(&self, variable: &str, allowed: &str) -> Failure {
        Failure::usage(format!("{variable} in {} is not usable; it must be {allowed}", self.path.display()))
    }
}
