//! Topics, read: `GET /events/read`, by page, as lines, or as one of a group.

mod lines;
pub(crate) mod out;
mod page;
pub(crate) mod readers;
pub(crate) mod reading;
pub(crate) mod wanted;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

pub(crate) use self::page::LOOK_EVERY;
use self::wanted::Way;
use crate::{app::App, auth::Caller, groups, problem::Problem, streams::message::Shown};

/// What is to be read.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `wanted` reads")]
pub(crate) struct ReadParameters {
    /// The topic, as the organisation calls it; `aibbar.events` is everybody's, and shows one's own events.
    #[param(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$", example = "aibbar.events")]
    topic: String,
    /// This partition alone.
    #[param(minimum = 0, maximum = 9999)]
    partition: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before, or the `cursor` of a message. With a group: the
    /// `next_cursor` of the page before, to read on before it is committed.
    cursor: Option<String>,
    /// Where to begin without a cursor: `earliest` (when absent), `latest`, or the first message that the log took at this
    /// time or later (RFC 3339).
    #[param(example = "earliest")]
    from: Option<String>,
    /// Messages at most; 100 when absent, and with lines as many as there are.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u32>,
    /// Bytes of messages at most, but one in any case; 4 MiB when absent.
    #[param(minimum = 1024, maximum = 8388608)]
    bytes_max: Option<u32>,
    /// How long to wait for a first message, in milliseconds; with lines also for each next one. 0 when absent.
    #[param(minimum = 0, maximum = 30000)]
    wait_ms: Option<u32>,
    /// Read as one of this group, whose readers share the partitions; needs `reader`.
    #[param(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    group: Option<String>,
    /// Which of the group's readers this is.
    #[param(min_length = 1, max_length = 200, pattern = "^[A-Za-z0-9._-]+$")]
    reader: Option<String>,
    /// How long the reader keeps its partitions without reading or committing, in milliseconds; 30,000 when absent.
    #[param(minimum = 1000, maximum = 300000)]
    lease_ms: Option<u32>,
}

/// Messages of a topic: what `page` and the page of a group write.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessagePage<'a> {
    /// The messages; of each partition in order.
    items: Vec<Shown<'a>>,
    /// What `cursor` to go on with. Of a group: what to commit; `null` when there is nothing to commit.
    next_cursor: Option<String>,
    /// Whether there was nothing more at the time. Not told of groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    caught_up: Option<bool>,
    /// Whether some of what lay behind the cursor is not kept any more, and was passed over. Not told of groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<bool>,
    /// Of groups: the partitions that the reader holds now.
    #[serde(skip_serializing_if = "Option::is_none")]
    partitions: Option<Vec<u32>>,
}

/// Reads messages of a topic, from a cursor, from one end, or from a time on.
///
/// A page may hold fewer messages than `limit`; `caught_up` says that there were no more. In the topic of all
/// organisations' events a page may be empty though there are more: go on with its cursor.
///
/// With `Accept: application/x-ndjson` each message is a line, and there are lines until `limit`, or until nothing came for
/// `wait_ms`. The last one is `{"end": "caught_up", "cursor": "…", "expired": false}`; it may also say `limit`,
/// `topic_deleted`, `shutdown`, `key_invalid`, `log_unavailable` or `overloaded`.
///
/// With `group` and `reader` the readers of the group share the partitions, and each reads on behind what the group
/// committed; see `POST /events/commit`. What was given out and not committed comes again, unless the reader sends the
/// cursor of the page that it has.
#[utoipa::path(
    get, path = "/events/read", tag = "Messages",
    params(ReadParameters),
    responses(
        (
            status = 200, description = "Messages.",
            content(
                (MessagePage = "application/json", example = json!({
                    "items": [{
                        "topic": "orders", "partition": 3, "offset": 41, "cursor": "AgGYCl59enwetfg_HCqdTmAAAAAr",
                        "key": "customer-7", "headers": { "trace": "9f2c" }, "appended_at": "2026-01-31T12:00:00.018Z",
                        "message_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "message": { "order": 7, "state": "paid" },
                    }],
                    "next_cursor": "AgGYCl59enwetfg_HCqdTmAAAAAr", "caught_up": true, "expired": false,
                })),
                (String = "application/x-ndjson", example = "{\"topic\":\"orders\",\"partition\":3,\"offset\":41,\"cursor\":\"AgGYCl59enwetfg_HCqdTmAAAAAr\",\"appended_at\":\"2026-01-31T12:00:00.018Z\",\"message\":{\"order\":7}}\n{\"end\":\"caught_up\",\"cursor\":\"AgGYCl59enwetfg_HCqdTmAAAAAr\",\"expired\":false}\n"),
            ),
        ),
        (status = 400, description = "`invalid_parameter`: a parameter is unknown, wrong, or does not go with another. `invalid_cursor`: it is none, or of another topic."),
        (status = 404, description = "`not_found`: the organisation has no topic of this name."),
        (status = 409, description = "`reader_busy`: another request of this reader is being answered."),
        (status = 429, description = "`too_many_readers`: the organisation reads as much at once as it may, or has as many readers of groups."),
        (status = 503, description = "`overloaded`: as many read at once as may, or hold as many bytes. `log_unavailable`: the log can't be read now. `store_unavailable`: the topic can't be looked up."),
    ),
)]
pub(crate) async fn read(
    caller: Caller,
    request: HttpRequest,
    app: web::Data<Arc<App>>,
) -> Result<HttpResponse, Problem> {
    match wanted::of(&caller, &request, &app).await? {
        Way::Page(wanted) => page::page(&app, wanted).await,
        Way::Lines(wanted) => lines::lines(app.get_ref(), caller, wanted).await,
        Way::Group(wanted) => groups::page::page(&app, wanted).await,
    }
}
