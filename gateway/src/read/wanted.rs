//! What a request wants to read.

use std::time::Duration;

use actix_web::{HttpRequest, http::header::ACCEPT};
use aibbar::{Timestamp, topic::GroupName};
use bus::Partition;

use super::reading::Start;
use crate::{
    app::App,
    auth::Caller,
    problem::{Kind, Problem},
    query::Parameters,
    streams::{
        cursor::{Cursor, invalid},
        topic::{self, FoundTopic},
    },
};

/// Messages in a page when the client does not say.
const LIMIT_DEFAULT: u32 = 100;
/// Messages in a page at most.
const LIMIT_MAX: u32 = 10_000;
/// Bytes of a page when the client does not say.
const BYTES_DEFAULT: u32 = 4 * 1024 * 1024;
/// Bytes of a page at most, and at least.
const BYTES_MAX: u32 = 8 * 1024 * 1024;
const BYTES_MIN: u32 = 1_024;
/// The longest wait for a first message, in milliseconds.
const WAIT_MS_MAX: u32 = 30_000;
/// How long a group's reader keeps its partitions without a word, in milliseconds: when it does not say, at most, at least.
const LEASE_MS_DEFAULT: u32 = 30_000;
const LEASE_MS_MAX: u32 = 300_000;
const LEASE_MS_MIN: u32 = 1_000;
/// Characters of a reader's name at most.
const READER_CHARS_MAX: usize = 200;

/// Everything that the route takes.
const PARAMETERS: [&str; 10] =
    ["topic", "partition", "cursor", "from", "limit", "bytes_max", "wait_ms", "group", "reader", "lease_ms"];

/// What a request wants to read.
pub(super) struct Wanted {
    pub(super) topic: FoundTopic,
    pub(super) partition: Option<Partition>,
    pub(super) start: Start,
    /// Messages at most; of lines `usize::MAX` when none is named.
    pub(super) limit: usize,
    pub(super) bytes_max: usize,
    /// How long to wait for a first message, and with lines for each next one.
    pub(super) wait: Duration,
}

/// What a group's reader wants.
pub(crate) struct WantedByGroup {
    pub(crate) topic: FoundTopic,
    pub(crate) group: GroupName,
    pub(crate) reader: String,
    pub(crate) lease: Duration,
    /// Where the reader says it is; `None`: at what it committed.
    pub(crate) cursor: Option<Cursor>,
    pub(crate) limit: usize,
    pub(crate) bytes_max: usize,
    pub(crate) wait: Duration,
}

/// The three ways to read.
pub(super) enum Way {
    Page(Wanted),
    Lines(Wanted),
    Group(WantedByGroup),
}

/// Reads the request.
pub(super) async fn of(caller: &Caller, request: &HttpRequest, app: &App) -> Result<Way, Problem> {
    let mut parameters = Parameters::of(request)?;
    let wrong = |detail: &str| Problem::new(Kind::InvalidParameter, detail);
    let lines = wants_lines(request);
    let name = parameters.take("topic").ok_or_else(|| wrong("Name a `topic`."))?;
    let partition = parameters.number("partition", 0, bus::PARTITIONS_MAX - 1)?;
    let cursor = parameters.take("cursor");
    let from = parameters.take("from");
    let limit = parameters.number("limit", 1, LIMIT_MAX)?.map(|limit| limit as usize);
    let bytes_max = parameters.number("bytes_max", BYTES_MIN, BYTES_MAX)?.unwrap_or(BYTES_DEFAULT) as usize;
    let wait = Duration::from_millis(parameters.number("wait_ms", 0, WAIT_MS_MAX)?.unwrap_or(0).into());
    let group = parameters.take("group").map(|name| group(&name)).transpose()?;
    let reader = parameters.take("reader").map(|name| reader(&name)).transpose()?;
    let lease_ms = parameters.number("lease_ms", LEASE_MS_MIN, LEASE_MS_MAX)?;
    parameters.end(&PARAMETERS)?;
    let topic = topic::find(app, caller.org_id(), &name).await?;

    if let Some(group) = group {
        let reader = reader.ok_or_else(|| wrong("Name the `reader`: each of a group has its own name."))?;
        if partition.is_some() || from.is_some() || lines {
            return Err(wrong(
                "A group shares out the partitions and knows where it is, and is read by page: leave out `partition` \
                 and `from`, and accept `application/json`.",
            ));
        }
        let lease = Duration::from_millis(lease_ms.unwrap_or(LEASE_MS_DEFAULT).into());
        let cursor = cursor.map(|cursor| Cursor::decode(&cursor, topic.id)).transpose()?;
        let limit = limit.unwrap_or(LIMIT_DEFAULT as usize);
        return Ok(Way::Group(WantedByGroup { topic, group, reader, lease, cursor, limit, bytes_max, wait }));
    }
    if reader.is_some() || lease_ms.is_some() {
        return Err(wrong("`reader` and `lease_ms` are a group's: name the `group`, or leave them out."));
    }
    let start = match (cursor, from) {
        (Some(_), Some(_)) => return Err(wrong("Either `cursor` or `from`.")),
        (Some(cursor), None) => Start::Cursor(Cursor::decode(&cursor, topic.id)?),
        (None, from) => start(from.as_deref().unwrap_or("earliest"))?,
    };
    if matches!(&start, Start::Cursor(cursor) if cursor.hold.is_some()) {
        return Err(invalid("This is the cursor of a group's reader: read on with its `group` and `reader`."));
    }
    let default = if lines { usize::MAX } else { LIMIT_DEFAULT as usize };
    let wanted = Wanted { topic, partition, start, limit: limit.unwrap_or(default), bytes_max, wait };
    Ok(if lines { Way::Lines(wanted) } else { Way::Page(wanted) })
}

