//! Whole-system tests: the real `gapin` binary on real services.
//!
//! What stands here is the hand that the tests in `tests/` hold the system by: [`System`] runs it in
//! either [`Shape`], [`Organisation`] is a tenant with its keys, [`Client`] speaks HTTP and
//! [`Live`] the live stream, [`event`] builds what is sent. A test is written once, over a `System`,
//! and [`on_both_shapes!`] runs it on both.

mod binary;
mod browser;
mod client;
mod document;
mod event;
mod files;
mod gapin;
mod journal;
mod live;
mod load;
mod mailbox;
mod organisation;
mod page;
mod recorder;
mod seed;
mod shape;
mod sse;
mod system;
mod tenant;
mod traced;
mod wait;

pub use binary::gapin_path;
pub use browser::{Browser, location};
pub use client::{Answer, Client};
pub use document::{Document, Operation, RequestExample};
pub use event::{EventBuilder, event, text_of};
pub use files::{bytes_under, lock_sqlite_under};
pub use gapin::{Gapin, Ran};
pub use journal::{InLog, Journal, Verdict, number_of};
pub use live::Live;
pub use load::{Load, Sent};
pub use mailbox::{Letter, Mailbox};
pub use organisation::{Organisation, Person};
pub use page::{Chromium, Page};
pub use recorder::{Noted, Recorder, Tally};
pub use seed::Seed;
pub use shape::Shape;
pub use sse::{ServerSent, Sse};
pub use system::{Services, Surroundings, System};
pub use tenant::{Tenant, WithMail};
pub use tokio_tungstenite::tungstenite::Message;
pub use traced::{Traced, spans_in};
pub use wait::{WAIT_MAX, eventually};
