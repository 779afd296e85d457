//! The HTTP door of GAPIN: it records events, answers queries and streams live.
//!
//! The only crate that knows actix. It never stores a record itself: it appends to the log and
//! reads from the store. `app.rs` is the table of contents.

mod accounts;
mod address;
mod ai_systems;
mod app;
mod audit;
mod auth;
mod background;
mod body;
mod bytes_budget;
mod clock;
mod connections;
mod cursor;
pub mod dead_letters;
mod door;
mod email;
mod export;
mod groups;
mod keys;
pub mod limits;
mod live;
mod metrics;
pub mod notices;
pub mod openapi;
pub mod operations;
mod organisations;
mod page;
mod pages;
pub mod problem;
mod public_url;
mod publish;
mod query;
mod read;
mod record;
mod redaction;
mod request;
mod retention;
mod routes;
mod schemas;
mod server;
pub mod settings;
mod signing_keys;
mod statistics;
mod streams;
mod topics;
mod trace;
mod views;
mod words;

pub use accounts::{email_address::canonical as canonical_email, provision};
pub use app::Stores;
/// Beside [`limits`], what the benchmark of the event path measures.
pub use auth::identities::Identities;
/// Which dashboard a gateway serves.
pub use dashboard::Dashboard;
pub use email::is_email_sender;
/// What the benchmark of live streams measures.
pub use live::Deliveries;
pub use server::{Gateway, Parts};
pub use settings::Settings;
