//! Who calls: the API key or the session of a request, as extractors that also ask whether the route is theirs.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header::HeaderName, web};
use aibbar::Timestamp;
use store::{
    Actor, ActorKind, ApiKey, AuditEntry, FoundKey, OrgId, Role, Scope, SessionState, User, api_key,
    limits::{Limit, Limits},
};
use uuid::Uuid;

use super::{credentials::Presented, csrf, tickets::Holder};
use crate::{
    accounts::person::actor,
    address,
    app::App,
    clock,
    limits::{self, Subject},
    problem::{Kind, Problem},
    request::{CallersOrganisation, RequestId},
    routes::{Access, PathAccess},
};

/// The organisation that a person means, where they belong to several.
const ORG_ID: HeaderName = HeaderName::from_static("x-org-id");

/// Whoever may use the route: the holder of an API key with its scope, or a person whose role has it.
#[derive(Clone)]
pub(crate) struct Caller {
    who: Who,
    org_id: OrgId,
    from: From,
}

/// How a caller showed who they are.
#[derive(Clone)]
pub(crate) enum Who {
    /// With the prefix of the secret that was presented: of a key that was rotated, two secrets may be good for a while.
    Key(Arc<FoundKey>, Box<str>),
    Person(Arc<SessionState>, Role),
}

/// Where a request came from, as the audit trail tells it.
#[derive(Clone)]
pub(crate) struct From {
    pub(crate) address: IpAddr,
    request_id: String,
}

impl From {
    pub(crate) fn of(request: &HttpRequest, app: &App) -> Self {
        Self {
            address: address::of(request, &app.trusted_proxies),
            request_id: RequestId::of(request).as_str().to_owned(),
        }
    }

    /// Completes an entry of the trail.
    pub(crate) fn tell(&self, entry: AuditEntry) -> AuditEntry {
        AuditEntry { address: Some(self.address), request_id: Some(self.request_id.clone()), ..entry }
    }
}

impl Caller {
    /// The organisation that everything of this request belongs to.
    pub(crate) fn org_id(&self) -> OrgId {
        self.org_id
    }

    /// How they showed who they are.
    pub(crate) fn who(&self) -> &Who {
        &self.who
    }

    /// The API key, where there is one.
    pub(crate) fn api_key(&self) -> Option<&Arc<FoundKey>> {
        match &self.who {
            Who::Key(found, _) => Some(found),
            Who::Person(..) => None,
        }
    }

    /// What they may do.
    pub(crate) fn scopes(&self) -> &[Scope] {
        match &self.who {
            Who::Key(found, _) => &found.key.scopes,
            Who::Person(_, role) => role.scopes(),
        }
    }

    /// Nobody gives what they do not have.
    pub(crate) fn may_grant(&self, scopes: &[Scope]) -> Result<(), Problem> {
        match scopes.iter().find(|scope| !self.scopes().contains(scope) && !self.grants_recording(**scope)) {
            None => Ok(()),
            Some(scope) => {
                Err(Problem::new(Kind::RoleTooLow, format!("You can't give the scope {scope}: you do not have it.")))
            }
        }
    }

    /// Events are recorded by keys alone; the people who make keys may make keys that record.
    fn grants_recording(&self, scope: Scope) -> bool {
        scope == Scope::EventsWrite && matches!(self.who, Who::Person(..))
    }

    /// Who they are, for the audit trail.
    pub(crate) fn actor(&self) -> Actor {
        match &self.who {
            Who::Key(found, _) => {
                Actor { kind: ActorKind::ApiKey, id: found.key.id.to_string(), name: found.key.name.clone() }
            }
            Who::Person(state, _) => actor(&state.user),
        }
    }

    /// An entry of the audit trail: this caller did this to that, now.
    pub(crate) fn entry(&self, action: &str, target_kind: &str, target_id: impl std::fmt::Display) -> AuditEntry {
        self.from.tell(AuditEntry::new(Some(self.org_id), self.actor(), action, target_kind, target_id))
    }

    /// Whether this caller would still be let in to watch: by the same secret, with the scope, from the same address.
    /// `None` when the store can't be asked.
    pub(crate) async fn still_valid(&self, app: &App, now: Timestamp) -> Option<bool> {
        match &self.who {
            Who::Key(found, prefix) => {
                let found = app.identities.still_valid(found.key.id, prefix, now).await.ok()?;
                Some(found.is_some_and(|found| {
                    found.key.scopes.contains(&Scope::EventsRead) && may_come_from(&found.key, self.from.address)
                }))
            }
            Who::Person(state, _) => {
                let found = app.sessions.state_of(state.session.id, Some(self.org_id)).await.ok()?;
                Some(
                    found
                        .is_some_and(|state| state.role.is_some_and(|role| role.scopes().contains(&Scope::EventsRead))),
                )
            }
        }
    }
}

