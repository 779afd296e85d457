//! The way of a record from the log's reader to the bytes that connections are handed, for the benchmark of what a
//! delivery costs: the parts that streams have, put together without a socket.

use std::{future::poll_fn, pin::Pin, sync::Arc};

use bus::{EventLog, LogRecord};
use futures_util::{FutureExt, Stream};
use store::{OrgId, TopicStore, events::EventFilter};
use tokio::{task::unconstrained, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    feed::{Asked, Feed},
    filter::LiveFilter,
    hub::Hub,
    line::Line,
    outbox::{Message, Outbox, Outflow, Wire, outbox},
    topic::events,
};
use crate::{metrics::Metrics, settings::LiveSettings};

/// Clients of one organisation that watch the topic of events, each over a WebSocket.
pub struct Deliveries {
    hub: Arc<Hub>,
    clients: Vec<(Feed, Outbox, Outflow)>,
}

impl Deliveries {
    /// So many clients with these conditions on members.
    pub async fn open(
        log: Arc<dyn EventLog>,
        topics: Arc<dyn TopicStore>,
        org_id: OrgId,
        clients: usize,
        conditions: Option<&str>,
    ) -> Deliveries {
        let metrics = Metrics::register(&prometheus::Registry::new()).expect("an empty registry takes every family");
        let stop = CancellationToken::new();
        let hub = Hub::start(log, topics, Vec::new(), Arc::new(metrics), LiveSettings::default(), stop);
        let mut opened = Vec::with_capacity(clients);
        for _ in 0..clients {
            let filter = LiveFilter::new(EventFilter::default(), conditions).expect("conditions that parse");
            let topics = vec![Arc::new(events())];
            let asked = Asked { org_id, topics, filter: Arc::new(filter), batched: false };
            let (feed, _) = Feed::open(&hub, &Line::new(1, 1), asked, None).await.expect("a log that can be read");
            let (outbox, outflow) = outbox(Wire::WebSocket, None);
            opened.push((feed, outbox, outflow));
        }
        Deliveries { hub, clients: opened }
    }

    /// Hands the records to every client, and answers how many bytes the connections were given.
    pub async fn deliver(&mut self, records: &[LogRecord]) -> usize {
        self.hub.hand_out_events(records).await;
        // All in one turn: tokio would have the clients of a real gateway's workers take turns.
        unconstrained(self.take_all()).await
    }

    async fn take_all(&mut self) -> usize {
        let mut bytes = 0;
        for (feed, outbox, outflow) in &mut self.clients {
            feed.not_before = Instant::now();
            let frames = feed.next().now_or_never().expect("it waits already").expect("the log is not asked");
            let messages = frames.into_iter().map(Message::Text).collect();
            outbox.send(messages).now_or_never().expect("there is room").expect("it is connected");
            while let Some(Some(Ok(piece))) = poll_fn(|cx| Pin::new(&mut *outflow).poll_next(cx)).now_or_never() {
                bytes += piece.len();
            }
        }
        bytes
    }
}
