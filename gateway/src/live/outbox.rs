//! Frames on their way to one client, as its connection carries them: over a WebSocket (the half that speaks, RFC 6455
//! § 5) or as server-sent events (HTML § 9.2).
//!
//! One step of messages waits here at most, and the connection takes of it only what it has room for. So a client that
//! does not read holds that step, which it shares with everyone who is sent the same records, and its connection's
//! buffers; the rest waits in its bounded queue.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::body::BoxBody;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::Stream;
use parking_lot::Mutex;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{frame::Frame, sse};

/// The connection is handed no more at once.
const PIECE_BYTES_MAX: usize = 16 * 1024;

/// A control frame carries no more (RFC 6455 § 5.5).
const CONTROL_BYTES_MAX: usize = 125;

/// Longer payloads have their length in two bytes, and from here on in eight.
const LENGTH_IN_TWO_BYTES: usize = 126;
const LENGTH_IN_EIGHT_BYTES: usize = 65_536;

/// What a client is sent.
pub(super) enum Message {
    /// A message of the stream.
    Text(Frame),
    /// Whether the client is there.
    Ping,
    /// That we are, in the client's own words.
    Pong(Bytes),
    /// The end, and why; without a code the answer to a client that named none.
    Close { code: Option<u16>, reason: &'static str },
}

/// What carries the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    WebSocket,
    ServerSentEvents,
}

/// Where messages are put.
pub(super) struct Outbox {
    wire: Wire,
    steps: mpsc::Sender<Step>,
    taken: Taken,
}

/// What is handed over at once.
struct Step {
    pieces: Vec<Bytes>,
    /// More than a question whether the client is there: that one's kernel takes, whatever the client does.
    is_of_stream: bool,
}

/// When the connection last took some of the stream: it had room, so the client reads.
#[derive(Clone)]
struct Taken(Arc<Mutex<Instant>>);

impl Taken {
    fn note(&self) {
        *self.0.lock() = Instant::now();
    }

    fn at(&self) -> Instant {
        *self.0.lock()
    }
}

/// What the connection takes from: the body of the answer to the handshake.
pub(super) struct Outflow {
    steps: mpsc::Receiver<Step>,
    pieces: VecDeque<Bytes>,
    /// Of the step that the pieces are of.
    is_of_stream: bool,
    taken: Taken,
    /// Bytes that were taken since that was noted.
    unnoted_bytes: usize,
    /// The body that a handshake came with: when it goes, whoever reads the client's messages learns that the
    /// connection is gone.
    _handshake: Option<BoxBody>,
}

/// The connection is gone.
#[derive(Debug)]
pub(super) struct Gone;

/// Both ends.
pub(super) fn outbox(wire: Wire, handshake: Option<BoxBody>) -> (Outbox, Outflow) {
    let (sender, steps) = mpsc::channel(1);
    let taken = Taken(Arc::new(Mutex::new(Instant::now())));
    let outflow = Outflow {
        steps,
        pieces: VecDeque::new(),
        is_of_stream: false,
        taken: taken.clone(),
        unnoted_bytes: 0,
        _handshake: handshake,
    };
    (Outbox { wire, steps: sender, taken }, outflow)
}

impl Outbox {
    /// Returns once these are the next to be sent: when the step before them is under way. Cancelled before that,
    /// nothing of them is sent.
    pub(super) async fn send(&self, messages: Vec<Message>) -> Result<(), Gone> {
        let is_of_stream = messages.iter().any(|message| matches!(message, Message::Text(_)));
        let pieces: Vec<Bytes> = match self.wire {
            Wire::WebSocket => messages.into_iter().flat_map(encode).collect(),
            Wire::ServerSentEvents => messages.into_iter().flat_map(sse::encode).collect(),
        };
        if pieces.is_empty() {
            return Ok(());
        }
        self.steps.send(Step { pieces, is_of_stream }).await.map_err(|_| Gone)
    }

    /// When the connection last took some of the stream.
    pub(super) fn taken_at(&self) -> Instant {
        self.taken.at()
    }

