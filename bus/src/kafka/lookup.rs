//! When records came to lie where they lie. Brokers lead from a time to an offset and not back, so the records are looked
//! at. Everything here blocks.
//!
//! One client does it for everybody, one question after the other. Of each partition it reads as little as brokers
//! give, and no further once it has a record.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use rdkafka::{
    Message, Offset, TopicPartitionList,
    config::FromClientConfigAndContext,
    consumer::{BaseConsumer, Consumer},
    error::KafkaResult,
};

use super::{context::Context, failure::log_error, settings::KafkaSettings};
use crate::{LogError, Partition, Positions};

/// How long one question may take, the wait for others' included; of partitions whose records were not there by then
/// nothing is told.
const LOOKUP_MAX_WAIT: Duration = Duration::from_secs(3);

/// librdkafka wants a name; nothing is ever committed under it.
const NO_GROUP: &str = "gapin-lookup";

/// What the client calls itself.
const NAME: &str = "gapin";

/// Bytes of a partition that are asked for at once; one batch comes in any case.
const PARTITION_BYTES: &str = "16384";

pub(super) struct Lookup {
    settings: KafkaSettings,
    /// `None` until somebody asks.
    client: Mutex<Option<BaseConsumer<Context>>>,
}

impl Lookup {
    pub(super) fn new(settings: &KafkaSettings) -> Self {
        Self { settings: settings.clone(), client: Mutex::default() }
    }

    /// When the log took the record at each of these places or, where there is none any more, the first one behind.
    pub(super) fn appended_at(&self, topic: &str, places: &Positions) -> Result<BTreeMap<Partition, i64>, LogError> {
        let deadline = Instant::now() + LOOKUP_MAX_WAIT;
        if places.is_empty() {
            return Ok(BTreeMap::new());
        }
        let Some(mut client) = self.client.try_lock_until(deadline) else { return Ok(BTreeMap::new()) };
        if client.is_none() {
            *client = Some(self.made().map_err(|error| log_error(&error, topic))?);
        }
        let Some(client) = client.as_ref() else { return Ok(BTreeMap::new()) };
        let mut found = BTreeMap::new();
        let mut paused = TopicPartitionList::new();
        let read = read(client, topic, places, deadline, &mut found, &mut paused);
        // Else a partition that is asked for again would stand still.
        let ended = client.resume(&paused).and_then(|()| client.unassign());
        read.and(ended).map_err(|error| log_error(&error, topic))?;
        Ok(found)
    }

    fn made(&self) -> KafkaResult<BaseConsumer<Context>> {
        let mut config = self.settings.consumer(NO_GROUP, NAME);
        config.set("fetch.message.max.bytes", PARTITION_BYTES).set("queued.min.messages", "1");
        BaseConsumer::from_config_and_context(&config, Context::default())
    }
}

fn read(
    client: &BaseConsumer<Context>,
    topic: &str,
    places: &Positions,
    deadline: Instant,
    found: &mut BTreeMap<Partition, i64>,
    paused: &mut TopicPartitionList,
) -> KafkaResult<()> {
    let mut asked = TopicPartitionList::with_capacity(places.len());
    for (&partition, &offset) in places {
        let offset = Offset::Offset(i64::try_from(offset).unwrap_or(i64::MAX));
        asked.add_partition_offset(topic, partition as i32, offset)?;
    }
    // What it had to say while nobody listened.
    while client.poll(Duration::ZERO).is_some() {}
    client.assign(&asked)?;
    while found.len() < places.len() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        // An error is told again, or librdkafka gets over it: until then nothing comes.
        let Some(Ok(message)) = client.poll(left) else { continue };
        let partition = message.partition();
        let at_ms = message.timestamp().to_millis().unwrap_or(0);
        if found.insert(partition.unsigned_abs(), at_ms).is_none() {
            let mut done = TopicPartitionList::with_capacity(1);
            done.add_partition(topic, partition);
            client.pause(&done)?;
            paused.add_partition(topic, partition);
        }
    }
    Ok(())
}
