//! `/api/v1/dead-letters`.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use aibbar::{
    Fault, Timestamp,
    dead_letter::{DeadLetter, NotRedrivable, Place, Reason},
};
use bus::AppendError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Chosen, Filter, Known, LetterShown, LetterWhole, State, fetch,
    redrive::{By, Outcome, redrive},
    tail::unavailable,
};
use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
};

/// Letters that one request redrives at most.
const REDRIVES_IN_ONE_MAX: usize = 100;

/// Bytes of letters that are held at a time while they are redriven: a few of the largest.
const HELD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What letters are filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `filter` reads")]
pub(crate) struct LetterParameters {
    /// `event_id_conflict`, `not_a_record` or `refused_by_store`.
    #[param(pattern = "^(event_id_conflict|not_a_record|refused_by_store)$")]
    reason: Option<String>,
    /// `open` or `redriven`.
    #[param(pattern = "^(open|redriven)$")]
    state: Option<String>,
    /// Made at or after this time (RFC 3339).
    #[param(format = DateTime)]
    from: Option<String>,
    /// Made before this time (RFC 3339).
    #[param(format = DateTime)]
    to: Option<String>,
}

/// Which letters are to be redriven: these, or those that match.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedriveOrder {
    /// These.
    #[schema(min_items = 1, max_items = 100, example = json!(["0-41"]))]
    ids: Option<Vec<String>>,
    /// Open letters that match and can be redriven, the oldest first.
    filter: Option<RedriveFilter>,
    /// With `filter`: how many at most; 100 when absent.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `true`: says what would be done, and does nothing.
    dry_run: Option<bool>,
}

/// Which open letters; `{}`: all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedriveFilter {
    /// `event_id_conflict`, `not_a_record` or `refused_by_store`.
    #[schema(pattern = "^(event_id_conflict|not_a_record|refused_by_store)$")]
    reason: Option<String>,
    /// Made at or after this time.
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Made before this time.
    #[schema(format = DateTime)]
    to: Option<String>,
}

impl Checked for RedriveOrder {
    fn faults(&self) -> Vec<Fault> {
        let fault = |pointer: &str, code, detail: &str| Fault { pointer: pointer.into(), code, detail: detail.into() };
        let mut faults = Vec::new();
        if self.ids.is_some() == self.filter.is_some() {
            faults.push(fault("", "one_of", "either `ids` or `filter`"));
        }
        for (at, id) in self.ids.iter().flatten().enumerate() {
            if Place::parse(id).is_none() {
                faults.push(fault(&format!("/ids/{at}"), "format", "the id of a dead letter, like 0-41"));
            }
        }
        faults
    }
}

/// What became of the letters that were to be redriven.
#[derive(Serialize, ToSchema)]
pub(crate) struct RedriveResult {
    /// Whether this only says what would be done.
    dry_run: bool,
    /// How many records are in the log again, or would be.
    redriven: usize,
    /// How many are not.
    failed: usize,
    /// Whether more letters match the filter.
    more: bool,
    /// Open letters that match the filter and were left alone, since redriving them is of no use.
    left_out: Vec<LeftOut>,
    /// One result per letter, oldest letter first.
    results: Vec<RedriveOne>,
}

/// Letters that a filter matches and nobody redrives.
#[derive(Serialize, ToSchema)]
pub(crate) struct LeftOut {
    /// `event_id_conflict`, `no_record`, `nobodys_record` or `too_often`.
    #[schema(example = "event_id_conflict")]
    reason: &'static str,
    /// How many they are.
    count: u64,
    /// The reason in a sentence, about one of them.
    detail: String,
}

