//! The promises of this crate, one module each.
#![allow(clippy::unwrap_used)]

mod canonical_form;
mod event;
mod record;
mod samples;
mod schema;
mod shared_data;
mod split_array;
mod strict_json;
mod tape;
mod timestamp;