    /// Resolves when the connection takes nothing of the stream for so long, from now on.
    pub(super) async fn takes_nothing_for(&self, wait: Duration) {
        let mut since = Instant::now();
        loop {
            sleep_until(since + wait).await;
            match self.taken_at() {
                taken if taken > since => since = taken,
                _ => return,
            }
        }
    }

    /// Resolves when the connection is gone.
    pub(super) async fn gone(&self) {
        self.steps.closed().await;
    }
}

impl Stream for Outflow {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(part) = next_part(&mut self.pieces) {
                self.unnoted_bytes += part.len();
                if self.is_of_stream && self.unnoted_bytes >= PIECE_BYTES_MAX {
                    self.unnoted_bytes = 0;
                    self.taken.note();
                }
                return Poll::Ready(Some(Ok(part)));
            }
            match self.steps.poll_recv(cx) {
                Poll::Ready(Some(step)) => {
                    self.pieces = step.pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
                    (self.is_of_stream, self.unnoted_bytes) = (step.is_of_stream, 0);
                    if self.is_of_stream {
                        self.taken.note();
                    }
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// What the connection is handed next: a part of a large piece, or as many small ones as fit, as one. The connection copies
/// what it is handed, and each time with some work beside it, which for small pieces (most are, and a frame has three at least)
/// is more than copying them once more.
fn next_part(pieces: &mut VecDeque<Bytes>) -> Option<Bytes> {
    let mut bytes = 0;
    let fits = |piece: &&Bytes| {
        bytes += piece.len();
        bytes <= PIECE_BYTES_MAX
    };
    let together = pieces.iter().take_while(fits).count();
    if together > 1 {
        let mut part = BytesMut::with_capacity(pieces.iter().take(together).map(Bytes::len).sum());
        pieces.drain(..together).for_each(|piece| part.put(piece));
        return Some(part.freeze());
    }
    let piece = pieces.front_mut()?;
    let part = piece.split_to(piece.len().min(PIECE_BYTES_MAX));
    if piece.is_empty() {
        pieces.pop_front();
    }
    Some(part)
}

/// The frame's head, then its payload; a server's frames are not masked.
fn encode(message: Message) -> Vec<Bytes> {
    const FINAL_TEXT: u8 = 0x81;
    const FINAL_CLOSE: u8 = 0x88;
    const FINAL_PING: u8 = 0x89;
    const FINAL_PONG: u8 = 0x8a;
    match message {
        Message::Text(frame) => {
            let head = head(FINAL_TEXT, frame.len());
            std::iter::once(head).chain(frame.into_pieces()).collect()
        }
        Message::Ping => vec![head(FINAL_PING, 0)],
        Message::Pong(words) => {
            let words = words.slice(..words.len().min(CONTROL_BYTES_MAX));
            vec![head(FINAL_PONG, words.len()), words]
        }
        Message::Close { code, reason } => {
            let mut payload = BytesMut::with_capacity(2 + reason.len());
            if let Some(code) = code {
                payload.put_u16(code);
                payload.put_slice(reason.as_bytes());
            }
            payload.truncate(CONTROL_BYTES_MAX);
            vec![head(FINAL_CLOSE, payload.len()), payload.freeze()]
        }
    }
}

fn head(first_byte: u8, payload_bytes: usize) -> Bytes {
    let mut head = BytesMut::with_capacity(10);
    head.put_u8(first_byte);
    if payload_bytes < LENGTH_IN_TWO_BYTES {
        head.put_u8(payload_bytes as u8);
    } else if payload_bytes < LENGTH_IN_EIGHT_BYTES {
        head.put_u8(126);
        head.put_u16(payload_bytes as u16);
    } else {
        head.put_u8(127);
        head.put_u64(payload_bytes as u64);
    }
    head.freeze()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use futures_util::StreamExt;

    use super::*;
    use crate::live::frame;

    fn text(bytes: usize) -> Message {
        Message::Text(frame::text("x".repeat(bytes)))
    }

    #[test]
    fn frames_are_what_rfc_6455_says() {
        let encoded = |message| encode(message).concat();
        assert_eq!(encoded(Message::Text(frame::text("Hello".to_owned()))), b"\x81\x05Hello");
        for (bytes, head) in [
            (125, b"\x81\x7d".as_slice()),
            (126, b"\x81\x7e\x00\x7e"),
            (65_535, b"\x81\x7e\xff\xff"),
            (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
        ] {
            let frame = encoded(text(bytes));
            assert_eq!((&frame[..head.len()], frame.len()), (head, head.len() + bytes));
        }
        assert_eq!(encoded(Message::Ping), b"\x89\x00");
        assert_eq!(encoded(Message::Pong(Bytes::from_static(b"you"))), b"\x8a\x03you");
        assert_eq!(encoded(Message::Close { code: Some(1001), reason: "bye" }), b"\x88\x05\x03\xe9bye");
        assert_eq!(encoded(Message::Close { code: None, reason: "" }), b"\x88\x00");
    }

    #[tokio::test]
    async fn one_step_waits_and_no_second_and_large_ones_come_in_pieces() {
        let (outbox, mut outflow) = outbox(Wire::WebSocket, None);
        outbox.send(vec![text(100_000), Message::Ping]).await.unwrap();
        let mut second = Box::pin(outbox.send(vec![text(1)]));
        assert!(futures_util::poll!(&mut second).is_pending());
        let mut bytes = 0;
        while bytes < 10 + 100_000 + 2 {
            let piece = outflow.next().await.unwrap().unwrap();
            assert!(piece.len() <= PIECE_BYTES_MAX);
            bytes += piece.len();
        }
        second.await.unwrap();
        drop(outbox);
        assert_eq!(outflow.next().await.unwrap().unwrap().as_ref(), b"\x81\x01x");
        assert!(outflow.next().await.is_none());
    }

    #[test]
    fn small_pieces_go_together_and_none_is_lost_or_moved() {
        let pieces = |sizes: &[usize]| -> VecDeque<Bytes> {
            let piece = |(index, size): (usize, &usize)| Bytes::from(vec![index as u8; *size]);
            sizes.iter().enumerate().map(piece).collect()
        };
        for (sizes, parts) in [
            (vec![3, 10, 3, 10], vec![26]),
            (vec![PIECE_BYTES_MAX], vec![PIECE_BYTES_MAX]),
            (vec![2, PIECE_BYTES_MAX - 2, 1], vec![PIECE_BYTES_MAX, 1]),
            (vec![2, PIECE_BYTES_MAX + 1, 5, 6], vec![2, PIECE_BYTES_MAX, 12]),
            (vec![], vec![]),
        ] {
            let (mut left, whole) = (pieces(&sizes), pieces(&sizes).make_contiguous().concat());
            let handed: Vec<Bytes> = std::iter::from_fn(|| next_part(&mut left)).collect();
            assert_eq!(handed.iter().map(Bytes::len).collect::<Vec<_>>(), parts);
            assert_eq!(handed.concat(), whole);
        }
    }

    #[tokio::test]
    async fn what_the_connection_takes_of_the_stream_is_noted_and_a_question_does_not_answer_itself() {
        let (outbox, mut outflow) = outbox(Wire::WebSocket, None);
        let begun = outbox.taken_at();
        outbox.send(vec![Message::Ping]).await.unwrap();
        outflow.next().await.unwrap().unwrap();
        assert_eq!(outbox.taken_at(), begun);
        // It is noted at the first of them, and with each sixteen kibibytes.
        outbox.send(vec![text(3 * PIECE_BYTES_MAX)]).await.unwrap();
        let mut noted = begun;
        for _ in 0..4 {
            outflow.next().await.unwrap().unwrap();
            assert!(outbox.taken_at() > noted);
            noted = outbox.taken_at();
        }
        outbox.takes_nothing_for(Duration::from_millis(1)).await;
    }

    #[tokio::test]
    async fn a_connection_that_is_gone_takes_nothing() {
        let (outbox, outflow) = outbox(Wire::WebSocket, None);
        drop(outflow);
        outbox.send(vec![Message::Ping]).await.unwrap_err();
    }
}