/// A person who is signed in, whatever their role, for the routes about themselves.
#[derive(Clone)]
pub(crate) struct Person {
    /// Their session.
    pub(crate) state: Arc<SessionState>,
    /// Where the request came from.
    pub(crate) from: From,
}

impl Person {
    /// An entry of the audit trail of the organisation in use: this person did this to that, now.
    pub(crate) fn entry(&self, action: &str, target_kind: &str, target_id: impl std::fmt::Display) -> AuditEntry {
        self.from.tell(AuditEntry::new(
            self.state.session.org_id,
            actor(&self.state.user),
            action,
            target_kind,
            target_id,
        ))
    }
}

/// A person who is signed in, in the organisation that they mean, whatever their role there.
#[derive(Clone)]
pub(crate) struct Member {
    state: Arc<SessionState>,
    /// What they are there.
    pub(crate) role: Role,
    /// Where.
    pub(crate) org_id: OrgId,
    from: From,
}

impl Member {
    /// Who they are.
    pub(crate) fn user(&self) -> &User {
        &self.state.user
    }

    /// An entry of the organisation's audit trail: this person did this to that, now.
    pub(crate) fn entry(&self, action: &str, target_kind: &str, target_id: impl std::fmt::Display) -> AuditEntry {
        self.from.tell(AuditEntry::new(Some(self.org_id), actor(self.user()), action, target_kind, target_id))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let Some(Access::Scope(needed)) = PathAccess::of(&request) else {
                return Err(Problem::internal("a route whose handler asks for more than its line in the table"));
            };
            let from = From::of(&request, app);
            let org_id = named_organisation(&request)?;
            let (who, org_id) = match Presented::of(&request)? {
                Presented::ApiKey(key) => by_key(app, &request, &key, org_id, &from).await?,
                Presented::Ticket(ticket) => by_ticket(app, &request, &ticket, org_id, &from).await?,
                session => {
                    let (state, role, org_id) = by_session(app, &request, session, org_id).await?;
                    (Who::Person(state, role), org_id)
                }
            };
            let caller = Caller { who, org_id, from };
            if !caller.scopes().contains(&needed) {
                return Err(Problem::new(Kind::MissingScope, format!("This needs the scope {needed}.")));
            }
            Ok(caller)
        })
    }
}

impl FromRequest for Person {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let from = From::of(&request, app);
            let (state, comes_from) = presented_session(app, &request, Presented::of(&request)?, None).await?;
            comes_from.check(app, &request, &state)?;
            Ok(Person { state, from })
        })
    }
}

impl FromRequest for Member {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app(&request)?;
            let from = From::of(&request, app);
            let org_id = named_organisation(&request)?;
            let (state, role, org_id) = by_session(app, &request, Presented::of(&request)?, org_id).await?;
            Ok(Member { state, role, org_id, from })
        })
    }
}

async fn by_key(
    app: &App,
    request: &HttpRequest,
    key: &str,
    org_id: Option<OrgId>,
    from: &From,
) -> Result<(Who, OrgId), Problem> {
    limits::request::only_if_known(request, || app.identities.knows(key)).await?;
    let Some(found) = app.identities.api_key(key, clock::now()).await? else {
        return Err(Problem::new(
            Kind::InvalidApiKey,
            "This API key is not valid: mistyped, expired, revoked, or of another installation.",
        ));
    };
    if !may_come_from(&found.key, from.address) {
        return Err(Problem::new(Kind::AddressNotAllowed, "This API key may not be used from this address."));
    }
    request.extensions_mut().insert(CallersOrganisation(found.key.org_id));
    let own = found.key.effective_limits(found.plan.or(app.key_limits));
    limits::request::take_request(&app.limits, request, Subject::Key(found.key.id), own).await?;
    if org_id.is_some_and(|org_id| org_id != found.key.org_id) {
        return Err(no_such_organisation());
    }
    let org_id = found.key.org_id;
    let prefix = api_key::parse(key).unwrap_or(&found.key.prefix).into();
    Ok((Who::Key(found, prefix), org_id))
}

fn may_come_from(key: &ApiKey, address: IpAddr) -> bool {
    key.allowed_ips.is_empty() || address::is_in(address, &key.allowed_ips)
}

