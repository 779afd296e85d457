//! A request's body: read within bounds, expanded within bounds, cut into events.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web,
};
use aibbar::{
    Code,
    json::{self, SplitFault},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::{
    expand::{self, Encoding, ExpandError},
    receiving::Arriving,
};
use crate::{
    bytes_budget::Reservation,
    problem::{Kind, Problem},
    settings::RecordSettings,
};

/// Bodies above this are expanded on the blocking pool: below it costs less than a millisecond or so.
const EXPAND_INLINE_BYTES_MAX: usize = 16 * 1024;

/// A body that is refused is read to its end where it is no larger: mostly it is there already, and a connection with a
/// body that was not read has to be closed, which costs both sides more than the answer does.
const DISCARDED_BYTES_MAX: usize = 64 * 1024;
/// How long the rest of it may take to come.
const DISCARD_MAX_WAIT: Duration = Duration::from_millis(250);

/// What a body holds, as its content type says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One thing or an array of them, by its first character.
    Json,
    /// One thing, whatever its first character.
    One,
    /// An array of things.
    Array,
    /// One thing per line.
    Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Single,
    Array,
    Lines,
}

/// A body as plain bytes, and what it holds of the shared budget for as long as it lives.
pub(crate) struct Body {
    bytes: Bytes,
    shape: Shape,
    reservation: Reservation,
}

/// Reads the body; nothing is kept of one that breaks a bound.
pub(super) async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    form: Form,
    bounds: &RecordSettings,
    mut reservation: Reservation,
    mut arriving: Arriving,
) -> Result<Body, Problem> {
    let encoding = encoding(request)?;
    let collecting = collect(request, payload, bounds, &mut reservation, &mut arriving);
    let sent = tokio::time::timeout(bounds.body_max_wait, collecting)
        .await
        .map_err(|_| Problem::new(Kind::BodyTimeout, "The body did not arrive in time."))??;
    drop(arriving);
    let (bytes, reservation) = match encoding {
        None => (sent, reservation),
        Some(encoding) => expanded(encoding, sent, bounds.body_bytes_max, reservation).await?,
    };
    let shape = match (form, json::shape(&bytes)) {
        (Form::Lines, _) => Shape::Lines,
        (Form::Array, _) | (Form::Json, json::Shape::Array) => Shape::Array,
        (Form::One | Form::Json, _) => Shape::Single,
    };
    Ok(Body { bytes, shape, reservation })
}

/// Reads what is refused and small, so that the connection can be used again.
pub(super) async fn discard(request: &HttpRequest, payload: &mut web::Payload) {
    if announced(request).is_some_and(|length| length <= DISCARDED_BYTES_MAX) {
        let all = async { while let Some(Ok(_)) = payload.next().await {} };
        // What does not come in time is given up, with the connection.
        let _ = tokio::time::timeout(DISCARD_MAX_WAIT, all).await;
    }
}

/// How long the body is, where its head says so.
fn announced(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(
    request: &HttpRequest,
    mut payload: web::Payload,
    bounds: &RecordSettings,
    reservation: &mut Reservation,
    arriving: &mut Arriving,
) -> Result<Bytes, Problem> {
    if announced(request).is_some_and(|length| length > bounds.body_bytes_max) {
        return Err(too_large(bounds.body_bytes_max));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::IncompleteBody, "The body ended before it was whole."))?;
        let length = body.len() + chunk.len();
        if length > bounds.body_bytes_max {
            return Err(too_large(bounds.body_bytes_max));
        }
        arriving.grow_to(length)?;
        reservation.grow_to(length)?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn expanded(
    encoding: Encoding,
    sent: Bytes,
    bytes_max: usize,
    reservation: Reservation,
) -> Result<(Bytes, Reservation), Problem> {
    let inline = sent.len() <= EXPAND_INLINE_BYTES_MAX;
    let work = move || {
        let mut reservation = reservation;
        let held = sent.len();
        let plain = expand::expand(encoding, &sent, bytes_max, |bytes| reservation.grow_to(held + bytes).is_ok());
        (plain, reservation)
    };
    let (plain, reservation) = if inline { work() } else { web::block(work).await.map_err(Problem::internal)? };
    match plain {
        Ok(plain) => Ok((plain.into(), reservation)),
        Err(ExpandError::TooLarge) => Err(too_large(bytes_max)),
        Err(ExpandError::NoRoom) => Err(Problem::overloaded()),
        Err(ExpandError::Damaged) => {
            Err(Problem::new(Kind::InvalidEncoding, "The body is not what Content-Encoding says, or it ends early."))
        }
    }
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(
        Kind::BodyTooLarge,
        format!("A body may have {bytes_max} bytes, compressed and expanded; send smaller batches."),
    )
}

/// The media type that a request's content has, in small letters; `None` when it says nothing of it.
pub(crate) fn media_type(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(CONTENT_TYPE)?;
    Some(value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

impl Form {
    /// JSON, which an absent content type is taken for, or NDJSON.
    pub(crate) fn of(media_type: Option<&str>) -> Result<Form, Problem> {
        match media_type {
            None | Some("application/json") => Ok(Form::Json),
            Some("application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines") => {
                Ok(Form::Lines)
            }
            Some(_) => Err(Problem::new(
                Kind::UnsupportedMediaType,
                "Send it as `Content-Type: application/json` or `application/x-ndjson`.",
            )),
        }
    }
}

fn encoding(request: &HttpRequest) -> Result<Option<Encoding>, Problem> {
    let Some(value) = request.headers().get(CONTENT_ENCODING) else { return Ok(None) };
    match value.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(None),
        "gzip" | "x-gzip" => Ok(Some(Encoding::Gzip)),
        "deflate" => Ok(Some(Encoding::Deflate)),
        "br" => Ok(Some(Encoding::Brotli)),
        "zstd" => Ok(Some(Encoding::Zstd)),
        _ => Err(Problem::new(Kind::UnsupportedEncoding, "Send the body plain or as one of gzip, deflate, br, zstd.")),
    }
}

impl Body {
    /// All of it, plain.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Whether the answer is one event's rather than a batch's.
    pub(crate) fn is_single(&self) -> bool {
        self.shape == Shape::Single
    }

    /// What it holds of the bytes in flight, without the bytes: its records hold about as many.
    pub(crate) fn into_reservation(self) -> Reservation {
        self.reservation
    }

    /// The bytes of each event, in order. What is wrong inside an event spoils that event alone.
    pub(crate) fn events(&self, events_max: usize) -> Result<Vec<Bytes>, Problem> {
        let events = match self.shape {
            Shape::Single => vec![self.bytes.clone()],
            Shape::Array => json::split_array(&self.bytes, events_max)
                .map_err(|error| match error {
                    SplitFault::TooManyElements { .. } => batch_too_large(events_max),
                    SplitFault::Json(fault) => Problem::new(Kind::Event(Code::InvalidJson), fault.to_string()),
                })?
                .into_iter()
                .map(|range| self.bytes.slice(range))
                .collect(),
            Shape::Lines => {
                let lines = self.bytes.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
                let events: Vec<_> = lines.take(events_max + 1).map(|line| self.bytes.slice_ref(line)).collect();
                if events.len() > events_max {
                    return Err(batch_too_large(events_max));
                }
                events
            }
        };
        if events.is_empty() {
            return Err(Problem::new(Kind::EmptyBatch, "There is nothing in the batch."));
        }
        Ok(events)
    }
}

fn batch_too_large(events_max: usize) -> Problem {
    Problem::new(Kind::BatchTooLarge, format!("A batch may hold {events_max} at most; send smaller batches."))
}
