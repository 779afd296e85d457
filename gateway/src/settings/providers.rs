//! Who else people sign in with.

use url::Url;

/// The providers that are configured; none, by default.
#[derive(Clone, Debug, Default)]
pub struct ProviderSettings {
    /// Google, or another OpenID provider in its place.
    pub google: Option<GoogleSettings>,
    /// GitHub, or one's own.
    pub github: Option<GitHubSettings>,
}

/// An OpenID provider.
#[derive(Clone, Debug)]
pub struct GoogleSettings {
    /// As the provider knows GAPIN.
    pub client: ProviderClient,
    /// Its issuer, to the letter as its ID tokens name it.
    pub issuer_url: String,
}

/// GitHub.
#[derive(Clone, Debug)]
pub struct GitHubSettings {
    /// As GitHub knows GAPIN.
    pub client: ProviderClient,
    /// Where people sign in.
    pub url: Url,
    /// Where programs ask.
    pub api_url: Url,
}

/// What GAPIN is registered with at a provider.
#[derive(Clone)]
pub struct ProviderClient {
    /// Its id, which everybody may see.
    pub id: String,
    /// What it shows at the provider; `Debug` does not.
    pub secret: String,
}

impl std::fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderClient").field("id", &self.id).field("secret", &"…").finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", ProviderClient { id: "id".into(), secret: "secret".into() });
        assert_eq!(shown, r#"ProviderClient { id: "id", secret: "…" }"#);
    }
}
