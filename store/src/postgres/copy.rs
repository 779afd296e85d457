//! Copying rows in: what PostgreSQL takes fastest.
//!
//! `COPY` fills whole pages at a time and writes one note of each into the write-ahead log, where `INSERT … ON CONFLICT`
//! looks for each row first, and writes two notes of each row. But it knows no conflict: one row that is there already
//! fails them all, and they have to be merged instead, which is the twin of this and answers the same. The rows travel in
//! the binary form, made here in one go: the driver's own writer asks each value for its type, and sends every 4 KiB apart.

use std::pin::pin;

use bytes::{BufMut as _, Bytes, BytesMut};
use deadpool_postgres::Transaction;
use futures_util::SinkExt as _;
use tokio_postgres::Error;

use crate::row::{Row, event_type_number};

const COPY: &str = "COPY aibbar_events (org_id, event_id, ai_id, event_type, timestamp_ns, received_at_ns, session_id, \
     request_id, sequence, signature, event_at, event_chars, record) FROM STDIN (FORMAT binary)";

const COLUMNS: i16 = 13;

/// The signature of the format, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// How much is sent at once.
const CHUNK_BYTES: usize = 128 * 1024;

/// What the columns but the record's text take at most, when ids of sessions and requests are of a usual length.
const ROW_BYTES: usize = 512;

/// Copies these rows in, all or none.
pub(super) async fn copy_in(transaction: &Transaction<'_>, rows: &[&Row<'_>]) -> Result<(), Error> {
    let statement = transaction.prepare_cached(COPY).await?;
    let mut sink = pin!(transaction.copy_in::<_, Bytes>(&statement).await?);
    let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
    chunk.put_slice(HEADER);
    for row in rows {
        if chunk.len() + row.record().len() + ROW_BYTES > CHUNK_BYTES {
            sink.feed(chunk.split().freeze()).await?;
            chunk.reserve(CHUNK_BYTES);
        }
        put(&mut chunk, row);
    }
    chunk.put_i16(-1);
    sink.feed(chunk.freeze()).await?;
    sink.finish().await.map(|_| ())
}

fn put(out: &mut BytesMut, row: &Row<'_>) {
    let head = row.head;
    out.put_i16(COLUMNS);
    for id in [head.org_id, head.event_id, head.ai_id] {
        put_bytes(out, id.as_bytes());
    }
    put_bytes(out, &event_type_number(head.event_type).to_be_bytes());
    put_bytes(out, &head.timestamp.unix_ns().to_be_bytes());
    put_bytes(out, &head.received_at.unix_ns().to_be_bytes());
    put_optional(out, row.session_id.as_ref().map(|id| id.as_bytes()));
    put_optional(out, row.request_id.as_ref().map(|id| id.as_bytes()));
    put_optional(out, row.sequence.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    put_bytes(out, &head.signature.0);
    put_bytes(out, &row.event_at.to_be_bytes());
    put_bytes(out, &row.event_chars.to_be_bytes());
    put_bytes(out, row.record().as_bytes());
}

/// A record is at most some MiB, and what is taken from it is shorter: the length always fits.
fn put_bytes(out: &mut BytesMut, bytes: &[u8]) {
    out.put_i32(bytes.len() as i32);
    out.put_slice(bytes);
}

fn put_optional(out: &mut BytesMut, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => put_bytes(out, bytes),
        None => out.put_i32(-1),
    }
}
