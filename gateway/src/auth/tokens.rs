//! Access tokens (JSON Web Tokens, HS256) and the random tokens of refreshes, links and invitations.
//!
//! The key of an access token is the vault's, named by `kid` in the header and changed by itself. The algorithm is
//! ours to say, never the token's.

use std::sync::LazyLock;

use aibbar::Timestamp;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use store::vault::Vault;
use uuid::Uuid;

use crate::problem::Problem;

/// How long an access token is good.
pub(crate) const ACCESS_TOKEN_S: u32 = 600;

/// What begins a refresh token.
pub(crate) const REFRESH: &str = "rt_";
/// What begins the token of a link that shows that an address is somebody's.
pub(crate) const VERIFY_EMAIL: &str = "ve_";
/// What begins the token of a link that sets a new password.
pub(crate) const RESET_PASSWORD: &str = "pr_";

/// Random bytes of a token.
const RANDOM_BYTES: usize = 32;

/// How far two gateways' clocks may lie apart.
const LEEWAY_S: u64 = 5;

/// The longest name of a key; longer ones are not looked up.
const KID_BYTES_MAX: usize = 64;

const ISSUER: &str = "gapin";

static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "sub"]);
    validation.leeway = LEEWAY_S;
    validation
});

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    /// Whose.
    sub: Uuid,
    /// The session.
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// A new token for this session.
pub(crate) fn access_token(vault: &Vault, user_id: Uuid, session_id: Uuid, now: Timestamp) -> Result<String, Problem> {
    let iat = unix_s(now);
    let kid = vault.current_access_token_kid(iat);
    let key = vault.access_token_key(&kid, iat).ok_or_else(|| Problem::internal("the vault's own key is unknown"))?;
    let claims =
        Claims { iss: ISSUER.to_owned(), sub: user_id, sid: session_id, iat, exp: iat + i64::from(ACCESS_TOKEN_S) };
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.as_slice())).map_err(Problem::internal)
}

/// The session that a token of ours names, when it is good now.
pub(crate) fn session_of(vault: &Vault, token: &str, now: Timestamp) -> Option<Uuid> {
    let kid = jsonwebtoken::decode_header(token).ok()?.kid.filter(|kid| kid.len() <= KID_BYTES_MAX)?;
    let key = vault.access_token_key(&kid, unix_s(now))?;
    let key = DecodingKey::from_secret(key.as_slice());
    Some(jsonwebtoken::decode::<Claims>(token, &key, &VALIDATION).ok()?.claims.sid)
}

/// A token of 256 bits of its own.
pub(crate) fn random(prefix: &str) -> Result<String, Problem> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Seconds since 1970.
pub(crate) fn unix_s(at: Timestamp) -> i64 {
    at.unix_ms().div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};
    use store::vault::MasterKey;

    use super::*;
    use crate::clock;

    fn vault(byte: u8) -> Vault {
        Vault::new(MasterKey::from_bytes([byte; 32]))
    }

    fn signed(vault: &Vault, header: &Value, claims: &Value) -> String {
        let now = unix_s(clock::now());
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let key = vault.access_token_key(&vault.current_access_token_kid(now), now).unwrap();
        let key = EncodingKey::from_secret(key.as_slice());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        format!("{message}.{signature}")
    }

    #[test]
    fn a_token_names_its_session_to_the_vault_that_signed_it() {
        let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
        let token = access_token(&vault(1), user, session, clock::now()).unwrap();
        assert_eq!(session_of(&vault(1), &token, clock::now()), Some(session));
        assert_eq!(session_of(&vault(2), &token, clock::now()), None);
    }

    #[test]
    fn a_token_ends() {
        let long_ago = clock::now().plus_ms(-1_000 * (i64::from(ACCESS_TOKEN_S) + 60));
        let token = access_token(&vault(1), Uuid::nil(), Uuid::nil(), long_ago).unwrap();
        assert_eq!(session_of(&vault(1), &token, clock::now()), None);
    }

    #[test]
    fn only_hs256_under_a_key_of_ours_with_every_claim_is_taken() {
        let now = unix_s(clock::now());
        let kid = vault(1).current_access_token_kid(now);
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": kid });
        let claims = json!({ "iss": "gapin", "sub": Uuid::nil(), "sid": Uuid::nil(), "iat": now, "exp": now + 60 });
        let is_good = |header: &Value, claims: &Value| {
            session_of(&vault(1), &signed(&vault(1), header, claims), clock::now()).is_some()
        };
        let with = |value: &Value, name: &str, to: Value| {
            let mut value = value.clone();
            value[name] = to;
            value
        };
        assert!(is_good(&header, &claims));
        for other in ["none", "None", "HS384", "HS512", "RS256", "EdDSA"] {
            assert!(!is_good(&with(&header, "alg", json!(other)), &claims), "{other}");
        }
        assert!(!is_good(&with(&header, "kid", json!("another")), &claims));
        assert!(!is_good(&with(&header, "kid", Value::Null), &claims));
        assert!(!is_good(&header, &with(&claims, "iss", json!("another"))));
        assert!(!is_good(&header, &with(&claims, "exp", json!(now - 60))));
        assert!(!is_good(&header, &with(&claims, "exp", Value::Null)));
        assert!(!is_good(&header, &with(&claims, "sid", json!("another"))));
    }

    #[test]
    fn a_changed_or_unsigned_token_is_not_taken() {
        let token = access_token(&vault(1), Uuid::nil(), Uuid::nil(), clock::now()).unwrap();
        let (message, _) = token.rsplit_once('.').unwrap();
        let last = if token.ends_with('A') { "B" } else { "A" };
        for wrong in ["", ".", "..", "a.b.c", message, &format!("{message}."), &format!("{token}{last}")] {
            assert_eq!(session_of(&vault(1), wrong, clock::now()), None, "{wrong}");
        }
    }

    #[test]
    fn random_tokens_differ_and_say_what_they_are() {
        let (one, other) = (random(REFRESH).unwrap(), random(REFRESH).unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("rt_") && one.len() == 46, "{one}");
    }
}
