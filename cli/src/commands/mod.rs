//! The commands: one file each.

pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod consumer;
pub(crate) mod dev;
pub(crate) mod dlq;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod gateway;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod organisations;
pub(crate) mod plans;
pub(crate) mod redact;
pub(crate) mod sign;
pub(crate) mod signing_keys;
pub(crate) mod spool;
pub(crate) mod tail;
pub(crate) mod users;
pub(crate) mod verify;
