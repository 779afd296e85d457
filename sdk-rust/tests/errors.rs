//! Errors: a small tree, without secrets.
#![allow(clippy::unwrap_used)]

mod support;
