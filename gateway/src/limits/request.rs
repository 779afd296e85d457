//! Where requests meet the limits: at the door, once it is known who calls, and with the events that they bring.

use actix_web::{
    HttpMessage, HttpRequest,
    dev::ServiceResponse,
    http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL},
};
use store::Limits;

use super::{Limiter, Subject, Taken, addresses::Spent};
use crate::{
    address,
    app::App,
    auth::credentials::{self, ACCESS_COOKIE, PROTOCOL_KEY_PREFIX},
    problem::{Kind, Problem},
};

/// How a request came through the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// It asks after the process itself: never limited.
    Free,
    /// It asks for the dashboard, which is the same for everyone: never limited.
    ToPages,
    /// As one of its address's.
    ByAddress,
    /// It brings credentials, which are still to be judged.
    OnCredentials,
}

/// Credentials that came from an address which has done too much: only those that are known already are judged.
#[derive(Clone, Copy)]
struct OnlyKnown(Spent);

/// Before any other work: whoever shows no credentials, or needs none here, is limited by address.
pub(crate) fn admit(request: &HttpRequest, app: &App) -> Result<Admitted, Problem> {
    let path = request.path();
    if path == "/metrics" || path == "/health" || path.starts_with("/health/") {
        return Ok(Admitted::Free);
    }
    if app.pages.are_for(request) {
        return Ok(Admitted::ToPages);
    }
    let address = address::of(request, &app.trusted_proxies);
    if !has_credentials(request) || app.open_paths.contain(path) {
        app.limits.addresses().take(address).map_err(too_many)?;
        return Ok(Admitted::ByAddress);
    }
    if let Err(spent) = app.limits.addresses().is_spent(address) {
        request.extensions_mut().insert(OnlyKnown(spent));
    }
    Ok(Admitted::OnCredentials)
}

/// After the answer: credentials that were not accepted count against their address; what was, is told of its limits.
pub(crate) fn conclude<B>(admitted: Admitted, app: &App, unix_ms: u64, response: &mut ServiceResponse<B>) {
    let quota = response.request().extensions().get::<Taken>().map(Taken::quota);
    match quota {
        Some(quota) => quota.write(unix_ms, response.headers_mut()),
        None if admitted == Admitted::OnCredentials => {
            // Refused here or not, this request was answered.
            let _ = app.limits.addresses().take(address::of(response.request(), &app.trusted_proxies));
        }
        None => {}
    }
}

/// Refuses credentials that the store would have to be asked for, from an address that has done too much.
pub(crate) async fn only_if_known<F>(request: &HttpRequest, is_known: impl FnOnce() -> F) -> Result<(), Problem>
where
    F: Future<Output = bool>,
{
    let only_known = request.extensions().get::<OnlyKnown>().copied();
    match only_known {
        Some(OnlyKnown(spent)) if !is_known().await => Err(too_many(spent)),
        _ => Ok(()),
    }
}

/// One request of whoever it is known to be of; once, however often it is asked who calls.
pub(crate) async fn take_request(
    limits: &Limiter,
    request: &HttpRequest,
    subject: Subject,
    own: Limits,
) -> Result<(), Problem> {
    if request.extensions().contains::<Taken>() {
        return Ok(());
    }
    let taken = limits.request(subject, own).await;
    let (refused, quota) = (taken.refused(), taken.quota());
    request.extensions_mut().insert(taken);
    match refused {
        None => Ok(()),
        Some(seconds) => {
            let limit = quota.minute.map_or(0, |minute| minute.limit);
            let detail = format!("More than {limit} requests in a minute; send it again after {seconds} s.");
            Err(Problem::retry_after(Kind::RateLimited, seconds, detail))
        }
    }
}

/// What a request may bring of its day. It is taken out of the request, since its events are worked on also when nobody
/// waits for them any more, and put back for the answer.
pub(crate) struct Allowance(Option<Taken>);

impl Allowance {
    /// Takes it out of the request, in which it is not found until it is put back.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        Self(request.extensions_mut().remove())
    }

    /// Puts it back, for what the answer tells of limits.
    pub(crate) fn back_into(self, request: &HttpRequest) {
        if let Some(taken) = self.0 {
            request.extensions_mut().insert(taken);
        }
    }

    /// So many events, or as many as are left of the day; the first of them may go on.
    pub(crate) async fn take(&mut self, limits: &Limiter, events: usize) -> usize {
        match &mut self.0 {
            None => events,
            Some(taken) => usize::try_from(limits.events(taken, events as u64).await).unwrap_or(events),
        }
    }

    /// Events that were taken and then not recorded, as far as anybody knows.
    pub(crate) fn give_back(&mut self, limits: &Limiter, events: usize) {
        if let Some(taken) = &mut self.0 {
            limits.give_back(taken, events as u64);
        }
    }

    /// Why an event is refused that the day has no room for.
    pub(crate) fn day_used_up(&self) -> Problem {
        let quota = self.0.as_ref().map(Taken::quota).unwrap_or_default();
        let (limit, reset_in_ms) = quota.day.map_or((0, 0), |day| (day.limit, day.reset_in_ms));
        let detail = format!("This key's {limit} events of the day are used up; send it again after midnight UTC.");
        Problem::retry_after(Kind::DailyQuotaExceeded, super::seconds_up(reset_in_ms), detail)
    }
}

fn too_many(spent: Spent) -> Problem {
    let seconds = spent.retry_after_s;
    let detail = format!("Too many requests from this address; send it again after {seconds} s.");
    Problem::retry_after(Kind::RateLimited, seconds, detail)
}

fn has_credentials(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let offers_key = |value: &actix_web::http::header::HeaderValue| {
        value.to_str().is_ok_and(|protocols| protocols.contains(PROTOCOL_KEY_PREFIX))
    };
    headers.contains_key(AUTHORIZATION)
        || headers.get_all(SEC_WEBSOCKET_PROTOCOL).any(offers_key)
        || request.cookie(ACCESS_COOKIE).is_some()
        || credentials::ticket(request).is_some()
}
