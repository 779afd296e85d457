//! What the table of routes says of each operation, added to what its handler says.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Map, Value, json};
use store::{Role, Scope};

use super::problems;
use crate::{
    app,
    auth::{
        credentials::ACCESS_COOKIE,
        tickets::{TICKET_PARAMETER, TICKET_PATHS},
    },
    operations,
    problem::Kind,
    routes::Access,
};

/// One route of the table, as its documentation depends on it.
struct Route {
    method: Method,
    path: &'static str,
    access: Access,
    /// Whether limits count it.
    is_limited: bool,
}

impl Route {
    fn changes_something(&self) -> bool {
        self.method != Method::GET
    }

    fn takes_tickets(&self) -> bool {
        TICKET_PATHS.contains(&self.path)
    }
}

/// Completes every operation of the tables that the document has.
pub(super) fn all(document: &mut Value) {
    let of = |table: crate::routes::Routes, is_limited| {
        let routes: Vec<Route> = table
            .list()
            .map(|(method, path, access)| Route { method: method.clone(), path, access, is_limited })
            .collect();
        routes
    };
    let routes = of(app::table(), true).into_iter().chain(of(operations::table(), false));
    let mut shared = Shared::default();
    for route in routes {
        let method = route.method.as_str().to_lowercase();
        if let Some(operation) = document["paths"].get_mut(route.path).and_then(|path| path.get_mut(&method)) {
            complete(operation, &route, &mut shared);
        }
    }
    for (name, response) in shared.0 {
        document["components"]["responses"][name] = response;
    }
    document["components"]["securitySchemes"] = security_schemes();
    document["components"]["headers"] = headers();
}

/// What a response says, itself or the component that it refers to.
#[cfg(test)]
pub(super) fn resolved<'d>(document: &'d Value, response: &'d Value) -> &'d Value {
    let reference = response["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    reference.unwrap_or(response)
}

/// Responses that several operations have, under names of their own.
#[derive(Default)]
struct Shared(BTreeMap<String, Value>);

impl Shared {
    fn refer(&mut self, status: u16, kinds: &[Kind], make: impl FnOnce() -> Value, limits: bool) -> Value {
        let codes: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
        let name = format!("{status}{}.{}", if limits { "" } else { ".unlimited" }, codes.join("."));
        self.0.entry(name.clone()).or_insert_with(make);
        json!({ "$ref": format!("#/components/responses/{name}") })
    }
}

fn complete(operation: &mut Value, route: &Route, shared: &mut Shared) {
    name(operation, route);
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        never_empty(parameter);
    }
    if let Access::Scope(scope) = route.access {
        operation["x-gapin-scope"] = json!(scope.as_str());
    }
    if matches!(route.access, Access::Scope(_) | Access::Member) {
        let parameters = operation.as_object_mut().map(|members| members.entry("parameters").or_insert(json!([])));
        if let Some(Value::Array(parameters)) = parameters {
            parameters.push(org_id_parameter());
        }
    }
    operation["security"] = security(route.access);
    if let (true, Access::Scope(scope)) = (route.takes_tickets(), route.access) {
        operation["security"]
            .as_array_mut()
            .into_iter()
            .for_each(|ways| ways.push(json!({ "ticket": [scope.as_str()] })));
    }

    let mut kinds: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in common(operation, route) {
        kinds.entry(kind.status().as_u16()).or_default().push(kind);
    }
    let own = operation["responses"].take();
    let mut responses = Map::new();
    for (status, response) in own.as_object().into_iter().flatten() {
        let number: u16 = status.parse().unwrap_or_default();
        let description = response["description"].as_str().unwrap_or_default();
        let named = problems::named_in(description, number);
        if named.is_empty() && (response.get("content").is_some() || number < 400) {
            responses.insert(status.clone(), response.clone());
            continue;
        }
        let mut all = kinds.remove(&number).unwrap_or_default();
        all.extend(named.iter().filter(|kind| !all.contains(kind)).copied().collect::<Vec<_>>());
        all.sort_by_key(|kind| kind.code());
        let form = response["content"].as_object().and_then(|content| content.values().next()?.get("schema"));
        let mut written = problems::response(number, &all, Some(description), form);
        for (header, value) in response["headers"].as_object().into_iter().flatten() {
            written["headers"][header] = value.clone();
        }
        responses.insert(status.clone(), written);
    }
    for response in responses.values_mut() {
        add_headers(response, route);
    }
    for (status, mut kinds) in kinds {
        kinds.sort_by_key(|kind| kind.code());
        let make = || {
            let mut response = problems::response(status, &kinds, None, None);
            add_headers(&mut response, route);
            response
        };
        let reference = shared.refer(status, &kinds, make, is_counted(route));
        responses.insert(status.to_string(), reference);
    }
    operation["responses"] = responses.into();
}

/// An id from method and path, and a summary without them: a handler's comment begins with "`GET /path`: …".
fn name(operation: &mut Value, route: &Route) {
    let words = route.path.split('/').filter(|segment| !matches!(*segment, "" | "api" | "v1")).map(|segment| {
        let plain = segment.trim_matches(['{', '}']).replace(['-', '.'], "_");
        if segment.starts_with('{') { format!("by_{plain}") } else { plain }
    });
    let words: Vec<_> = std::iter::once(route.method.as_str().to_lowercase()).chain(words).collect();
    operation["operationId"] = json!(words.join("_"));
    let told = operation["summary"].as_str().unwrap_or_default();
    let prefix = format!("`{} {}`", route.method, route.path);
    let summary = told.strip_prefix(&prefix).unwrap_or(told).trim_start_matches(':').trim();
    let mut chars = summary.chars();
    let summary: String = chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !summary.is_empty() {
        operation["summary"] = json!(summary);
    }
}