/// What became of one letter.
#[derive(Serialize, ToSchema)]
pub(crate) struct RedriveOne {
    /// The letter.
    #[schema(example = "0-41")]
    id: String,
    /// `redriven`, `would_be_redriven` or `failed`.
    #[schema(example = "redriven")]
    status: &'static str,
    /// Why it failed; the `code` of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The organisation's dead letters, newest first.
///
/// A letter is a record that can never be stored as it is: another event has its id (`event_id_conflict`), the store
/// refuses it (`refused_by_store`), or it is no record (`not_a_record`). The newest 10,000 are listed.
#[utoipa::path(
    get, path = "/api/v1/dead-letters", tag = "Dead letters",
    params(LetterParameters, PageParameters),
    responses(
        (status = 200, description = "A page of dead letters.", body = Listed<LetterShown>),
        (status = 503, description = "`log_unavailable`: the event log can't be read now."),
    ),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<LetterShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    let filter = filter(&mut parameters)?;
    parameters.end(&["reason", "state", "from", "to", "limit", "cursor"])?;
    let (before, limit) = (page.after_order()?, page.limit() as usize);
    let index = app.dead_letters.now(&*app.log).await?;
    let (letters, next) = index.page(Some(caller.org_id()), &filter, before, limit);
    Ok(web::Json(Listed::ordered(letters.into_iter().map(LetterShown::of).collect(), next)))
}

