//! What is begun when a person leaves for a provider, and is there again when they come back: sealed, in a cookie of
//! their browser. Whoever comes back without it did not begin here, so nobody is signed in to another's account.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use aibbar::Timestamp;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use store::vault::Vault;
use subtle::ConstantTimeEq as _;

use super::{Provider, return_to::ReturnTo};
use crate::{auth::tokens, problem::Problem};

/// How long a person may take at the provider.
const LIFETIME_MS: i64 = 10 * 60 * 1_000;

/// One sign-in that was begun.
pub(super) struct Flow {
    pub(super) provider: Provider,
    /// Goes to the provider and comes back with the code (RFC 6749 § 10.12).
    pub(super) state: String,
    /// Comes back inside the ID token.
    pub(super) nonce: String,
    /// Shown with the code, and to nobody before (RFC 7636).
    pub(super) verifier: String,
    pub(super) return_to: ReturnTo,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    return_to: ReturnTo,
    /// A cookie's own end is the browser's word alone.
    expires_at_ms: i64,
}

impl Flow {
    pub(super) fn begin(provider: Provider, return_to: ReturnTo) -> Result<Self, Problem> {
        let random = || tokens::random("");
        Ok(Self { provider, state: random()?, nonce: random()?, verifier: random()?, return_to })
    }

    /// The flow of this request, when it was begun in this browser with this state a short while ago.
    pub(super) fn of(
        request: &HttpRequest,
        provider: Provider,
        state: &str,
        vault: &Vault,
        now: Timestamp,
    ) -> Option<Self> {
        let cookie = request.cookie(cookie_name(provider))?;
        Self::open(cookie.value(), provider, state, vault, now)
    }

    fn open(sealed: &str, provider: Provider, state: &str, vault: &Vault, now: Timestamp) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = vault.open_from_client(&sealed, label(provider)).ok()?;
        let kept: Kept = serde_json::from_slice(&opened).ok()?;
        let is_its_state = bool::from(kept.state.as_bytes().ct_eq(state.as_bytes()));
        let Kept { state, nonce, verifier, return_to, expires_at_ms } = kept;
        (is_its_state && now.unix_ms() < expires_at_ms).then_some(Self { provider, state, nonce, verifier, return_to })
    }

    /// The cookie that brings it back. `Lax`: the provider sends the browser back from another site.
    pub(super) fn cookie(&self, vault: &Vault, now: Timestamp) -> Cookie<'static> {
        cookie(self.provider, self.seal(vault, now), Duration::milliseconds(LIFETIME_MS))
    }

    fn seal(&self, vault: &Vault, now: Timestamp) -> String {
        let kept = Kept {
            state: self.state.clone(),
            nonce: self.nonce.clone(),
            verifier: self.verifier.clone(),
            return_to: self.return_to.clone(),
            expires_at_ms: now.plus_ms(LIFETIME_MS).unix_ms(),
        };
        let kept = serde_json::to_vec(&kept).expect("text and a number make JSON");
        URL_SAFE_NO_PAD.encode(vault.seal_for_client(&kept, label(self.provider)))
    }

    /// What takes the cookie away: a sign-in is finished once.
    pub(super) fn ended(provider: Provider) -> Cookie<'static> {
        cookie(provider, String::new(), Duration::ZERO)
    }
}

fn cookie(provider: Provider, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(cookie_name(provider), value)
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}

/// The prefix makes browsers insist on `Secure`, on the path `/` and on this very host.
const fn cookie_name(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "__Host-gapin_flow_google",
        Provider::GitHub => "__Host-gapin_flow_github",
    }
}

/// What the seal is bound to: a flow with one provider opens for no other, and for nothing else that is sealed.
const fn label(provider: Provider) -> &'static [u8] {
    match provider {
        Provider::Google => b"gapin/sign-in-flow/google",
        Provider::GitHub => b"gapin/sign-in-flow/github",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use store::vault::MasterKey;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_800_000_000_000);

    fn vault(byte: u8) -> Vault {
        Vault::new(MasterKey::from_bytes([byte; 32]))
    }

    fn flow() -> Flow {
        Flow::begin(Provider::Google, ReturnTo::parse("/events").unwrap()).unwrap()
    }

    #[test]
    fn what_was_begun_comes_back_whole() {
        let flow = flow();
        let sealed = flow.seal(&vault(1), NOW);
        let back = Flow::open(&sealed, Provider::Google, &flow.state, &vault(1), NOW.plus_ms(LIFETIME_MS - 1)).unwrap();
        assert_eq!(
            (back.state, back.nonce, back.verifier, back.return_to),
            (flow.state, flow.nonce, flow.verifier, flow.return_to)
        );
    }

    #[test]
    fn it_opens_for_its_state_its_provider_its_time_and_its_master_key_alone() {
        let (flow, other) = (flow(), flow());
        let sealed = flow.seal(&vault(1), NOW);
        let opens = |sealed: &str, provider, state: &str, key, now| {
            Flow::open(sealed, provider, state, &vault(key), now).is_some()
        };
        assert!(opens(&sealed, Provider::Google, &flow.state, 1, NOW));
        assert!(!opens(&sealed, Provider::Google, &other.state, 1, NOW));
        assert!(!opens(&sealed, Provider::Google, "", 1, NOW));
        assert!(!opens(&sealed, Provider::GitHub, &flow.state, 1, NOW));
        assert!(!opens(&sealed, Provider::Google, &flow.state, 1, NOW.plus_ms(LIFETIME_MS)));
        assert!(!opens(&sealed, Provider::Google, &flow.state, 2, NOW));
        assert!(!opens(&sealed[1..], Provider::Google, &flow.state, 1, NOW));
        assert!(!opens("", Provider::Google, &flow.state, 1, NOW));
    }

    #[test]
    fn no_two_flows_share_a_value() {
        let (one, other) = (flow(), flow());
        let mut values = vec![one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier];
        // RFC 7636 § 4.1: at least 43 characters.
        assert!(values.iter().all(|value| value.len() == 43));
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), 6);
    }

    #[test]
    fn the_cookie_is_for_this_host_alone_and_fits() {
        let longest = ReturnTo::parse(&format!("/{}", "\"".repeat(1_023))).unwrap();
        let cookie = Flow::begin(Provider::GitHub, longest).unwrap().cookie(&vault(1), NOW).to_string();
        assert!(cookie.starts_with("__Host-gapin_flow_github="), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"] {
            assert!(cookie.split("; ").any(|told| told == attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert!(cookie.len() < 4_096, "{}", cookie.len());
        assert!(Flow::ended(Provider::GitHub).to_string().contains("Max-Age=0"));
    }
}
