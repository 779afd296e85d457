//! What a client offers beside recording: events, topics, messages, keys.

mod events;
mod keys;
mod pages;
mod publish;
mod topics;

pub use events::{EventFilter, Events, Moment, Record, RecordNotes, Redaction};
pub use keys::{ApiKey, KeyChange, Keys, MadeKey, NewKey};
pub use pages::Pages;
pub use publish::{MessageResult, NewMessage, Publish, PublishAll, PublishResults, Published};
pub use topics::{NewTopic, Topic, TopicChange, TopicStatistics, Topics};
