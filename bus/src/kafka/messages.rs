//! From a consumer's messages to records, as many as a read may return.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use rdkafka::{
    Offset,
    consumer::{Consumer, StreamConsumer},
    error::KafkaResult,
    message::{BorrowedMessage, Headers, Message},
    topic_partition_list::TopicPartitionListElem,
};
use tokio::time::timeout;

use super::context::Context;
use crate::{LogRecord, Position, Positions, ReadLimits};

/// A consumer, and the one record that was read but did not fit into the last answer.
///
/// Where it is a member of a group, a rebalance ends what was read before it: it is given up, and read
/// again from what is committed by whoever holds the partition then. Rebalances are served inside
/// `recv` alone, and a message that such a call returns was read after them.
pub(super) struct Messages {
    pub(super) consumer: Arc<StreamConsumer<Context>>,
    held: Option<LogRecord>,
    /// How many rebalances there had been when the first record since the last commit was handed out. Who reads on before it commits
    /// (the consumer does) has to compare the member's generation itself.
    handed_out_at: Option<u64>,
    /// How many rebalances there had been when it was asked to go back to what the group committed, until it has.
    asked_back_at: Option<u64>,
}

/// So many messages at most are thrown away at once: more than a consumer holds ahead.
const DISCARDED_MAX: usize = 100_000;

impl Messages {
    pub(super) fn new(consumer: StreamConsumer<Context>) -> Self {
        Self { consumer: Arc::new(consumer), held: None, handed_out_at: None, asked_back_at: None }
    }

    /// In the place of another consumer: what that one handed out is nothing that this one may commit.
    pub(super) fn instead_of_another(consumer: StreamConsumer<Context>) -> Self {
        Self { handed_out_at: Some(u64::MAX), ..Self::new(consumer) }
    }

    /// How many rebalances there were.
    pub(super) fn rebalances(&self) -> u64 {
        self.consumer.context().rebalances()
    }

    /// Forgets what was read but not handed out, and what was handed out but not committed; what comes next is to begin
    /// with what the group committed.
    pub(super) fn ask_back(&mut self) {
        self.held = None;
        self.handed_out_at = None;
        self.asked_back_at = Some(self.rebalances());
    }

    pub(super) fn asked_back_at(&self) -> Option<u64> {
        self.asked_back_at
    }

    pub(super) fn went_back(&mut self) {
        self.asked_back_at = None;
    }

    /// Throws away what librdkafka holds ready, and serves the rebalances among it.
    pub(super) fn discard_what_is_there(&self) {
        for _ in 0..DISCARDED_MAX {
            if self.consumer.recv().now_or_never().is_none() {
                return;
            }
        }
    }

    /// Whether a rebalance came between the records to be committed now and this moment; begins anew.
    pub(super) fn was_rebalanced_since_handed_out(&mut self) -> bool {
        self.handed_out_at.take().is_some_and(|at| at != self.rebalances())
    }

    /// Behind all that was handed out and what is no record (the marks of transactions), of partitions that were read from.
    pub(super) fn passed(&self) -> Positions {
        let Ok(read) = self.consumer.position() else { return Positions::new() };
        let of_partition = |element: &TopicPartitionListElem<'_>| match element.offset() {
            Offset::Offset(offset) => Some((element.partition().unsigned_abs(), offset.unsigned_abs())),
            _ => None,
        };
        let mut passed: Positions = read.elements().iter().filter_map(of_partition).collect();
        if let Some(Position { partition, offset }) = self.held.as_ref().map(|held| held.position) {
            passed.insert(partition, offset);
        }
        passed
    }

    /// Waits for the first record and takes along what else is there already. Cancel safe: nothing is
    /// awaited once a record was taken.
    pub(super) async fn read(&mut self, limits: ReadLimits) -> KafkaResult<Vec<LogRecord>> {
        let first = match self.held.take() {
            Some(held) => held,
            None => match timeout(limits.wait_max, self.first()).await {
                Ok(first) => first?,
                Err(_) => return Ok(Vec::new()),
            },
        };
        let mut rebalances = self.rebalances();
        let mut bytes = first.size_bytes();
        let mut records = vec![first];
        while records.len() < limits.records_max.max(1) && bytes < limits.bytes_max {
            let more = self.consumer.recv().now_or_never();
            let rebalances_now = self.rebalances();
            if rebalances_now != rebalances {
                rebalances = rebalances_now;
                records.clear();
                bytes = 0;
            }
            // An error waits for the next call: librdkafka tells it again, or has got over it.
            let Some(Ok(message)) = more else { break };
            let next = record(&message);
            if bytes + next.size_bytes() > limits.bytes_max && !records.is_empty() {
                self.held = Some(next);
                break;
            }
            bytes += next.size_bytes();
            records.push(next);
        }
        if !records.is_empty() {
            self.handed_out_at.get_or_insert(rebalances);
        }
        Ok(records)
    }

    /// The next record, or why there is none now. While the brokers are away librdkafka queues an error every
    /// second or so; told one a call to a caller that waits after each, they would outlast the loss by far. So
    /// all that are there are taken together, and the last one counts, unless a record comes behind it.
    async fn first(&self) -> KafkaResult<LogRecord> {
        let mut next = self.consumer.recv().await;
        loop {
            match next {
                Ok(message) => return Ok(record(&message)),
                Err(error) => match self.consumer.recv().now_or_never() {
                    Some(behind_it) => next = behind_it,
                    None => return Err(error),
                },
            }
        }
    }
}

fn record(message: &BorrowedMessage<'_>) -> LogRecord {
    let copy = |bytes: Option<&[u8]>| Bytes::copy_from_slice(bytes.unwrap_or_default());
    let headers = message
        .headers()
        .map(|headers| headers.iter().map(|header| (header.key.to_owned(), copy(header.value))).collect());
    LogRecord {
        // librdkafka counts both from 0 in signed numbers; negative ones are no messages.
        position: Position { partition: message.partition().unsigned_abs(), offset: message.offset().unsigned_abs() },
        appended_at_ms: message.timestamp().to_millis().unwrap_or(0),
        key: copy(message.key()),
        payload: copy(message.payload()),
        headers: headers.unwrap_or_default(),
    }
}
