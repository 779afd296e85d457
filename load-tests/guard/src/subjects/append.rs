//! The embedded log: one event, and a hundred, appended and on the disk. Waiting for the disk takes no instructions.

use aibbar::record::{EVENTS_TOPIC, ORG_HEADER};
use bus::{
    EventLog as _, NewRecord, TopicSpec,
    local::{LocalLog, LocalSettings},
};
use bytes::Bytes;
use guard::{Subject, samples};
use uuid::Uuid;

const PARTITIONS: u32 = 12;

pub(super) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "append one record", turns: 200, prepare: || appending(1) },
        Subject { name: "append 100 records", turns: 20, prepare: || appending(100) },
    ]
}

fn appending(records: usize) -> Box<dyn FnMut()> {
    let folder = tempfile::tempdir().expect("a folder");
    let log = LocalLog::open(folder.path(), LocalSettings::default()).expect("a log");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let topic = TopicSpec { name: EVENTS_TOPIC.into(), partitions: PARTITIONS, retention: None, compacted: false };
    runtime.block_on(log.ensure_topic(&topic)).expect("a topic");
    let org_id = Uuid::from_u128(1);
    let payload = Bytes::from(samples::recorded(&samples::median(), org_id));
    let record = NewRecord {
        key: Bytes::from_static(b"3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b"),
        payload,
        headers: vec![(ORG_HEADER.into(), org_id.to_string().into())],
    };
    Box::new(move || {
        // The folder is there as long as the log.
        let _folder = &folder;
        let outcomes = runtime.block_on(log.append(EVENTS_TOPIC, vec![record.clone(); records]));
        assert!(outcomes.iter().all(Result::is_ok), "the log takes it");
    })
}
