//! Who calls: the API key of a request, as an extractor.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL},
    web,
};
use store::{
    OrgId,
    identity::{ApiKey, Scope},
};

use crate::{
    app::App,
    clock,
    problem::{Kind, Problem},
};

/// A WebSocket client that can't set headers offers `gapin.v1` and this followed by its key.
const PROTOCOL_KEY_PREFIX: &str = "gapin.key.";

/// The holder of a valid API key.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) key: Arc<ApiKey>,
}

impl Caller {
    /// The organisation that everything of this request belongs to.
    pub(crate) fn org_id(&self) -> OrgId {
        self.key.org_id
    }

    /// Goes on only when the key may do this.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.key.scopes.contains(&scope) {
            return Ok(());
        }
        Err(Problem::new(Kind::MissingScope, format!("This needs a key with the scope {scope}.")))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let presented = presented_key(&request)?;
            let Some(app) = request.app_data::<web::Data<Arc<App>>>() else {
                return Err(Problem::internal("a route without the app"));
            };
            match app.identities.api_key(presented, clock::now()).await? {
                Some(key) => Ok(Caller { key }),
                None => Err(Problem::new(
                    Kind::InvalidApiKey,
                    "This API key is not valid: mistyped, expired, revoked, or of another installation.",
                )),
            }
        })
    }
}

fn presented_key(request: &HttpRequest) -> Result<&str, Problem> {
    if let Some(value) = request.headers().get(AUTHORIZATION) {
        let bearer = value.to_str().ok().and_then(|v| v.split_once(' '));
        return match bearer {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(key.trim()),
            _ => Err(Problem::new(Kind::InvalidApiKey, "Send the API key as `Authorization: Bearer sk_…`.")),
        };
    }
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|v| v.to_str().ok());
    let key = offered.flat_map(|v| v.split(',')).find_map(|p| p.trim().strip_prefix(PROTOCOL_KEY_PREFIX));
    key.ok_or_else(|| {
        Problem::new(
            Kind::MissingApiKey,
            "Send an API key as `Authorization: Bearer sk_…`; `gapin keys create` makes one.",
        )
    })
}
