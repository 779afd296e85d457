//! A connection to Redis, whether it is one node or a cluster.

use std::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind,
    aio::MultiplexedConnection, cluster::ClusterClient, cluster_async::ClusterConnection,
};

/// What every node of a cluster says of itself in `INFO cluster`.
const IS_CLUSTER: &str = "cluster_enabled:1";

/// Cheap to clone; the clones share what is open.
#[derive(Clone)]
pub(crate) enum Connection {
    Node(MultiplexedConnection),
    /// Finds the node of each key, and follows the slots when they move.
    Cluster(ClusterConnection),
}

impl Connection {
    /// Connects, and finds out which of the two it is.
    pub(crate) async fn open(client: &Client, max_wait: Duration) -> RedisResult<Connection> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(max_wait)).set_response_timeout(Some(max_wait));
        let mut node = client.get_multiplexed_async_connection_with_config(&config).await?;
        let about: String = redis::cmd("INFO").arg("cluster").query_async(&mut node).await?;
        if !about.contains(IS_CLUSTER) {
            return Ok(Connection::Node(node));
        }
        let cluster = ClusterClient::builder(vec![client.get_connection_info().clone()])
            .connection_timeout(max_wait)
            .response_timeout(max_wait)
            .build()?;
        Ok(Connection::Cluster(cluster.get_async_connection().await?))
    }

    pub(crate) async fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> RedisResult<T> {
        match self {
            Connection::Node(node) => command.query_async(node).await,
            Connection::Cluster(cluster) => command.query_async(cluster).await,
        }
    }
}

/// Whether Redis is there and refused this one question: a key of another type, say. Others can still be asked.
pub(super) fn is_of_one_question(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ResponseError) | ErrorKind::Extension)
}
