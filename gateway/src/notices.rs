//! Word between gateways that a key changed, over Redis, so that nobody waits for the next poll.
//!
//! A notice only wakes the poll of the identities' version (see `auth/identities.rs`): a lost one,
//! or a Redis that is away, costs at most the time between two polls.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::StreamExt;
use redis::{AsyncConnectionConfig, Client, RedisError};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::identities::Identities,
    operations::{NotUp, Probe},
};

/// The channel; its messages carry nothing.
const CHANNEL: &str = "gapin:identities-changed";

/// How long Redis may take to connect or to answer.
const ANSWER_MAX_WAIT: Duration = Duration::from_secs(1);

/// How long to wait before Redis is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A Redis that gateways listen to together.
#[derive(Clone)]
pub struct Notices {
    client: Client,
}

/// The URL is not one that Redis clients take. Says nothing of the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("not a Redis URL: expected redis://[user:password@]host:port[/db] or rediss://…")]
pub struct NotARedisUrl;

impl Notices {
    /// Takes the URL; connects to nothing yet.
    pub fn new(url: &str) -> Result<Self, NotARedisUrl> {
        Client::open(url).map(|client| Self { client }).map_err(|_| NotARedisUrl)
    }

    /// The Redis that they go over.
    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// Tells every gateway that a key changed.
    pub async fn announce(&self) -> Result<(), RedisError> {
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&bounded()).await?;
        redis::cmd("PUBLISH").arg(CHANNEL).arg("").query_async(&mut connection).await
    }

    /// Asks Redis whether it is there.
    pub async fn ping(&self) -> Result<(), RedisError> {
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&bounded()).await?;
        redis::cmd("PING").query_async(&mut connection).await
    }

    /// Wakes the poll at every notice, until told to stop.
    pub(crate) async fn follow(self, identities: Arc<Identities>, stop: CancellationToken) {
        let listen = async {
            let mut away = false;
            loop {
                match self.listen(&identities, &mut away).await {
                    Err(error) if !away => {
                        away = true;
                        tracing::warn!(%error, "no notices over Redis; polling goes on");
                    }
                    _ => {}
                }
                tokio::time::sleep(RETRY_AFTER).await;
            }
        };
        tokio::select! {
            () = listen => {}
            () = stop.cancelled() => {}
        }
    }

    async fn listen(&self, identities: &Identities, away: &mut bool) -> Result<(), RedisError> {
        let mut pubsub = self.client.get_async_pubsub().await?;
        pubsub.subscribe(CHANNEL).await?;
        *away = false;
        let mut notices = pubsub.into_on_message();
        while notices.next().await.is_some() {
            identities.changed.notify_one();
        }
        Ok(())
    }
}

fn bounded() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(ANSWER_MAX_WAIT))
        .set_response_timeout(Some(ANSWER_MAX_WAIT))
}

#[async_trait]
impl Probe for Notices {
    async fn probe(&self) -> Result<(), NotUp> {
        self.ping().await.map_err(|error| NotUp::Down(error.to_string()))
    }
}
