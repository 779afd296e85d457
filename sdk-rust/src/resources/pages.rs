//! A list that fetches its pages as they are needed.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    errors::Error,
    http::{Call, Http},
};

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// A list that fetches its pages as they are needed: a [`Stream`] of its items, which ends at the first error.
#[must_use = "nothing is asked before it is read"]
pub struct Pages<T> {
    http: Http,
    first: Call,
    started: Option<BoxStream<'static, Result<Vec<T>, Error>>>,
    page: VecDeque<T>,
}

impl<T: DeserializeOwned + Send + 'static> Pages<T> {
    pub(crate) fn new(http: &Http, first: Call) -> Self {
        Self { http: http.clone(), first, started: None, page: VecDeque::new() }
    }

    /// How many items a page has at most; the gateway's default where it is not said.
    pub fn limit(mut self, limit: usize) -> Self {
        self.first = self.first.query("limit", limit.to_string());
        self
    }

    /// The next item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Page by page; a page may be empty before the last.
    pub fn pages(self) -> impl Stream<Item = Result<Vec<T>, Error>> + Send + Unpin + 'static {
        pages_of(self.http, self.first)
    }
}

fn pages_of<T: DeserializeOwned + Send + 'static>(
    http: Http,
    first: Call,
) -> BoxStream<'static, Result<Vec<T>, Error>> {
    let start = Some(first.clone());
    stream::try_unfold(start, move |call| {
        let (http, first) = (http.clone(), first.clone());
        async move {
            let Some(call) = call else { return Ok(None) };
            let page: Page<T> = http.ask(call).await?;
            let next = page.next_cursor.map(|cursor| first.query("cursor", cursor));
            Ok(Some((page.items, next)))
        }
    })
    .boxed()
}

impl<T: DeserializeOwned + Send + 'static> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.page.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let pages = this.started.get_or_insert_with(|| pages_of(this.http.clone(), this.first.clone()));
            match ready!(pages.poll_next_unpin(context)) {
                Some(Ok(page)) => this.page = page.into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Pages<T> {}
