//! The HTTP door of GAPIN: it records events, answers queries and streams live.
//!
//! The only crate that knows actix. It never stores a record itself: it appends to the log and
//! reads from the store. `app.rs` is the table of contents.

mod address;
mod app;
mod auth;
mod body;
mod clock;
pub mod limits;
mod live;
mod metrics;
pub mod notices;
pub mod operations;
pub mod problem;
mod query;
mod record;
mod request;
mod routes;
mod schemas;
mod server;
pub mod settings;

pub use app::Stores;
pub use server::{Gateway, Parts};
pub use settings::Settings;
