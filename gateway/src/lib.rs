//! The HTTP door of GAPIN: it records events, answers queries and streams live.
//!
//! The only crate that knows actix. It never stores a record itself: it appends to the log and
//! reads from the store. `app.rs` is the table of contents.

mod accounts;
mod address;
mod app;
mod auth;
mod background;
mod body;
mod clock;
pub mod limits;
mod email;
mod live;
mod metrics;
pub mod notices;
pub mod openapi;
pub mod operations;
pub mod problem;
mod public_url;
mod query;
mod record;
mod request;
mod routes;
mod schemas;
mod server;
pub mod settings;

pub use accounts::provision;
pub use app::Stores;
pub use server::{Gateway, Parts};
pub use settings::Settings;
