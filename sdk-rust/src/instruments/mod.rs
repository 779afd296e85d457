//! Instruments record what goes through the clients of model providers: an `ai.query` for what is asked, an
//! `ai.response` with its usage for what comes back, an `ai.action` for each tool that the model wants called, and an
//! `ai.error` for what fails. Streamed answers are put together, and recorded when they end.
//!
//! They look at what goes over the wire and hand it on as it comes: the caller sees the same answers, chunks and
//! errors. Nothing here raises into it. Bodies of more than 4 MiB are passed on, and recorded without their content.
//!
//! | feature | for |
//! |---|---|
//! | `async-openai` | [async-openai](async_openai) |
//! | `reqwest-middleware` | [whatever sends through reqwest-middleware](reqwest_middleware), such as rig |
//! | | any other HTTP client, by [`Exchange`] |

mod answer;
#[cfg(feature = "async-openai")]
pub mod async_openai;
mod call;
mod chat;
mod completions;
mod dialect;
mod exchange;
mod fault;
mod messages;
#[cfg(feature = "reqwest-middleware")]
pub mod reqwest_middleware;
mod responses;
mod sse;
#[cfg(any(feature = "async-openai", feature = "reqwest-middleware"))]
mod tee;
mod transcript;

pub use exchange::Exchange;
