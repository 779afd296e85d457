//! Where a process listens, and what it takes.

use std::{net::SocketAddr, time::Duration};

use clap::Args;

use super::values::{Secret, address, milliseconds, name, redis_url, secret, seconds};

/// Where the gateway listens.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct ListenSettings {
    /// Address and port of the HTTP API; port 0 takes a free one
    #[arg(long, env = "GAPIN_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// The gateway's name in records and logs
    #[arg(long, env = "GAPIN_GATEWAY_NAME", value_name = "NAME", default_value = "gateway", value_parser = name::<64>)]
    pub(crate) gateway_name: String,
}

/// What the gateway accepts.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Gateway")]
pub(crate) struct DoorSettings {
    /// How far ahead of the gateway's clock an event's timestamp may be, in seconds
    #[arg(
        long = "timestamp-ahead-max-seconds",
        env = "GAPIN_TIMESTAMP_AHEAD_MAX_SECONDS",
        value_name = "SECONDS",
        default_value = "300",
        value_parser = seconds::<0, 86_400>
    )]
    pub(crate) timestamp_ahead_max: Duration,
}

/// Metrics and health.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub(crate) struct OperationsSettings {
    /// Address and port that serve /metrics and /health openly, besides the API. Absent: /metrics of
    /// the API needs the token
    #[arg(long, env = "GAPIN_METRICS_LISTEN", value_name = "ADDRESS", value_parser = address)]
    pub(crate) metrics_listen: Option<SocketAddr>,

    /// Token that a scraper of the API's /metrics sends as `Authorization: Bearer`
    #[arg(long, env = "GAPIN_METRICS_TOKEN", hide_env_values = true, hide = true, value_name = "TOKEN", value_parser = secret)]
    pub(crate) metrics_token: Option<Secret>,
}

/// How a process ends.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Operations")]
pub(crate) struct DrainSettings {
    /// How long a process that was told to stop may take to finish what it took, in milliseconds
    #[arg(
        long,
        env = "GAPIN_DRAIN_MAX_MS",
        value_name = "MS",
        default_value = "10000",
        value_parser = milliseconds::<100, 600_000>
    )]
    pub(crate) drain_max_ms: Duration,
}

/// What gateways share.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Redis")]
pub(crate) struct RedisSettings {
    /// Redis, as redis://:password@host:6379/0. Absent: each process keeps its own limits
    #[arg(long, env = "REDIS_URL", hide_env_values = true, hide = true, value_name = "URL", value_parser = redis_url)]
    pub(crate) redis_url: Option<Secret>,
}
