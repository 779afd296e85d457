#![cfg_attr(feature = "redact", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "redact"), doc = "The AIBBAR event: what an AI system signs.")]

pub mod canonical;
#[cfg(feature = "redact")]
pub mod dead_letter;
pub mod event;
pub mod identity;
pub mod json;
#[cfg(feature = "redact")]
pub mod record;
#[cfg(feature = "redact")]
pub mod redact;
pub mod refusal;
pub mod schema;
pub mod signature;
pub mod time;
#[cfg(feature = "redact")]
pub mod topic;

pub use event::{Event, EventType};
#[cfg(feature = "redact")]
pub use record::{NotARecord, Receipt, RecordHead, RecordParts};
#[cfg(feature = "redact")]
pub use redact::{Kind, Mode, Redaction, RuleSet};
pub use refusal::{Code, Fault, Refusal};
pub use signature::{Signature, Signer, SigningSecret};
pub use time::Timestamp;
