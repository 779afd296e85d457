//! How a stream begins, whatever carries it: what is asked for becomes topics, a filter and a place to begin.

use std::sync::Arc;

use actix_web::HttpRequest;
use aibbar::record::EVENTS_TOPIC;
use utoipa::IntoParams;

use super::{
    conditions::NotConditions,
    cursor,
    feed::{Asked, Broken, Feed},
    filter::LiveFilter,
    frame::{self, Frame},
    hub::Seat,
    topic::TOPICS_MAX,
};
use crate::{
    app::App,
    auth::{Caller, tickets::TICKET_PARAMETER},
    problem::{Kind, Problem},
    query::Parameters,
    streams::{
        cursor::invalid,
        places::NoPlace,
        topic::{FoundTopic, find},
    },
    topics::no_such_topic,
};

/// Every parameter of a stream.
const PARAMETERS: [&str; 12] = [
    "topic",
    "ai_id",
    "event_type",
    "from",
    "to",
    "session_id",
    "request_id",
    "q",
    "where",
    "cursor",
    "batch",
    TICKET_PARAMETER,
];

/// What a stream takes besides what its records are filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Opening` reads")]
pub(crate) struct StreamParameters {
    /// The topics, with commas between them; `aibbar.events` by default.
    #[param(pattern = "^[A-Za-z0-9._-]+(,[A-Za-z0-9._-]+)*$", example = "aibbar.events")]
    topic: Option<String>,
    /// With these members: JSON Pointers, `=` and a JSON text, number, `true`, `false` or `null`, with commas between them.
    #[param(rename = "where", min_length = 1, max_length = 2048, example = "/event/event_type=\"ai.error\"")]
    conditions: Option<String>,
    /// Where to resume: a frame's `cursor`, which is an `EventSource`'s `lastEventId`, or `earliest`.
    cursor: Option<String>,
    /// 1: several records may come in one frame.
    #[param(minimum = 0, maximum = 1)]
    batch: Option<u32>,
}

/// What a request asks for, read and checked; nothing is taken for it yet.
pub(super) struct Opening {
    topics: Vec<String>,
    filter: LiveFilter,
    batched: bool,
    cursor: Option<String>,
}

/// A stream that can begin.
pub(super) struct Opened {
    pub(super) seat: Seat,
    pub(super) feed: Feed,
    pub(super) first: Vec<Frame>,
}

impl Opening {
    /// Reads the parameters; where it resumed last counts before `cursor`, which an `EventSource` can't change.
    pub(super) fn of(request: &HttpRequest, resumed: Option<&str>) -> Result<Opening, Problem> {
        let mut parameters = Parameters::of(request)?;
        let cursor = parameters.take("cursor");
        let cursor = resumed.map(str::to_owned).or(cursor);
        let batched = parameters.number("batch", 0, 1)? == Some(1);
        let topics = topics(&parameters.take("topic").unwrap_or_else(|| EVENTS_TOPIC.to_owned()))?;
        // Whoever called has been asked for it.
        parameters.take(TICKET_PARAMETER);
        let conditions = parameters.take("where");
        let filter = LiveFilter::new(parameters.filter()?, conditions.as_deref())
            .map_err(|wrong: NotConditions| Problem::new(Kind::InvalidParameter, format!("`where`: {wrong}.")))?;
        parameters.end(&PARAMETERS)?;
        Ok(Opening { topics, filter, batched, cursor })
    }

    /// Takes a place and begins.
    pub(super) async fn open(self, app: &App, caller: &Caller) -> Result<Opened, Problem> {
        let org_id = caller.org_id();
        let mut topics = Vec::with_capacity(self.topics.len());
        for name in &self.topics {
            topics.push(Arc::new(find(app, org_id, name).await?));
        }
        is_filter_of(&self.filter, &topics).map_err(|detail| Problem::new(Kind::InvalidParameter, detail))?;
        let cursors = self.cursor.map(|cursor| cursor::decode(&cursor, &topics)).transpose()?;
        let seat = app.hub.seat(org_id).map_err(|none| match none {
            NoPlace::Gateway => full(),
            NoPlace::Organisation => Problem::new(
                Kind::TooManyStreams,
                "Your organisation has as many live streams open on this gateway as it may; close one first.",
            ),
        })?;
        let asked = Asked { org_id, topics, filter: Arc::new(self.filter), batched: self.batched };
        let opened = Feed::open(&app.hub, &app.line, asked, cursors).await;
        let (feed, expired) = opened.map_err(|broken| match broken {
            Broken::Full => full(),
            Broken::NotOurs => invalid("The cursor is not of this log; connect without one."),
            Broken::TopicDeleted => no_such_topic(),
            Broken::LogAway => {
                Problem::new(Kind::LogUnavailable, "The event log can't be read now; try again shortly.")
            }
        })?;
        let mut first = vec![frame::hello(feed.places())];
        if expired {
            first.push(frame::expired(feed.places()));
        }
        Ok(Opened { seat, feed, first })
    }
}

/// What events alone have can't be asked of messages: it would match none of them, silently.
pub(super) fn is_filter_of(filter: &LiveFilter, topics: &[Arc<FoundTopic>]) -> Result<(), String> {
    match topics.iter().find(|topic| !topic.name.is_events()) {
        Some(topic) if filter.is_of_events() => Err(format!(
            "`ai_id`, `event_type`, `from`, `to`, `session_id` and `request_id` are of events, and {} carries messages; \
             use `q` or `where`.",
            topic.name
        )),
        _ => Ok(()),
    }
}

/// The names between commas, each once.
fn topics(list: &str) -> Result<Vec<String>, Problem> {
    let names: Vec<String> = list.split(',').take(TOPICS_MAX + 1).map(str::to_owned).collect();
    let wrong = |detail: String| Problem::new(Kind::InvalidParameter, detail);
    if names.len() > TOPICS_MAX {
        return Err(wrong(format!("A stream is of at most {TOPICS_MAX} topics.")));
    }
    match (1..names.len()).find(|&index| names[..index].contains(&names[index])) {
        Some(_) => Err(wrong("A topic stands twice in `topic`.".to_owned())),
        None => Ok(names),
    }
}

fn full() -> Problem {
    Problem::new(Kind::Overloaded, "There are as many live clients as may be; try again shortly.")
}
