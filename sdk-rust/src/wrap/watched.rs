//! Futures and streams that are watched while somebody polls them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::Stream;

use super::running::Running;

/// A future whose call is recorded; see [`super::Wrap::run`].
#[must_use = "a future does nothing until it is awaited"]
pub struct WrappedFuture<F: Future> {
    future: Pin<Box<F>>,
    running: Running,
    finish: fn(&mut Running, &F::Output),
}

impl<F: Future> WrappedFuture<F> {
    pub(super) fn new(future: F, running: Running, finish: fn(&mut Running, &F::Output)) -> Self {
        Self { future: Box::pin(future), running, finish }
    }
}

impl<F: Future> Future for WrappedFuture<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        this.running.polled();
        match catch_unwind(AssertUnwindSafe(|| this.future.as_mut().poll(cx))) {
            Ok(Poll::Ready(output)) => {
                (this.finish)(&mut this.running, &output);
                Poll::Ready(output)
            }
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => {
                this.running.panicked(&*panic);
                resume_unwind(panic)
            }
        }
    }
}

impl<F: Future> Drop for WrappedFuture<F> {
    fn drop(&mut self) {
        // Only where it has not ended.
        self.running.failed("cancelled", "it was dropped before its end");
    }
}

/// A stream whose call is recorded; see [`super::Wrap::stream`].
#[must_use = "a stream does nothing until it is asked"]
pub struct WrappedStream<S: Stream> {
    stream: Pin<Box<S>>,
    running: Running,
    item: fn(&mut Running, &S::Item),
}

impl<S: Stream> WrappedStream<S> {
    pub(super) fn new(stream: S, running: Running, item: fn(&mut Running, &S::Item)) -> Self {
        Self { stream: Box::pin(stream), running, item }
    }
}

impl<S: Stream> Stream for WrappedStream<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = &mut *self;
        this.running.polled();
        match catch_unwind(AssertUnwindSafe(|| this.stream.as_mut().poll_next(cx))) {
            Ok(Poll::Ready(Some(item))) => {
                (this.item)(&mut this.running, &item);
                Poll::Ready(Some(item))
            }
            Ok(Poll::Ready(None)) => {
                this.running.items_done();
                Poll::Ready(None)
            }
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => {
                this.running.panicked(&*panic);
                resume_unwind(panic)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S: Stream> Drop for WrappedStream<S> {
    fn drop(&mut self) {
        // Only where it has not ended: as far as it came.
        self.running.items_done();
    }
}
