//! What a request presents to tell who calls.

use actix_web::{
    HttpRequest,
    http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL},
};

use super::tickets::{TICKET_PARAMETER, TICKET_PATHS};
use crate::problem::{Kind, Problem};

/// A WebSocket client that can't set headers offers `gapin.v1` and this followed by its key.
pub(crate) const PROTOCOL_KEY_PREFIX: &str = "gapin.key.";

/// What every API key begins with.
const API_KEY_MARK: &str = "sk_";

/// The cookie that carries a browser's access token. The prefix makes browsers insist on `Secure`, on the path `/` and
/// on this very host (RFC 6265bis § 4.1.3.2).
pub(crate) const ACCESS_COOKIE: &str = "__Host-gapin_access";

/// The cookie that carries a browser's refresh token. It is sent to one path alone, so it can't have the other's prefix.
pub(crate) const REFRESH_COOKIE: &str = "__Secure-gapin_refresh";

/// What was presented, not yet checked.
pub(crate) enum Presented {
    ApiKey(String),
    /// In the `Authorization` header: no browser sends it by itself.
    AccessToken(String),
    /// In the query of a stream: good once.
    Ticket(String),
    /// In a cookie: whoever makes a browser send a request makes it send this.
    Cookie(String),
}

impl Presented {
    /// The header counts before the cookie.
    pub(crate) fn of(request: &HttpRequest) -> Result<Presented, Problem> {
        if let Some(value) = request.headers().get(AUTHORIZATION) {
            let bearer = value.to_str().ok().and_then(|v| v.split_once(' '));
            return match bearer {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Self::bearer(token.trim())),
                _ => Err(Problem::new(Kind::InvalidApiKey, "Send the API key as `Authorization: Bearer sk_…`.")),
            };
        }
        let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|v| v.to_str().ok());
        let key = offered.flat_map(|v| v.split(',')).find_map(|p| p.trim().strip_prefix(PROTOCOL_KEY_PREFIX));
        if let Some(key) = key {
            return Ok(Self::bearer(key));
        }
        // Before the cookie: a browser sends that by itself.
        if let Some(ticket) = ticket(request) {
            return Ok(Presented::Ticket(ticket));
        }
        if let Some(cookie) = request.cookie(ACCESS_COOKIE) {
            return Ok(Presented::Cookie(cookie.value().to_owned()));
        }
        Err(Problem::new(
            Kind::MissingApiKey,
            "Send an API key as `Authorization: Bearer sk_…`, or sign in; `gapin keys create` makes a key.",
        ))
    }

    /// No access token begins as a key does: it is a JSON Web Token.
    fn bearer(token: &str) -> Presented {
        let is_token = !token.starts_with(API_KEY_MARK) && token.bytes().filter(|byte| *byte == b'.').count() == 2;
        if is_token { Presented::AccessToken(token.to_owned()) } else { Presented::ApiKey(token.to_owned()) }
    }
}

/// The ticket that a stream is asked for with, where that is taken.
pub(crate) fn ticket(request: &HttpRequest) -> Option<String> {
    if !TICKET_PATHS.contains(&request.path()) {
        return None;
    }
    let mut parameters = url::form_urlencoded::parse(request.query_string().as_bytes());
    parameters.find(|(name, _)| name == TICKET_PARAMETER).map(|(_, ticket)| ticket.into_owned())
}