/// One dead letter, with the record that it carries.
#[utoipa::path(
    get, path = "/api/v1/dead-letters/{id}", tag = "Dead letters",
    params(("id" = String, Path, description = "The letter's id.", example = "0-41")),
    responses(
        (status = 200, description = "The letter.", body = LetterWhole),
        (status = 404, description = "`not_found`: the organisation has no dead letter of this id (any more)."),
        (status = 503, description = "`log_unavailable`: the event log can't be read now."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    id: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<LetterWhole>, Problem> {
    let (known, letter) = find(&caller, &app, &id).await?;
    Ok(web::Json(LetterWhole::of(known, letter)))
}

/// Appends a dead letter's record to the log again, to be stored now that its cause is mended.
///
/// A record that is stored already does no harm; one that fails again makes a new letter, which names this one.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/{id}/redrive", tag = "Dead letters",
    params(("id" = String, Path, description = "The letter's id.", example = "0-41")),
    responses(
        (status = 200, description = "The record is in the log again.", body = RedriveOne, example = json!({ "id": "0-41", "status": "redriven" })),
        (status = 404, description = "`not_found`: the organisation has no dead letter of this id (any more)."),
        (status = 409, description = "`not_redrivable`: another event with its id is stored, it carries no record, or its record failed too often."),
        (status = 503, description = "`log_unavailable`, `overloaded`: nothing was done. `outcome_unknown`: it may be done; doing it again does no harm. `store_unavailable`: the audit trail can't be written."),
    ),
)]
pub(crate) async fn redrive_one(
    caller: Caller,
    id: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<RedriveOne>, Problem> {
    let _permit = app.dead_letters.redrives.try_acquire().map_err(|_| busy())?;
    let (known, letter) = find(&caller, &app, &id).await?;
    letter.redrivable().map_err(not_redrivable)?;
    let entry = caller.entry("dead_letter.redrive", "dead_letter", known.place);
    app.stores.audit.append_audit(&entry).await?;
    let outcomes = redrive(&*app.log, &[(known.place, letter)], &by(&caller), clock::now()).await;
    match outcomes.into_iter().next().flatten() {
        Some(outcome) => judged(outcome, &app)?,
        None => return Err(not_redrivable(NotRedrivable::NoRecord)),
    }
    Ok(web::Json(RedriveOne::done(known.place)))
}

/// Appends the records of several dead letters to the log again: of these letters, or of the open ones that match.
///
/// Oldest letter first, so that each AI system's events stay in order. A filter leaves out what can't be redriven, and
/// what redriving can't help: another event with its id is stored.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/redrive", tag = "Dead letters",
    request_body(content = RedriveOrder, examples(
        ("ids" = (summary = "These letters", value = json!({ "ids": ["0-41", "0-42"] }))),
        ("filter" = (summary = "What would be done about all that the store refused", value = json!({
            "filter": { "reason": "refused_by_store" }, "limit": 50, "dry_run": true,
        }))),
    )),
    responses(
        (status = 200, description = "What became of each letter.", body = RedriveResult, example = json!({
            "dry_run": false, "redriven": 1, "failed": 1, "more": false, "results": [
                { "id": "0-41", "status": "redriven" },
                { "id": "0-42", "status": "failed", "code": "not_redrivable", "detail": "Another event with its id is stored." },
            ], "left_out": [],
        })),
        (status = 503, description = "`log_unavailable`, `overloaded`: nothing was done. `store_unavailable`: the audit trail can't be written."),
    ),
)]
pub(crate) async fn redrive_many(
    caller: Caller,
    body: Body<RedriveOrder>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<RedriveResult>, Problem> {
    let Body(order) = body;
    let _permit = app.dead_letters.redrives.try_acquire().map_err(|_| busy())?;
    let dry_run = order.dry_run.unwrap_or(false);
    let (Chosen { letters, more, left_out }, unknown) = chosen(&caller, &app, &order).await?;
    let mut results: Vec<RedriveOne> =
        unknown.into_iter().map(|place| RedriveOne::failed(place, &no_such_letter())).collect();
    if dry_run {
        results.extend(letters.iter().map(RedriveOne::would_be));
    } else if !letters.is_empty() {
        let ids: Vec<String> = letters.iter().map(|known| known.place.to_string()).collect();
        let target = ids.first().cloned().unwrap_or_default();
        let entry = caller.entry("dead_letter.redrive", "dead_letter", target).with("ids", ids);
        app.stores.audit.append_audit(&entry).await?;
        results.extend(redrive_all(&caller, &app, &letters).await);
    }
    let failed = results.iter().filter(|one| one.code.is_some()).count();
    let left_out = left_out.into_iter().map(|(why, count)| LeftOut::of(why, count)).collect();
    Ok(web::Json(RedriveResult { dry_run, redriven: results.len() - failed, failed, more, left_out, results }))
}

/// The letters that were meant, oldest first; the places where the caller has none.
async fn chosen(caller: &Caller, app: &App, order: &RedriveOrder) -> Result<(Chosen, Vec<Place>), Problem> {
    let owner = Some(caller.org_id());
    let asked = match &order.filter {
        None => None,
        Some(filter) => Some(Filter {
            reason: filter.reason.as_deref().and_then(Reason::parse),
            state: Some(State::Open),
            from: time(filter.from.as_deref(), "from")?,
            to: time(filter.to.as_deref(), "to")?,
        }),
    };
    let index = app.dead_letters.now(&*app.log).await?;
    if let Some(filter) = asked {
        let limit = order.limit.map_or(REDRIVES_IN_ONE_MAX, |limit| limit as usize);
        return Ok((index.redrivable(owner, &filter, limit), Vec::new()));
    }
    let mut places: Vec<Place> = order.ids.iter().flatten().filter_map(|id| Place::parse(id)).collect();
    places.sort_unstable();
    places.dedup();
    let (mut letters, mut unknown) = (Vec::new(), Vec::new());
    for place in places {
        match index.get(owner, place) {
            Some(known) => letters.push(known.clone()),
            None => unknown.push(place),
        }
    }
    letters.sort_by_key(Known::order);
    Ok((Chosen { letters, ..Chosen::default() }, unknown))
}

/// A few at a time, as many as may be held.
async fn redrive_all(caller: &Caller, app: &App, letters: &[Known]) -> Vec<RedriveOne> {
    let (by, mut results) = (by(caller), Vec::with_capacity(letters.len()));
    let mut left = letters;
    while !left.is_empty() {
        let places: Vec<Place> = left.iter().map(|known| known.place).collect();
        let read = match fetch(&*app.log, &places, HELD_BYTES_MAX).await {
            Ok(read) => read,
            Err(error) => {
                let problem = unavailable(error);
                results.extend(left.iter().map(|known| RedriveOne::failed(known.place, &problem)));
                break;
            }
        };
        let (these, rest) = left.split_at(read.len().clamp(1, left.len()));
        left = rest;
        let mut good: Vec<(Place, DeadLetter)> = Vec::new();
        for (known, letter) in these.iter().zip(read) {
            match letter.ok_or_else(no_such_letter).and_then(|letter| {
                letter.redrivable().map_err(not_redrivable)?;
                Ok(letter)
            }) {
                Ok(letter) => good.push((known.place, letter)),
                Err(problem) => results.push(RedriveOne::failed(known.place, &problem)),
            }
        }
        let outcomes = redrive(&*app.log, &good, &by, clock::now()).await;
        results.extend(good.iter().zip(outcomes).map(|((place, _), outcome)| {
            let judged = outcome.map_or(Err(not_redrivable(NotRedrivable::NoRecord)), |outcome| judged(outcome, app));
            match judged {
                Ok(()) => RedriveOne::done(*place),
                Err(problem) => RedriveOne::failed(*place, &problem),
            }
        }));
    }
    results
}

/// The caller's letter of this id.
async fn find(caller: &Caller, app: &App, id: &str) -> Result<(Known, DeadLetter), Problem> {
    let place = Place::parse(id).ok_or_else(no_such_letter)?;
    let known = app.dead_letters.now(&*app.log).await?.get(Some(caller.org_id()), place).cloned();
    let known = known.ok_or_else(no_such_letter)?;
    let read = fetch(&*app.log, &[place], HELD_BYTES_MAX).await.map_err(unavailable)?;
    let letter = read.into_iter().next().flatten().ok_or_else(no_such_letter)?;
    Ok((known, letter))
}

fn judged(outcome: Outcome, app: &App) -> Result<(), Problem> {
    match outcome {
        Outcome::Redriven | Outcome::Unmarked => {
            app.dead_letters.redriven.inc();
            Ok(())
        }
        Outcome::Failed(AppendError::OutcomeUnknown(_)) => {
            let detail = "The event log did not answer in time; the record may be in it. Redriving again does no harm.";
            Err(Problem::new(Kind::OutcomeUnknown, detail))
        }
        Outcome::Failed(error) => {
            tracing::warn!(%error, "a dead letter could not be redriven");
            Err(Problem::new(Kind::LogUnavailable, "The event log takes nothing now; try again shortly."))
        }
    }
}

fn filter(parameters: &mut Parameters) -> Result<Filter, Problem> {
    Ok(Filter {
        reason: parameters.parsed(
            "reason",
            "one of event_id_conflict, not_a_record, refused_by_store",
            Reason::parse,
        )?,
        state: parameters.parsed("state", "open or redriven", State::parse)?,
        from: parameters.time("from")?,
        to: parameters.time("to")?,
    })
}

fn time(text: Option<&str>, name: &str) -> Result<Option<Timestamp>, Problem> {
    let wrong = || Problem::new(Kind::InvalidBody, format!("`{name}` is an RFC 3339 time with offset."));
    text.map(|text| Timestamp::parse(text).ok_or_else(wrong)).transpose()
}

fn by(caller: &Caller) -> By {
    let actor = caller.actor();
    By { kind: actor.kind.as_str().to_owned(), id: actor.id }
}

fn busy() -> Problem {
    Problem::new(Kind::Overloaded, "Enough is being redriven at this moment; try again shortly.")
}

fn no_such_letter() -> Problem {
    Problem::new(Kind::NotFound, "There is no dead letter of this id (any more).")
}

fn not_redrivable(why: NotRedrivable) -> Problem {
    Problem::new(Kind::NotRedrivable, why.to_string())
}

impl LeftOut {
    fn of(why: NotRedrivable, count: u64) -> Self {
        Self { reason: why.as_str(), count, detail: why.to_string() }
    }
}

impl RedriveOne {
    fn done(place: Place) -> Self {
        Self { id: place.to_string(), status: "redriven", code: None, detail: None }
    }

    fn would_be(known: &Known) -> Self {
        match known.redrivable() {
            Ok(()) => Self { status: "would_be_redriven", ..Self::done(known.place) },
            Err(why) => Self::failed(known.place, &not_redrivable(why)),
        }
    }

    fn failed(place: Place, problem: &Problem) -> Self {
        let (code, detail) = (Some(problem.kind().code()), Some(problem.detail().to_owned()));
        Self { id: place.to_string(), status: "failed", code, detail }
    }
}
