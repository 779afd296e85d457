//! Records the calls of a function: input, output, latency, fault. The caller sees what the function gives, and nothing else.

mod running;
mod watched;

use std::{
    any::type_name,
    fmt::{self, Display},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use futures_util::Stream;
use serde::Serialize;

use self::running::Running;
pub use self::watched::{WrappedFuture, WrappedStream};
use crate::recorder::Recorder;

/// Of a stream so many items are kept, and no more than an event holds; the others are counted.
pub const ITEMS_MAX: usize = 1_000;

impl Recorder {
    /// Records a call of what this names: an `ai.action` where it returns, an `ai.error` with the action in it where it
    /// fails. Result, error and panic reach the caller as they are.
    ///
    /// ```no_run
    /// # fn look(query: &str) -> Vec<String> { vec![query.to_owned()] }
    /// # async fn ask(_: &str) -> Result<String, std::io::Error> { Ok(String::new()) }
    /// # async fn example(recorder: gapin_sdk::Recorder) -> Result<(), Box<dyn std::error::Error>> {
    /// let found = recorder.wrap("look").input("refunds").call(|| look("refunds"));
    /// let answer = recorder.wrap("ask").input(&found).model("gpt-4-turbo").try_run(ask("refunds")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wrap(&self, function: impl Into<String>) -> Wrap {
        Wrap { recorder: self.clone(), function: function.into(), input: None, model: None }
    }
}

/// What is recorded of a call; see [`Recorder::wrap`].
#[must_use = "it does nothing until it calls something"]
pub struct Wrap {
    recorder: Recorder,
    function: String,
    /// In its canonical form, as it was when it was given.
    input: Option<Vec<u8>>,
    model: Option<String>,
}

/// Shows what is called, and not with what.
impl fmt::Debug for Wrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrap").field("function", &self.function).field("model", &self.model).finish_non_exhaustive()
    }
}

impl Wrap {
    /// What it is called with.
    pub fn input(mut self, input: impl Serialize) -> Self {
        self.input = Some(self.recorder.written(&input));
        self
    }

    /// The model that acts; the AI's version where it is not said.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// A function that can't fail, but by a panic.
    pub fn call<T: Serialize>(self, function: impl FnOnce() -> T) -> T {
        self.watch(function, |running, output| running.done(output))
    }

    /// A function that may fail.
    ///
    /// # Errors
    /// Those of the function.
    pub fn try_call<T: Serialize, E: Display>(self, function: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.watch(function, finish)
    }

    /// A future that can't fail, but by a panic. One that is dropped before its end is recorded as `cancelled`.
    pub fn run<F: Future<Output: Serialize>>(self, future: F) -> WrappedFuture<F> {
        WrappedFuture::new(future, Running::begin(self), |running, output| running.done(output))
    }

    /// A future that may fail.
    pub fn try_run<T: Serialize, E: Display, F: Future<Output = Result<T, E>>>(self, future: F) -> WrappedFuture<F> {
        WrappedFuture::new(future, Running::begin(self), finish)
    }

    /// A stream of values. Its output are its items, as far as they were asked for.
    pub fn stream<S: Stream<Item: Serialize>>(self, stream: S) -> WrappedStream<S> {
        WrappedStream::new(stream, Running::begin(self), |running, item| running.item(item))
    }

    /// A stream of results. The first error is recorded, and ends what is recorded.
    pub fn try_stream<T: Serialize, E: Display, S: Stream<Item = Result<T, E>>>(self, stream: S) -> WrappedStream<S> {
        WrappedStream::new(stream, Running::begin(self), |running, item| match item {
            Ok(item) => running.item(item),
            Err(error) => running.failed(&code_of::<E>(), &text_of(error)),
        })
    }

    fn watch<T>(self, function: impl FnOnce() -> T, finish: impl FnOnce(&mut Running, &T)) -> T {
        let mut running = Running::begin(self);
        match catch_unwind(AssertUnwindSafe(function)) {
            Ok(output) => {
                finish(&mut running, &output);
                output
            }
            Err(panic) => {
                running.panicked(&*panic);
                resume_unwind(panic)
            }
        }
    }
}

fn finish<T: Serialize, E: Display>(running: &mut Running, result: &Result<T, E>) {
    match result {
        Ok(output) => running.done(output),
        Err(error) => running.failed(&code_of::<E>(), &text_of(error)),
    }
}

/// The name of an error's type.
fn code_of<E: ?Sized>() -> String {
    let name = type_name::<E>();
    let end = name.find('<').unwrap_or(name.len());
    let short = name[..end].trim_start_matches('&').rsplit("::").next().unwrap_or(name);
    // A box hides what it holds.
    if short.is_empty() || short == "Box" { "error".to_owned() } else { short.to_owned() }
}

/// Its text. Where that panics, none.
fn text_of(error: &impl Display) -> String {
    catch_unwind(AssertUnwindSafe(|| error.to_string())).unwrap_or_default()
}
