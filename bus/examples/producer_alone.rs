//! The limit of whatever writes to Kafka through librdkafka: its producer alone, with the settings that the log has, the
//! events in memory, and nothing before it. `make bench-peers` runs it beside the gateway.
//!
//! usage: `producer_alone BROKERS TOPIC FILE SECONDS`: sends the file's lines over and over for so long, waits for every
//! acknowledgement, and prints how many there were, in how many seconds, and how many failed.
#![allow(clippy::print_stdout, reason = "a program that tells")]

use std::{
    error::Error,
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rdkafka::{
    ClientConfig, ClientContext,
    error::{KafkaError, RDKafkaErrorCode},
    message::DeliveryResult,
    producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer},
};

/// How long the last acknowledgements may take.
const FLUSH_MAX: Duration = Duration::from_secs(60);

/// How long to wait when the producer's queue is full.
const FULL_WAIT: Duration = Duration::from_millis(1);

/// Counts what became of each message.
#[derive(Clone, Default)]
struct Deliveries {
    acknowledged: Arc<AtomicU64>,
    failed: Arc<AtomicU64>,
}

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, _: ()) {
        let count = if result.is_ok() { &self.acknowledged } else { &self.failed };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [brokers, topic, file, seconds] = arguments.as_slice() else {
        return Err("usage: producer_alone BROKERS TOPIC FILE SECONDS".into());
    };
    let (text, duration) = (fs::read_to_string(file)?, Duration::from_secs_f64(seconds.parse()?));
    let events: Vec<&str> = text.lines().collect();
    let deliveries = Deliveries::default();
    // As bus/src/kafka/settings.rs has it.
    let producer: ThreadedProducer<Deliveries> = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("partitioner", "murmur2_random")
        .set("linger.ms", "1")
        .set("compression.type", "lz4")
        .set("queue.buffering.max.messages", "100000")
        .set("queue.buffering.max.kbytes", "131072")
        .create_with_context(deliveries.clone())?;
    let started = Instant::now();
    for (number, event) in events.iter().cycle().enumerate() {
        if started.elapsed() >= duration {
            break;
        }
        let key = (number % 1_000).to_string();
        let mut record = BaseRecord::to(topic).key(&key).payload(*event);
        while let Err((error, unsent)) = producer.send(record) {
            if error != KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) {
                return Err(error.into());
            }
            record = unsent;
            std::thread::sleep(FULL_WAIT);
        }
    }
    producer.flush(FLUSH_MAX)?;
    let took = started.elapsed().as_secs_f64();
    let (acknowledged, failed) =
        (deliveries.acknowledged.load(Ordering::Relaxed), deliveries.failed.load(Ordering::Relaxed));
    println!("{acknowledged} {took:.6} {failed}");
    Ok(())
}
