//! Whom and what events belong to, carried across calls and asynchronous code.
//!
//! ```
//! use gapin_sdk::context;
//!
//! context::new().session_id("order-7").user_id("u-12").scope(|| {
//!     // What is recorded here has both in its metadata.
//! });
//! ```
//!
//! Contexts nest. A thread has its own; [`Context::run`] carries one along with a future, wherever that is polled. A task
//! that is spawned begins without: give it [`current`], as in `tokio::spawn(context::current().run(work()))`.
//! With the feature `opentelemetry`, the current span's `trace_id` and `span_id` are taken, unless the context says others.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
};

use serde_json::{Map, Value};

use crate::compose::LABELS_MAX;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Carried>>> = const { RefCell::new(None) };
}

/// What is carried here and now, with the canonical form of it.
pub(crate) struct Carried {
    texts: BTreeMap<&'static str, String>,
    labels: BTreeMap<String, String>,
    canonical: Vec<u8>,
}

impl Carried {
    fn new(texts: BTreeMap<&'static str, String>, labels: BTreeMap<String, String>) -> Self {
        let mut made = Self { texts, labels, canonical: Vec::new() };
        made.canonical = aibbar::canonical::to_vec(&Value::Object(made.metadata()));
        made
    }

    /// As an event's metadata.
    pub(crate) fn metadata(&self) -> Map<String, Value> {
        let mut made: Map<_, _> =
            self.texts.iter().map(|(name, text)| ((*name).to_owned(), Value::from(text.as_str()))).collect();
        if !self.labels.is_empty() {
            let labels = self.labels.iter().take(LABELS_MAX);
            let labels = labels.map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
            made.insert("labels".to_owned(), Value::Object(labels));
        }
        made
    }

    /// The same in its canonical form.
    pub(crate) fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// Whether it says what trace its events are of.
    pub(crate) fn names_a_trace(&self) -> bool {
        self.texts.contains_key("trace_id")
    }
}

pub(crate) fn carried() -> Option<Arc<Carried>> {
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// What is added to the metadata of every event that is recorded inside of it.
#[derive(Clone, Default)]
#[must_use]
pub struct Context {
    texts: BTreeMap<&'static str, String>,
    labels: BTreeMap<String, String>,
}

/// Shows what is said, and not what it says.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.keys().map(String::as_str);
        let names: Vec<&str> = self.texts.keys().copied().chain(labels).collect();
        f.debug_struct("Context").field("names", &names).finish_non_exhaustive()
    }
}

/// One that says nothing yet.
pub fn new() -> Context {
    Context::default()
}

/// The one that holds here and now, to carry it to another thread or task.
pub fn current() -> Context {
    carried().map_or_else(Context::default, |carried| Context {
        texts: carried.texts.clone(),
        labels: carried.labels.clone(),
    })
}

macro_rules! texts {
    ($($name:ident),*) => {
        $(
            #[doc = concat!("`metadata.", stringify!($name), "`")]
            pub fn $name(mut self, text: impl Into<String>) -> Self {
                self.texts.insert(stringify!($name), text.into());
                self
            }
        )*
    };
}

impl Context {
    texts!(user_id, session_id, request_id, source_ip, country, region, trace_id, span_id);

    /// One of `metadata.labels`.
    pub fn label(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.labels.insert(name.into(), text.into());
        self
    }

    /// Runs this inside of it.
    pub fn scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _entered = self.enter();
        work()
    }

    /// Holds in this thread until the guard goes. For asynchronous code take [`Context::run`]: a guard that is kept over
    /// an `await` would hold for whatever else the thread does meanwhile.
    pub fn enter(&self) -> Entered {
        Entered { outer: Some(replace(Some(self.within(carried().as_deref())))), _not_send: PhantomData }
    }

    /// Runs a future inside of it, on whichever threads that is polled.
    pub fn run<F: Future>(&self, future: F) -> InContext<F> {
        InContext { carried: Some(self.within(carried().as_deref())), future: Some(Box::pin(future)) }
    }

    fn within(&self, outer: Option<&Carried>) -> Arc<Carried> {
        let (mut texts, mut labels) =
            outer.map_or_else(Default::default, |outer| (outer.texts.clone(), outer.labels.clone()));
        texts.extend(self.texts.clone());
        labels.extend(self.labels.clone());
        Arc::new(Carried::new(texts, labels))
    }
}

/// Sets what is carried; answers what was.
fn replace(carried: Option<Arc<Carried>>) -> Option<Arc<Carried>> {
    CURRENT.try_with(|current| current.replace(carried)).ok().flatten()
}

/// A context that holds for as long as this is there.
#[must_use = "it holds until this goes"]
pub struct Entered {
    outer: Option<Option<Arc<Carried>>>,
    /// It is this thread's.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(outer) = self.outer.take() {
            replace(outer);
        }
    }
}

/// A future inside of a context.
#[must_use = "a future does nothing until it is awaited"]
pub struct InContext<F> {
    carried: Option<Arc<Carried>>,
    /// Until this goes.
    future: Option<Pin<Box<F>>>,
}

impl<F> InContext<F> {
    fn enter(&self) -> Entered {
        Entered { outer: Some(replace(self.carried.clone())), _not_send: PhantomData }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let _entered = self.enter();
        match &mut self.future {
            Some(future) => future.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for InContext<F> {
    fn drop(&mut self) {
        // What is recorded when a future is let go belongs to its context, too.
        let _entered = self.enter();
        self.future = None;
    }
}

/// Trace and span of OpenTelemetry's current span.
#[cfg(feature = "opentelemetry")]
pub(crate) fn current_span() -> Option<(String, String)> {
    use opentelemetry::trace::TraceContextExt as _;

    let context = opentelemetry::Context::current();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| (span.trace_id().to_string(), span.span_id().to_string()))
}

/// Without the feature `opentelemetry` there is none.
#[cfg(not(feature = "opentelemetry"))]
pub(crate) fn current_span() -> Option<(String, String)> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{future::poll_fn, sync::Mutex};

    use super::*;

    /// Notes, when it goes, whose context holds.
    struct Noting(Arc<Mutex<Option<String>>>);

    impl Drop for Noting {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = current().texts.get("session_id").cloned();
        }
    }

    #[test]
    fn a_future_is_let_go_inside_of_its_context() {
        let noted = Arc::new(Mutex::new(None));
        let noting = Noting(Arc::clone(&noted));
        let future = new().session_id("s").run(async move {
            let _noting = noting;
            poll_fn(|_| Poll::<()>::Pending).await;
        });
        drop(future);
        assert_eq!(noted.lock().unwrap().as_deref(), Some("s"));
        assert!(carried().is_none());
    }

    #[test]
    fn what_a_context_carries_is_not_in_its_text_form() {
        let told = format!("{:?}", new().user_id("sekret-1").label("tenant", "sekret-2"));
        assert_eq!(told, r#"Context { names: ["user_id", "tenant"], .. }"#);
    }
}
