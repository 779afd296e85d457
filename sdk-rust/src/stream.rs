//! The live stream: events, or messages of one's own topics, as they are acknowledged. It goes on where it was when it is
//! cut, and tells of gaps.
//!
//! It is read only as fast as its reader takes from it: what is not taken stays with the gateway, which, when it is too much,
//! lets records go and says so by a gap. The stream then goes back to where the gap begins.

mod course;
mod filter;
mod frames;

use std::{
    collections::VecDeque,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::time::Sleep;

pub use self::filter::{Live, LiveMessage, MessageFilter, StreamFilter};
use self::{
    course::Course,
    frames::{Frame, Frames},
};
use crate::{
    errors::Error,
    http::{Call, Http, error_of},
    resources::EventFilter,
};

/// The gateway says every 20 seconds that it is there; a connection that is silent for longer is taken for dead.
const SILENCE_MAX: Duration = Duration::from_secs(45);

/// Something was not shown: this reader was too slow, or what its cursor asked for is not kept any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// How many events or messages; `None`: they are not kept any more.
    pub missed: Option<u64>,
    /// The cursor where they begin; the stream goes on there by itself, unless it was told not to.
    pub resume: Option<String>,
}

/// A stream of events.
pub type EventStream = LiveStream<EventFilter>;

/// A stream of messages of topics of one's own.
pub type MessageStream = LiveStream<MessageFilter>;

/// A stream to read: a [`Stream`] of what its filter asks for, which ends with the first error that trying again can't mend.
#[must_use = "nothing is asked before it is read"]
pub struct LiveStream<F> {
    http: Http,
    filter: F,
    conditions: Option<String>,
    course: Course,
    at: At,
    frames: VecDeque<Frame>,
}

/// Where its connection is.
enum At {
    /// Connects when it is read next.
    Apart,
    Connecting(BoxFuture<'static, Result<reqwest::Response, Error>>),
    Reading {
        chunks: BoxStream<'static, Result<Bytes, reqwest::Error>>,
        cut: Frames,
        silence: Pin<Box<Sleep>>,
    },
    Waiting(Pin<Box<Sleep>>),
    Over,
}

impl<F: StreamFilter> LiveStream<F> {
    pub(crate) fn new(http: Http, filter: F) -> Self {
        let course = Course::default();
        Self { http, filter, conditions: None, course, at: At::Apart, frames: VecDeque::new() }
    }

    /// Conditions on members: `/event/error/recoverable=false` of an event, `/total=7` of a message.
    pub fn where_(mut self, conditions: impl Into<String>) -> Self {
        self.conditions = Some(conditions.into());
        self
    }

    /// Goes on behind this cursor; `earliest`: from the oldest that is kept. Where it is not said: from now on.
    pub fn from_cursor(mut self, cursor: impl Into<String>) -> Self {
        self.course.cursor = Some(cursor.into());
        self
    }

    /// Is told of every gap.
    pub fn on_gap(mut self, told: impl FnMut(&Gap) + Send + 'static) -> Self {
        self.course.on_gap = Some(Box::new(told));
        self
    }

    /// Whether to go back to where a gap begins, so that nothing is missed. On where it is not said.
    pub fn resume_gaps(mut self, resumes: bool) -> Self {
        self.course.resumes_gaps = resumes;
        self
    }

    /// How long to try to connect again before the fault is told; 5 minutes where it is not said.
    pub fn retry_for(mut self, retry_for: Duration) -> Self {
        self.course.retry_for = retry_for;
        self
    }

    /// Where the stream is: pass it to [`LiveStream::from_cursor`] to go on behind what came last.
    pub fn cursor(&self) -> Option<&str> {
        self.course.cursor.as_deref()
    }

    /// How many gaps were told.
    pub fn gaps(&self) -> u64 {
        self.course.gaps
    }

    /// The next event or message.
    pub async fn next(&mut self) -> Option<Result<F::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn connect(&mut self) -> Result<BoxFuture<'static, Result<reqwest::Response, Error>>, Error> {
        self.course.connecting();
        let mut call = Call::get("/sse/events");
        for (name, value) in self.filter.parameters()? {
            call = call.query(name, value);
        }
        if let Some(conditions) = &self.conditions {
            call = call.query("where", conditions);
        }
        if let Some(cursor) = &self.course.cursor {
            call = call.query("cursor", cursor);
        }
        let http = self.http.clone();
        Ok(Box::pin(async move { http.open(call).await }))
    }

    /// Waits before the next connection, or ends with the error.
    fn failed(&mut self, error: Error) -> Option<Error> {
        self.frames.clear();
        match self.course.failed(error, Instant::now()) {
            Ok(wait) => {
                self.at = At::Waiting(Box::pin(tokio::time::sleep(wait)));
                None
            }
            Err(error) => {
                self.at = At::Over;
                Some(error)
            }
        }
    }

    /// What was read already: an event or a message, or nothing more.
    fn take(&mut self) -> Result<Option<F::Item>, Error> {
        while let Some(frame) = self.frames.pop_front() {
            let live = self.course.take::<F>(&frame, Instant::now())?;
            if self.course.must_reconnect {
                self.frames.clear();
                self.at = At::Waiting(Box::pin(tokio::time::sleep(self.course.resuming())));
            }
            if live.is_some() {
                return Ok(live);
            }
        }
        Ok(None)
    }
}

impl<F: StreamFilter> Stream for LiveStream<F> {
    type Item = Result<F::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let fault = match this.take() {
                Ok(Some(live)) => return Poll::Ready(Some(Ok(live))),
                Ok(None) => match &mut this.at {
                    At::Over => return Poll::Ready(None),
                    At::Apart => match this.connect() {
                        Ok(connecting) => {
                            this.at = At::Connecting(connecting);
                            continue;
                        }
                        Err(error) => error,
                    },
                    At::Waiting(sleep) => {
                        ready!(sleep.as_mut().poll(context));
                        this.at = At::Apart;
                        continue;
                    }
                    At::Connecting(connecting) => match ready!(connecting.as_mut().poll(context)) {
                        Ok(response) => {
                            let silence = Box::pin(tokio::time::sleep(SILENCE_MAX));
                            let chunks = response.bytes_stream().boxed();
                            this.at = At::Reading { chunks, cut: Frames::default(), silence };
                            continue;
                        }
                        Err(error) => error,
                    },
                    At::Reading { chunks, cut, silence } => match chunks.poll_next_unpin(context) {
                        Poll::Ready(Some(Ok(chunk))) => {
                            silence.as_mut().reset(tokio::time::Instant::now() + SILENCE_MAX);
                            match cut.feed(&chunk, &mut this.frames) {
                                Ok(()) => continue,
                                Err(error) => error,
                            }
                        }
                        Poll::Ready(Some(Err(error))) => error_of(&error),
                        Poll::Ready(None) => Error::Transport("the stream was cut".to_owned()),
                        Poll::Pending => {
                            ready!(silence.as_mut().poll(context));
                            Error::Timeout
                        }
                    },
                },
                Err(error) => error,
            };
            if let Some(error) = this.failed(fault) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<F: StreamFilter> fmt::Debug for LiveStream<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveStream")
            .field("filter", &self.filter)
            .field("cursor", &self.course.cursor)
            .field("gaps", &self.course.gaps)
            .finish_non_exhaustive()
    }
}
