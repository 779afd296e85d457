//! The AIBBAR event, version 1: what an AI system signs, and what a gateway makes of it.
//!
//! This crate is pure: no I/O, no async, no clock, no randomness. It never logs.

pub mod canonical;
pub mod event;
pub mod identity;
pub mod json;
pub mod record;
pub mod redact;
pub mod refusal;
pub mod schema;
pub mod signature;
pub mod time;

pub use event::{Event, EventType};
pub use record::{NotARecord, Receipt, RecordHead};
pub use redact::{Kind, Redaction, RuleSet};
pub use refusal::{Code, Fault, Refusal};
pub use signature::{Signature, SigningSecret};
pub use time::Timestamp;
