//! Which gateway the client commands speak to, and as whom. What is absent is read from `dev.env`.

use clap::Args;
use url::Url;
use uuid::Uuid;

use super::values::{Secret, http_url, name, secret, token};

/// The gateway, for a client.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct GatewayUrlSettings {
    /// The gateway. Absent: the one that `gapin dev` wrote to `dev.env`
    #[arg(long, env = "GAPIN_URL", value_name = "URL", value_parser = http_url)]
    pub(crate) url: Option<Url>,
}

/// The API key, for a client.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct ApiKeySettings {
    /// API key that the gateway is called with. Absent: the one in `dev.env`
    #[arg(long, env = "GAPIN_API_KEY", hide_env_values = true, hide = true, value_name = "KEY", value_parser = token)]
    pub(crate) api_key: Option<Secret>,
}

/// What events are signed with.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Signing")]
pub(crate) struct SigningSettings {
    /// Signing key that events name as `key_id`. Absent: the one in `dev.env`
    #[arg(long, env = "GAPIN_SIGNING_KEY_ID", value_name = "ID", value_parser = name::<64>)]
    pub(crate) signing_key_id: Option<String>,

    /// The signing key's secret. Absent: the one in `dev.env`
    #[arg(long, env = "GAPIN_SIGNING_SECRET", hide_env_values = true, hide = true, value_name = "SECRET", value_parser = secret)]
    pub(crate) signing_secret: Option<Secret>,
}

/// Who speaks.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Signing")]
pub(crate) struct AiSettings {
    /// AI system that events are said to come from. Absent: the one in `dev.env`
    #[arg(long, env = "GAPIN_AI_ID", value_name = "UUID", value_parser = uuid)]
    pub(crate) ai_id: Option<Uuid>,
}

pub(crate) fn uuid(text: &str) -> Result<Uuid, String> {
    text.parse().map_err(|_| "a UUID, such as 018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b".to_owned())
}
