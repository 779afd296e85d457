//! Who else people sign in with.

use clap::Args;
use gateway::settings::{GitHubSettings, GoogleSettings, ProviderClient};
use url::Url;

use super::values::{Secret, issuer_url, name, provider_url, token};
use crate::exit::Failure;

/// Google and GitHub.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sign-in with Google and GitHub")]
pub(crate) struct ProviderSettings {
    /// The client id that Google gave for this gateway, whose redirect URI is
    /// GAPIN_PUBLIC_URL and then /auth/oauth/google/callback. Absent: nobody signs in with Google
    #[arg(long, env = "GAPIN_GOOGLE_CLIENT_ID", value_name = "ID", value_parser = name::<256>)]
    google_client_id: Option<String>,

    /// The client secret that Google gave with the client id
    #[arg(long, env = "GAPIN_GOOGLE_CLIENT_SECRET", hide_env_values = true, hide = true, value_name = "SECRET", value_parser = token)]
    google_client_secret: Option<Secret>,

    /// The issuer, to the letter as its ID tokens name it: Google's, or another OpenID provider's in its place
    #[arg(long, env = "GAPIN_GOOGLE_ISSUER_URL", value_name = "URL", default_value = "https://accounts.google.com", value_parser = issuer_url)]
    google_issuer_url: String,

    /// The client id that GitHub gave for this gateway, whose callback URL is
    /// GAPIN_PUBLIC_URL and then /auth/oauth/github/callback. Absent: nobody signs in with GitHub
    #[arg(long, env = "GAPIN_GITHUB_CLIENT_ID", value_name = "ID", value_parser = name::<256>)]
    github_client_id: Option<String>,

    /// The client secret that GitHub gave with the client id
    #[arg(long, env = "GAPIN_GITHUB_CLIENT_SECRET", hide_env_values = true, hide = true, value_name = "SECRET", value_parser = token)]
    github_client_secret: Option<Secret>,

    /// Where people sign in with GitHub: github.com, or a GitHub of one's own
    #[arg(long, env = "GAPIN_GITHUB_URL", value_name = "URL", default_value = "https://github.com", value_parser = provider_url)]
    github_url: Url,

    /// GitHub's API; of a GitHub of one's own: https://git.example.com/api/v3
    #[arg(long, env = "GAPIN_GITHUB_API_URL", value_name = "URL", default_value = "https://api.github.com", value_parser = provider_url)]
    github_api_url: Url,
}

impl ProviderSettings {
    /// As the gateway takes them; one sentence when half of a client is missing.
    pub(crate) fn build(&self) -> Result<gateway::settings::ProviderSettings, Failure> {
        let google = client("GOOGLE", self.google_client_id.as_ref(), self.google_client_secret.as_ref())?;
        let github = client("GITHUB", self.github_client_id.as_ref(), self.github_client_secret.as_ref())?;
        Ok(gateway::settings::ProviderSettings {
            google: google.map(|client| GoogleSettings { client, issuer_url: self.google_issuer_url.clone() }),
            github: github.map(|client| GitHubSettings {
                client,
                url: self.github_url.clone(),
                api_url: self.github_api_url.clone(),
            }),
        })
    }
}

fn client(provider: &str, id: Option<&String>, secret: Option<&Secret>) -> Result<Option<ProviderClient>, Failure> {
    let missing = |there: &str, absent: &str| {
        Failure::usage(format!(
            "GAPIN_{provider}_{there} is set and GAPIN_{provider}_{absent} is not; set both, or none"
        ))
    };
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => Ok(Some(ProviderClient { id: id.clone(), secret: secret.expose().to_owned() })),
        (Some(_), None) => Err(missing("CLIENT_ID", "CLIENT_SECRET")),
        (None, Some(_)) => Err(missing("CLIENT_SECRET", "CLIENT_ID")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn half_a_client_is_refused_with_the_name_of_the_other_half() {
        let (id, secret) = ("id".to_owned(), Secret::from("secret"));
        assert!(client("GOOGLE", None, None).unwrap().is_none());
        assert_eq!(client("GOOGLE", Some(&id), Some(&secret)).unwrap().unwrap().secret, "secret");
        let told = |refused: Result<_, Failure>| refused.map(|_| ()).unwrap_err().to_string();
        assert!(told(client("GOOGLE", Some(&id), None)).contains("GAPIN_GOOGLE_CLIENT_SECRET is not"));
        assert!(told(client("GITHUB", None, Some(&secret))).contains("GAPIN_GITHUB_CLIENT_ID is not"));
    }
}