/// A parameter of the query that is there is not empty: every route refuses that.
fn never_empty(parameter: &mut Value) {
    let types = &parameter["schema"]["type"];
    let is_text = types == "string" || types.as_array().is_some_and(|types| types.contains(&json!("string")));
    if parameter["in"] == "query" && is_text {
        // `null` has no form in a query.
        parameter["schema"]["type"] = json!("string");
        if parameter["schema"].get("minLength").is_none() {
            parameter["schema"]["minLength"] = json!(1);
        }
    }
}

/// The problems that any call of such a route may meet.
fn common(operation: &Value, route: &Route) -> Vec<Kind> {
    let mut kinds = vec![Kind::Internal];
    if route.is_limited {
        kinds.push(Kind::RateLimited);
    }
    match route.access {
        // Nobody calls it by a credential that is looked up, but what it does with a body needs the store.
        Access::Open if !operation["requestBody"].is_object() => {}
        Access::Open => kinds.push(Kind::StoreUnavailable),
        Access::Person => {
            kinds.extend([Kind::MissingApiKey, Kind::InvalidApiKey, Kind::InvalidAccessToken, Kind::StoreUnavailable]);
        }
        Access::Member | Access::Scope(_) => {
            kinds.extend([
                // `X-Org-Id`
                Kind::InvalidParameter,
                Kind::NotFound,
                Kind::MissingApiKey,
                Kind::InvalidApiKey,
                Kind::InvalidAccessToken,
                Kind::NoOrganisation,
                Kind::StoreUnavailable,
            ]);
            if matches!(route.access, Access::Scope(_)) {
                kinds.extend([Kind::MissingScope, Kind::AddressNotAllowed]);
            }
        }
    }
    if route.takes_tickets() {
        kinds.push(Kind::InvalidTicket);
    }
    if route.access != Access::Open && route.changes_something() {
        kinds.push(Kind::CsrfRefused);
    }
    let takes_query = operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["in"] == "query"));
    if takes_query && !kinds.contains(&Kind::InvalidParameter) {
        kinds.push(Kind::InvalidParameter);
    }
    let forms = operation["requestBody"]["content"].as_object();
    if forms.is_some_and(|forms| forms.keys().all(|form| form == "application/json")) {
        kinds.extend([
            Kind::InvalidBody,
            Kind::IncompleteBody,
            Kind::BodyTimeout,
            Kind::BodyTooLarge,
            Kind::UnsupportedMediaType,
        ]);
    }
    kinds
}

fn security(access: Access) -> Value {
    match access {
        Access::Open => json!([]),
        Access::Person | Access::Member => json!([{ "session": [] }, { "session_cookie": [] }]),
        Access::Scope(scope) => {
            let mut ways = vec![json!({ "api_key": [scope.as_str()] })];
            if Role::ALL.iter().any(|role| role.scopes().contains(&scope)) {
                ways.extend([json!({ "session": [scope.as_str()] }), json!({ "session_cookie": [scope.as_str()] })]);
            }
            ways.into()
        }
    }
}

fn security_schemes() -> Value {
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| format!("`{scope}`")).collect();
    json!({
        "api_key": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "sk_…",
            "description": format!("An API key; it may do what its scopes name: {}.", scopes.join(", ")),
        },
        "session": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a session, from `POST /auth/login`; its person may do what their role allows.",
        },
        "ticket": {
            "type": "apiKey",
            "in": "query",
            "name": TICKET_PARAMETER,
            "description": "A ticket of `POST /api/v1/stream-tickets`: good for one connection, within 30 seconds.",
        },
        "session_cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": ACCESS_COOKIE,
            "description": "A browser's session. What changes something also needs the header `X-CSRF-Token`.",
        },
    })
}

/// Whether answers tell what is left of a limit.
fn is_counted(route: &Route) -> bool {
    route.access != Access::Open
}

const LIMIT_HEADERS: [&str; 5] =
    ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"];

fn add_headers(response: &mut Value, route: &Route) {
    let counted = if is_counted(route) { LIMIT_HEADERS.as_slice() } else { &[] };
    for name in counted.iter().chain(&["X-Request-Id"]) {
        response["headers"][*name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}

fn headers() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    json!({
        "X-Request-Id": {
            "description": "The id under which the log knows the request.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 64 },
        },
        "X-RateLimit-Limit": { "description": "Requests that may be made in a minute.", "schema": count() },
        "X-RateLimit-Remaining": { "description": "Requests that are left of it.", "schema": count() },
        "X-RateLimit-Reset": { "description": "When all are there again, in Unix seconds.", "schema": count() },
        "RateLimit": {
            "description": "What is left, as the IETF's draft says it: `\"minute\";r=998;t=42`.",
            "schema": { "type": "string" },
        },
        "RateLimit-Policy": {
            "description": "The limits, as the IETF's draft says them: `\"minute\";q=1000;w=60`.",
            "schema": { "type": "string" },
        },
    })
}

fn org_id_parameter() -> Value {
    json!({
        "name": "X-Org-Id",
        "in": "header",
        "required": false,
        "description": "The organisation that is meant, for a person who belongs to several. A key has one of its own.",
        "schema": { "type": "string", "format": "uuid" },
    })
}
