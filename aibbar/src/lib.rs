#![doc = include_str!("../README.md")]

pub mod canonical;
pub mod dead_letter;
pub mod event;
pub mod identity;
pub mod json;
pub mod record;
pub mod redact;
pub mod refusal;
pub mod schema;
pub mod signature;
pub mod time;
pub mod topic;

pub use event::{Event, EventType};
pub use record::{NotARecord, Receipt, RecordHead};
pub use redact::{Kind, Mode, Redaction, RuleSet};
pub use refusal::{Code, Fault, Refusal};
pub use signature::{Signature, Signer, SigningSecret};
pub use time::Timestamp;