async fn by_session(
    app: &App,
    request: &HttpRequest,
    presented: Presented,
    org_id: Option<OrgId>,
) -> Result<(Arc<SessionState>, Role, OrgId), Problem> {
    let (state, comes_from) = presented_session(app, request, presented, org_id).await?;
    let Some(used) = org_id.or(state.session.org_id) else {
        return Err(Problem::new(
            Kind::NoOrganisation,
            "You are in no organisation: make one, or accept an invitation.",
        ));
    };
    match state.role {
        Some(role) => {
            request.extensions_mut().insert(CallersOrganisation(used));
            comes_from.check(app, request, &state)?;
            Ok((state, role, used))
        }
        None => Err(no_such_organisation()),
    }
}

/// How an access token came.
enum ComesFrom {
    /// A header, which no browser sends by itself.
    Header,
    /// A cookie, which a browser sends with whatever another site makes it send.
    Cookie,
}

impl ComesFrom {
    fn check(self, app: &App, request: &HttpRequest, state: &SessionState) -> Result<(), Problem> {
        match self {
            ComesFrom::Header => Ok(()),
            ComesFrom::Cookie => csrf::check(app, request, state.session.id),
        }
    }
}

async fn presented_session(
    app: &App,
    request: &HttpRequest,
    presented: Presented,
    org_id: Option<OrgId>,
) -> Result<(Arc<SessionState>, ComesFrom), Problem> {
    match presented {
        Presented::AccessToken(token) => Ok((session(app, request, &token, org_id).await?, ComesFrom::Header)),
        Presented::Cookie(token) => Ok((session(app, request, &token, org_id).await?, ComesFrom::Cookie)),
        Presented::ApiKey(_) | Presented::Ticket(_) => {
            Err(Problem::new(Kind::InvalidAccessToken, "This is for people: sign in."))
        }
    }
}

/// Whoever made the ticket, as they are now.
async fn by_ticket(
    app: &App,
    request: &HttpRequest,
    ticket: &str,
    org_id: Option<OrgId>,
    from: &From,
) -> Result<(Who, OrgId), Problem> {
    let now = clock::now();
    let ticket = app.tickets.take(&app.vault, ticket, now).await?;
    if org_id.is_some_and(|org_id| org_id != ticket.org_id) {
        return Err(no_such_organisation());
    }
    let ended = || Problem::new(Kind::InvalidTicket, "The key or the session that made this ticket has ended.");
    let who = match ticket.holder {
        Holder::Key(id, prefix) => {
            let found = app.identities.still_valid(id, &prefix, now).await?.ok_or_else(ended)?;
            if !may_come_from(&found.key, from.address) {
                return Err(Problem::new(Kind::AddressNotAllowed, "This API key may not be used from this address."));
            }
            let own = found.key.effective_limits(found.plan.or(app.key_limits));
            limits::request::take_request(&app.limits, request, Subject::Key(id), own).await?;
            Who::Key(found, prefix)
        }
        Holder::Session(id) => {
            let state = app.sessions.state_of(id, Some(ticket.org_id)).await?.ok_or_else(ended)?;
            let role = state.role.ok_or_else(ended)?;
            take_request_of(app, request, &state).await?;
            Who::Person(state, role)
        }
    };
    Ok((who, ticket.org_id))
}

async fn session(
    app: &App,
    request: &HttpRequest,
    token: &str,
    org_id: Option<OrgId>,
) -> Result<Arc<SessionState>, Problem> {
    let state = app.sessions.state(token, org_id).await?.ok_or_else(|| {
        Problem::new(Kind::InvalidAccessToken, "This access token is not valid (any more): refresh it, or sign in.")
    })?;
    take_request_of(app, request, &state).await?;
    Ok(state)
}

async fn take_request_of(app: &App, request: &HttpRequest, state: &SessionState) -> Result<(), Problem> {
    // People record no events.
    let own = Limits { events_per_day: Limit::Off, ..Limits::default() };
    limits::request::take_request(&app.limits, request, Subject::Person(state.user.id), own).await
}

fn named_organisation(request: &HttpRequest) -> Result<Option<OrgId>, Problem> {
    let Some(value) = request.headers().get(&ORG_ID) else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| text.parse::<Uuid>().ok());
    id.map(Some).ok_or_else(|| Problem::new(Kind::InvalidParameter, "`X-Org-Id` is the id of an organisation."))
}

fn no_such_organisation() -> Problem {
    Problem::new(Kind::NotFound, "There is no organisation of this id that you belong to.")
}

fn app(request: &HttpRequest) -> Result<&Arc<App>, Problem> {
    let app = request.app_data::<web::Data<Arc<App>>>();
    app.map(web::Data::get_ref).ok_or_else(|| Problem::internal("a route without the app"))
}
