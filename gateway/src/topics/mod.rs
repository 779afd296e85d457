//! The topics of an organisation: `/api/v1/topics`. The row comes first, then the log: what was broken off in between is
//! made at the topic's next use, or by the housekeeping.

mod bodies;
pub(crate) mod housekeeping;
pub(crate) mod message_schema;
mod registry;
mod shown;
mod statistics;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use aibbar::{Timestamp, topic::TopicName};
use store::{AuditEntry, StoreError, Topic};
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) use self::registry::{LOG_MAX_WAIT, Topics};
use self::{
    bodies::{ChangedTopic, NewTopic},
    shown::{TopicDescribed, TopicShown},
};
use crate::{
    app::App,
    auth::Caller,
    body::Body,
    clock,
    page::{Listed, Page, PageParameters},
    problem::{Kind, Problem},
    query::Parameters,
};

/// Makes a topic.
///
/// Its name is the organisation's own: another organisation may have one of the same name.
#[utoipa::path(
    post, path = "/api/v1/topics", tag = "Topics",
    request_body(content = NewTopic, examples(
        ("plain" = (summary = "Ten partitions, kept for 14 days", value = json!({ "name": "orders", "retention_days": 14 }))),
        ("schema" = (summary = "With a schema, the newest message of each key kept for ever", value = json!({
            "name": "customers", "partitions": 3, "compacted": true,
            "schema": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } },
        }))),
    )),
    responses(
        (status = 201, description = "Made.", body = TopicShown),
        (status = 403, description = "`reserved_topic`: `aibbar.events` is there for everybody."),
        (status = 409, description = "`already_exists`: there is one of this name, or one that differs in `.` and `_` alone, which a log can't tell from it."),
        (status = 503, description = "`log_unavailable`: the log can't make it now; nothing was made."),
    ),
)]
pub(crate) async fn create(
    caller: Caller,
    body: Body<NewTopic>,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let Body(body) = body;
    let name = named(&body.name)?;
    if name.is_events() {
        return Err(reserved());
    }
    let topic = body.into_topic(&caller, name, clock::now());
    let entry = told(caller.entry("topic.create", "topic", &topic.name), &topic);
    match app.stores.topics.insert_topic(&topic, &entry).await {
        // Perhaps one that was deleted, and that the log has still to forget.
        Err(StoreError::Exists(_)) if app.topics.finish_deleted(&topic).await => {
            app.stores.topics.insert_topic(&topic, &entry).await?;
        }
        inserted => inserted?,
    }
    let made = app.topics.make(&topic, Instant::now() + LOG_MAX_WAIT).await;
    if let Err(problem) = made {
        let entry = caller.entry("topic.delete", "topic", &topic.name).with("reason", "the log could not make it");
        app.stores.topics.delete_topic(topic.org_id, topic.id, &entry).await?;
        // A log that is away is not waited for once more.
        if problem.kind() != Kind::LogUnavailable {
            app.topics.finish(&topic).await;
        }
        app.identities_changed().await;
        return Err(problem);
    }
    app.identities_changed().await;
    Ok(HttpResponse::Created().json(TopicShown::of(topic)))
}

