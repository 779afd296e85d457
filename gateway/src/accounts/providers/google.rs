//! Google, or any other OpenID provider that signs its ID tokens with a public key: discovery, code, ID token.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreIdToken, CoreIdTokenClaims,
        CoreJwsSigningAlgorithm, CoreProviderMetadata,
    },
};
use parking_lot::RwLock;
use url::Url;

use super::{
    Failure, Profile, Provider,
    flow::Flow,
    outbound::{NoAnswer, Outbound},
    pkce_challenge, subject, told,
};
use crate::settings::GoogleSettings;

/// How long the provider's addresses and keys are taken to be what they were.
const DISCOVERED_FOR: Duration = Duration::from_secs(60 * 60);

/// Those that need the provider's private key. What a shared secret signs, or nothing, is nobody's word.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

pub(super) struct Google {
    settings: GoogleSettings,
    discovered: RwLock<Option<Discovered>>,
}

struct Discovered {
    at: Instant,
    metadata: Arc<CoreProviderMetadata>,
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Google {
    pub(super) fn new(settings: GoogleSettings) -> Self {
        Self { settings, discovered: RwLock::default() }
    }

    pub(super) async fn authorization_url(
        &self,
        flow: &Flow,
        callback: Url,
        outbound: &Outbound,
    ) -> Result<Url, Failure> {
        let client = self.client(&*self.metadata(outbound).await?, callback);
        let (state, nonce) = (flow.state.clone(), flow.nonce.clone());
        let (url, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(pkce_challenge(flow))
            .url();
        Ok(url)
    }

    pub(super) async fn profile(
        &self,
        flow: &Flow,
        callback: Url,
        code: String,
        outbound: &Outbound,
    ) -> Result<Profile, Failure> {
        let metadata = self.metadata(outbound).await?;
        let client = self.client(&metadata, callback.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Failure::Unavailable(told(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .request_async(outbound)
            .await
            .map_err(not_exchanged)?;
        let id_token = answer.id_token().ok_or_else(|| Failure::Unavailable("there is no ID token".to_owned()))?;
        let nonce = Nonce::new(flow.nonce.clone());
        match verify(&client, id_token, &nonce) {
            Ok(claims) => profile(claims),
            // The provider has a new key. Nobody makes us ask often: the token came from the provider itself.
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let client = self.client(&*self.discover(outbound).await?, callback);
                verify(&client, id_token, &nonce).map_err(not_verified).and_then(profile)
            }
            Err(error) => Err(not_verified(error)),
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata, callback: Url) -> Client {
        let client = &self.settings.client;
        let id = ClientId::new(client.id.clone());
        let secret = ClientSecret::new(client.secret.clone());
        CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(RedirectUrl::from_url(callback))
    }

    async fn metadata(&self, outbound: &Outbound) -> Result<Arc<CoreProviderMetadata>, Failure> {
        let known = self.discovered.read().as_ref().and_then(Discovered::still_good);
        match known {
            Some(metadata) => Ok(metadata),
            None => self.discover(outbound).await,
        }
    }

    /// Asks for the provider's addresses and keys.
    async fn discover(&self, outbound: &Outbound) -> Result<Arc<CoreProviderMetadata>, Failure> {
        let unavailable = |cause: String| Failure::Unavailable(format!("discovery: {cause}"));
        let issuer = IssuerUrl::new(self.settings.issuer_url.clone()).map_err(|error| unavailable(told(&error)))?;
        let found = CoreProviderMetadata::discover_async(issuer, outbound).await.map_err(|error| {
            unavailable(match &error {
                // With the answer's body in it, which is the provider's affair.
                DiscoveryError::Response(status, _, _) => format!("answered {status}"),
                error => told(error),
            })
        })?;
        let metadata = Arc::new(found);
        *self.discovered.write() = Some(Discovered { at: Instant::now(), metadata: metadata.clone() });
        Ok(metadata)
    }
}

impl Discovered {
    fn still_good(&self) -> Option<Arc<CoreProviderMetadata>> {
        (self.at.elapsed() < DISCOVERED_FOR).then(|| self.metadata.clone())
    }
}

/// Signature, issuer, audience, expiry, nonce.
fn verify<'t>(
    client: &Client,
    id_token: &'t CoreIdToken,
    nonce: &Nonce,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    id_token.claims(&client.id_token_verifier().set_allowed_algs(ALGORITHMS), nonce)
}

fn profile(claims: &CoreIdTokenClaims) -> Result<Profile, Failure> {
    let is_verified = claims.email_verified() == Some(true);
    let name = claims.name().and_then(|name| name.get(None));
    Ok(Profile {
        provider: Provider::Google,
        subject: subject(claims.subject().to_string())?,
        verified_email: claims.email().filter(|_| is_verified).map(|email| email.to_string()),
        name: name.map(|name| name.to_string()),
    })
}

fn not_verified(error: ClaimsVerificationError) -> Failure {
    Failure::Refused(format!("the ID token: {}", told(&error)))
}

/// Only `invalid_grant` is about this sign-in; everything else is between the provider and us.
fn not_exchanged(
    error: RequestTokenError<NoAnswer, openidconnect::StandardErrorResponse<CoreErrorResponseType>>,
) -> Failure {
    match error {
        RequestTokenError::ServerResponse(answer) if *answer.error() == CoreErrorResponseType::InvalidGrant => {
            Failure::Refused("the code: invalid_grant".to_owned())
        }
        RequestTokenError::ServerResponse(answer) => {
            Failure::Unavailable(format!("the token endpoint refuses us: {}", answer.error()))
        }
        // With the body in it, and with that perhaps a token.
        RequestTokenError::Parse(error, _) => Failure::Unavailable(format!("the token endpoint's answer: {error}")),
        error => Failure::Unavailable(format!("the token endpoint: {}", told(&error))),
    }
}
