//! Whether a browser's request comes from our own pages.
//!
//! A browser sends cookies with whatever request another site makes it send, so a cookie alone shows nothing. What
//! shows it is `Origin`, which no page can forge, and a token that only our own pages can read: it is bound to its
//! session by an HMAC, and given in a cookie that scripts of this host may read and no other host may set.

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{HOST, HeaderName, ORIGIN, UPGRADE},
    },
};
use aibbar::Timestamp;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use store::vault::Vault;
use subtle::ConstantTimeEq as _;
use url::Url;
use uuid::Uuid;

use super::tokens::unix_s;
use crate::{
    app::App,
    clock,
    problem::{Kind, Problem},
};

/// The cookie that our own pages read the token from.
pub(crate) const CSRF_COOKIE: &str = "__Host-gapin_csrf";

/// Where they send it.
const CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Keeps this use of the key apart from every other.
const LABEL: &[u8] = b"gapin/csrf/1";

/// The token of a session: `session.key.mac`.
pub(crate) fn token(vault: &Vault, session_id: Uuid, now: Timestamp) -> Result<String, Problem> {
    let kid = vault.current_access_token_kid(unix_s(now));
    let mac = mac(vault, &kid, session_id, now).ok_or_else(|| Problem::internal("the vault's own key is unknown"))?;
    let mac = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    Ok(format!("{}.{kid}.{mac}", session_id.simple()))
}

/// The session that a token of ours belongs to.
fn session_of(vault: &Vault, token: &str, now: Timestamp) -> Option<Uuid> {
    let (rest, sent) = token.rsplit_once('.')?;
    let (session_id, kid) = rest.split_once('.')?;
    let session_id = session_id.parse().ok()?;
    let sent = URL_SAFE_NO_PAD.decode(sent).ok()?;
    mac(vault, kid, session_id, now)?.verify_slice(&sent).ok()?;
    Some(session_id)
}

fn mac(vault: &Vault, kid: &str, session_id: Uuid, now: Timestamp) -> Option<Hmac<Sha256>> {
    let key = vault.access_token_key(kid, unix_s(now))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).ok()?;
    mac.update(LABEL);
    mac.update(session_id.as_bytes());
    Some(mac)
}

/// Whether a browser sent it: every browser of these years tells one of the two with what it does for a page.
pub(crate) fn is_browser(request: &HttpRequest) -> bool {
    request.headers().contains_key(ORIGIN) || request.headers().contains_key(FETCH_SITE)
}

/// A request that its cookie spoke for: what changes something needs our origin and the session's token, a WebSocket
/// our origin, what only reads neither.
pub(crate) fn check(app: &App, request: &HttpRequest, session_id: Uuid) -> Result<(), Problem> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads && !request.headers().contains_key(UPGRADE) {
        return Ok(());
    }
    check_origin(app, request)?;
    if reads || sent_token(app, request) == Some(session_id) { Ok(()) } else { Err(without_token()) }
}

/// A request that a refresh cookie speaks for, whose session is not yet known: the token sent must be the very one
/// that our cookie holds. Under which key it was made does not count: a browser may come back after weeks, and no other
/// host can set the cookie.
pub(crate) fn check_before_session(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    check_origin(app, request)?;
    let cookie = request.cookie(CSRF_COOKIE);
    let kept = cookie.as_ref().map_or("", |cookie| cookie.value());
    let sent = request.headers().get(&CSRF_TOKEN).map_or(&[][..], |value| value.as_bytes());
    let is_same = bool::from(kept.as_bytes().ct_eq(sent));
    if is_same && !sent.is_empty() { Ok(()) } else { Err(without_token()) }
}

/// A request that no cookie speaks for: nobody signs somebody else's browser in to an account of their own.
pub(crate) fn check_sign_in(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    if is_browser(request) { check_origin(app, request) } else { Ok(()) }
}

fn sent_token(app: &App, request: &HttpRequest) -> Option<Uuid> {
    session_of(&app.vault, request.headers().get(&CSRF_TOKEN)?.to_str().ok()?, clock::now())
}

fn check_origin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_ours = text(ORIGIN).is_some_and(|origin| is_ours(origin, text(HOST), &app.accounts.public_url()));
    if is_ours {
        return Ok(());
    }
    Err(Problem::new(Kind::CsrfRefused, "This request did not come from this site's own pages (`Origin`)."))
}

/// Our own pages are at the public URL, or at whatever host the browser asked; over TLS, when the public URL is.
fn is_ours(origin: &str, host: Option<&str>, public: &Url) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    let origin = origin.origin();
    if !origin.is_tuple() {
        return false;
    }
    let asked = |scheme: &str| Url::parse(&format!("{scheme}://{}", host.unwrap_or_default())).map(|url| url.origin());
    origin == public.origin()
        || asked("https").is_ok_and(|asked| asked == origin)
        || (public.scheme() == "http" && asked("http").is_ok_and(|asked| asked == origin))
}

fn without_token() -> Problem {
    Problem::new(
        Kind::CsrfRefused,
        "Send the value of the cookie `__Host-gapin_csrf` as `X-CSRF-Token`, as this site's own pages do.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use store::vault::MasterKey;

    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::new(MasterKey::from_bytes([byte; 32]))
    }

    #[test]
    fn a_token_is_good_for_its_session_alone() {
        let (now, session_id) = (clock::now(), Uuid::now_v7());
        let token = token(&vault(1), session_id, now).unwrap();
        assert_eq!(session_of(&vault(1), &token, now), Some(session_id));
        assert_eq!(session_of(&vault(2), &token, now), None);
        let of_another = token.replacen(&session_id.simple().to_string(), &Uuid::nil().simple().to_string(), 1);
        assert_eq!(session_of(&vault(1), &of_another, now), None);
        for wrong in ["", ".", "..", "...", &token[1..], &token[..token.len() - 2]] {
            assert_eq!(session_of(&vault(1), wrong, now), None, "{wrong}");
        }
    }

    #[track_caller]
    fn check(public: &str, host: &str, origin: &str, expected: bool) {
        let public = Url::parse(public).unwrap();
        assert_eq!(is_ours(origin, Some(host), &public), expected, "{origin} at {host}, {public}");
    }

    #[test]
    fn our_origin_is_the_host_that_was_asked_or_the_public_one() {
        let public = "http://127.0.0.1:8080";
        check(public, "127.0.0.1:8080", "http://127.0.0.1:8080", true);
        check(public, "localhost:8080", "http://localhost:8080", true);
        check(public, "localhost:8080", "https://localhost:8080", true);
        check(public, "localhost:8080", "http://localhost:9090", false);
        check(public, "localhost:8080", "http://evil.example", false);
        check(public, "localhost:8080", "http://localhost:8080.evil.example", false);
        check(public, "localhost:8080", "null", false);
        check(public, "localhost:8080", "", false);
        check(public, "", "http://", false);
        check("https://gapin.example", "internal:8080", "https://gapin.example", true);
        check("https://gapin.example", "gapin.example", "http://gapin.example", false);
        check("https://gapin.example", "gapin.example", "https://gapin.example:444", false);
    }
}
