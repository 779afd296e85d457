//! How much each key, person and address may do, and whose word on addresses is taken.

use std::time::Duration;

use clap::Args;
use gateway::settings::LimitSettings as Gateways;
use ipnet::IpNet;
use store::{Limit, Limits};

use super::values::{address_range, limit, milliseconds};

/// Limits.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitSettings {
    /// Requests of a key or a person in any 60 seconds, where neither the key nor its organisation's plan says it; `off`
    /// for no limit
    #[arg(long, env = "GAPIN_REQUESTS_PER_MINUTE", value_name = "N", default_value = "1000", value_parser = limit)]
    requests_per_minute: Limit,

    /// Events of a key in one day (UTC), where neither the key nor its organisation's plan says it; `off` for no limit
    #[arg(long, env = "GAPIN_EVENTS_PER_DAY", value_name = "N", default_value = "100000", value_parser = limit)]
    events_per_day: Limit,

    /// Requests in a minute of one address without credentials or with wrong ones, at each gateway; `off` for no limit
    #[arg(
        long,
        env = "GAPIN_ANONYMOUS_REQUESTS_PER_MINUTE",
        value_name = "N",
        default_value = "1000",
        value_parser = limit
    )]
    anonymous_requests_per_minute: Limit,

    /// How long Redis may take to answer, in milliseconds, before the gateway counts by itself
    #[arg(
        long,
        env = "GAPIN_LIMITS_REDIS_WAIT_MAX_MS",
        value_name = "MS",
        default_value = "100",
        value_parser = milliseconds::<1, 1_000>
    )]
    limits_redis_wait_max_ms: Duration,

    /// Proxies before the gateway, as addresses or ranges such as 10.0.0.0/8, separated by commas: what they write into
    /// `X-Forwarded-For` is believed
    #[arg(
        long,
        env = "GAPIN_TRUSTED_PROXIES",
        value_name = "RANGES",
        value_delimiter = ',',
        value_parser = address_range
    )]
    pub(crate) trusted_proxies: Vec<IpNet>,
}

impl LimitSettings {
    /// As the gateway takes them.
    pub(crate) fn build(&self) -> Gateways {
        Gateways {
            by_default: Limits { requests_per_minute: self.requests_per_minute, events_per_day: self.events_per_day },
            anonymous_requests_per_minute: self.anonymous_requests_per_minute,
            redis_max_wait: self.limits_redis_wait_max_ms,
        }
    }
}