fn wants_lines(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        range.split(';').next().is_some_and(|range| range.trim().eq_ignore_ascii_case("application/x-ndjson"))
    })
}

/// `earliest`, `latest`, or a time.
pub(crate) fn seek(from: &str) -> Option<Seek> {
    match from {
        "earliest" => Some(Seek::Earliest),
        "latest" => Some(Seek::Latest),
        // A `+` of an offset that was not escaped arrives as a space.
        time => Timestamp::parse(&time.replace(' ', "+")).map(|at| Seek::At(first_ms(at))),
    }
}

/// A place that needs no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seek {
    Earliest,
    Latest,
    /// Milliseconds since the Unix epoch.
    At(i64),
}

/// The log counts milliseconds: of a moment within one, the next.
fn first_ms(at: Timestamp) -> i64 {
    let ms = at.unix_ms();
    if Timestamp::from_unix_ms(ms) < at { ms + 1 } else { ms }
}

fn start(from: &str) -> Result<Start, Problem> {
    seek(from).map(Start::Seek).ok_or_else(|| {
        let detail = "`from` is `earliest`, `latest` or an RFC 3339 time with offset, like 2026-01-31T12:00:00Z.";
        Problem::new(Kind::InvalidParameter, detail)
    })
}

/// The name of a group.
pub(crate) fn group(name: &str) -> Result<GroupName, Problem> {
    GroupName::parse(name)
        .map_err(|rule| Problem::new(Kind::InvalidParameter, format!("The group has no such name: {rule}.")))
}

/// The name of a group's reader: it stands in what Kafka's own tools print.
pub(crate) fn reader(name: &str) -> Result<String, Problem> {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if !is_plain || !(1..=READER_CHARS_MAX).contains(&name.len()) {
        let detail = format!("A reader's name has 1 to {READER_CHARS_MAX} of A–Z a–z 0–9 . _ -.");
        return Err(Problem::new(Kind::InvalidParameter, detail));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_place_is_a_word_or_a_time() {
        assert_eq!(seek("earliest"), Some(Seek::Earliest));
        assert_eq!(seek("latest"), Some(Seek::Latest));
        assert_eq!(seek("1970-01-01T00:00:01Z"), Some(Seek::At(1_000)));
        assert_eq!(seek("1970-01-01T01:00:01.0001 01:00"), Some(Seek::At(1_001)));
        for wrong in ["", "now", "1970-01-01", "5"] {
            assert_eq!(seek(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lines_come_to_whoever_accepts_them() {
        for (accept, expected) in [
            ("application/x-ndjson", true),
            ("text/html, Application/X-NDJSON;q=0.9", true),
            ("*/*", false),
            ("application/json", false),
        ] {
            let request = TestRequest::get().insert_header((ACCEPT, accept)).to_http_request();
            assert_eq!(wants_lines(&request), expected, "{accept}");
        }
    }
}
