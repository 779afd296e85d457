//! GitHub: OAuth 2.0 with PKCE, and its API for who it was.

use openidconnect::{
    HttpRequest,
    http::{Method, Request, StatusCode, header},
};
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use super::{Failure, Profile, Provider, flow::Flow, outbound::Outbound, pkce_challenge, subject, told};
use crate::settings::GitHubSettings;

const JSON: &str = "application/json";
const API_JSON: &str = "application/vnd.github+json";
const API_VERSION: &str = "2022-11-28";

/// Addresses of one person; GitHub gives pages of at most so many, the primary one on the first.
const EMAILS_MAX: usize = 100;

/// The longest of GitHub's own words for an error that is logged.
const ERROR_CHARS_MAX: usize = 64;

pub(super) struct GitHub {
    settings: GitHubSettings,
}

/// The answer to a code; GitHub says 200 to what fails, too.
#[derive(Deserialize)]
#[serde(untagged)]
enum Exchanged {
    Token { access_token: String },
    Error { error: String },
}

#[derive(Deserialize)]
struct Person {
    id: u64,
    login: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHub {
    pub(super) fn new(settings: GitHubSettings) -> Self {
        Self { settings }
    }

    pub(super) fn authorization_url(&self, flow: &Flow, callback: &Url) -> Url {
        let mut url = below(&self.settings.url, &["login", "oauth", "authorize"]);
        let challenge = pkce_challenge(flow);
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client.id)
            .append_pair("redirect_uri", callback.as_str())
            .append_pair("scope", "read:user user:email")
            .append_pair("state", &flow.state)
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", challenge.method().as_str());
        url
    }

    pub(super) async fn profile(
        &self,
        flow: &Flow,
        callback: &Url,
        code: &str,
        outbound: &Outbound,
    ) -> Result<Profile, Failure> {
        let token = self.exchange(flow, callback, code, outbound).await?;
        let person: Person = self.api(&["user"], &token, outbound).await?;
        let emails: Vec<Email> = self.api(&["user", "emails"], &token, outbound).await?;
        let primary = emails.into_iter().take(EMAILS_MAX).find(|email| email.primary && email.verified);
        Ok(Profile {
            provider: Provider::GitHub,
            // The login can be given up and be another's one day; the number can't.
            subject: subject(person.id.to_string())?,
            verified_email: primary.map(|email| email.email),
            name: person.name.filter(|name| !name.trim().is_empty()).or(Some(person.login)),
        })
    }

    async fn exchange(&self, flow: &Flow, callback: &Url, code: &str, outbound: &Outbound) -> Result<String, Failure> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.settings.client.id)
            .append_pair("client_secret", &self.settings.client.secret)
            .append_pair("code", code)
            .append_pair("redirect_uri", callback.as_str())
            .append_pair("code_verifier", &flow.verifier)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(below(&self.settings.url, &["login", "oauth", "access_token"]).as_str())
            .header(header::ACCEPT, JSON)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes());
        match ask("the token endpoint", request, outbound).await? {
            Exchanged::Token { access_token } => Ok(access_token),
            // The only word of GitHub's that is about this sign-in; the others are about how we are registered.
            Exchanged::Error { error } if error == "bad_verification_code" => {
                Err(Failure::Refused(format!("the code: {error}")))
            }
            Exchanged::Error { error } => {
                let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
                Err(Failure::Unavailable(format!("the token endpoint refuses us: {error:?}")))
            }
        }
    }

    async fn api<T: DeserializeOwned>(&self, path: &[&str], token: &str, outbound: &Outbound) -> Result<T, Failure> {
        let request = Request::builder()
            .uri(below(&self.settings.api_url, path).as_str())
            .header(header::ACCEPT, API_JSON)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("X-GitHub-Api-Version", API_VERSION)
            .body(Vec::new());
        ask("the API", request, outbound).await
    }
}

async fn ask<T: DeserializeOwned>(
    what: &str,
    request: Result<HttpRequest, openidconnect::http::Error>,
    outbound: &Outbound,
) -> Result<T, Failure> {
    let unavailable = |cause: String| Failure::Unavailable(format!("{what}: {cause}"));
    let request = request.map_err(|error| unavailable(told(&error)))?;
    let answer = outbound.ask(request).await.map_err(|error| unavailable(told(&error)))?;
    if answer.status() != StatusCode::OK {
        return Err(unavailable(format!("answered {}", answer.status())));
    }
    serde_json::from_slice(answer.body()).map_err(|_| unavailable("its answer is not what it should be".to_owned()))
}

/// A path below an address that may have one itself, as a GitHub of one's own has (`/api/v3`).
fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(base: &str, expected: &str) {
        assert_eq!(below(&Url::parse(base).unwrap(), &["user", "emails"]).as_str(), expected);
    }

    #[test]
    fn paths_are_below_the_address_with_or_without_a_slash() {
        check("https://api.github.com", "https://api.github.com/user/emails");
        check("https://git.example/api/v3", "https://git.example/api/v3/user/emails");
        check("https://git.example/api/v3/", "https://git.example/api/v3/user/emails");
    }

    #[test]
    fn an_answer_to_a_code_is_a_token_or_an_error() {
        let read = |text: &str| serde_json::from_str::<Exchanged>(text);
        assert!(matches!(
            read(r#"{"access_token":"gho_x","scope":"user:email","token_type":"bearer"}"#),
            Ok(Exchanged::Token { access_token }) if access_token == "gho_x"
        ));
        assert!(matches!(
            read(r#"{"error":"bad_verification_code","error_description":"…","error_uri":"…"}"#),
            Ok(Exchanged::Error { error }) if error == "bad_verification_code"
        ));
        assert!(read("{}").is_err());
    }
}