/// The organisation's topics, and `aibbar.events`, by name.
#[utoipa::path(
    get, path = "/api/v1/topics", tag = "Topics",
    params(PageParameters),
    responses((status = 200, description = "A page of topics.", body = Listed<TopicShown>)),
)]
pub(crate) async fn list(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Listed<TopicShown>>, Problem> {
    let mut parameters = Parameters::of(&request)?;
    let page = Page::take(&mut parameters)?;
    parameters.end(&["limit", "cursor"])?;
    let after = page.after_name()?;
    let after = after.as_deref().map(TopicName::parse).transpose();
    let after = after.map_err(|_| Problem::new(Kind::InvalidParameter, "`cursor` is not one that this route gave."))?;
    let topics = app.stores.topics.topics(caller.org_id(), after.as_ref(), page.asked()).await?;
    let mut shown: Vec<TopicShown> = topics.into_iter().map(TopicShown::of).collect();
    let events = app.topics.events();
    if after.is_none_or(|after| after.as_str() < events.name()) {
        let place = shown.partition_point(|topic| topic.name() < events.name());
        shown.insert(place, events);
    }
    Ok(web::Json(page.of_named(shown, |topic| topic.name(), |topic| topic)))
}

/// One topic, with what is in it now.
#[utoipa::path(
    get, path = "/api/v1/topics/{name}", tag = "Topics",
    params(("name" = String, Path, description = "Its name.")),
    responses(
        (status = 200, description = "The topic.", body = TopicDescribed),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 503, description = "`log_unavailable`: the log can't be asked now."),
    ),
)]
pub(crate) async fn get(
    caller: Caller,
    name: web::Path<String>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopicDescribed>, Problem> {
    let name = TopicName::parse(&name).map_err(|_| no_such_topic())?;
    let (topic, made_at) = match name.is_events() {
        true => (app.topics.events(), Timestamp::from_unix_ms(0)),
        false => {
            let topic = found(&caller, &name, &app).await?;
            if !topic.is_made {
                app.topics.make(&topic, Instant::now() + LOG_MAX_WAIT).await?;
            }
            let made_at = topic.created_at;
            (TopicShown::of(topic), made_at)
        }
    };
    let statistics = statistics::of(&app, caller.org_id(), &name, made_at, clock::now()).await?;
    Ok(web::Json(TopicDescribed { topic, statistics }))
}

/// Changes a topic; what is absent stays as it is.
///
/// Partitions are added, never taken away; messages of a key may go to another partition from then on. Compaction can be
/// given up and not begun: there may be messages without a key.
#[utoipa::path(
    patch, path = "/api/v1/topics/{name}", tag = "Topics",
    params(("name" = String, Path, description = "Its name.")),
    request_body(content = ChangedTopic, example = json!({ "partitions": 12, "retention_days": 30 })),
    responses(
        (status = 200, description = "The topic as it is now.", body = TopicShown),
        (status = 403, description = "`reserved_topic`: `aibbar.events` is GAPIN's own."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 409, description = "`not_compacted`: a topic that was made without compaction stays without."),
        (status = 503, description = "`log_unavailable`: the change is kept, and the log follows once it can."),
    ),
)]
pub(crate) async fn update(
    caller: Caller,
    name: web::Path<String>,
    body: Body<ChangedTopic>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<TopicShown>, Problem> {
    let Body(body) = body;
    let name = TopicName::parse(&name).map_err(|_| no_such_topic())?;
    if name.is_events() {
        return Err(reserved());
    }
    let is_compacted = found(&caller, &name, &app).await?.compacted;
    if body.begins_compaction(is_compacted) {
        return Err(Problem::new(
            Kind::NotCompacted,
            "Whether a topic is compacted is said when it is made: there may be messages without a key in this one. Make \
             another topic.",
        ));
    }
    let entry = body.told(caller.entry("topic.update", "topic", &name));
    let store = &app.stores.topics;
    let changed = store.update_topic(caller.org_id(), &name, &body.into_changes(), clock::now(), &entry).await?;
    let changed = changed.ok_or_else(no_such_topic)?;
    let made = match changed.is_applied {
        true => Ok(()),
        false => app.topics.make(&changed, Instant::now() + LOG_MAX_WAIT).await,
    };
    app.identities_changed().await;
    made?;
    Ok(web::Json(TopicShown::of(changed)))
}

/// Deletes a topic with all of its messages. Its name is typed again, as `confirm`.
#[utoipa::path(
    delete, path = "/api/v1/topics/{name}", tag = "Topics",
    params(
        ("name" = String, Path, description = "Its name."),
        ("confirm" = Option<String>, Query, description = "Its name again."),
    ),
    responses(
        (status = 204, description = "It is deleted."),
        (status = 400, description = "`invalid_parameter`: `confirm` is not the topic's name."),
        (status = 403, description = "`reserved_topic`: `aibbar.events` is GAPIN's own."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
    ),
)]
pub(crate) async fn delete(
    caller: Caller,
    name: web::Path<String>,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    let name = TopicName::parse(&name).map_err(|_| no_such_topic())?;
    if name.is_events() {
        return Err(reserved());
    }
    let topic = found(&caller, &name, &app).await?;
    let mut parameters = Parameters::of(&request)?;
    let confirm = parameters.take("confirm");
    parameters.end(&["confirm"])?;
    if confirm.as_deref() != Some(name.as_str()) {
        return Err(Problem::new(
            Kind::InvalidParameter,
            format!("This deletes all messages of the topic for good: type its name again, as `?confirm={name}`."),
        ));
    }
    let entry = caller.entry("topic.delete", "topic", &topic.name);
    if !app.stores.topics.delete_topic(topic.org_id, topic.id, &entry).await? {
        return Err(no_such_topic());
    }
    app.hub.topic_deleted(topic.id);
    app.identities_changed().await;
    app.topics.finish(&topic).await;
    Ok(HttpResponse::NoContent().finish())
}

async fn found(caller: &Caller, name: &TopicName, app: &App) -> Result<Topic, Problem> {
    app.stores.topics.topic(caller.org_id(), name).await?.ok_or_else(no_such_topic)
}

fn named(name: &str) -> Result<TopicName, Problem> {
    TopicName::parse(name).map_err(|rule| Problem::new(Kind::InvalidBody, format!("{rule}.")))
}

/// What the trail tells of a new topic; of its schema, that there is one.
fn told(entry: AuditEntry, topic: &Topic) -> AuditEntry {
    entry
        .with("id", topic.id.to_string())
        .with("partitions", topic.partitions)
        .with("retention_hours", topic.retention_hours)
        .with("compacted", topic.compacted)
        .with("schema", topic.schema.is_some())
}

/// There is none of this name, or it is another's.
pub(crate) fn no_such_topic() -> Problem {
    Problem::new(Kind::NotFound, "The organisation has no topic of this name.")
}

/// The topic of events is everybody's.
pub(crate) fn reserved() -> Problem {
    Problem::new(
        Kind::ReservedTopic,
        "`aibbar.events` is GAPIN's own: record events by POST /aibbar/events, and make a topic of another name for messages.",
    )
}

impl NewTopic {
    fn into_topic(self, caller: &Caller, name: TopicName, now: Timestamp) -> Topic {
        Topic {
            id: Uuid::now_v7(),
            org_id: caller.org_id(),
            name,
            partitions: self.partitions(),
            retention_hours: self.retention_hours(),
            compacted: self.compacted,
            schema: self.schema_text(),
            is_made: false,
            is_applied: false,
            created_by: caller.actor().name,
            created_at: now,
            updated_at: now,
        }
    }
}
